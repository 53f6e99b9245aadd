// The window as a person meets it: every key and control asks for the right thing, and everything is legible at every size.
#include <gmock/gmock-more-matchers.h>

#include "app/shell/speed.h"
#include "core/model/exploration.h"
#include "tests/app/panels/samples.h"
#include "tests/app/shell/pages.h"
#include "tests/app/shell/shell_driver.h"

namespace heddle::test {
namespace {

using namespace shell;

constexpr Vec2 kDesign{1600, 1000};

ShellDriver race_window(Vec2 size = kDesign) {
    return ShellDriver(size, playing_race(), make_theme(ThemeKind::kDark));
}

// Within a few frames: the driver's own click waits until nothing moves.
void quick_click(ShellDriver& window, const std::string& id) {
    Input input;
    input.pointer = window.ui().rect(id).center();
    window.ui().frame(input);
    input.down = input.pressed = true;
    window.ui().frame(input);
    input.down = input.pressed = false, input.released = true;
    window.ui().frame(input);
}

template <class T>
void expect_playback(Key key, const char* what, bool playing = true) {
    auto run = playing_race();
    run->playing = playing;
    ShellDriver window(kDesign, run, make_theme(ThemeKind::kDark));
    window.ui().press(key);
    EXPECT_TRUE(window.playback<T>()) << what;
    EXPECT_EQ(window.commands.playback.size(), 1u) << what;
}

TEST(Shell, KeysOfTimeMoveThePlayhead) {
    expect_playback<model::Pause>(Key::kSpace, "Space while it plays");
    expect_playback<model::Play>(Key::kSpace, "Space while it stands", false);
    expect_playback<model::StepForward>(Key::kRight, "Right");
    expect_playback<model::StepBack>(Key::kLeft, "Left");
    expect_playback<model::StepForward>(Key::kPageDown, "a clicker's forward");
    expect_playback<model::StepBack>(Key::kPageUp, "a clicker's back");
    expect_playback<model::GoToStart>(Key::kHome, "Home");
    expect_playback<model::GoToLive>(Key::kEnd, "End");
}

TEST(Shell, KeysOfTheProgramAskForIt) {
    ShellDriver window = race_window();
    window.ui().press(Key::kR);
    EXPECT_TRUE(window.app<Restart>());
    window.ui().press(Key::kS);
    ASSERT_TRUE(window.app<SavePicture>());
    EXPECT_EQ(window.app<SavePicture>()->view, "");
    window.ui().press(Key::kT);
    ASSERT_TRUE(window.app<SetTheme>());
    EXPECT_EQ(window.app<SetTheme>()->kind, ThemeKind::kLight);
    window.ui().press(Key::kL);
    ASSERT_TRUE(window.app<SetLanguage>());
    EXPECT_EQ(window.app<SetLanguage>()->language, Language::kKorean);
    window.ui().press(Key::kQuestion, true);
    ASSERT_TRUE(window.app<SetHelp>());
    EXPECT_TRUE(window.app<SetHelp>()->open);
    for (const Key key : {Key::kP, Key::kF11}) {
        window.commands = {};
        window.ui().press(key);
        ASSERT_TRUE(window.app<SetPresenter>());
        EXPECT_TRUE(window.app<SetPresenter>()->on);
    }
}

TEST(Shell, TheNextVariantKeepsTheParameters) {
    ShellDriver window = race_window();
    window.run->run.variant = "cas";
    window.run->run.parameters = {{"threads", 3}, {"increments", 1000}};
    window.ui().press(Key::kV);
    const auto* open = window.app<OpenScenario>();
    ASSERT_TRUE(open);
    EXPECT_EQ(open->variant, "broken") << "the first one follows the last";
    EXPECT_EQ(open->parameters.at("threads"), 3);
}

TEST(Shell, AVariantsTabRunsIt) {
    ShellDriver window = race_window();
    window.ui().click("variant.mutex");
    ASSERT_TRUE(window.app<OpenScenario>());
    EXPECT_EQ(window.app<OpenScenario>()->id, "races/lost-update");
    EXPECT_EQ(window.app<OpenScenario>()->variant, "mutex");
}

TEST(Shell, SeveralClicksOnAParameterAreOneNewRun) {
    ShellDriver window = race_window();
    window.run->run.parameters = {{"threads", 2}, {"increments", 50000}};
    for (int i = 0; i < 2; ++i) quick_click(window, "parameter.threads.more");
    EXPECT_FALSE(window.app<OpenScenario>()) << "not before the hand rests";
    window.ui().wait(1);
    ASSERT_TRUE(window.app<OpenScenario>());
    EXPECT_EQ(window.app<OpenScenario>()->parameters.at("threads"), 4);
    EXPECT_EQ(window.app<OpenScenario>()->parameters.at("increments"), 50000);
    EXPECT_EQ(window.commands.app.size(), 1u);
}

TEST(Shell, TheRailOpensAScenarioAndSearchFindsIt) {
    ShellDriver window = race_window();
    window.ui().click("rail.process/states");
    ASSERT_TRUE(window.app<OpenScenario>());
    EXPECT_EQ(window.app<OpenScenario>()->id, "process/states");
    window.commands = {};
    window.ui().press(Key::kSlash);
    window.ui().settle();
    window.ui().type("LOST");
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("rail.process/states"));
    EXPECT_TRUE(window.ui().has("rail.races/lost-update"));
    window.ui().press(Key::kR);
    EXPECT_FALSE(window.app<Restart>()) << "a letter that is typed is no shortcut";
}

TEST(Shell, AClosedChapterHidesItsScenarios) {
    ShellDriver window = race_window();
    window.ui().click("rail.chapter.races");
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("rail.races/lost-update"));
    window.ui().click("rail.chapter.races");
    window.ui().settle();
    EXPECT_TRUE(window.ui().has("rail.races/lost-update"));
}

