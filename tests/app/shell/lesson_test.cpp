// The lesson under a learner's hands: it asks first, answers from the run, and jumps to what was found.
#include <gmock/gmock-more-matchers.h>

#include "core/model/exploration.h"
#include "tests/app/panels/samples.h"
#include "tests/app/shell/pages.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

struct Learner {
    std::shared_ptr<model::Snapshot> run;
    shell::LessonState state;
    shell::Commands commands;
    const catalog::Scenario* scenario = &lost_update();
    UiDriver driver;

    explicit Learner(std::shared_ptr<model::Snapshot> shown, Language language = Language::kEnglish)
        : run(std::move(shown)),
          driver(
              {344, 3000},
              [this](widgets::Ui& ui) {
                  panels::Context context{ui, commands.playback};
                  shell::draw_lesson(*scenario, *run, state, context, commands, {0, 0, 344, 3000});
              },
              make_theme(ThemeKind::kDark), language) {}

    bool sees(std::string_view text) const {
        for (const auto& seen : driver.log().texts)
            if (seen.text.find(text) != std::string::npos) return true;
        return false;
    }
};

TEST(Lesson, SaysTheSentenceInTheColourOfItsThread) {
    Learner learner(playing_race());
    for (const auto& text : learner.driver.log().texts) {
        if (text.text.find("T2 stores 1") == std::string::npos) continue;
        EXPECT_EQ(text.style.color, learner.driver.theme.thread(2).text);
        return;
    }
    FAIL() << "the sentence is not there";
}

TEST(Lesson, SaysWhatIsNotSeenOfTheSwitchesAndHowItWouldBe) {
    auto run = ended_race();
    run->switches.source = "switches.sampled", run->switches.captured = 3;
    run->unavailable = {{"perf-switches", "perf_event_open: Operation not permitted", "sudo heddle"}};
    for (const Language language : {Language::kEnglish, Language::kKorean}) {
        Learner learner(run, language);
        std::string all;  // its lines are broken
        for (const auto& text : learner.driver.log().texts) all += text.text + " ";
        EXPECT_NE(all.find("sudo heddle"), std::string::npos) << all;
        EXPECT_NE(all.find(language == Language::kEnglish ? "may be shown as running" : "허용되지 않음"), std::string::npos)
            << all;
    }
}

TEST(Lesson, RevealsNothingBeforeAnAnswerWasChosen) {
    Learner learner(ended_race());
    EXPECT_TRUE(learner.driver.has("lesson.answer.0"));
    EXPECT_FALSE(learner.driver.has("lesson.answer.1.right"));
    EXPECT_FALSE(learner.sees("old reading")) << "the explanation";
    EXPECT_FALSE(learner.driver.has("lesson.claim.update-is-lost.ok"));
    EXPECT_FALSE(learner.sees("What happened")) << "the rest of the lesson";
    EXPECT_TRUE(learner.sees("What to watch"));
}

TEST(Lesson, WaitsForTheRunToEndAndLetsOneChangeOnesMind) {
    Learner learner(playing_race());
    learner.driver.click("lesson.answer.2");
    EXPECT_EQ(learner.state.chosen, 2);
    learner.driver.click("lesson.answer.0");
    EXPECT_EQ(learner.state.chosen, 0);
    EXPECT_FALSE(learner.driver.has("lesson.answer.0.wrong"));
    EXPECT_FALSE(learner.sees("old reading"));
    learner.run = ended_race();
    learner.driver.settle();
    EXPECT_TRUE(learner.driver.has("lesson.answer.0.wrong"));
    EXPECT_TRUE(learner.driver.has("lesson.answer.1.right"));
    EXPECT_TRUE(learner.driver.has("lesson.answer.2.other"));
    EXPECT_TRUE(learner.sees("This run did something else"));
    EXPECT_TRUE(learner.sees("old reading"));
}

TEST(Lesson, AgreesWithARightAnswer) {
    Learner learner(ended_race());
    learner.driver.click("lesson.answer.1");
    EXPECT_TRUE(learner.driver.has("lesson.answer.1.right"));
    EXPECT_TRUE(learner.sees("Right: this run did what you"));
    EXPECT_FALSE(learner.driver.has("lesson.answer.1.wrong"));
    EXPECT_TRUE(learner.sees("What happened"));
}

TEST(Lesson, CanBeAnsweredByKeyboard) {
    Learner learner(ended_race());
    for (int i = 0; i < 12 && learner.driver.state.focus != "lesson.answer.1"; ++i) learner.driver.press(Key::kTab);
    ASSERT_EQ(learner.driver.state.focus, "lesson.answer.1");
    learner.driver.press(Key::kEnter);
    EXPECT_EQ(learner.state.chosen, 1);
}

TEST(Lesson, ShowsTheAnswerWithoutAGuessWhenAsked) {
    Learner learner(ended_race());
    learner.driver.click("lesson.without_answer");
    EXPECT_TRUE(learner.driver.has("lesson.answer.1.right"));
    EXPECT_TRUE(learner.driver.has("lesson.answer.0.other"));
    EXPECT_FALSE(learner.sees("Right:"));
    EXPECT_TRUE(learner.driver.has("lesson.claim.update-is-lost.ok"));
}

TEST(Lesson, AsksAgainInAnotherScenario) {
    Learner learner(ended_race());
    learner.driver.click("lesson.answer.1");
    const auto other = shipped_catalog().find("process/memory-layout");
    ASSERT_TRUE(other);
    learner.scenario = *other;
    learner.driver.settle();
    EXPECT_EQ(learner.state.chosen, -1);
    EXPECT_EQ(learner.state.scenario, "process/memory-layout");
}

