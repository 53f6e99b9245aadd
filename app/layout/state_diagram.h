// The five-state diagram of the textbook: where its nodes, edges, labels and tokens go in a rectangle. Pure; called by the
// states panel once a frame. Edges that no textbook draws but that really happened (a waiting thread killed) are there when
// their count says so.
#pragma once

#include <array>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

struct StateNode {
    model::ThreadState state = model::ThreadState::kNew;
    Rect box, name, letter, tokens;  // tokens: the line they stand in
    float pitch = 0;                 // from one token to the next
    std::size_t capacity = 0;        // tokens that fit; the last place is for "+3" when there are more
};

struct StateEdge {
    model::ThreadState from = model::ThreadState::kNew, to = model::ThreadState::kNew;
    Vec2 a, c1, c2, b;  // cubic Bézier, its head at b
    Rect label;         // two lines, why and how often; one where there is no height for two
    int side = 0;       // label lies left of (-1), over or under (0), right of (1) the edge
    bool usual = true;  // drawn by every textbook
    Vec2 at(float t) const;
};

struct StateDiagram {
    std::array<StateNode, model::kThreadStates> nodes;
    std::vector<StateEdge> edges;
    Rect waiting_notes;  // what waiting threads wait for, one line each
    const StateNode& node(model::ThreadState state) const { return nodes[static_cast<std::size_t>(state)]; }
    const StateEdge* edge(model::ThreadState from, model::ThreadState to) const;
};

// line: height of a line of small text; the smallest useful area is about 400 × 240 at a line of 18.
StateDiagram state_diagram(Rect area, const model::EdgeCounts& counts, float line);

// Centre of the index-th of `count` tokens in a node; those that do not fit share the last place.
Vec2 token_place(const StateNode& node, std::size_t index, std::size_t count);

// 0 … 1 of a motion that began `elapsed` seconds ago, eased out; 1 at once when `still`.
float eased(double elapsed, double duration, bool still);

}  // namespace heddle::layout