TEST(Shell, TheSpeedMenuSetsTheSpeedAndCloses) {
    ShellDriver window = race_window();
    window.ui().click("transport.speed");
    window.ui().settle();
    window.ui().click("speed.hundred");
    window.ui().settle();
    ASSERT_TRUE(window.playback<model::SetSpeed>());
    EXPECT_EQ(window.playback<model::SetSpeed>()->speed, 0.01);
    EXPECT_FALSE(window.ui().has("speed.hundred"));
    window.ui().click("transport.speed");
    window.ui().settle();
    window.ui().press(Key::kEscape);
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("speed.hundred"));
    EXPECT_FALSE(window.app<OpenHome>()) << "Escape closes the menu only";
}

TEST(Shell, AViewIsShownAloneAndReturned) {
    ShellDriver window = race_window();
    window.ui().move_to("panel.memory.maximize");
    window.ui().frame();
    const Rect before = window.ui().rect("panel.memory");
    window.ui().press(Key::kF);
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("panel.code"));
    EXPECT_GT(window.ui().rect("panel.memory").w, before.w * 1.5F);
    window.ui().press(Key::kEscape);
    window.ui().settle();
    EXPECT_EQ(window.ui().rect("panel.memory"), before);
    window.ui().click("panel.code.maximize");
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("panel.memory"));
    EXPECT_FALSE(window.app<OpenHome>());
}

TEST(Shell, EscapeGoesHomeAndLeavesThePresenterFirst) {
    ShellDriver window = race_window();
    window.presenter = true;
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("rail.home"));
    window.ui().press(Key::kEscape);
    ASSERT_TRUE(window.app<SetPresenter>());
    EXPECT_FALSE(window.app<SetPresenter>()->on);
    window.presenter = false;
    window.ui().settle();
    window.ui().press(Key::kEscape);
    EXPECT_TRUE(window.app<OpenHome>());
}

TEST(Shell, ASmallWindowOffersTheViewsThatHaveNoRoom) {
    ShellDriver window = race_window({1280, 720});
    ASSERT_FALSE(window.ui().has("panel.states"));
    window.ui().click("stage.show.states");
    window.ui().settle();
    EXPECT_TRUE(window.ui().has("panel.states"));
    EXPECT_TRUE(window.ui().has("panel.code")) << "the most important one stays";
}

TEST(Shell, TheModesOpenTheSameProgramInAnotherWay) {
    for (const auto& [id, mode] : {std::pair{"mode.step", model::Mode::kStep}, {"mode.explore", model::Mode::kExplore}}) {
        ShellDriver window = race_window();
        window.ui().click(id);
        const auto* const open = window.app<shell::OpenScenario>();
        ASSERT_NE(open, nullptr) << id;
        EXPECT_EQ(open->id, "races/lost-update");
        EXPECT_EQ(open->mode, mode);
        EXPECT_EQ(open->parameters.at("increments"), 1) << "as small as the search wants it";
    }
}