TEST(Lesson, MarksClaimsAsTheRunMadeThem) {
    Learner learner(ended_race());
    learner.driver.click("lesson.answer.1");
    EXPECT_TRUE(learner.driver.has("lesson.claim.update-is-lost.ok"));
    EXPECT_TRUE(learner.driver.has("lesson.claim.program-says-so.failed"));
    EXPECT_TRUE(learner.sees("printed 57311"));
}

TEST(Lesson, JumpsToTheInstantOfAFinding) {
    Learner learner(crashed_run());
    learner.driver.click("lesson.finding.0");
    ASSERT_EQ(learner.commands.playback.size(), 1u);
    EXPECT_EQ(std::get<model::SeekEvent>(learner.commands.playback.front()).playhead, 42u)
        << "event 41 is the last that happened";
}

TEST(Lesson, ShowsARaceTheOtherWayRound) {
    auto run = ended_race();
    model::Finding race{"data-race", {"finding.more-races", {{"n", "1"}}, model::kNobody}, 41};
    race.places = {{2, "main.cpp", 7, 40}, {3, "main.cpp", 7, 41}};
    run->findings = {race};
    Learner learner(run);
    learner.driver.click("lesson.finding.0.other_order");
    EXPECT_TRUE(learner.commands.playback.empty()) << "it is no jump to the instant";
    ASSERT_EQ(learner.commands.app.size(), 1u);
    const auto* const search = std::get_if<shell::ShowOtherOrder>(&learner.commands.app.front());
    ASSERT_NE(search, nullptr) << "a run without a schedule is searched for one";
    EXPECT_EQ(search->id, "races/lost-update");
    EXPECT_EQ(search->places.size(), 2u);
    run->run.mode = "step", run->findings[0].other_order = "h1:1.4,3.1";
    learner.commands = {};
    learner.driver.click("lesson.finding.0.other_order");
    ASSERT_EQ(learner.commands.app.size(), 1u);
    const auto* const step = std::get_if<shell::OpenScenario>(&learner.commands.app.front());
    ASSERT_NE(step, nullptr);
    EXPECT_EQ(step->schedule, "h1:1.4,3.1");
    EXPECT_EQ(step->mode, model::Mode::kStep);
}

TEST(Lesson, HasNowhereToJumpToWithoutAnInstant) {
    Learner learner(ended_race());
    learner.driver.click("lesson.finding.0");
    EXPECT_TRUE(learner.commands.playback.empty());
    EXPECT_FALSE(learner.sees("Show the instant"));
}

TEST(Lesson, ComparesItsSwitchesWithTheKernels) {
    Learner learner(ended_race());
    EXPECT_TRUE(learner.driver.has("lesson.kernel.agree"));
    learner.run->switches.kernel += 1;
    learner.driver.settle();
    EXPECT_TRUE(learner.driver.has("lesson.kernel.differ"));
    learner.run->switches.kernel = -1;
    learner.driver.settle();
    EXPECT_FALSE(learner.driver.has("lesson.kernel.differ"));
    EXPECT_TRUE(learner.sees("drawn so far"));
}

TEST(Lesson, ShowsTheEndOfLongOutputAndAllOfItOnRequest) {
    Learner learner(crashed_run());
    EXPECT_TRUE(learner.sees("block 39"));
    EXPECT_FALSE(learner.sees("block 0 "));
    learner.driver.click("lesson.stdout.more");
    EXPECT_TRUE(learner.sees("block 0 "));
    EXPECT_TRUE(learner.sees("terminate called"));
    EXPECT_TRUE(learner.sees("SIGSEGV"));
    for (const auto& text : learner.driver.log().texts)
        for (const char c : text.text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << text.text;
}

TEST(Lesson, SaysWhyItIsEmpty) {
    Learner learner(sample_empty());
    EXPECT_TRUE(learner.sees("Nothing runs yet"));
    learner.run->status = model::RunStatus::kFailed, learner.run->failure = "ENOENT";
    learner.driver.settle();
    EXPECT_TRUE(learner.sees("ENOENT"));
}

TEST(Lesson, OfAnOwnProgramSaysThatASearchFoundNothing) {
    auto found = std::make_shared<model::ExploreSnapshot>(*sample_exploration()->exploration);
    found->verdict = model::ExploreVerdict::kNoneComplete;
    auto run = sample_exploration();
    run->exploration = found;
    run->findings.clear();
    const catalog::Scenario own;  // which has no text
    Learner learner(run);
    EXPECT_FALSE(learner.sees("Nothing")) << "the lesson says enough";
    learner.scenario = &own;
    learner.driver.settle();
    EXPECT_TRUE(learner.sees("Nothing: in no order"));
    found->verdict = model::ExploreVerdict::kNoneBounded;
    learner.driver.settle();
    EXPECT_TRUE(learner.sees("Nothing so far."));
}

TEST(Lesson, SpeaksTheLanguageThatIsChosenAtOnce) {
    Learner learner(playing_race());
    learner.driver.texts.set_language(Language::kKorean);
    learner.driver.settle();
    EXPECT_TRUE(learner.sees("눈여겨볼 것"));
    EXPECT_FALSE(learner.sees("What to watch"));
}

}  // namespace
}  // namespace heddle::test
