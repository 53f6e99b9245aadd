// The whole window: rail, top bar, stage, sentence, timeline and lesson around one run, or the home page. draw_shell is a
// function of what it shows and its state: it queues commands and changes nothing else. Used by the window, by pictures and
// by tests, on the main thread.
#pragma once

#include <string>
#include <vector>

#include "app/layout/turns_layout.h"
#include "app/panels/timeline_panel.h"
#include "app/shell/help_overlay.h"
#include "app/shell/home_page.h"
#include "app/shell/launch_dialog.h"
#include "app/shell/lesson_pane.h"
#include "app/shell/open_dialog.h"
#include "app/shell/rail.h"
#include "app/shell/run_bar.h"
#include "app/shell/settings.h"
#include "app/shell/stage.h"
#include "app/shell/top_bar.h"

namespace heddle::shell {

struct Toast {
    std::string text;
    bool bad = false;
    double until = 0;  // on the Ui's clock
};

struct ShellState {
    widgets::UiState ui;
    RailState rail;
    TransportState transport;
    RunBarState run_bar;
    StageState stage;
    panels::TimelineState timeline;
    HomeState home;
    LessonState lesson;
    HelpState help;
    OpenDialogState open_dialog;
    LaunchDialogState launch;
    Toast toast;
};

// What one frame shows; lives as long as the frame.
struct ShellFrame {
    const catalog::Catalog& catalog;
    const Settings& settings;
    const catalog::Scenario* scenario = nullptr;  // of `run`; null for a saved run whose scenario is not installed
    const model::Snapshot* run = nullptr;         // null: the home page
    const model::Snapshot* demo = nullptr;        // what moves on the home page; may be null
    bool can_restart = true;                      // false: a saved run whose scenario is not installed
    bool presenter = false;
    std::optional<LaunchFacts> launch = {};  // of one's own program
    const FolderList* folder = nullptr;      // what the open dialog lists; null: nothing
    std::vector<std::string> recent = {};    // ids of own programs, the last opened first
    std::string note = {};  // what the person should know of this installation, such as a missing font; empty: nothing
};

void draw_shell(const ShellFrame& frame, ShellState& state, widgets::Ui& ui, Commands& commands, Rect whole);

// Where the parts of a window go. Pure.
struct ShellLayout {
    Rect rail, top_bar, run_bar, stage, turns, sentence, lesson, timeline;  // empty: not shown
    layout::TurnCard turn_card = layout::TurnCard::kTwoLines;
};
enum class RunParts : std::uint8_t {
    kNone,
    kPlain,
    kWithBar
};  // no run; one that has nothing to choose; variants or parameters
// The timeline that a run has. shown: there are instants to go to, on the timeline and in the sentence.
struct TimelineParts {
    bool shown = true, stepping = false;
    std::size_t threads = 0, cpus = 0;  // lanes
};
ShellLayout lay_out_shell(Rect whole, const Theme& theme, bool rail_collapsed, RunParts parts, bool presenter,
                          const TimelineParts& timeline = {});

// The views of the stage: the scenario's, or those that suit any run; in Explore those of an exploration.
std::vector<std::string> stage_views(const catalog::Scenario* scenario, bool exploring = false);

}  // namespace heddle::shell
