// The panels as a person meets them: legible at every size, theme and language, answering to pointer and keys, still when
// nothing moves, and the same in SVG.
#include <gmock/gmock-more-matchers.h>

#include <set>

#include "app/canvas/svg_canvas.h"
#include "app/panels/code_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/pcb_panel.h"
#include "app/panels/states_panel.h"
#include "app/panels/sync_panel.h"
#include "app/panels/timeline_panel.h"
#include "core/base/data_folder.h"
#include "tests/app/panels/samples.h"
#include "tests/app/panels/scenes.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

struct Look {
    const char* name;
    ThemeKind kind;
    Language language;
    bool wide, presenter;
};
constexpr std::array<Look, 5> kLooks = {Look{"dark-en", ThemeKind::kDark, Language::kEnglish, true, false},
                                        Look{"light-ko", ThemeKind::kLight, Language::kKorean, true, false},
                                        Look{"dark-ko-small", ThemeKind::kDark, Language::kKorean, false, false},
                                        Look{"print-en-small", ThemeKind::kPrint, Language::kEnglish, false, false},
                                        Look{"presenter-en", ThemeKind::kDark, Language::kEnglish, true, true}};

// What a scroll area hides above and below is not cut off; what sticks out to the left or right is.
bool cut_off(const canvas::TextRecord& text) {
    return text.cut && (text.ink.x < text.clip.x - 1 || text.ink.right() > text.clip.right() + 1);
}

bool overlap(const canvas::TextRecord& a, const canvas::TextRecord& b) {
    const Rect seen_a = a.ink.intersect(a.clip), seen_b = b.ink.intersect(b.clip), both = seen_a.intersect(seen_b);
    return !seen_a.empty() && !seen_b.empty() && both.w > 1.5f && both.h > 3;
}

bool seen(const canvas::TextRecord& text) {
    return !text.ink.intersect(text.clip).empty();
}

TEST(Panels, AreLegibleInEveryThemeLanguageAndSize) {
    for (const Look& look : kLooks) {
        Theme theme = make_theme(look.kind, look.presenter);
        theme.reduce_motion = true;
        for (const Scene& scene : panel_scenes(look.wide)) {
            std::vector<model::PlaybackCommand> commands;
            UiDriver driver(
                scene.size, [&](widgets::Ui& ui) { scene.draw(ui, commands); }, theme, look.language);
            const std::string where = scene.name + " " + look.name;
            const auto& texts = driver.log().texts;
            EXPECT_FALSE(texts.empty()) << where;
            for (std::size_t i = 0; i < texts.size(); ++i) {
                if (!seen(texts[i])) continue;
                EXPECT_FALSE(cut_off(texts[i])) << where << ": \"" << texts[i].text << "\" is cut off";
                EXPECT_GE(texts[i].style.size, 13) << where << ": " << texts[i].text;
                EXPECT_GE(contrast(texts[i].style.color, driver.log().background(texts[i], theme.color.page)), 4.5)
                    << where << ": \"" << texts[i].text << "\" is faint";
                for (std::size_t j = i + 1; j < texts.size(); ++j) {
                    if (!seen(texts[j])) continue;
                    EXPECT_FALSE(overlap(texts[i], texts[j]))
                        << where << ": \"" << texts[i].text << "\" and \"" << texts[j].text << "\"";
                }
            }
            EXPECT_TRUE(commands.empty()) << where << ": a panel that nobody touches asks for nothing";
        }
    }
}

TEST(Panels, ShowTextsInsteadOfKeys) {
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
        for (const Scene& scene : panel_scenes(true)) {
            std::vector<model::PlaybackCommand> commands;
            UiDriver driver(
                scene.size, [&](widgets::Ui& ui) { scene.draw(ui, commands); }, make_theme(ThemeKind::kDark), language);
            for (const std::string& key : driver.texts.keys(language)) {
                for (const auto& text : driver.log().texts) EXPECT_NE(text.text, key) << scene.name;
            }
            for (const auto& text : driver.log().texts)
                EXPECT_EQ(text.text.find('{' + std::string("name")), std::string::npos) << text.text;
        }
    }
}

