#include "app/shell/lesson_pane.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

using canvas::Fit;

constexpr std::size_t kTailLines = 10, kMostLines = 400;

catalog::Language language_of(const panels::Context& context) {
    return context.ui.texts().language() == Language::kKorean ? catalog::Language::kKorean : catalog::Language::kEnglish;
}

// The part before the first section, that section ("What to watch"), and all others.
void read_lesson(const std::string& text, LessonState& state) {
    state.text = text;
    state.intro.clear(), state.watch.clear(), state.rest.clear();
    int sections = 0;
    for (Block& block : parse_markdown(text)) {
        if (block.kind == Block::Kind::kHeading && block.level == 1) continue;  // the title stands above the stage
        if (block.kind == Block::Kind::kHeading && block.level == 2) ++sections;
        (sections == 0 ? state.intro : sections == 1 ? state.watch : state.rest).push_back(std::move(block));
    }
}

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

class Pane {
public:
    Pane(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state, panels::Context& context,
         Commands& commands)
        : scenario_(scenario),
          snapshot_(snapshot),
          state_(state),
          context_(context),
          commands_(commands),
          ui_(context.ui),
          canvas_(context.canvas()),
          theme_(context.theme()),
          p_(context.theme().color) {}

    void sentence(Rect& area) {
        const model::Sentence& now = snapshot_.sentence;
        const bool someone = !now.empty() && now.thread != model::kNobody;
        std::string text;
        Color ink = p_.text;
        if (!now.empty()) {
            const std::vector<std::pair<std::string, std::string>> args(now.arguments.begin(), now.arguments.end());
            text = ui_.texts().tr(now.key, args);
            if (someone) ink = theme_.thread(now.thread).text;
        } else if (snapshot_.status == model::RunStatus::kFailed) {
            text = context_.tr("lesson.failed", {{"message", snapshot_.failure}});
            ink = p_.error_text;
        } else {
            text = context_.tr(snapshot_.status == model::RunStatus::kNone       ? "lesson.not_started"
                               : snapshot_.status == model::RunStatus::kBuilding ? "lesson.building"
                                                                                 : "lesson.before_first");
            ink = p_.text_dim;
        }
        const canvas::TextStyle style = theme_.strong().in(ink);
        const float line = canvas_.line_height(style), mark = theme_.size.body + 8;
        const float text_w = area.w - 28 - mark;
        state_.sentence_lines =
            std::max(state_.sentence_lines, std::round(canvas_.paragraph({0, 0, text_w, 0}, text, style, false) / line));
        state_.sentence_lines = std::min(state_.sentence_lines, 5.f);
        area.take_top(widgets::section(ui_, area, context_.tr("lesson.now")));
        const Rect box = area.take_top(line * state_.sentence_lines + 20);
        canvas_.tag("lesson.sentence", box);
        const Color back = someone ? theme_.thread(now.thread).tint : p_.raised;
        canvas_.fill(box, back, theme_.size.radius);
        canvas_.fill({box.x, box.y, 4, box.h}, someone ? theme_.thread(now.thread).fill : p_.border_strong, 2);
        if (someone)
            canvas::draw_shape(canvas_, theme_.thread_shape(now.thread),
                               {box.x + 14 + theme_.size.body / 2, box.y + 10 + line / 2}, theme_.size.body * 0.42f,
                               theme_.thread(now.thread).fill);
        canvas_.push_clip(box.inset(0, 6));
        canvas_.paragraph({box.x + 14 + mark, box.y + 10, text_w, box.h}, text, style);
        canvas_.pop_clip();
    }

    float scrolled(Rect content) {
        area_ = content;
        top_ = content.y;
        predict();
        findings();
        if (!state_.watch.empty()) {
            markdown(state_.watch);
        } else {
            markdown(state_.intro);
        }
        claims();
        kernel();
        output();
        lesson();
        return area_.y - top_ + 8;
    }

private:
    bool ended() const { return snapshot_.status == model::RunStatus::kEnded; }
    // Whether what answers the question may be shown.
    bool open_book() const { return !scenario_.predict || state_.chosen >= 0 || state_.without_answer; }

