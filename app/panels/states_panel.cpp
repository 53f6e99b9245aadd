#include "app/panels/states_panel.h"

#include <algorithm>
#include <array>

#include "app/layout/state_diagram.h"

namespace heddle::panels {
namespace {

using model::ThreadState;

constexpr double kTravelSeconds = 0.25;

std::string_view edge_key(ThreadState from, ThreadState to) {
    if (from == ThreadState::kNew && to == ThreadState::kReady) return "states.admit";
    if (from == ThreadState::kReady && to == ThreadState::kRunning) return "states.dispatch";
    if (from == ThreadState::kRunning && to == ThreadState::kReady) return "states.time_out";
    if (from == ThreadState::kRunning && to == ThreadState::kWaiting) return "states.wait";
    if (from == ThreadState::kWaiting && to == ThreadState::kReady) return "states.wake_up";
    if (from == ThreadState::kRunning && to == ThreadState::kTerminated) return "states.exit";
    return "";
}

class StatesFrame {
public:
    StatesFrame(const model::Snapshot& snapshot, StatesState& state, Context& context, Rect area)
        : snapshot_(snapshot),
          state_(state),
          context_(context),
          diagram_(layout::state_diagram(area, snapshot.edges, context.theme().size.small * 1.4f)) {}

    void draw() {
        follow();
        for (const layout::StateEdge& edge : diagram_.edges) draw_edge(edge);
        for (const layout::StateNode& node : diagram_.nodes) draw_node(node);
        for (const layout::StateEdge& edge : diagram_.edges) draw_label(edge);
        draw_tokens();
        draw_waiting_notes();
    }

private:
    void follow() {
        if (!state_.seen || state_.playhead != snapshot_.playhead) {
            const bool first = !state_.seen;
            state_.seen = true;
            state_.playhead = snapshot_.playhead;
            state_.moving = snapshot_.transition;
            state_.since = first ? context_.ui.now() - 1 : context_.ui.now();
        }
        progress_ = layout::eased(context_.ui.now() - state_.since, kTravelSeconds, context_.theme().reduce_motion);
        if (state_.moving && progress_ < 1) context_.ui.request_frame();
    }

    bool active(const layout::StateEdge& edge) const {
        return state_.moving && state_.moving->from == edge.from && state_.moving->to == edge.to;
    }

    std::uint64_t count(const layout::StateEdge& edge) const {
        return snapshot_.edges[static_cast<std::size_t>(edge.from)][static_cast<std::size_t>(edge.to)];
    }

    void draw_edge(const layout::StateEdge& edge) {
        const Theme& theme = context_.theme();
        canvas::ArrowStyle style{count(edge) > 0 ? theme.color.text_dim : theme.color.border_strong, 1.5f, 9 * context_.scale(),
                                 !edge.usual};
        if (active(edge))
            style.color = theme.thread(state_.moving->thread).fill, style.width = 3, style.head = 11 * context_.scale();
        context_.canvas().bezier(edge.a, edge.c1, edge.c2, edge.b, style);
    }

    void draw_label(const layout::StateEdge& edge) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const canvas::Align align = edge.side < 0   ? canvas::Align::kRight
                                    : edge.side > 0 ? canvas::Align::kLeft
                                                    : canvas::Align::kCenter;
        const bool now = active(edge);
        canvas::TextStyle words = theme.dim().at(align), number = theme.small().strong().at(align);
        if (now) words = words.strong().in(theme.thread(state_.moving->thread).text), number.color = words.color;
        const std::string amount = Texts::number(static_cast<long long>(count(edge)));
        Rect box = edge.label;
        if (!edge.usual) {
            const float width = std::min(box.w, canvas.measure(amount, number) + 8);
            const Rect plate{box.center().x - width / 2, box.y, width, box.h};
            canvas.fill(plate, theme.color.panel, theme.size.radius_small);
            canvas.text(plate, amount, number.at(canvas::Align::kCenter));
            return;
        }
        const std::string name = context_.tr(edge_key(edge.from, edge.to));
        std::string text = name;
        if (now && state_.moving->cause != model::Cause::kNone) text = cause_text(context_, state_.moving->cause, "");
        const auto both = [&](const std::string& cause) {
            return context_.tr("states.edge", {{"cause", cause}, {"count", amount}});
        };
        if (box.h < theme.size.small * 2) {
            // A cause that has no room gives way to the edge's own name.
            const std::string named = canvas.measure(both(text), words) <= box.w ? both(text) : both(name);
            canvas.text(box, canvas.measure(named, words) <= box.w ? named : amount, words);
        } else {
            canvas.text(box.take_top(box.h / 2), canvas.measure(text, words) <= box.w ? text : name, words);
            canvas.text(box, amount, number);
        }
        const std::string id =
            "states.cause." + std::to_string(static_cast<int>(edge.from)) + std::to_string(static_cast<int>(edge.to));
        context_.ui.interact(id, edge.label, false);
        context_.ui.tooltip(id, edge.label, {both(text), ""});
        canvas.tag("states.edge." + std::to_string(static_cast<int>(edge.from)) + std::to_string(static_cast<int>(edge.to)),
                   edge.label);
    }