TEST(Panels, DrawNothingOnceNothingMoves) {
    for (const Scene& scene : panel_scenes(true)) {
        std::vector<model::PlaybackCommand> commands;
        UiDriver driver(scene.size, [&](widgets::Ui& ui) { scene.draw(ui, commands); });
        driver.frame();
        driver.settle();  // throws when it never rests
        driver.wait(1);
        EXPECT_FALSE(driver.wake_after) << scene.name << " asks again after " << driver.wake_after.value_or(-1);
    }
}

TEST(Panels, WriteTheSamePictureAsSvg) {
    for (const Scene& scene : panel_scenes(true)) {
        std::vector<model::PlaybackCommand> commands;
        std::string svg;
        std::size_t expected = 0;
        UiDriver driver(scene.size, [&](widgets::Ui& ui) {
            scene.draw(ui, commands);
            const Input input;
            canvas::SvgCanvas vector(ui.canvas().fonts(), scene.size, ui.theme().color.page, "panel", "");
            canvas::LayoutLog log;
            vector.set_log(&log);
            vector.push_clip({0, 0, scene.size.x, scene.size.y});
            widgets::UiState state;
            widgets::Ui other(state, vector, ui.theme(), ui.texts(), input, ui.now());
            scene.draw(other, commands);
            other.finish();
            vector.pop_clip();
            expected = log.texts.size();
            svg = vector.finish();
        });
        EXPECT_EQ(driver.log().texts.size(), expected) << scene.name;
        EXPECT_NE(svg.find("<text"), std::string::npos) << scene.name;
    }
}

// One panel with its state, under a person's hands.
template <class State>
struct Hands {
    std::shared_ptr<model::Snapshot> snapshot;
    State state;
    std::vector<model::PlaybackCommand> commands;
    UiDriver driver;

    template <class Draw>
    Hands(std::shared_ptr<model::Snapshot> shown, Vec2 size, Draw draw, Theme theme = make_theme(ThemeKind::kDark))
        : snapshot(std::move(shown)),
          driver(
              size,
              [this, size, draw](widgets::Ui& ui) {
                  panels::Context context{ui, commands};
                  draw(*snapshot, state, context, Rect{0, 0, size.x, size.y});
              },
              std::move(theme)) {}

    Vec2 track_at(float part) const {
        const Rect tracks = driver.rect("timeline.tracks");
        return {tracks.x + tracks.w * part, tracks.y + 4};
    }
    void press_and_release(Vec2 from, Vec2 to) {
        Input input;
        input.pointer = from;
        driver.frame(input);
        input.down = input.pressed = true;
        driver.frame(input);
        input.pressed = false, input.pointer = to;
        driver.frame(input);
        input.down = false, input.released = true;
        driver.frame(input);
    }
};

using TimelineHands = Hands<panels::TimelineState>;

