#include "app/layout/state_diagram.h"

#include <algorithm>
#include <cmath>

namespace heddle::layout {
namespace {

using model::ThreadState;

StateNode node_in(ThreadState state, Rect box, float line) {
    StateNode node;
    node.state = state, node.box = box;
    Rect inner = box.inset(line * 0.4f, line * 0.25f);
    Rect top = inner.take_top(inner.h / 2);
    // A narrow node needs its first line for the name alone.
    Rect& beside = box.w < line * 7 ? inner : top;
    node.letter = &beside == &inner ? beside.take_left(line * 1.1f, line * 0.2f) : beside.take_right(line * 1.1f, line * 0.2f);
    node.letter = {node.letter.x, node.letter.center().y - line * 0.55f, line * 1.1f, line * 1.1f};
    node.name = top;
    node.tokens = inner;
    node.pitch = line * 1.25f;
    node.capacity = static_cast<std::size_t>(std::max(1.f, std::floor(inner.w / node.pitch)));
    return node;
}

// Where the straight line from the box's centre to `towards` leaves the box.
Vec2 border(const Rect& box, Vec2 towards) {
    const Vec2 center = box.center(), d = towards - center;
    const float kx = d.x != 0 ? box.w / 2 / std::abs(d.x) : 1e9f, ky = d.y != 0 ? box.h / 2 / std::abs(d.y) : 1e9f;
    return center + d * std::min(kx, ky);
}

StateEdge straight(ThreadState from, ThreadState to, Vec2 a, Vec2 b) {
    StateEdge edge;
    edge.from = from, edge.to = to, edge.a = a, edge.b = b;
    edge.c1 = a + (b - a) * (1 / 3.f), edge.c2 = a + (b - a) * (2 / 3.f);
    return edge;
}

StateEdge arc(ThreadState from, ThreadState to, Vec2 a, Vec2 b, float rise) {
    StateEdge edge = straight(from, to, a, b);
    const float reach = (b.x - a.x) * 0.25f;
    edge.c1 = a + Vec2{reach, rise}, edge.c2 = b + Vec2{-reach, rise};
    return edge;
}

class StateDiagramBuilder {
public:
    StateDiagramBuilder(Rect area, float line)
        : area_(area), line_(line), low_(area.h < line * 13.5f), narrow_(area.w < line * 24) {}

    StateDiagram build(const model::EdgeCounts& counts) {
        place_nodes();
        usual_edges();
        for (std::size_t from = 0; from < model::kThreadStates; ++from) {
            for (std::size_t to = 0; to < model::kThreadStates; ++to) {
                if (from != to && counts[from][to] > 0)
                    add_unusual(static_cast<ThreadState>(from), static_cast<ThreadState>(to));
            }
        }
        return std::move(diagram_);
    }

private:
    StateNode& node(ThreadState state) { return diagram_.nodes[static_cast<std::size_t>(state)]; }
    const Rect& box(ThreadState state) { return node(state).box; }

    void place_nodes() {
        const float least = line_ * 5.4f;
        const float width = std::clamp(area_.w * 0.235f, least, line_ * 9);
        const float height = low_ ? line_ * 2.45f : std::clamp(area_.h * 0.19f, line_ * 2.6f, line_ * 4);
        const float top = area_.y + (low_ ? line_ * 1.75f : std::max(line_ * 2.6f, area_.h * 0.14f));
        const float room = area_.h - (top - area_.y) - 2 * height;
        const float between = line_ * (narrow_ ? 4.2f : low_ ? 2.6f : 3.2f);
        const float notes = std::clamp(room - between, line_, line_ * 3);
        const float bottom = std::max(top + height + line_ * 1.2f, area_.bottom() - notes - height);
        const auto at = [&](ThreadState state, float center, float y) {
            const float x =
                std::clamp(area_.x + area_.w * center - width / 2, area_.x, std::max(area_.x, area_.right() - width));
            node(state) = node_in(state, {x, y, width, height}, line_);
        };
        at(ThreadState::kNew, 0, top);
        at(ThreadState::kReady, narrow_ ? 0.46f : 0.42f, top);
        at(ThreadState::kRunning, narrow_ ? 0.87f : 0.80f, top);
        at(ThreadState::kWaiting, narrow_ ? 0.3f : 0.42f, bottom);
        at(ThreadState::kTerminated, 1, bottom);
        const Rect& waiting = box(ThreadState::kWaiting);
        diagram_.waiting_notes = {area_.x, waiting.bottom() + line_ * 0.1f, area_.w, notes};
    }