    void draw_node(const layout::StateNode& node) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const bool target = state_.moving && state_.moving->to == node.state;
        const float radius = node.box.h * 0.36f;
        canvas.fill(node.box, theme.color.raised, radius);
        const Color edge = target ? theme.thread(state_.moving->thread).fill : theme.color.border_strong;
        canvas.stroke(node.box, edge, target ? 2.5f : 1, radius);
        canvas.fill(node.letter, theme.color.panel, theme.size.radius_small);
        canvas.stroke(node.letter, theme.color.border, 1, theme.size.radius_small);
        const char letter[] = {state_style(look_of(node.state)).letter, 0};
        canvas.text(node.letter, letter, theme.small().strong().at(canvas::Align::kCenter), canvas::Fit::kOverflow);
        const std::string name = state_text(context_, node.state);
        canvas::TextStyle style = theme.strong();
        if (canvas.measure(name, style) > node.name.w) style = theme.small().strong();
        canvas.text(node.name, name, style);
        canvas.tag("states.node." + std::to_string(static_cast<int>(node.state)), node.box);
        context_.ui.interact("states.hover." + std::to_string(static_cast<int>(node.state)), node.box, false);
        context_.ui.tooltip("states.hover." + std::to_string(static_cast<int>(node.state)), node.box,
                            {members_text(node.state), ""});
    }

    std::string members_text(ThreadState state) const {
        std::string text = state_text(context_, state) + ":";
        for (const model::ThreadView& thread : snapshot_.threads) {
            if (thread.state == state) text += "\n" + thread_label(snapshot_, thread.number);
        }
        return text;
    }

    void draw_tokens() {
        std::array<std::size_t, model::kThreadStates> total{}, placed{};
        for (const model::ThreadView& thread : snapshot_.threads) ++total[static_cast<std::size_t>(thread.state)];
        const float radius = context_.theme().size.small * 0.55f;
        for (const model::ThreadView& thread : snapshot_.threads) {
            const auto index = static_cast<std::size_t>(thread.state);
            const layout::StateNode& node = diagram_.node(thread.state);
            const std::size_t slot = placed[index]++;
            const bool folded = total[index] > node.capacity && slot + 1 >= node.capacity;
            const bool moves = state_.moving && state_.moving->thread == thread.number && progress_ < 1;
            if (folded && !moves) continue;
            const Vec2 place = moves ? on_the_way(layout::token_place(node, slot, total[index]))
                                     : layout::token_place(node, slot, total[index]);
            const Theme& theme = context_.theme();
            if (moves) context_.canvas().circle(place, radius * 1.6f, theme.thread(thread.number).tint);
            canvas::draw_shape(context_.canvas(), theme.thread_shape(thread.number), place, radius,
                               theme.thread(thread.number).fill);
        }
        for (const layout::StateNode& node : diagram_.nodes) draw_rest(node, total[static_cast<std::size_t>(node.state)]);
        draw_single_names(total);
    }