TEST(Timeline, AClickSeeksToThatInstant) {
    TimelineHands hands(sample_states(), {1200, 240}, panels::draw_timeline);
    hands.press_and_release(hands.track_at(0.5f), hands.track_at(0.5f));
    ASSERT_EQ(hands.commands.size(), 1u);
    const auto* seek = std::get_if<model::SeekTime>(&hands.commands[0]);
    ASSERT_TRUE(seek);
    EXPECT_NEAR(static_cast<double>(seek->time.count()), 31'000, 100);
}

TEST(Timeline, AClickInTheEventScaleSeeksToThatEvent) {
    TimelineHands hands(sample_race(), {1200, 240}, panels::draw_timeline);
    hands.driver.click("timeline.scale.events");
    hands.press_and_release(hands.track_at(0.25f), hands.track_at(0.25f));
    ASSERT_EQ(hands.commands.size(), 1u);
    const auto* seek = std::get_if<model::SeekEvent>(&hands.commands[0]);
    ASSERT_TRUE(seek);
    EXPECT_NEAR(static_cast<double>(seek->playhead), 58 / 4.0, 1);
}

TEST(Timeline, TheWheelZoomsAtTheCursorAndZeroFitsAgain) {
    TimelineHands hands(sample_states(), {1200, 240}, panels::draw_timeline);
    Input input;
    input.pointer = hands.track_at(0.25f);
    hands.driver.frame(input);
    input.wheel.y = 3;
    hands.driver.frame(input);
    ASSERT_TRUE(hands.state.time_span);
    const layout::Span span = *hands.state.time_span;
    EXPECT_NEAR(static_cast<double>(span.length()), 62'000 * 0.512, 10);
    EXPECT_NEAR(static_cast<double>(span.from) + 0.25 * static_cast<double>(span.length()), 15'500, 100)
        << "what is under the cursor stays there";
    hands.driver.press(Key::k0);
    EXPECT_FALSE(hands.state.time_span);
    hands.driver.press(Key::kPlus);
    EXPECT_TRUE(hands.state.time_span);
    hands.driver.press(Key::kMinus);
    EXPECT_FALSE(hands.state.time_span) << "out again as far as in: the whole run";
    EXPECT_TRUE(hands.commands.empty());
}

TEST(Timeline, ADragPansAndDoesNotSeek) {
    TimelineHands hands(sample_states(), {1200, 240}, panels::draw_timeline);
    hands.state.time_span = layout::Span{20'000, 40'000};
    hands.driver.frame();
    hands.press_and_release(hands.track_at(0.5f), hands.track_at(0.25f));
    EXPECT_NEAR(static_cast<double>(hands.state.time_span->from), 25'000, 60);
    EXPECT_EQ(hands.state.time_span->length(), 20'000);
    EXPECT_TRUE(hands.commands.empty());
}

TEST(Timeline, ThePlayheadIsDraggedAlong) {
    TimelineHands hands(sample_race(), {1200, 240}, panels::draw_timeline);
    const Rect head = hands.driver.rect("timeline.playhead");
    hands.press_and_release({head.center().x, head.y + 12}, hands.track_at(0.1f));
    ASSERT_FALSE(hands.commands.empty());
    EXPECT_NEAR(static_cast<double>(std::get<model::SeekTime>(hands.commands.back()).time.count()), 11'800, 200);
    EXPECT_FALSE(hands.state.time_span) << "scrubbing does not pan";
}

TEST(Timeline, FollowsThePlayheadOnlyWhilePlaying) {
    TimelineHands hands(sample_race(), {1200, 240}, panels::draw_timeline);
    hands.state.time_span = layout::Span{0, 20'000};
    hands.driver.frame();
    EXPECT_EQ(hands.state.time_span->from, 0) << "a paused view stays where it was put";
    hands.snapshot->playing = true;
    hands.driver.frame();
    EXPECT_TRUE(hands.state.time_span->contains(61'200));
}

TEST(Timeline, TellsWhatLiesUnderThePointer) {
    TimelineHands hands(sample_states(), {1200, 240}, panels::draw_timeline);
    Input input;
    input.pointer = {hands.track_at(0.3f).x, hands.driver.rect("timeline.lane.0").center().y};
    hands.driver.frame(input);
    hands.driver.wait(1);
    bool told = false;
    for (const auto& text : hands.driver.log().texts) told |= text.text.find("I/O") != std::string::npos;
    EXPECT_TRUE(told);
    EXPECT_TRUE(hands.driver.has("tooltip"));
}

TEST(Memory, ARegionOpensAndCloses) {
    Hands<panels::MemoryState> hands(sample_crowd(), {480, 660}, panels::draw_memory);
    hands.driver.click("memory.mode.space");
    const std::string heap = "memory.region.0.2.0";  // column 0, mapped files, the first
    ASSERT_TRUE(hands.driver.has(heap));
    const float before = hands.driver.rect(heap).h;
    hands.driver.click(heap);
    EXPECT_GT(hands.driver.rect(heap).h, before);
    hands.driver.click(heap);
    EXPECT_EQ(hands.driver.rect(heap).h, before);
}

// Where there is room for one process only, it is the one that acts; whom somebody looks at while everything moves stays.
TEST(Memory, ShowsTheProcessThatActs) {
    auto snapshot = sample_fork();
    snapshot->playing = false;
    Hands<panels::MemoryState> hands(snapshot, {330, 500}, panels::draw_memory);
    const auto acts = [&](std::size_t process) {
        hands.snapshot->playhead += 1;
        hands.snapshot->sentence.thread = hands.snapshot->processes[process].threads.front();
        hands.driver.settle();
        return hands.state.first_process == process;
    };
    EXPECT_TRUE(acts(1));
    EXPECT_TRUE(acts(0));
    hands.snapshot->playing = true;
    EXPECT_FALSE(acts(1));
}

// Before the kernel was asked, it has no name.
TEST(Memory, CallsAProcessByItsNumberAlone) {
    auto snapshot = sample_race();
    snapshot->processes.resize(1);
    snapshot->processes.front().name.clear();
    Hands<panels::MemoryState> hands(snapshot, {480, 660}, panels::draw_memory);
    const auto& texts = hands.driver.log().texts;
    const std::string number = "PID " + std::to_string(snapshot->processes.front().pid.value);
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), [&](const canvas::TextRecord& each) { return each.text == number; }));
}

TEST(Memory, KeepsItsPlacesFromStepToStep) {
    Hands<panels::MemoryState> hands(sample_states(), {480, 660}, panels::draw_memory);
    hands.driver.click("memory.mode.space");
    const Rect text = hands.driver.rect("memory.region.0.7.0");
    hands.snapshot->playhead += 1;
    hands.snapshot->processes[0].regions[1].frames.clear();
    hands.snapshot->processes[0].regions[5].blocks.clear();
    hands.driver.settle();
    EXPECT_EQ(hands.driver.rect("memory.region.0.7.0"), text);
}

TEST(Memory, ShowsTheSharedVariableInARaceAndTheAddressSpaceOnDemand) {
    Hands<panels::MemoryState> hands(sample_race(), {480, 660}, panels::draw_memory);
    EXPECT_TRUE(hands.driver.has("memory.shared.0"));
    EXPECT_TRUE(hands.driver.has("memory.card.2"));
    hands.driver.click("memory.mode.space");
    EXPECT_FALSE(hands.driver.has("memory.shared.0"));
    EXPECT_TRUE(hands.driver.has("memory.region.0.0.0"));
}

// Nine threads in a low panel: the cards of a later row come into sight with the variable, or else the variable alone is whole.
TEST(Memory, ShowsTheSharedVariableBesideTheThreadThatActs) {
    const auto sees = [](float height) {
        auto snapshot = sample_race();
        snapshot->playing = false;
        for (model::Number number = 4; number <= 9; ++number) {
            snapshot->threads.push_back(snapshot->threads[2]);
            snapshot->threads.back().number = number;
            snapshot->processes[0].threads.push_back(number);
        }
        Hands<panels::MemoryState> hands(snapshot, {360, height}, panels::draw_memory);
        const auto seen = [&](const std::string& id) {
            const Rect box = hands.driver.rect(id);
            // Below the header and the switch, and above the edge.
            return box.y >= hands.driver.rect("memory.mode.shared").bottom() && box.bottom() <= height;
        };
        std::set<std::string> whole{"variable", "card"};
        for (const model::Number actor : {2, 9, 3, 8, 1, 5}) {
            hands.snapshot->playhead += 1;
            hands.snapshot->sentence.thread = actor;
            hands.driver.settle();
            if (!seen("memory.shared.0")) whole.erase("variable");
            if (!seen("memory.card." + std::to_string(actor))) whole.erase("card");
        }
        return whole;
    };
    EXPECT_EQ(sees(600), (std::set<std::string>{"variable", "card"}));
    EXPECT_EQ(sees(400), (std::set<std::string>{"variable", "card"})) << "not all cards have room";
    EXPECT_EQ(sees(300), (std::set<std::string>{"variable"})) << "not one of the last row and the variable have room";
}

TEST(States, ATokenTravelsForAQuarterOfASecondThenRests) {
    Hands<panels::StatesState> hands(sample_states(), {640, 400}, panels::draw_states);
    EXPECT_FALSE(hands.driver.wake_after) << "the first picture does not move";
    hands.snapshot->playhead += 1;
    hands.driver.frame();
    EXPECT_TRUE(hands.driver.wake_after);
    const double began = hands.driver.now;
    hands.driver.settle();
    EXPECT_LE(hands.driver.now - began, 0.3);
    hands.snapshot->playhead += 1;
    hands.driver.theme.reduce_motion = true;
    hands.driver.frame();
    EXPECT_FALSE(hands.driver.wake_after) << "nothing moves where motion is not wanted";
}

TEST(Pcb, ShowsTheChosenThreadsProcess) {
    Hands<panels::PcbState> hands(sample_fork(), {640, 300}, panels::draw_pcb);
    const auto shows = [&](const std::string& value) {
        return std::any_of(hands.driver.log().texts.begin(), hands.driver.log().texts.end(),
                           [&](const auto& text) { return text.text == value; });
    };
    EXPECT_TRUE(shows("4702"));
    hands.driver.click("pcb.thread.1");
    EXPECT_TRUE(shows("4712"));
}

TEST(Pcb, SaysWhyThereAreNoRegistersWhereTheKernelReportsNoSwitches) {
    auto snapshot = sample_fork();
    for (model::ThreadView& thread : snapshot->threads) thread.registers.clear();
    snapshot->unavailable = {{"perf-switches", "perf_event_open: Operation not permitted", "sudo heddle"}};
    Hands<panels::PcbState> hands(snapshot, {640, 900}, panels::draw_pcb);
    const auto& texts = hands.driver.log().texts;
    EXPECT_TRUE(std::any_of(texts.begin(), texts.end(),
                            [](const auto& text) { return text.text.find("sudo heddle") != std::string::npos; }));
}

// A long line leaves no room for the compiler's words behind it; they do not lie on the code.
TEST(Code, ACompilersWordsDoNotCoverTheCode) {
    auto snapshot = sample_race();
    auto file = std::make_shared<model::SourceFile>();
    file->path = "main.cpp";
    file->lines = {"int short_one = wrong;", "int a_line_that_is_as_long_as_the_panel_is_wide = wrong;"};
    snapshot->code.source = file, snapshot->code.current_line = 0, snapshot->code.markers.clear();
    snapshot->build_messages = {{"main.cpp", 1, 17, "error", "'wrong' was not declared"},
                                {"main.cpp", 2, 51, "error", "'wrong' was not declared"}};
    Hands<panels::CodeState> hands(snapshot, {560, 300}, panels::draw_code);
    const auto& texts = hands.driver.log().texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        for (std::size_t j = i + 1; j < texts.size(); ++j)
            EXPECT_FALSE(overlap(texts[i], texts[j])) << texts[i].text << " | " << texts[j].text;
    EXPECT_TRUE(hands.driver.has("code.message.2")) << "its tooltip has them";
}

TEST(Code, ScrollsToTheCurrentLineOnce) {
    auto snapshot = sample_race();
    auto file = std::make_shared<model::SourceFile>();
    file->path = "main.cpp";
    for (int i = 1; i <= 300; ++i) file->lines.push_back("int line_" + std::to_string(i) + ";");
    snapshot->code.source = file;
    snapshot->code.current_line = 200;
    Hands<panels::CodeState> hands(snapshot, {480, 400}, panels::draw_code);
    hands.driver.settle();
    const auto shows = [&](const std::string& part) {
        return std::any_of(hands.driver.log().texts.begin(), hands.driver.log().texts.end(),
                           [&](const auto& text) { return text.text.find(part) != std::string::npos; });
    };
    EXPECT_TRUE(shows("line_200"));
    const float offset = hands.state.scroll.target;
    hands.snapshot->code.current_line = 201;
    hands.driver.settle();
    EXPECT_EQ(hands.state.scroll.target, offset) << "the next line is in view: nothing moves";
}

TEST(Memory, ShowsWhatThreadsShareWhateverTheProgramIsCalled) {
    const auto shows_shared = [](const model::Snapshot& snapshot) {
        panels::MemoryState state;
        UiDriver driver({600, 500}, [&](widgets::Ui& ui) {
            std::vector<model::PlaybackCommand> commands;
            panels::Context context{ui, commands};
            panels::draw_memory(snapshot, state, context, {0, 0, 600, 500});
        });
        return driver.has("memory.mode.shared") && driver.has("memory.shared.0");
    };
    auto own = sample_race();
    own->run.scenario = "/home/me/homework.cpp";
    EXPECT_TRUE(shows_shared(*own));
    own->timeline = nullptr;  // nothing tells of a second thread
    EXPECT_FALSE(shows_shared(*own));
    own->run.about_orders = true;  // but the lesson does
    EXPECT_TRUE(shows_shared(*own));
    EXPECT_FALSE(shows_shared(*sample_fork())) << "two processes of one thread each";
}

TEST(Memory, TellsALocksValueInTheReadersLanguage) {
    auto snapshot = sample_race();
    for (model::RegionView& region : snapshot->processes.front().regions) {
        for (model::VariableView& variable : region.variables)
            variable.value = "locked by T2", variable.words = {"value.locked_by", {{"thread", "T2"}}};
    }
    for (const auto& [language, expected] : {std::pair(Language::kEnglish, "locked by T2"), {Language::kKorean, "T2가 잠금"}}) {
        std::vector<model::PlaybackCommand> commands;
        panels::MemoryState state;
        const auto draw = [&](widgets::Ui& ui) {
            panels::Context context{ui, commands};
            panels::draw_memory(*snapshot, state, context, {0, 0, 480, 660});
        };
        const UiDriver driver({480, 660}, draw, make_theme(ThemeKind::kDark), language);
        const auto& texts = driver.log().texts;
        const auto says = [&](const canvas::TextRecord& text) { return text.text == expected; };
        EXPECT_TRUE(std::any_of(texts.begin(), texts.end(), says)) << expected;
    }
}

TEST(Code, ShowsWholeLinesOnlyAndSaysWhereOneGoesOn) {
    auto snapshot = sample_race();
    auto file = std::make_shared<model::SourceFile>();
    file->path = "main.cpp";
    for (int i = 1; i <= 80; ++i)
        file->lines.push_back("const int line_" + std::to_string(i) + " = first(" + std::string(60, '1') + ");");
    snapshot->code.source = file;
    for (const bool presenter : {false, true}) {
        for (int height = 190; height < 240; height += 7) {
            for (const int current : {1, 23, 80}) {
                snapshot->code.current_line = current;
                UiDriver driver(
                    {420, static_cast<float>(height)},
                    [&, state = std::make_shared<panels::CodeState>()](widgets::Ui& ui) {
                        std::vector<model::PlaybackCommand> commands;
                        panels::Context context{ui, commands};
                        panels::draw_code(*snapshot, *state, context, {0, 0, 420, static_cast<float>(height)});
                    },
                    make_theme(ThemeKind::kDark, presenter));
                driver.settle();
                int lines = 0;
                for (const canvas::TextRecord& text : driver.log().texts) {
                    if (!seen(text) || text.text != "const") continue;
                    ++lines;
                    EXPECT_FALSE(text.cut) << height << " " << current;
                }
                EXPECT_GE(lines, 3) << height;
                EXPECT_EQ(std::count_if(driver.log().texts.begin(), driver.log().texts.end(),
                                        [](const auto& text) { return seen(text) && text.text.ends_with("…"); }),
                          lines)
                    << "each goes on";
            }
        }
    }
}

TEST(Sync, SaysTheCircleAndDrawsAnArrowToEachThreadAndObjectInIt) {
    Hands<panels::SyncState> hands(sample_locks(), {640, 400}, panels::draw_sync);
    const Rect sentence = hands.driver.rect("sync.cycle.0");
    EXPECT_GT(sentence.h, 0);
    for (const char* id : {"sync.thread.2", "sync.thread.3", "sync.object.0", "sync.object.1"})
        EXPECT_TRUE(hands.driver.has(id)) << id;
    hands.snapshot->wait_cycles.clear();
    hands.driver.frame();
    EXPECT_FALSE(hands.driver.has("sync.cycle.0"));
}

TEST(Panels, SayWhyTheyAreEmpty) {
    auto snapshot = sample_states();
    snapshot->processes[0].regions.clear();
    Hands<panels::MemoryState> hands(snapshot, {480, 400}, panels::draw_memory);
    bool said = false;
    for (const auto& text : hands.driver.log().texts)
        said |= text.text.find(hands.driver.texts.tr("memory.no_sample").substr(0, 10)) != std::string::npos;
    EXPECT_TRUE(said);
}

}  // namespace
}  // namespace heddle::test
