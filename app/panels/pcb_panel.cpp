#include "app/panels/pcb_panel.h"

#include <algorithm>
#include <cmath>

#include "app/layout/grid_layout.h"

namespace heddle::panels {
namespace {

constexpr float kRowGap = 6;  // at scale 1

class PcbFrame {
public:
    PcbFrame(const model::Snapshot& snapshot, const model::ThreadView& thread, Context& context, float lit)
        : snapshot_(snapshot), thread_(thread), context_(context), lit_(lit) {}

    float draw(Rect area) {
        const float top = area.y;
        const model::ProcessView* process = snapshot_.process(thread_.process);
        if (process) area.y += draw_fields(area, process->pcb) + context_.theme().size.gap_small;
        if (process && process->threads.size() > 1) {
            area.y += draw_heading(area, context_.tr("pcb.of_thread", {{"thread", thread_label(snapshot_, thread_.number)}}));
            area.y += draw_fields(area, thread_fields()) + context_.theme().size.gap_small;
        }
        if (!thread_.registers.empty()) {
            area.y += draw_heading(area, context_.tr("pcb.saved_registers"));
            area.y += draw_fields(area, thread_.registers);
        } else {
            const float said = draw_missing(context_, snapshot_, "perf-registers", "pcb.no_registers", area);
            area.y += said > 0 ? said : draw_missing(context_, snapshot_, "perf-switches", "pcb.no_registers", area);
        }
        return area.y - top;
    }

private:
    float draw_heading(Rect area, std::string_view text) {
        const float height = context_.theme().size.small * 2;
        context_.canvas().text({area.x, area.y, area.w, height}, text,
                               context_.theme().small().strong().in(context_.theme().color.text_dim));
        return height;
    }

    std::vector<model::PcbField> thread_fields() const {
        const auto number = [](std::uint64_t value) { return Texts::number(static_cast<long long>(value)); };
        std::vector<model::PcbField> fields;
        fields.push_back({"pcb.tid", std::to_string(thread_.tid.value), false, false});
        fields.push_back({"pcb.thread_state", std::string(state_key(thread_.state)), true, thread_.changed});
        if (thread_.line > 0)
            fields.push_back(
                {"pcb.thread_pc", std::string(file_name(thread_.file)) + ":" + std::to_string(thread_.line), false, false});
        fields.push_back(
            {"pcb.thread_switches", number(thread_.voluntary_switches) + " / " + number(thread_.preemptions), false, false});
        fields.push_back({"pcb.time_running", Texts::duration(thread_.running_time), false, false});
        fields.push_back({"pcb.time_ready", Texts::duration(thread_.ready_time), false, false});
        return fields;
    }

    float draw_fields(Rect area, const std::vector<model::PcbField>& fields) {
        const Theme& theme = context_.theme();
        const float gap = kRowGap * context_.scale();
        const layout::FieldGrid grid = layout::field_grid(area, fields.size(), theme.size.row, gap, 230 * context_.scale());
        for (std::size_t i = 0; i < fields.size(); ++i) draw_field(grid.cells[i], fields[i]);
        return grid.height;
    }

    // A name without a translation is data: a register.
    std::string name_of(const model::PcbField& field) const {
        if (context_.ui.texts().has(field.key)) return context_.tr(field.key);
        const std::size_t dot = field.key.rfind('.');
        return dot == std::string::npos ? field.key : field.key.substr(dot + 1);
    }

    void draw_field(Rect box, const model::PcbField& field) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const model::Number actor = acting_thread(snapshot_);
        const ThreadLook& look = theme.thread(actor != model::kNobody ? actor : thread_.number);
        canvas.fill(box, field.changed ? mix(look.tint, look.fill, lit_ * 0.35f) : theme.color.raised, theme.size.radius_small);
        canvas.stroke(box, field.changed ? look.fill : theme.color.border, field.changed ? 1.5f + lit_ : 1,
                      theme.size.radius_small);
        Rect inner = box.inset(theme.size.pad_small + 2, 0);
        const std::string name = name_of(field), value = field.value_is_key ? context_.tr(field.value) : field.value;
        const canvas::TextStyle name_style = theme.dim();
        canvas::TextStyle style = field.value_is_key ? theme.small() : theme.code_small();
        if (field.changed) style = style.strong().in(look.text);
        const float name_width = std::min(canvas.measure(name, name_style) + 1, inner.w * 0.6f);
        canvas.text(inner.take_left(name_width, 10), name, field.changed ? name_style.in(theme.color.text) : name_style);
        draw_middle_elided(context_, inner, value.empty() ? "–" : value, style.at(canvas::Align::kRight));
    }

    const model::Snapshot& snapshot_;
    const model::ThreadView& thread_;
    Context& context_;
    float lit_;
};

}  // namespace

void draw_pcb(const model::Snapshot& snapshot, PcbState& state, Context& context, Rect rect) {
    Rect content = begin_panel(context, "pcb", context.tr("pcb.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    std::vector<Chip> chips;
    for (const model::ThreadView& thread : snapshot.threads) chips.push_back({thread_short(thread.number), thread.number});
    if (chips.size() > 1) {
        Rect bar = content.take_top(context.theme().size.control_small, context.theme().size.gap_small);
        draw_chips(context, "pcb.thread", bar, chips, state.chosen);
    }
    state.chosen = std::min(state.chosen, snapshot.threads.size() - 1);
    // By whole rows: one that is cut through says nothing.
    const float gap = kRowGap * context.scale(), step = context.theme().size.row + gap;
    content.h = std::max(step, std::floor((content.h + gap) / step) * step) - gap;
    widgets::ScrollArea scroll(context.ui, "pcb.scroll", content, state.scroll);
    const float lit = pulse(context, state.pulse, snapshot.playhead);
    scroll.end(PcbFrame(snapshot, snapshot.threads[state.chosen], context, lit).draw(scroll.content()));
}

}  // namespace heddle::panels
