#include "tests/screens/screens.h"

#include <stdexcept>

#include "app/shell/shell.h"
#include "tests/app/panels/samples.h"
#include "tests/app/panels/scenes.h"
#include "tests/app/shell/pages.h"
#include "tests/support/folders.h"

namespace heddle::test {
namespace {

using SnapshotPtr = std::shared_ptr<const model::Snapshot>;

constexpr Vec2 kWindow{1600, 1000}, kSmallWindow{1280, 720};

const catalog::Catalog& still_catalog() {
    static const catalog::Catalog catalog = [] {
        auto loaded = catalog::Catalog::load(testing_support::source_folder() + "/tests/screens/scenarios");
        if (!loaded) throw std::runtime_error(loaded.error().message());
        if (!loaded->problems().empty()) throw std::runtime_error(loaded->problems().front().error.message());
        return std::move(*loaded);
    }();
    return catalog;
}

struct Whole {
    shell::ShellState state;
    shell::Settings settings;
};

// The whole window; without a run the home page.
Screen whole(std::string name, Vec2 size, SnapshotPtr run, bool presenter = false, bool help = false) {
    auto shown = std::make_shared<Whole>();
    shown->settings.done = {"process/states"};
    shown->state.help.open = help;
    const SnapshotPtr demo = run ? nullptr : playing_race();
    return {std::move(name), size, presenter, [=](widgets::Ui& ui) {
                shell::Commands commands;
                shell::ShellFrame frame{still_catalog(), shown->settings};
                if (run) frame.scenario = still_catalog().find(run->run.scenario).value();
                frame.run = run.get(), frame.demo = demo.get(), frame.presenter = presenter;
                shell::draw_shell(frame, shown->state, ui, commands, {0, 0, size.x, size.y});
            }};
}

Screen lesson(std::string name, SnapshotPtr run, int chosen, float scrolled) {
    auto state = std::make_shared<shell::LessonState>();
    state->scenario = run->run.scenario, state->chosen = chosen, state->scroll.target = scrolled,
    state->scroll.content_height = scrolled > 0 ? 1e5f : 0;
    const Vec2 size{344, 696};
    return {std::move(name), size, false, [=](widgets::Ui& ui) {
                shell::Commands commands;
                panels::Context context{ui, commands.playback};
                shell::draw_lesson(*still_catalog().find(run->run.scenario).value(), *run, *state, context, commands,
                                   {0, 0, size.x, size.y});
            }};
}

SnapshotPtr bug_with_claims() {
    const auto found = sample_exploration();
    found->claims = {{"can-be-lost", true, true, "h1:1.1,2.1,3.2,2.2,1.2"}};
    return found;
}

// One panel alone, with the sample that says most about it.
const std::vector<std::string> kPanels = {"memory-states", "memory-fork",   "states-states",  "pcb-states",
                                          "cpus-race",     "pages-fork",    "stack-race",     "sync-locks",
                                          "code-race",     "timeline-race", "timeline-states"};

}  // namespace

const std::vector<Look>& looks() {
    static const std::vector<Look> all = {{"dark-en", ThemeKind::kDark, Language::kEnglish},
                                          {"dark-ko", ThemeKind::kDark, Language::kKorean},
                                          {"light-en", ThemeKind::kLight, Language::kEnglish},
                                          {"light-ko", ThemeKind::kLight, Language::kKorean}};
    return all;
}

std::vector<Screen> screens() {
    std::vector<Screen> all = {whole("home", kWindow, nullptr),
                               whole("window-race", kWindow, playing_race()),
                               whole("window-states", kSmallWindow, sample_states()),
                               whole("presenter", kSmallWindow, playing_race(), true),
                               whole("step", kWindow, sample_turns()),
                               whole("step-signal", kSmallWindow, sample_signal()),
                               whole("step-presenter", kSmallWindow, sample_turns(), true),
                               whole("explore-bug", kWindow, bug_with_claims()),
                               whole("explore-complete", kSmallWindow, sample_repaired()),
                               whole("explore-running", kSmallWindow, sample_search()),
                               whole("explore-unsupported", kSmallWindow, sample_unsupported()),
                               whole("explore-presenter", kSmallWindow, sample_exploration(), true),
                               whole("help", kSmallWindow, playing_race(), false, true),
                               lesson("lesson", playing_race(), -1, 0),
                               lesson("lesson-end", ended_race(), 0, 450)};
    const std::vector<Scene> scenes = panel_scenes(true);
    for (const std::string& name : kPanels) {
        const auto found = std::find_if(scenes.begin(), scenes.end(), [&](const Scene& scene) { return scene.name == name; });
        if (found == scenes.end()) throw std::runtime_error("no panel's scene is called " + name);
        all.push_back({"panel-" + name, found->size, false, [draw = found->draw](widgets::Ui& ui) {
                           std::vector<model::PlaybackCommand> commands;
                           draw(ui, commands);
                       }});
    }
    return all;
}

Screen screen(const std::string& name) {
    for (Screen& each : screens())
        if (each.name == name) return each;
    throw std::runtime_error("no screen is called " + name);
}

Artist::Artist(Look look) : look_(std::move(look)) {}

Result<window::Image> Artist::draw(const Screen& screen, canvas::LayoutLog* geometry) {
    auto& studio = studios_[screen.presenter ? 1 : 0];
    if (!studio)
        studio = TRY(testing_support::PictureStudio::open(kWindow, make_theme(look_.theme, screen.presenter), look_.language,
                                                          korean_of(still_catalog()) + std::string(kSampleText)));
    return studio->draw(screen.size, screen.draw, geometry);
}

}  // namespace heddle::test