    Rect label_at(Vec2 center, float width) const {
        const float height = low_ ? line_ : line_ * 2;
        const float x = std::clamp(center.x - width / 2, area_.x, std::max(area_.x, area_.right() - width));
        return {x, center.y - height / 2, width, height};
    }

    void add(StateEdge edge, Rect label, int side) {
        edge.label = label, edge.side = side;
        diagram_.edges.push_back(edge);
    }

    // Beside the middle of a straight edge, clear of it over the whole height of the label, at most to `limit`.
    void add_beside(StateEdge edge, int side, float limit) {
        const Vec2 middle = edge.at(0.5f);
        const float half = std::min(low_ && !narrow_ ? line_ : line_ * 2, std::abs(edge.b.y - edge.a.y) - line_ * 0.2f) / 2;
        const float rise = edge.b.y - edge.a.y;
        const float slope = std::abs(rise) > 1 ? std::abs((edge.b.x - edge.a.x) / rise) * half : 0;
        const float clear = middle.x + static_cast<float>(side) * (slope + line_ * 0.3f);
        const float x = std::min(clear, limit), width = std::min(std::abs(limit - clear), line_ * 6);
        add(edge, {side > 0 ? x : clear - width, middle.y - half, width, 2 * half}, side);
    }

    void usual_edges() {
        upper_edges();
        const Rect ready = box(ThreadState::kReady), running = box(ThreadState::kRunning);
        const Rect waiting = box(ThreadState::kWaiting), ended = box(ThreadState::kTerminated);
        // Beside its node, below the arrow: there no arrow runs, and there is room for two lines at any height.
        const float space = line_ * 0.25f, wait_x = waiting.right() + space;
        add(straight(ThreadState::kRunning, ThreadState::kWaiting,
                     {running.x + running.w * (narrow_ ? 0.43f : 0.45f), running.bottom()},
                     {waiting.right() - waiting.w * 0.12f, waiting.y}),
            {wait_x, waiting.y + std::min(waiting.h / 2 - line_, line_ * 0.1f), std::min(ended.x - space - wait_x, line_ * 7),
             line_ * 2},
            1);
        add_beside(straight(ThreadState::kWaiting, ThreadState::kReady, {waiting.x + waiting.w * 0.2f, waiting.y},
                            {ready.x + ready.w * 0.39f, ready.bottom()}),
                   -1, area_.x);
        const float exit_x = running.right() - running.w * (narrow_ ? 0.38f : 0.15f);
        add_beside(straight(ThreadState::kRunning, ThreadState::kTerminated, {exit_x, running.bottom()},
                            {std::clamp(exit_x, ended.x + ended.w * 0.2f, ended.right() - ended.w * 0.2f), ended.y}),
                   1, area_.right());
    }

    void upper_edges() {
        const Rect born = box(ThreadState::kNew), ready = box(ThreadState::kReady), running = box(ThreadState::kRunning);
        const float wide = std::max(line_ * (low_ ? 5.4f : 4.2f), running.x - ready.right() + line_ * 2);

        StateEdge admit =
            straight(ThreadState::kNew, ThreadState::kReady, {born.right(), born.center().y}, {ready.x, born.center().y});
        const float admit_width = std::max(line_ * 2, ready.x - born.right());
        // Where the nodes stand close together, the label goes above them instead of between them.
        const bool close = low_ || admit_width < line_ * 4;
        const float admit_y = !close ? born.center().y - line_ * 1.35f : born.y - line_ * (low_ ? 0.7f : 1.2f);
        add(admit, label_at({admit.at(0.5f).x, admit_y}, close ? line_ * 4 : admit_width), 0);

        StateEdge dispatch = arc(ThreadState::kReady, ThreadState::kRunning, {ready.right() - ready.w * 0.2f, ready.y},
                                 {running.x + running.w * 0.2f, running.y}, -line_ * 0.9f);
        add(dispatch, label_at(dispatch.at(0.5f) + Vec2{0, -line_ * (low_ ? 0.65f : 1.2f)}, std::min(wide, line_ * 7)), 0);

        // Flat where the arrows below it have little height.
        const float below = box(ThreadState::kWaiting).y - ready.bottom(), sag = std::min(line_ * 0.9f, below * 0.35f);
        StateEdge time_out = arc(ThreadState::kRunning, ThreadState::kReady, {running.x + running.w * 0.2f, running.bottom()},
                                 {ready.right() - ready.w * 0.2f, ready.bottom()}, sag);
        if (narrow_) {
            const float width = line_ * 4.3f;
            add(time_out, {ready.x + ready.w * 0.39f, ready.bottom() + line_ * 0.72f, width, line_}, 0);
        } else {
            // Between the two nodes, where only the arrows over and under it are near.
            const float space = line_ * 0.1f;
            add(time_out, {ready.right() + space, ready.center().y - line_, running.x - ready.right() - 2 * space, line_ * 2},
                0);
        }
    }