    void gap(float height) { area_.take_top(height); }
    void section(std::string_view key) { area_.take_top(widgets::section(ui_, area_, context_.tr(key)) + 2); }
    void markdown(const std::vector<Block>& blocks) {
        if (blocks.empty()) return;
        area_.take_top(draw_markdown(canvas_, theme_, area_, blocks));
        gap(24);
    }
    float paragraph(Rect& box, std::string_view text, const canvas::TextStyle& style, float after = 0) {
        const float used = canvas_.paragraph(box, text, style);
        box.take_top(used, after);
        return used;
    }

    bool right(std::size_t answer) const {
        return std::find(snapshot_.right_answers.begin(), snapshot_.right_answers.end(), answer) !=
               snapshot_.right_answers.end();
    }

    // The card's surface comes before its content is laid out, so its height is that of a dry run.
    void predict() {
        if (!scenario_.predict) return;
        const bool judged = ended() && open_book();
        const float pad = theme_.size.pad;
        const Rect inner{area_.x + pad, area_.y + pad - 4, area_.w - 2 * pad, 1e6f};
        const float height = predict_height(inner.w, judged) + 2 * pad - 4;
        const Rect card = area_.take_top(height, 24);
        canvas_.tag("lesson.predict", card);
        canvas_.fill(card, p_.accent_tint, theme_.size.radius + 2);
        canvas_.stroke(card, p_.accent, 1.5f, theme_.size.radius + 2);
        Rect rest{inner.x, inner.y, inner.w, card.h - pad};
        paragraph(rest, context_.tr("lesson.predict"), theme_.small().strong().in(p_.accent_text), 4);
        paragraph(rest, scenario_.predict->question.in(language_of(context_)), theme_.strong(), 8);
        if (judged) return verdict(rest);
        const std::vector<widgets::Choice> choices = answers();
        float used = 0;
        widgets::radio_list(ui_, "lesson.answer", {rest.x - 4, rest.y, rest.w + 8, rest.h}, choices, state_.chosen, &used);
        rest.take_top(used, 8);
        if (state_.chosen >= 0) {
            paragraph(rest, context_.tr("lesson.run_will_tell"), theme_.dim());
        } else if (!state_.without_answer) {
            widgets::ButtonSpec spec;
            spec.text = context_.tr("lesson.without_answer");
            const float width = std::min(rest.w + 8, widgets::button_width(ui_, spec));
            if (widgets::button(ui_, "lesson.without_answer", {rest.x, rest.y, width, theme_.size.control}, spec))
                state_.without_answer = true;
        }
    }

    std::vector<widgets::Choice> answers() const {
        std::vector<widgets::Choice> choices;
        for (const catalog::Answer& answer : scenario_.predict->answers) {
            widgets::Choice choice;
            choice.text = answer.text.in(language_of(context_)), choice.id = std::to_string(choices.size());
            choices.push_back(std::move(choice));
        }
        return choices;
    }

    float predict_height(float width, bool judged) {
        const auto measured = [&](std::string_view text, const canvas::TextStyle& style, float w) {
            return canvas_.paragraph({0, 0, w, 0}, text, style, false);
        };
        float height = measured(context_.tr("lesson.predict"), theme_.small().strong(), width) + 4;
        height += measured(scenario_.predict->question.in(language_of(context_)), theme_.strong(), width) + 8;
        if (judged) {
            for (const widgets::Choice& answer : answers()) height += answer_height(answer.text, width);
            height += 8 + measured(verdict_text(), theme_.strong(), width) + 6;
            return height + measured(scenario_.predict->explanation.in(language_of(context_)), theme_.body(), width);
        }
        const float radius = std::round(theme_.size.body * 0.5f);
        for (const widgets::Choice& answer : answers())
            height += std::max(theme_.size.row, measured(answer.text, theme_.body(), width + 8 - (2 * radius + 16) - 8) + 8);
        height += 8;
        if (state_.chosen >= 0) return height + measured(context_.tr("lesson.run_will_tell"), theme_.dim(), width);
        return state_.without_answer ? height : height + theme_.size.control;
    }

    float answer_height(std::string_view text, float width) const {
        return std::max(theme_.size.row, canvas_.paragraph({0, 0, width - answer_mark(), 0}, text, theme_.body(), false) + 8);
    }
    float answer_mark() const { return theme_.size.body + 12; }

    std::string verdict_text() const {
        if (snapshot_.right_answers.empty()) return context_.tr("lesson.none_fits");
        if (state_.chosen < 0) return context_.tr("lesson.the_run_says");
        return context_.tr(right(static_cast<std::size_t>(state_.chosen)) ? "lesson.right" : "lesson.wrong");
    }

