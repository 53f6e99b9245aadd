// What a run left behind: its switches beside the kernel's count, its output, and how it ended.
#include <algorithm>

#include "app/failure_text.h"
#include "app/shell/lesson_parts.h"
#include "app/widgets/controls.h"
#include "core/model/naming.h"

namespace heddle::shell {
namespace {

constexpr std::size_t kTailLines = 10, kMostLines = 400;

// Lines of what a program wrote, made safe to draw: control characters are dropped, tabs are spaces.
std::vector<std::string> output_lines(std::string_view text, std::size_t most) {
    std::vector<std::string> lines;
    while (text.ends_with('\n')) text.remove_suffix(1);
    while (lines.size() < most && !text.empty()) {
        const std::size_t newline = text.rfind('\n');
        const std::size_t from = newline == text.npos ? 0 : newline + 1;
        std::string line;
        for (const char c : text.substr(from)) {
            if (c == '\t')
                line += "    ";
            else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f)
                line += c;
        }
        lines.push_back(std::move(line));
        text = newline == text.npos ? std::string_view() : text.substr(0, newline);
    }
    std::reverse(lines.begin(), lines.end());
    return lines;
}

class Record {
public:
    Record(const model::Snapshot& snapshot, LessonState& state, panels::Context& context, Rect area)
        : snapshot_(snapshot),
          state_(state),
          context_(context),
          ui_(context.ui),
          canvas_(context.canvas()),
          theme_(context.theme()),
          p_(context.theme().color),
          area_(area) {}

    float bottom() const { return area_.y; }

    // What is not seen of the switches where the kernel does not report them, and how it would be.
    void unseen() {
        for (const Unavailable& missing : snapshot_.unavailable) {
            if (missing.facility != "perf-switches") continue;
            std::string text = context_.tr("doctor.perf-switches.lost") + "\n" +
                               context_.tr("empty.reason", {{"reason", reason_text(ui_.texts(), missing.reason)}});
            if (!missing.remedy.empty()) text += "\n" + context_.tr("empty.remedy_exact", {{"remedy", missing.remedy}});
            paragraph(area_, text, theme_.dim(), 8);
        }
    }

    void kernel() {
        const model::SwitchCounts& counts = snapshot_.switches;
        if (counts.source.empty() || (counts.captured == 0 && counts.kernel <= 0)) return;
        section("lesson.switches");
        const std::string drawn = Texts::number(static_cast<long long>(counts.captured));
        if (counts.kernel < 0) {
            paragraph(area_, context_.tr("lesson.switches_so_far", {{"drawn", drawn}}), theme_.body());
            unseen();
            return gap(24);
        }
        const std::string kernel = Texts::number(static_cast<long long>(counts.kernel));
        const bool agree = counts.kernel == static_cast<std::int64_t>(counts.captured);
        const std::string verdict = context_.tr(agree ? "lesson.agree" : "lesson.differ");
        const canvas::TextStyle number = theme_.code();
        const float line = canvas_.line_height(theme_.body()) + 2;
        const float label = std::max(canvas_.measure(context_.tr("lesson.drawn"), theme_.body()),
                                     canvas_.measure(context_.tr("lesson.kernel"), theme_.body())) +
                            16;
        const float width = std::max(canvas_.measure(drawn, number), canvas_.measure(kernel, number)) + 2;
        for (const bool second : {false, true}) {
            Rect row = area_.take_top(line);
            canvas_.text(row.take_left(label), context_.tr(second ? "lesson.kernel" : "lesson.drawn"), theme_.body());
            canvas_.text(row.take_left(width, 16), second ? kernel : drawn, number.at(canvas::Align::kRight));
            if (!second) continue;
            const Color ink = agree ? p_.good_text : p_.error_text;
            canvas_.text(row, verdict, theme_.strong().in(ink));
            canvas_.tag(agree ? "lesson.kernel.agree" : "lesson.kernel.differ", row);
        }
        paragraph(area_, context_.tr("lesson.source", {{"source", context_.tr(counts.source)}}), theme_.dim());
        unseen();
        gap(24);
    }

