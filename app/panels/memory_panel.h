// Memory: the address spaces as columns, high addresses on top, with variables, frames and heap blocks inside their regions;
// or, in a race, the shared variables large with the threads' private parts below. Main thread; draws a snapshot, queues
// nothing.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "app/layout/memory_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

enum class MemoryMode : std::uint8_t { kAddressSpace, kShared };

struct MemoryState {
    std::string run;                              // scenario and variant: what was learned of another run is forgotten
    std::optional<MemoryMode> mode;               // as the learner chose; none: as the scenario asks
    std::size_t first_process = 0;                // of those shown side by side
    model::Number shown_actor = model::kNobody;   // the process that was brought into sight last because it acted
    model::Number shown_thread = model::kNobody;  // the same of the cards
    std::set<layout::GroupKey> opened;
    std::map<layout::GroupKey, int> reserved;
    std::size_t shared_rows = 2;  // of a thread's card
    widgets::ScrollState scroll;
    Pulse pulse;
};

void draw_memory(const model::Snapshot& snapshot, MemoryState& state, Context& context, Rect rect);

}  // namespace heddle::panels
