// States: the five-state diagram. Each thread is a token; when the event at the playhead moved one, it travels along that edge,
// which says why and how often. Main thread; draws a snapshot, queues nothing.
#pragma once

#include <optional>

#include "app/panels/panel.h"

namespace heddle::panels {

struct StatesState {
    std::uint64_t playhead = 0;
    bool seen = false;
    std::optional<model::Transition> moving;  // the one under way, or just arrived
    double since = 0;
};

void draw_states(const model::Snapshot& snapshot, StatesState& state, Context& context, Rect rect);

}  // namespace heddle::panels
