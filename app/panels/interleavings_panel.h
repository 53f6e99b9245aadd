// Interleavings: what Explore found. A verdict, the tree of the executions that were tried, their outcomes with counts, and
// each bug with its steps, below how it is searched. Main thread; draws a snapshot's exploration, queues StopRun to cancel it,
// and hands out a schedule that is to be stepped through or another manner in which to explore.
#pragma once

#include <memory>

#include "app/layout/tree_layout.h"
#include "app/panels/panel.h"
#include "core/model/exploration.h"

namespace heddle::panels {

struct InterleavingsState {
    std::shared_ptr<const model::ExploreSnapshot> shown;
    bool laid_out = false;  // `tree` is of `shown`, in this area and from this node on
    Rect tree_area;
    std::uint32_t tree_root = 0, root = 0;  // the second: the part that is to be shown
    layout::TreeLayout tree;                // its corner at (0, 0)
    std::size_t row = SIZE_MAX;             // chosen with the keyboard; SIZE_MAX: none
    int clicked_on = 0, clicked_back = 0;   // by a presenter's clicker, and not answered yet
    std::vector<std::string> labels;        // of the outcomes of `shown`
    std::size_t bug = 0;                    // whose steps are shown
    widgets::ScrollState tree_scroll, side_scroll, outcome_scroll;
    // The step under the pointer, whose line the code view lights; the shown bug's place while there is none.
    std::vector<model::StepText> pointed;
};

void draw_interleavings(const model::Snapshot& snapshot, InterleavingsState& state, Context& context, Rect rect);

}  // namespace heddle::panels
