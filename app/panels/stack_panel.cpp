#include "app/panels/stack_panel.h"

#include <algorithm>

#include "app/layout/grid_layout.h"
#include "app/layout/units.h"
#include "app/panels/memory_paint.h"
#include "app/panels/memory_shared.h"

namespace heddle::panels {
namespace {

constexpr std::size_t kMostFrames = 40;

class StackFrame {
public:
    StackFrame(const model::Snapshot& snapshot, Context& context, float lit)
        : snapshot_(snapshot), context_(context), lit_(lit) {}

    float draw(const std::vector<const model::ThreadView*>& threads, Rect area) {
        const layout::StackColumns columns =
            layout::stack_columns(threads, area, context_.theme().size.small * 1.4f, kMostFrames);
        for (const layout::StackColumn& column : columns.columns) draw_column(column);
        return columns.height;
    }

private:
    void draw_column(const layout::StackColumn& column) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        draw_thread(context_, snapshot_, column.head, column.thread->number);
        if (column.frames.empty()) {
            canvas.text(
                column.growth,
                context_.tr(column.thread->state == model::ThreadState::kTerminated ? "stack.ended" : "stack.no_frames"),
                theme.dim());
            return;
        }
        for (std::size_t i = 0; i < column.frames.size(); ++i)
            draw_frame(column, column.frames[i], i + 1 == column.frames.size());
        const Vec2 center = column.growth.center();
        canvas.arrow({center.x, column.growth.y + 3}, {center.x, column.growth.bottom() - 1},
                     {theme.color.text_dim, 1.5f, 7 * context_.scale(), false});
    }

    void draw_frame(const layout::StackColumn& column, const layout::FrameBox& box, bool innermost) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        if (!box.frame) {
            canvas.text(box.header, context_.tr("stack.hidden", {{"count", std::to_string(box.hidden)}}), theme.dim());
            return;
        }
        const ThreadLook& look = theme.thread(column.thread->number);
        canvas.fill(box.box, innermost ? look.tint : theme.color.raised, theme.size.radius_small);
        canvas.stroke(box.box, innermost ? look.fill : theme.color.border, innermost ? 1.5f : 1, theme.size.radius_small);
        Rect header = box.header;
        const std::string file(file_name(box.frame->file));
        const std::string place = box.frame->line > 0 ? file + ":" + std::to_string(box.frame->line) : file;
        const std::string name = box.frame->function + "()";
        const canvas::TextStyle name_style = box.frame->user_code ? theme.code_small().strong() : theme.code_dim();
        const float place_width = canvas.measure(place, theme.dim()) + 1;
        const float name_width = std::min(canvas.measure(name, name_style) + 1, header.w);
        if (place_width + name_width + 8 <= header.w) canvas.text(header.take_right(place_width, 8), place, theme.dim());
        canvas.text(header, name, name_style);
        for (std::size_t i = 0; i < box.rows.size(); ++i) {
            const model::VariableView& variable = box.frame->variables[i];
            if (variable.changed) {
                const Rect mark = box.rows[i].inset(-4, 1);
                canvas.fill(mark, theme.color.panel, theme.size.radius_small);
                canvas.stroke(mark, look.fill, 1 + lit_, theme.size.radius_small);
            }
            paint_variable(context_, box.rows[i], variable, 8 * context_.scale());
        }
    }

    const model::Snapshot& snapshot_;
    Context& context_;
    float lit_;
};

}  // namespace

void draw_stack(const model::Snapshot& snapshot, StackState& state, Context& context, Rect rect) {
    Rect content = begin_panel(context, "stack", context.tr("stack.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    const std::size_t fit = std::max<std::size_t>(1, static_cast<std::size_t>(content.w / (190 * context.scale())));
    const auto window = [&] {
        return std::min(state.chosen, snapshot.threads.size() > fit ? snapshot.threads.size() - fit : 0);
    };
    const auto actor = static_cast<std::size_t>(std::max(0, acting_thread(snapshot) - 1));
    if (state.playhead != snapshot.playhead && (actor < window() || actor >= window() + fit)) state.chosen = actor;
    state.playhead = snapshot.playhead;
    if (snapshot.threads.size() > fit) {
        std::vector<Chip> chips;
        for (const model::ThreadView& thread : snapshot.threads) chips.push_back({thread_short(thread.number), thread.number});
        draw_chips(context, "stack.thread",
                   content.take_top(context.theme().size.control_small, context.theme().size.gap_small), chips, state.chosen);
    }
    const std::size_t first = window();
    std::vector<const model::ThreadView*> shown;
    for (std::size_t i = first; i < std::min(snapshot.threads.size(), first + fit); ++i) shown.push_back(&snapshot.threads[i]);
    widgets::ScrollArea scroll(context.ui, "stack.scroll", content, state.scroll);
    scroll.end(StackFrame(snapshot, context, pulse(context, state.pulse, snapshot.playhead)).draw(shown, scroll.content()));
}

}  // namespace heddle::panels