    std::string exit_text() const {
        const model::ProcessExit& exit = snapshot_.exit;
        switch (exit.kind) {
            case model::ProcessExit::Kind::kRunning:
                return context_.tr("lesson.exit_running");
            case model::ProcessExit::Kind::kExited:
                return context_.tr("lesson.exit_code", {{"code", std::to_string(exit.code)}});
            case model::ProcessExit::Kind::kSignaled:
                return context_.tr("lesson.exit_signal", {{"signal", model::signal_text(exit.signal)}});
            case model::ProcessExit::Kind::kStoppedByHeddle:
                return context_.tr("lesson.exit_stopped");
        }
        return {};
    }

    void output() {
        if (snapshot_.status != model::RunStatus::kRunning && !(snapshot_.status == model::RunStatus::kEnded)) return;
        section("lesson.output");
        const bool over =
            snapshot_.exit.kind != model::ProcessExit::Kind::kRunning && snapshot_.playhead >= snapshot_.log.size();
        const std::string_view nothing = over ? "lesson.wrote_nothing" : "lesson.no_output";
        stream(snapshot_.output, "lesson.stdout", snapshot_.errors.empty() ? nothing : "");
        if (!snapshot_.errors.empty()) {
            paragraph(area_, context_.tr("lesson.stderr"), theme_.dim(), 4);
            stream(snapshot_.errors, "lesson.stderr", "");
        }
        const bool bad = snapshot_.exit.kind == model::ProcessExit::Kind::kSignaled ||
                         (snapshot_.exit.kind == model::ProcessExit::Kind::kExited && snapshot_.exit.code != 0);
        canvas_.tag("lesson.exit", {area_.x, area_.y, area_.w, theme_.size.body * 1.4f});
        paragraph(area_, exit_text(), bad ? theme_.small().strong().in(p_.error_text) : theme_.dim());
        gap(24);
    }

    void stream(const std::string& text, std::string_view id, std::string_view empty_key) {
        const std::vector<std::string> lines = output_lines(text, kMostLines + 1);
        if (lines.empty()) {
            if (!empty_key.empty()) paragraph(area_, context_.tr(empty_key), theme_.dim(), 8);
            return;
        }
        const std::size_t most = state_.all_output ? kMostLines : kTailLines, shown = std::min(most, lines.size());
        const canvas::TextStyle style = theme_.code_small();
        const float line = canvas_.line_height(style);
        const Rect plate = area_.take_top(static_cast<float>(shown) * line + 16, 8);
        canvas_.tag(id, plate);
        canvas_.fill(plate, p_.sunken, theme_.size.radius);
        canvas_.stroke(plate, p_.border, 1, theme_.size.radius);
        Rect inside = plate.inset(10, 8);
        for (std::size_t i = lines.size() - shown; i < lines.size(); ++i) {
            const Rect row = inside.take_top(line);
            if (row.overlaps(canvas_.clip())) canvas_.text(row, lines[i], style);
        }
        if (lines.size() <= kTailLines) return;
        widgets::ButtonSpec spec;
        spec.text = context_.tr(state_.all_output ? "lesson.less_output" : "lesson.more_output"),
        spec.kind = widgets::ButtonKind::kGhost;
        const Rect row = area_.take_top(theme_.size.control, 8);
        const float width = std::min(row.w, widgets::button_width(ui_, spec));
        if (widgets::button(ui_, std::string(id) + ".more", {row.x - 8, row.y, width, row.h}, spec))
            state_.all_output = !state_.all_output;
    }

private:
    void gap(float height) { area_.take_top(height); }
    void section(std::string_view key) { area_.take_top(widgets::section(ui_, area_, context_.tr(key)) + 2); }
    float paragraph(Rect& box, std::string_view text, const canvas::TextStyle& style, float after = 0) {
        const float used = canvas_.paragraph(box, text, style);
        box.take_top(used, after);
        return used;
    }

    const model::Snapshot& snapshot_;
    LessonState& state_;
    panels::Context& context_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Palette& p_;
    Rect area_;
};

}  // namespace

float draw_record(const model::Snapshot& snapshot, LessonState& state, panels::Context& context, Rect area) {
    Record record(snapshot, state, context, area);
    record.kernel();
    record.output();
    return record.bottom() - area.y;
}

}  // namespace heddle::shell
