#include "app/panels/sync_panel.h"

#include <algorithm>

#include "app/layout/sync_layout.h"

namespace heddle::panels {
namespace {

using model::SyncKind;
using model::SyncView;

std::string_view kind_key(SyncKind kind) {
    switch (kind) {
        case SyncKind::kMutex:
            return "sync.mutex";
        case SyncKind::kReadWrite:
            return "sync.read_write";
        case SyncKind::kSpin:
            return "sync.spin";
        case SyncKind::kCondition:
            return "sync.condition";
        case SyncKind::kSemaphore:
            return "sync.semaphore";
        case SyncKind::kBarrier:
            return "sync.barrier";
        case SyncKind::kOnce:
            return "sync.once";
        case SyncKind::kFutex:
            return "sync.futex";
        case SyncKind::kThread:
            return "sync.thread";
    }
    return "";
}

class SyncFrame {
public:
    SyncFrame(const model::Snapshot& snapshot, Context& context, float lit)
        : snapshot_(snapshot),
          context_(context),
          canvas_(context.canvas()),
          theme_(context.theme()),
          line_(context.theme().size.small * 1.4f),
          lit_(lit) {}

    float line() const { return line_; }

    float draw_table(Rect area, bool compact) {
        const layout::SyncTable table = layout::sync_table(snapshot_.sync.size(), area, line_, compact);
        const char* const heads[] = {"sync.object", "sync.held_by", "sync.waiting"};
        for (int i = 0; i < 3; ++i) canvas_.text(table.heads[i], context_.tr(heads[i]), theme_.dim());
        for (const layout::SyncRow& row : table.rows) draw_row(row);
        float height = table.height;
        if (snapshot_.sync_left_out > 0) {
            const std::string text = context_.tr("sync.left_out", {{"n", std::to_string(snapshot_.sync_left_out)}});
            height += canvas_.paragraph({area.x, area.y + height, area.w, 0}, text, theme_.dim());
        }
        return height;
    }

    // The sentences of the circles, with room below them; returns the height used.
    float draw_cycles(Rect area) {
        float used = 0;
        for (std::size_t i = 0; i < snapshot_.wait_cycles.size(); ++i) {
            const model::Sentence& sentence = snapshot_.wait_cycles[i].sentence;
            const std::string text = context_.ui.texts().tr(sentence.key, sentence.arguments);
            const canvas::TextStyle style = theme_.small().strong().in(theme_.color.error_text);
            const float mark = theme_.size.body + 8;
            const float words = canvas_.paragraph({0, 0, area.w - mark - 20, 0}, text, style, false);
            const Rect box{area.x, area.y + used, area.w, words + line_ * 0.6f};
            canvas_.tag("sync.cycle." + std::to_string(i), box);
            canvas_.fill(box, theme_.color.error_tint, theme_.size.radius_small);
            canvas_.stroke(box, theme_.color.error, 1.5f, theme_.size.radius_small);
            canvas::draw_icon(canvas_, canvas::Icon::kWarning, {box.x + 10 + theme_.size.body / 2, box.y + line_ * 0.8f},
                              theme_.size.body, theme_.color.error_text);
            canvas_.paragraph({box.x + 10 + mark, box.y + line_ * 0.3f, area.w - mark - 20, words}, text, style);
            used += box.h + line_ * 0.5f;
        }
        return used;
    }

    void draw_graph(Rect area) {
        area.h = std::min(area.h, line_ * 16);  // longer arrows say no more
        if (area.h > line_ * 6.5f) canvas_.text(area.take_bottom(line_ * 1.3f), context_.tr("sync.legend"), theme_.dim());
        canvas_.tag("sync.graph", area);
        const layout::SyncGraph graph = layout::sync_graph(snapshot_, area.inset(0, 2), line_);
        for (const bool cycle : {false, true}) {
            for (const layout::SyncEdge& edge : graph.edges)
                if (edge.in_cycle == cycle) draw_edge(edge);
        }
        for (const layout::SyncNode& node : graph.threads) draw_thread_node(node);
        for (const layout::SyncNode& node : graph.objects) draw_object_node(node);
    }

private:
    // Who joins a thread waits for its end.
    std::string name_of(const SyncView& object) const {
        return object.kind == SyncKind::kThread ? context_.tr("sync.end_of", {{"thread", object.name}}) : object.name;
    }

    // A variable's name is code, a thread's end is not.
    canvas::TextStyle name_style(const SyncView& object) const {
        return object.kind == SyncKind::kThread ? theme_.small() : theme_.code_small();
    }