TEST(Shell, TheArrowsAreOfTimeAfterAClickOnAMode) {
    ShellDriver window(kDesign, sample_turns(), make_theme(ThemeKind::kDark));
    window.ui().click("mode.step");
    window.ui().click("turns.granularity.access");
    window.commands = {};
    window.ui().press(Key::kLeft);
    EXPECT_TRUE(window.playback<model::StepBack>());
    EXPECT_TRUE(window.commands.app.empty());
    window.ui().press(Key::kRight);
    EXPECT_TRUE(window.playback<model::StepForward>());
    EXPECT_FALSE(window.playback<model::SetGranularity>());
}

TEST(Shell, InExploreTheTreeTakesTheTimelinesPlace) {
    ShellDriver window(kDesign, sample_exploration(), make_theme(ThemeKind::kDark));
    window.ui().settle();
    EXPECT_TRUE(window.ui().has("panel.interleavings"));
    EXPECT_TRUE(window.ui().has("panel.code"));
    EXPECT_FALSE(window.ui().has("transport.play"));
    EXPECT_FALSE(window.ui().has("sentence"));
    const model::ExploreSnapshot& found = *window.run->exploration;
    window.ui().click("interleavings.row." + std::to_string(found.tree->ends[1].node));
    const auto* const open = window.app<shell::OpenScenario>();
    ASSERT_NE(open, nullptr);
    EXPECT_EQ(open->mode, model::Mode::kStep);
    EXPECT_EQ(open->schedule, found.tree->ends[1].schedule);
    EXPECT_EQ(open->parameters, window.run->run.parameters);
    window.commands = {};
    window.ui().click("lesson.finding.1");
    ASSERT_NE(window.app<shell::OpenScenario>(), nullptr);
    EXPECT_EQ(window.app<shell::OpenScenario>()->schedule, found.bugs[1].schedule);
    window.commands = {};
    window.ui().click("explore.again");
    EXPECT_NE(window.app<shell::Restart>(), nullptr);
}

TEST(Shell, TheModesStayWhereTheyAre) {
    for (const Vec2 size : {Vec2{1280, 720}, kDesign}) {
        std::set<float> places;
        for (const auto& run : {playing_race(), sample_turns(), sample_exploration()})
            places.insert(ShellDriver(size, run, make_theme(ThemeKind::kDark)).ui().rect("mode.step").x);
        EXPECT_EQ(places.size(), 1u) << size.x;
    }
}

TEST(Shell, ASearchUnderWayIsCancelledFromTheTopBar) {
    ShellDriver window(kDesign, sample_search(), make_theme(ThemeKind::kDark));
    window.ui().settle();
    window.ui().click("explore.cancel");
    EXPECT_NE(window.playback<model::StopRun>(), nullptr);
}

TEST(Shell, HowIsSearchedIsChosenAboveTheTreeAndNamed) {
    auto found = std::make_shared<model::ExploreSnapshot>(*sample_exploration()->exploration);
    found->waits_for_signals = true;
    auto run = sample_exploration();
    run->exploration = found;
    for (const Vec2 size : {kDesign, Vec2{1280, 720}}) {
        ShellDriver window(size, run, make_theme(ThemeKind::kDark));
        window.ui().settle();
        const auto& texts = window.ui().log().texts;
        EXPECT_TRUE(
            std::any_of(texts.begin(), texts.end(), [](const auto& text) { return text.text == "Preemptions" && !text.cut; }));
        window.ui().click("explore.bound.2");
        ASSERT_NE(window.app<shell::OpenScenario>(), nullptr);
        EXPECT_EQ(window.app<shell::OpenScenario>()->mode, model::Mode::kExplore);
        EXPECT_EQ(window.app<shell::OpenScenario>()->variant, run->run.variant);
        EXPECT_EQ(window.app<shell::OpenScenario>()->manner, (model::ExploreManner{false, 2}));
        run->run.manner.preemptions = 2;
        window.commands = {};
        window.ui().click("explore.spurious");
        EXPECT_EQ(window.app<shell::OpenScenario>()->manner, (model::ExploreManner{true, 2}));
        window.commands = {};
        window.ui().click("explore.bound.all");
        EXPECT_EQ(window.app<shell::OpenScenario>()->manner, model::ExploreManner{});
        run->run.manner = {};
    }
}