    void verdict(Rect rest) {
        const std::vector<widgets::Choice> choices = answers();
        for (std::size_t i = 0; i < choices.size(); ++i) {
            const bool is_right = right(i), mine = state_.chosen == static_cast<int>(i);
            const Rect row = rest.take_top(answer_height(choices[i].text, rest.w));
            canvas_.tag("lesson.answer." + choices[i].id + (is_right ? ".right" : mine ? ".wrong" : ".other"), row);
            const Vec2 mark{row.x + theme_.size.body / 2, row.center().y};
            if (is_right)
                canvas::draw_icon(canvas_, canvas::Icon::kCheck, mark, theme_.size.body, p_.good_text);
            else if (mine)
                canvas::draw_icon(canvas_, canvas::Icon::kCross, mark, theme_.size.body, p_.error_text);
            else
                canvas_.ring(mark, theme_.size.body * 0.3f, p_.border_strong, 1.5f);
            const canvas::TextStyle style = is_right ? theme_.strong().in(p_.good_text)
                                            : mine   ? theme_.body().in(p_.error_text)
                                                     : theme_.body().in(p_.text_dim);
            const float width = row.w - answer_mark();
            const float height = canvas_.paragraph({0, 0, width, 0}, choices[i].text, style, false);
            canvas_.paragraph({row.x + answer_mark(), row.center().y - height / 2, width, height}, choices[i].text, style);
        }
        rest.take_top(8);
        const bool good = state_.chosen >= 0 && right(static_cast<std::size_t>(state_.chosen));
        paragraph(rest, verdict_text(), theme_.strong().in(good ? p_.good_text : p_.text), 6);
        paragraph(rest, scenario_.predict->explanation.in(language_of(context_)), theme_.body());
    }

    void findings() {
        if (snapshot_.findings.empty()) return;
        section("lesson.found");
        for (std::size_t i = 0; i < snapshot_.findings.size(); ++i) finding(snapshot_.findings[i], i);
        gap(16);
    }

    void finding(const model::Finding& found, std::size_t index) {
        const std::vector<std::pair<std::string, std::string>> args(found.sentence.arguments.begin(),
                                                                    found.sentence.arguments.end());
        const std::string text = ui_.texts().tr(found.sentence.key, args), id = "lesson.finding." + std::to_string(index);
        const canvas::TextStyle style = theme_.strong();
        const float line = canvas_.line_height(theme_.small());
        const float height = canvas_.paragraph({0, 0, area_.w - 52, 0}, text, style, false);
        const Rect card = area_.take_top(height + 20 + (found.event ? line + 4 : 0), 8);
        bool hovered = false;
        if (found.event) {
            const widgets::Response response = ui_.interact(id, card);
            hovered = response.hovered;
            // The playhead stands after the events that have happened: the one that was found is the last of them.
            if (response.clicked) commands_.playback.emplace_back(model::SeekEvent{*found.event + 1});
        } else {
            canvas_.tag(id, card);
        }
        const bool error = found.id != "lost-events";  // a gap in what was seen is no fault of the program
        canvas_.fill(card, hovered ? p_.hover : error ? p_.error_tint : p_.raised, theme_.size.radius + 2);
        canvas_.stroke(card, error ? p_.error : p_.border_strong, 1.5f, theme_.size.radius + 2);
        ui_.focus_ring(id, card, theme_.size.radius + 2);
        Rect inner = card.inset(14, 10);
        const Rect mark = inner.take_left(theme_.size.body, 9);
        canvas::draw_icon(canvas_, canvas::Icon::kWarning, {mark.center().x, mark.y + canvas_.line_height(style) / 2},
                          theme_.size.body, error ? p_.error_text : p_.text);
        paragraph(inner, text, style, 4);
        if (found.event)
            canvas_.text({inner.x, inner.y, inner.w, line}, context_.tr("lesson.show_instant"),
                         theme_.small().in(p_.accent_text));
    }

    const catalog::Claim* claim_of(std::string_view id) const {
        for (const catalog::Claim& claim : scenario_.claims)
            if (claim.id == id) return &claim;
        return nullptr;
    }