    void draw_row(const layout::SyncRow& row) {
        const SyncView& object = snapshot_.sync[row.object];
        const model::Number actor = acting_thread(snapshot_);
        canvas_.fill(row.box, theme_.color.raised, theme_.size.radius_small);
        if (object.changed && actor != model::kNobody)
            canvas_.fill(row.box, mix(theme_.color.raised, theme_.thread(actor).tint, std::max(0.5f, lit_)),
                         theme_.size.radius_small);
        const Color edge = object.in_cycle                             ? theme_.color.error
                           : object.changed && actor != model::kNobody ? theme_.thread(actor).fill
                                                                       : theme_.color.border;
        canvas_.stroke(row.box, edge, object.in_cycle || object.changed ? 1.5f : 1, theme_.size.radius_small);
        const std::string id = "sync.row." + std::to_string(row.object);
        canvas_.tag(id, row.box);
        const std::string name = name_of(object);
        const std::string kind = context_.tr(kind_key(object.kind));
        Rect beside = row.name;
        if (row.kind.empty() && object.kind != SyncKind::kThread) {
            beside.take_left(canvas_.measure(name, name_style(object).strong()) + 10);
            if (canvas_.measure(kind, theme_.dim()) + 1 <= beside.w) canvas_.text(beside, kind, theme_.dim());
        }
        draw_middle_elided(context_, row.name, name, name_style(object).strong());
        if (!row.kind.empty()) canvas_.text(row.kind, kind, theme_.dim());
        draw_holders(object, row.holders);
        draw_threads(object.waiters, row.waiters, true);
        context_.ui.interact(id + ".hover", row.box, false);
        context_.ui.tooltip(id + ".hover", row.box, {name + "\n" + kind, ""});
    }

    void draw_holders(const SyncView& object, Rect box) {
        const auto dim = [&](const std::string& text) { canvas_.text(box, text, theme_.dim()); };
        switch (object.kind) {
            case SyncKind::kMutex:
            case SyncKind::kSpin:
            case SyncKind::kReadWrite:
                if (object.holders.empty()) return dim(context_.tr("sync.free"));
                if (object.shared) {
                    const std::string readers = context_.tr("sync.readers");
                    const float width = canvas_.measure(readers, theme_.dim()) + 1;
                    if (width < box.w * 0.5f) canvas_.text(box.take_right(width, 6), readers, theme_.dim());
                }
                return draw_threads(object.holders, box, false);
            case SyncKind::kSemaphore:
                return draw_permits(object, box);
            case SyncKind::kCondition:
                return dim(object.mutex.empty() ? "–" : context_.tr("sync.with_mutex", {{"mutex", object.mutex}}));
            case SyncKind::kBarrier:
                return dim(object.parties == 0 ? context_.tr("sync.round", {{"round", std::to_string(object.rounds + 1)}})
                                               : context_.tr("sync.arrived", {{"n", std::to_string(object.waiters.size())},
                                                                              {"parties", std::to_string(object.parties)},
                                                                              {"round", std::to_string(object.rounds + 1)}}));
            case SyncKind::kOnce:
                if (object.holders.empty()) return dim(context_.tr("sync.once_done"));
                return draw_threads(object.holders, box, false);
            case SyncKind::kThread:
                return dim(context_.tr("sync.must_end"));
            case SyncKind::kFutex:
                return dim("–");
        }
    }

    // Dots while they can be counted at a glance, and the number always.
    void draw_permits(const SyncView& object, Rect box) {
        if (!object.permits) return canvas_.text(box, context_.tr("sync.permits_unknown"), theme_.dim());
        const std::string text = context_.tr("sync.permits", {{"n", std::to_string(*object.permits)}});
        const float radius = theme_.size.small * 0.3f, pitch = radius * 2 + 4;
        const auto dots = static_cast<float>(*object.permits);
        if (dots > 0 && dots * pitch + canvas_.measure(text, theme_.small()) + 4 <= box.w) {
            for (std::int64_t i = 0; i < *object.permits; ++i)
                canvas_.circle({box.x + radius + static_cast<float>(i) * pitch, box.center().y}, radius, theme_.color.accent);
            box.take_left(dots * pitch + 4);
        }
        canvas_.text(box, text, *object.permits == 0 ? theme_.small().strong() : theme_.small());
    }

