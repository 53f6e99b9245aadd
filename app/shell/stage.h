// Stage: the views which the scenario names, laid out side by side, any of them shown alone on request; and, while there is
// no run to show, what the run is waiting for or why it failed. Main thread; draws a snapshot, queues commands.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/panels/code_panel.h"
#include "app/panels/cpus_panel.h"
#include "app/panels/interleavings_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/pages_panel.h"
#include "app/panels/pcb_panel.h"
#include "app/panels/stack_panel.h"
#include "app/panels/states_panel.h"
#include "app/panels/sync_panel.h"
#include "app/shell/build_errors.h"
#include "app/shell/command.h"

namespace heddle::shell {

struct StageState {
    panels::CodeState code;
    panels::MemoryState memory;
    panels::StackState stack;
    panels::StatesState states;
    panels::PcbState pcb;
    panels::CpusState cpus;
    panels::PagesState pages;
    panels::InterleavingsState interleavings;
    panels::SyncState sync;
    widgets::ScrollState failure;
    BuildErrorsState errors;
    std::string scenario;            // whose views `order` holds
    std::vector<std::string> order;  // those that have room come first
    std::string maximized;           // a view shown alone; empty: none
    std::string under_pointer;       // the view that F would maximize
};

// Places for the first views.size() of them, in their order. `scale`: 1 at normal sizes, more for a presenter.
std::vector<Rect> lay_out_views(Rect area, std::span<const std::string> views, float gap, float scale = 1);
// How many of the views are large enough to be read when they are shown together; at least 1.
std::size_t views_that_fit(Rect area, std::span<const std::string> views, float gap, float scale);

// One view into a rectangle; `timeline` is not one of them. False: no such view.
bool draw_view(std::string_view view, const model::Snapshot& snapshot, StageState& state, panels::Context& context, Rect rect);

void draw_stage(const std::vector<std::string>& views, const model::Snapshot& snapshot, StageState& state, widgets::Ui& ui,
                Commands& commands, Rect rect);
// F: the view under the pointer alone, or back to all of them.
void toggle_maximized(StageState& state);

}  // namespace heddle::shell
