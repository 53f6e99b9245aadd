// The memory panel's view of a race: shared variables large, threads' private parts below, an arrow for each latest access.
#pragma once

#include "app/layout/shared_layout.h"
#include "app/panels/panel.h"

namespace heddle::panels {

// Where what one wants to see together stands; empty: there is none.
struct SharedSight {
    Rect band, variable;  // what is shared, whole and without its caption
    Rect actor;           // the card of the thread that acts
};

// Returns the height used. lit: 1 right after a change, fading to 0. rows: lines of a thread's card so far, raised as they are
// needed.
float draw_shared_memory(const model::Snapshot& snapshot, Context& context, Rect area, float lit, std::size_t& rows,
                         SharedSight& sight);

// In the reader's language; "–" where it is not known.
std::string value_text(const Context& context, const model::VariableView& variable);
// Name, type, value, address, declaration: what does not fit in a line.
std::string variable_tip(const Context& context, const model::VariableView& variable);

}  // namespace heddle::panels