TEST(Shell, ASpuriousWakeUpIsOfferedOnlyWhereSomebodyWaits) {
    ShellDriver window(kDesign, sample_exploration(), make_theme(ThemeKind::kDark));
    window.ui().settle();
    EXPECT_FALSE(window.ui().has("explore.spurious"));
}

TEST(Shell, ASavedRunWhoseScenarioIsNotInstalledCannotBeRunAgainAndSaysWhy) {
    ShellDriver window = race_window();
    window.can_restart = false;
    window.ui().settle();
    window.ui().press(Key::kR);
    window.ui().press(Key::kV);
    EXPECT_TRUE(window.commands.app.empty());
    EXPECT_FALSE(window.ui().has("variant.mutex"));
    window.ui().click("transport.restart");
    EXPECT_TRUE(window.commands.app.empty());
    window.ui().move_to("transport.play");
    window.ui().move_to("transport.restart");
    window.ui().wait(1);
    const auto& texts = window.ui().log().texts;
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(),
                            [&](const auto& text) { return text.text.find("not installed") != std::string::npos; }));
}

// A clicker cannot scroll, and who chooses the next step should not have to.
TEST(Shell, ALowStepShowsEveryThreadsMemoryAndTurnWhole) {
    for (const bool presenter : {false, true}) {
        for (const Language language : {Language::kEnglish, Language::kKorean}) {
            ShellDriver window({1280, 720}, sample_turns(), make_theme(ThemeKind::kDark, presenter), language);
            window.presenter = presenter;
            window.ui().settle();
            const Rect seen = window.ui().rect("memory.scroll");
            for (const model::ThreadView& thread : window.run->threads) {
                const std::string number = std::to_string(thread.number);
                const Rect card = window.ui().rect("memory.card." + number);
                EXPECT_LE(card.bottom(), seen.bottom()) << "T" << number << (presenter ? " before an audience" : "");
                EXPECT_TRUE(window.ui().rect("turns").contains(window.ui().rect("turns." + number)));
            }
            EXPECT_GE(window.ui().rect("timeline.lane.0").h, 16);
        }
    }
}

// What happened is the sentence: a long one takes the room of what stands beside it, then a second line.
TEST(Shell, ALongSentenceIsShownWhole) {
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
        for (const std::string name : {"0x7fe218d37490", "number_of_items_that_remain_in_the_inventory"}) {
            auto run = playing_race();
            run->sentence = {
                "event.atomic_update_from",
                {{"thread", "T2"}, {"name", name}, {"old", "8999999999999999999"}, {"value", "9000000000000000000"}},
                2};
            ShellDriver window({1280, 720}, run, make_theme(ThemeKind::kDark), language);
            const Rect bar = window.ui().rect("sentence");
            std::string shown;
            for (const auto& text : window.ui().log().texts) {
                if (!bar.contains(text.ink.center())) continue;
                EXPECT_FALSE(text.elided || text.cut) << text.text;
                shown += text.text + " ";
            }
            for (const std::string& part : {name, std::string("9000000000000000000")})
                EXPECT_NE(shown.find(part), std::string::npos) << shown;
        }
    }
}

TEST(Shell, ALongTitleIsShownWhole) {
    for (const catalog::Scenario& scenario : shipped_catalog().scenarios()) {
        auto run = playing_race();
        run->run.scenario = scenario.id, run->run.variant = scenario.variants.front().id, run->run.parameters.clear();
        ShellDriver window({1280, 720}, run, make_theme(ThemeKind::kDark));
        std::string shown;
        for (const auto& text : window.ui().log().texts)
            if (text.box.y < 56 && text.box.x > 204 && text.box.x < 360 && !text.elided) shown += text.text + " ";
        EXPECT_NE(shown.find(scenario.title.en), std::string::npos) << scenario.title.en << ": " << shown;
    }
}

// Also the CPUs' lanes, which come last: who has the core is what a scheduler's lesson is about.
TEST(Shell, ALowWindowShowsTheLanesOfFourThreadsAndTwoCpus) {
    shell::TimelineParts parts;
    parts.threads = 4, parts.cpus = 2;
    const Theme theme = make_theme(ThemeKind::kDark);
    const auto at = shell::lay_out_shell({0, 0, 1280, 720}, theme, false, shell::RunParts::kWithBar, false, parts);
    EXPECT_GE(at.timeline.h, panels::least_timeline_height(theme, 6, false));
    parts.threads = 30;
    const auto many = shell::lay_out_shell({0, 0, 1280, 720}, theme, false, shell::RunParts::kWithBar, false, parts);
    EXPECT_LE(many.timeline.h, at.timeline.h) << "where it has to be scrolled anyway, the stage keeps its room";
}