    void claims() {
        if (snapshot_.claims.empty() || !ended()) return;
        section("lesson.claims");
        if (!open_book()) {
            paragraph(area_, context_.tr("lesson.answer_first"), theme_.dim());
            return gap(24);
        }
        for (const model::ClaimResult& result : snapshot_.claims) claim(result);
        gap(16);
    }

    void claim(const model::ClaimResult& result) {
        const catalog::Claim* known = claim_of(result.id);
        const std::string text = known ? known->text.in(language_of(context_)) : result.id;
        const float line = canvas_.line_height(theme_.body()), top = area_.y;
        const Vec2 mark{area_.x + theme_.size.body / 2, area_.y + line / 2};
        if (result.ok)
            canvas::draw_icon(canvas_, canvas::Icon::kCheck, mark, theme_.size.body, p_.good_text);
        else if (result.required)
            canvas::draw_icon(canvas_, canvas::Icon::kCross, mark, theme_.size.body, p_.error_text);
        else
            canvas::draw_icon(canvas_, canvas::Icon::kMinus, mark, theme_.size.body, p_.text_dim);
        Rect words = area_;
        words.take_left(theme_.size.body + 12);
        paragraph(words, text, theme_.body());
        if (!result.ok && !result.required) paragraph(words, context_.tr("lesson.not_this_run"), theme_.dim());
        if (!result.detail.empty()) paragraph(words, result.detail, theme_.code_dim());
        canvas_.tag("lesson.claim." + result.id + (result.ok ? ".ok" : ".failed"), {area_.x, top, area_.w, words.y - top});
        gap(words.y - top + 8);
    }

    void kernel() {
        const model::SwitchCounts& counts = snapshot_.switches;
        if (counts.source.empty() || (counts.captured == 0 && counts.kernel <= 0)) return;
        section("lesson.switches");
        const std::string drawn = Texts::number(static_cast<long long>(counts.captured));
        if (counts.kernel < 0) {
            paragraph(area_, context_.tr("lesson.switches_so_far", {{"drawn", drawn}}), theme_.body());
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
                return context_.tr("lesson.exit_signal", {{"signal", std::to_string(exit.signal)}});
            case model::ProcessExit::Kind::kStoppedByHeddle:
                return context_.tr("lesson.exit_stopped");
        }
        return {};
    }

    void output() {
        if (snapshot_.status != model::RunStatus::kRunning && !ended()) return;
        section("lesson.output");
        stream(snapshot_.output, "lesson.stdout", snapshot_.errors.empty() ? "lesson.no_output" : "");
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

    void lesson() {
        if (state_.rest.empty() && (state_.watch.empty() || state_.intro.empty())) return;
        canvas_.hline(area_.x, area_.right(), area_.y, p_.border);
        gap(20);
        if (!state_.watch.empty()) markdown(state_.intro);
        if (open_book()) return markdown(state_.rest);
        if (!state_.rest.empty()) paragraph(area_, context_.tr("lesson.rest_after_answer"), theme_.dim());
    }

    const catalog::Scenario& scenario_;
    const model::Snapshot& snapshot_;
    LessonState& state_;
    panels::Context& context_;
    Commands& commands_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Palette& p_;
    Rect area_;
    float top_ = 0;
};

}  // namespace

void draw_lesson(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state,
                 panels::Context& context, Commands& commands, Rect rect) {
    if (state.scenario != scenario.id) {
        const bool show_sentence = state.show_sentence;
        state = {};
        state.scenario = scenario.id, state.show_sentence = show_sentence;
    }
    const std::string& text = scenario.lesson.in(language_of(context));
    if (state.text != text) read_lesson(text, state);
    const Theme& theme = context.theme();
    context.canvas().fill(rect, theme.color.panel);
    context.canvas().vline(rect.x, rect.y, rect.bottom(), theme.color.border);
    Rect area = rect.inset(theme.size.pad, theme.size.pad);
    Pane pane(scenario, snapshot, state, context, commands);
    if (state.show_sentence) {
        pane.sentence(area);
        area.take_top(16);
    }
    // The bar stands in the margin, so that the text keeps its width when it comes.
    const Rect seen{area.x, area.y, area.w + 12, rect.bottom() - area.y};
    if (seen.empty()) return;
    widgets::ScrollArea scroll(context.ui, "lesson", seen, state.scroll);
    Rect content = scroll.content();
    content.w = area.w;
    scroll.end(pane.scrolled(content) + theme.size.pad);
}

}  // namespace heddle::shell