    // On the edge itself, as near to its middle as no other label is in the way.
    Rect count_on(const StateEdge& edge) const {
        const auto at = [&](float t, float width) {
            const Rect box = label_at(edge.at(t), width);
            return Rect{box.x, box.center().y - line_ / 2, box.w, line_};
        };
        for (const float t : {0.5f, 0.42f, 0.58f, 0.34f, 0.66f, 0.26f, 0.74f}) {
            const Rect plate = at(t, line_ * 2);
            const bool taken = std::any_of(diagram_.edges.begin(), diagram_.edges.end(),
                                           [&](const StateEdge& other) { return other.label.overlaps(plate); });
            if (!taken) return at(t, line_ * 4);
        }
        return at(0.5f, line_ * 4);
    }

    void add_unusual(ThreadState from, ThreadState to) {
        if (diagram_.edge(from, to)) return;
        StateEdge edge = straight(from, to, border(box(from), box(to).center()), border(box(to), box(from).center()));
        // Below the label that stands between these two, and above the notes.
        if (from == ThreadState::kWaiting && to == ThreadState::kTerminated) {
            const float y = diagram_.edge(ThreadState::kRunning, ThreadState::kWaiting)->label.bottom() + line_ * 0.5f;
            edge = straight(from, to, {box(from).right() - line_ * 0.3f, y}, {box(to).x + line_ * 0.3f, y});
            Rect& notes = diagram_.waiting_notes;
            const float lower = std::max(0.f, y + line_ * 0.5f - notes.y);
            notes.y += lower;
            edge.usual = false;
            return add(edge, {edge.at(0.5f).x - line_ * 2, y - line_ / 2, line_ * 4, line_}, 0);
        }
        const Vec2 d = edge.b - edge.a;
        const float length = std::max(1.f, std::hypot(d.x, d.y));
        const Vec2 aside = Vec2{-d.y, d.x} * (line_ * 0.8f / length);
        edge.c1 = edge.c1 + aside, edge.c2 = edge.c2 + aside;
        edge.usual = false;
        add(edge, count_on(edge), 0);
    }

    Rect area_;
    float line_;
    bool low_, narrow_;  // no room for two-line labels; between the nodes
    StateDiagram diagram_;
};

}  // namespace

Vec2 StateEdge::at(float t) const {
    const float s = 1 - t;
    return a * (s * s * s) + c1 * (3 * s * s * t) + c2 * (3 * s * t * t) + b * (t * t * t);
}

const StateEdge* StateDiagram::edge(ThreadState from, ThreadState to) const {
    for (const StateEdge& edge : edges) {
        if (edge.from == from && edge.to == to) return &edge;
    }
    return nullptr;
}

StateDiagram state_diagram(Rect area, const model::EdgeCounts& counts, float line) {
    return StateDiagramBuilder(area, line).build(counts);
}

Vec2 token_place(const StateNode& node, std::size_t index, std::size_t count) {
    const std::size_t shown = std::min(count, node.capacity);
    const std::size_t slot = std::min(index, node.capacity - 1);
    const float width = static_cast<float>(shown) * node.pitch;
    const float x = node.tokens.center().x - width / 2 + (static_cast<float>(slot) + 0.5f) * node.pitch;
    return {x, node.tokens.center().y};
}

float eased(double elapsed, double duration, bool still) {
    if (still || duration <= 0) return 1;
    const double t = std::clamp(elapsed / duration, 0.0, 1.0);
    return static_cast<float>(1 - (1 - t) * (1 - t) * (1 - t));
}

}  // namespace heddle::layout