TEST(Shell, ACompilersErrorIsReadable) {
    auto run = playing_race();
    run->status = model::RunStatus::kFailed;
    run->failure = "broken.cpp:7:1: error: 'conter' was not declared";
    ShellDriver window(kDesign, run, make_theme(ThemeKind::kDark));
    const auto& texts = window.ui().log().texts;
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(),
                            [](const auto& text) { return text.text.find("conter") != std::string::npos; }));
    EXPECT_FALSE(window.ui().has("panel.memory"));
}

TEST(Shell, EveryControlIsReachedWithTab) {
    ShellDriver window = race_window();
    std::set<std::string> reached;
    for (int i = 0; i < 120; ++i) {
        window.ui().press(Key::kTab);
        reached.insert(window.ui().state.focus);
    }
    for (const char* id : {"rail.home", "rail.search", "rail.races/lost-update", "transport.restart", "transport.play",
                           "transport.speed", "topbar.theme", "topbar.help", "variant.mutex", "parameter.threads"})
        EXPECT_TRUE(reached.contains(id)) << id;
}

// Disabled controls are faint on purpose (WCAG 2.1, 1.4.3 leaves them out), and the icon of the languages is made of letters.
std::vector<std::string> faults(ShellDriver& window) {
    std::vector<std::string> found = illegible(window.ui());
    std::erase_if(found, [&](const std::string& fault) {
        const Texts& texts = window.ui().texts;
        if (fault == "small: A" || fault == "small: 가" || fault == "on each other: A | 가") return true;
        return fault.find(texts.tr("mode.step")) != std::string::npos ||
               fault.find(texts.tr("mode.explore")) != std::string::npos;
    });
    return found;
}

TEST(Shell, IsLegibleAtEverySizeThemeAndLanguage) {
    struct Case {
        std::string name;
        std::shared_ptr<model::Snapshot> run;
        bool presenter = false;
    };
    auto building = playing_race();
    building->status = model::RunStatus::kBuilding;
    for (const Vec2 size : {Vec2{1280, 720}, kDesign, Vec2{3840, 2160}}) {
        for (const Language language : {Language::kEnglish, Language::kKorean}) {
            for (const ThemeKind kind : {ThemeKind::kDark, ThemeKind::kLight}) {
                for (const Case& shown :
                     {Case{"home", nullptr}, Case{"race", playing_race()}, Case{"ended", ended_race()},
                      Case{"crashed", crashed_run()}, Case{"building", building}, Case{"presenter", playing_race(), true}}) {
                    ShellDriver window(size, shown.run, make_theme(kind, shown.presenter), language);
                    window.presenter = shown.presenter;
                    window.ui().frame(), window.ui().frame();
                    EXPECT_THAT(faults(window), testing::IsEmpty())
                        << shown.name << " " << size.x << "x" << size.y << " " << code_of(language)
                        << (kind == ThemeKind::kDark ? " dark" : " light");
                    EXPECT_TRUE(window.commands.app.empty() && window.commands.playback.empty());
                }
            }
        }
    }
}

// Every installed scenario, at the smallest window, in both languages.
TEST(Shell, EveryParameterHasItsName) {
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
        for (const catalog::Scenario& scenario : shipped_catalog().scenarios()) {
            auto run = playing_race();
            run->run.scenario = scenario.id, run->run.variant = scenario.variants.front().id, run->run.parameters.clear();
            ShellDriver window({1280, 720}, run, make_theme(ThemeKind::kDark), language);
            window.ui().frame(), window.ui().frame();
            const auto& texts = window.ui().log().texts;
            for (const catalog::Parameter& parameter : scenario.parameters) {
                const std::string name = parameter.title.in(language);
                EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const auto& text) { return text.text == name; }))
                    << scenario.id << ": " << name;
            }
            EXPECT_THAT(faults(window), testing::IsEmpty()) << scenario.id;
        }
    }
}

TEST(Shell, RestsWhenNothingMoves) {
    ShellDriver window(kDesign, ended_race(), make_theme(ThemeKind::kDark));
    window.ui().wait(1);
    EXPECT_FALSE(window.ui().wake_after);
}

}  // namespace
}  // namespace heddle::test