    // Along the edge, and from its end to the token's own place in the node.
    Vec2 on_the_way(Vec2 place) const {
        const layout::StateEdge* edge = diagram_.edge(state_.moving->from, state_.moving->to);
        if (!edge) return place;
        constexpr float kEdgePart = 0.8f;
        if (progress_ < kEdgePart) return edge->at(progress_ / kEdgePart);
        const float rest = (progress_ - kEdgePart) / (1 - kEdgePart);
        return edge->b + (place - edge->b) * rest;
    }

    void draw_rest(const layout::StateNode& node, std::size_t total) {
        if (total <= node.capacity) return;
        const Vec2 at = layout::token_place(node, node.capacity - 1, total);
        const std::string text = "+" + std::to_string(total - node.capacity + 1);
        const Rect box{at.x - node.pitch * 0.5f, node.tokens.y,
                       std::max(node.pitch, context_.canvas().measure(text, context_.theme().dim()) + 1), node.tokens.h};
        context_.canvas().text(box, text, context_.theme().dim(), canvas::Fit::kOverflow);
    }

    // A token that is alone in its state has room for its name.
    void draw_single_names(const std::array<std::size_t, model::kThreadStates>& total) {
        for (const model::ThreadView& thread : snapshot_.threads) {
            if (total[static_cast<std::size_t>(thread.state)] != 1) continue;
            const layout::StateNode& node = diagram_.node(thread.state);
            const Vec2 place = layout::token_place(node, 0, 1);
            const Rect box{place.x + node.pitch * 0.5f, node.tokens.y, node.tokens.right() - place.x - node.pitch * 0.5f,
                           node.tokens.h};
            const canvas::TextStyle style = context_.theme().small().strong();
            const std::string name = thread_short(thread.number);
            if (context_.canvas().measure(name, style) <= box.w) context_.canvas().text(box, name, style);
        }
    }

    // What each waiting thread waits for, below the node: beside each other while they fit.
    void draw_waiting_notes() {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        Rect area = diagram_.waiting_notes;
        const float line = theme.size.small * 1.4f, radius = theme.size.small * 0.42f;
        struct Note {
            model::Number thread;
            std::string text;
            float width;
        };
        std::vector<Note> notes;
        for (const model::ThreadView& thread : snapshot_.threads) {
            if (thread.state != ThreadState::kWaiting) continue;
            const std::string text = thread_short(thread.number) + "  " + cause_text(context_, thread.cause, thread.waits_for);
            notes.push_back({thread.number, text, canvas.measure(text, theme.small()) + 2 * radius + 6 + 18});
        }
        std::size_t next = 0;
        while (next < notes.size() && area.h >= line * 0.95f) {
            Rect row = area.take_top(line);
            std::size_t last = next;
            float width = 0;
            while (last < notes.size() && (width + notes[last].width <= row.w || last == next)) width += notes[last++].width;
            const float anchor = diagram_.node(ThreadState::kWaiting).box.center().x;
            float x = std::clamp(anchor - width / 2, row.x, std::max(row.x, row.right() - width));
            for (; next < last; ++next) {
                const Note& note = notes[next];
                const ThreadLook& look = theme.thread(note.thread);
                canvas::draw_shape(canvas, theme.thread_shape(note.thread), {x + radius, row.center().y}, radius, look.fill);
                const bool lit = state_.moving && state_.moving->thread == note.thread;
                const canvas::TextStyle style = lit ? theme.small().strong().in(look.text) : theme.small();
                const float text_x = x + 2 * radius + 6;
                canvas.text({text_x, row.y, std::min(note.width, row.right() - text_x), row.h}, note.text, style);
                x += note.width;
            }
        }
    }

    const model::Snapshot& snapshot_;
    StatesState& state_;
    Context& context_;
    layout::StateDiagram diagram_;
    float progress_ = 1;
};

}  // namespace

void draw_states(const model::Snapshot& snapshot, StatesState& state, Context& context, Rect rect) {
    const Rect content = begin_panel(context, "states", context.tr("states.subtitle"), shown_badge(snapshot), rect);
    if (draw_empty(context, snapshot, content)) return;
    context.canvas().push_clip(content.inset(-4));
    StatesFrame(snapshot, state, context, content).draw();
    context.canvas().pop_clip();
}

}  // namespace heddle::panels