    // Shape and name of each, the first on the left; "+3" for those that have no room.
    void draw_threads(const std::vector<model::Number>& threads, Rect box, bool queue) {
        if (threads.empty()) return canvas_.text(box, "–", theme_.dim());
        for (std::size_t i = 0; i < threads.size(); ++i) {
            const std::string name = thread_short(threads[i]), rest = "+" + std::to_string(threads.size() - i);
            const float radius = theme_.size.small * 0.42f, mark = 2 * radius + 5;
            const float width = mark + canvas_.measure(name, theme_.small().strong());
            const bool last = i + 1 == threads.size();
            if (i > 0 && width + (last ? 0 : canvas_.measure(rest, theme_.dim()) + 8) > box.w)
                return canvas_.text(box, rest, theme_.dim());
            const Rect item = box.take_left(width + 1, queue ? 6 : 10);
            const ThreadLook& look = theme_.thread(threads[i]);
            canvas::draw_shape(canvas_, theme_.thread_shape(threads[i]), {item.x + radius, item.center().y}, radius, look.fill);
            canvas_.text({item.x + mark, item.y, item.w - mark, item.h}, name, theme_.small().strong(), canvas::Fit::kOverflow);
            if (queue && !last && box.w > 12) {
                const Rect between = box.take_left(8, 6);
                canvas::draw_icon(canvas_, canvas::Icon::kChevronLeft, between.center(), 9, theme_.color.text_dim);
            }
        }
    }

    void draw_edge(const layout::SyncEdge& edge) {
        canvas::ArrowStyle style{theme_.color.text_dim, 1.5f, 9 * context_.scale()};
        if (edge.waits) style.color = theme_.thread(edge.thread).fill, style.dashed = true;
        if (edge.in_cycle) style.color = theme_.color.error, style.width = 2.5f, style.head = 11 * context_.scale();
        canvas_.arrow(edge.from, edge.to, style);
    }

    void draw_thread_node(const layout::SyncNode& node) {
        const ThreadLook& look = theme_.thread(node.thread);
        canvas_.fill(node.box, look.tint, node.box.h / 2);
        canvas_.stroke(node.box, look.fill, 1.5f, node.box.h / 2);
        const std::string name = thread_short(node.thread);
        const float radius = theme_.size.small * 0.42f, width = 2 * radius + 5 + canvas_.measure(name, theme_.small().strong());
        const float x = node.box.center().x - width / 2;
        canvas::draw_shape(canvas_, theme_.thread_shape(node.thread), {x + radius, node.box.center().y}, radius, look.fill);
        canvas_.text({x + 2 * radius + 5, node.box.y, width, node.box.h}, name, theme_.small().strong(),
                     canvas::Fit::kOverflow);
        canvas_.tag("sync.thread." + std::to_string(node.thread), node.box);
    }

    void draw_object_node(const layout::SyncNode& node) {
        const SyncView& object = snapshot_.sync[node.object];
        canvas_.fill(node.box, object.in_cycle ? theme_.color.error_tint : theme_.color.raised, theme_.size.radius_small);
        canvas_.stroke(node.box, object.in_cycle ? theme_.color.error : theme_.color.border_strong, 1.5f,
                       theme_.size.radius_small);
        Rect inner = node.box.inset(5, 0);
        const canvas::TextStyle style = name_style(object);
        const std::string name = name_of(object);
        if (canvas_.measure(name, style) <= inner.w)
            canvas_.text(inner, name, style.at(canvas::Align::kCenter));
        else
            draw_middle_elided(context_, inner, name, style);
        canvas_.tag("sync.object." + std::to_string(node.object), node.box);
    }

    const model::Snapshot& snapshot_;
    Context& context_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    float line_, lit_;
};

}  // namespace

void draw_sync(const model::Snapshot& snapshot, SyncState& state, Context& context, Rect rect) {
    const Rect content = begin_panel(context, "sync", context.tr("sync.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    if (snapshot.sync.empty()) return widgets::empty_note(context.ui, content, context.tr("sync.none"));
    SyncFrame frame(snapshot, context, pulse(context, state.pulse, snapshot.playhead));
    const layout::SyncParts parts = layout::sync_parts(content, frame.line());
    widgets::ScrollArea scroll(context.ui, "sync.scroll", parts.table, state.scroll);
    Rect area = scroll.content();
    if (!parts.one_column) {
        scroll.end(frame.draw_table(area, parts.compact));
        Rect graph = parts.graph;
        graph.take_top(frame.draw_cycles(graph));
        return frame.draw_graph(graph);
    }
    const float cycles = frame.draw_cycles(area);
    const float table = layout::sync_table(snapshot.sync.size(), area, frame.line(), parts.compact).height;
    const layout::SyncColumn column = layout::sync_column(cycles, table, content.h, frame.line());
    frame.draw_table({area.x, area.y + column.table_y, area.w, area.h}, parts.compact);
    frame.draw_graph({area.x, area.y + column.graph_y, area.w, column.graph_height});
    scroll.end(column.height);
}

}  // namespace heddle::panels
