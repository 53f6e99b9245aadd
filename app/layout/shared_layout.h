// The memory of a race as one looks at it: the shared variables large on top, below a card for what each thread has to itself,
// and an arrow for each thread's latest access. Pure; called by the memory panel once a frame.
#pragma once

#include <optional>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

struct SharedVariable {
    const model::VariableView* variable = nullptr;
    const model::RegionView* region = nullptr;
};
// Globals of a process that its threads share, in the order of their addresses, at most `most` of them.
std::vector<SharedVariable> shared_variables(const model::ProcessView& process, std::size_t most);

// A thread's latest access to one of the variables among the events before the playhead.
struct LastAccess {
    std::size_t variable = 0;  // index into the variables asked for
    bool writes = false, atomic = false;
    std::uint64_t value = 0, event = 0;
};
// Looks at the last `window` events only: its cost does not grow with the run. By thread, parallel to `threads`.
std::vector<std::optional<LastAccess>> last_accesses(const trace::EventLogView& log, std::uint64_t playhead,
                                                     const std::vector<const model::ThreadView*>& threads,
                                                     const std::vector<SharedVariable>& variables, std::uint64_t window = 4096);

struct SharedCard {
    Rect box, header, place;  // place: the line that says where the thread stands
    std::vector<Rect> rows;
};

struct SharedLayout {
    Rect band, caption;  // of the shared region
    std::vector<Rect> variables;
    std::vector<SharedCard> cards;
    float height = 0;
};

// rows: lines that each card needs (all have the same, so that they stay put). line: height of a line of small text. Where
// the area is low all stands closer; where it is lower still, what is said elsewhere goes first: where a thread stands, then
// the band's caption, then the rows from the last on, and what is left stands as close as can be.
SharedLayout shared_layout(Rect area, std::size_t variables, std::size_t threads, std::size_t rows, float line);

// From the variable's lower edge to the card's upper one; several arrows at one edge are spread over it.
struct AccessCurve {
    Vec2 variable, variable_control, card_control, card;
};
AccessCurve access_curve(const Rect& variable, const Rect& card, std::size_t card_index, std::size_t cards);

}  // namespace heddle::layout
