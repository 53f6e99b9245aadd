// What a person may ask of the program as a whole. Drawing code queues these beside the playback commands; the shell applies
// them after the frame. Plain values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/i18n.h"
#include "app/theme.h"
#include "core/model/command.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

struct OpenHome {};
struct OpenScenario {
    std::string id, variant;                         // variant empty: the first
    std::map<std::string, std::int64_t> parameters;  // the others at their defaults
    model::Mode mode = model::Mode::kRun;
    std::string schedule = {};  // of a Step: replayed first (core/sched/schedule.h); empty: from the beginning
    model::ExploreManner manner = {};
};
struct OpenPaths {
    std::vector<std::string> paths;
};  // one's own program, or a saved run
struct SetOpenDialog {
    bool open;
};  // where one chooses them
struct SetLaunchDialog {
    bool open;
};  // where one says what one's own program gets
struct LaunchWith {
    std::vector<std::string> arguments;
    std::optional<std::string> input;     // nullopt: as it was
    std::vector<std::string> flags = {};  // for the compiler
};                                        // the program that is open, again, in the same mode
struct Restart {};                        // the same scenario, variant and parameters again
struct SetLanguage {
    Language language;
};
struct SetTheme {
    ThemeKind kind;
};
struct SetPresenter {
    bool on;
};
struct SetHelp {
    bool open;
};
struct SavePicture {
    std::string view;
};                  // of one view, or of the whole window when empty
struct SaveRun {};  // the run that is open, as a .heddle file
// A race of a recording the other way round: Explore looks for it, and Step shows it.
struct ShowOtherOrder {
    std::string id, variant;
    std::vector<model::FindingPlace> places;  // the race's two accesses
};
struct SetRailCollapsed {
    bool on;
};
struct Quit {};

using AppCommand =
    std::variant<OpenHome, OpenScenario, OpenPaths, SetOpenDialog, SetLaunchDialog, LaunchWith, Restart, SetLanguage, SetTheme,
                 SetPresenter, SetHelp, SavePicture, SaveRun, ShowOtherOrder, SetRailCollapsed, Quit>;

struct Commands {
    std::vector<AppCommand> app;
    std::vector<model::PlaybackCommand> playback;
};

}  // namespace heddle::shell
