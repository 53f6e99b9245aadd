// The workbench with real runs: what is opened ends, is followed at a fitting speed, and is left without waiting for it.
#include <gmock/gmock-more-matchers.h>

#include <fstream>
#include <thread>

#include "app/shell/build_errors.h"
#include "app/shell/workbench.h"
#include "core/session/kept_input.h"
#include "tests/app/shell/pages.h"
#include "tests/core/catalog/temporary_folder.h"

namespace heddle::test {
namespace {

using namespace shell;
using Clock = std::chrono::steady_clock;

void nothing(void*) {}

// Ticks the workbench as the window's frames do, until `done` holds.
template <class Done>
bool tick_until(Workbench& bench, Done done) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (Clock::now() < deadline) {
        bench.tick(std::chrono::duration<double>(Clock::now().time_since_epoch()).count());
        if (done()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

TEST(Workbench, PlaysARunAndTellsOnceThatItWasSeen) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    const auto opened = bench.open({"races/lost-update", "atomic", {{"increments", 10}}});
    ASSERT_TRUE(opened) << opened.error().message();
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }))
        << bench.snapshot()->failure;
    EXPECT_EQ(bench.snapshot()->run.variant, "atomic");
    EXPECT_EQ(bench.scenario(), &lost_update());
    EXPECT_EQ(bench.take_finished(), "") << "the playhead is not at the end yet";
    bench.post(model::GoToLive{});
    std::string finished;
    EXPECT_TRUE(tick_until(bench, [&] { return !(finished = bench.take_finished()).empty(); }));
    EXPECT_EQ(finished, "races/lost-update");
    EXPECT_EQ(bench.take_finished(), "");
}

TEST(Workbench, LeavesAChosenSpeedAlone) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.open({"races/lost-update", "atomic", {{"increments", 10}}}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    bench.post(model::SetSpeed{1});
    EXPECT_TRUE(tick_until(bench, [&] { return bench.snapshot()->speed == 1; }));
    for (int i = 0; i < 20; ++i) bench.tick(i);
    EXPECT_TRUE(tick_until(bench, [&] { return bench.snapshot()->speed == 1; }));
}

TEST(Workbench, GoesFromOneRunToTheNextAndHome) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    for (const char* variant : {"broken", "mutex", "atomic"}) ASSERT_TRUE(bench.open({"races/lost-update", variant, {}}));
    EXPECT_EQ(bench.snapshot()->run.variant, "atomic");
    EXPECT_TRUE(bench.restart());
    EXPECT_EQ(bench.snapshot()->run.variant, "atomic");
    bench.close();
    EXPECT_FALSE(bench.has_run());
    EXPECT_EQ(bench.snapshot(), nullptr);
}

TEST(Workbench, SaysWhatCannotBeOpenedAndKeepsWhatIsOpen) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    EXPECT_FALSE(bench.open({"races/none", "", {}}));
    EXPECT_FALSE(bench.open_file("/no/such/run.heddle"));
    ASSERT_TRUE(bench.open({"races/lost-update", "atomic", {{"increments", 10}}}));
    EXPECT_FALSE(bench.open({"races/lost-update", "nope", {}}));
    EXPECT_FALSE(bench.open({"races/lost-update", "", {{"threads", 900}}}));
    EXPECT_TRUE(bench.has_run());
    EXPECT_EQ(bench.scenario(), &lost_update());
}

const model::Finding* data_race_in(const model::Snapshot& snapshot) {
    const auto race = std::find_if(snapshot.findings.begin(), snapshot.findings.end(), [](const model::Finding& finding) {
        return finding.id == "data-race" && finding.places.size() == 2;
    });
    return race == snapshot.findings.end() ? nullptr : &*race;
}

// What the recording has in one order happens in the other in Step.
TEST(Workbench, ShowsARaceOfARecordingTheOtherWayRound) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.open({"races/lost-update", "broken", {{"increments", 20}}}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    const auto recorded = bench.snapshot();
    const model::Finding* const race = data_race_in(*recorded);
    ASSERT_NE(race, nullptr);
    const auto shown = bench.show_other_order({"races/lost-update", "broken", race->places});
    ASSERT_TRUE(shown) << shown.error().message();
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->step && bench.snapshot()->step->steps > 0; }));
    EXPECT_EQ(bench.snapshot()->run.mode, "step");
    EXPECT_NE(bench.snapshot()->step->last, race->places[1].thread) << "who was second has come first";
    EXPECT_FALSE(bench.take_missed_race());
}

// The order in which the search found it: it stands right behind the access that came first in the recording.
TEST(Workbench, StandsRightBehindTheAccessOfARace) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.open({"races/publication", "broken", {}, model::Mode::kExplore}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    const auto searched = bench.snapshot();
    const auto& bugs = searched->exploration->bugs;
    const auto race = std::find_if(bugs.begin(), bugs.end(), [](const auto& bug) { return bug.kind == "data-race"; });
    ASSERT_NE(race, bugs.end());
    const auto place = [&](std::size_t i) {
        return model::FindingPlace{race->at[i].thread, race->at[i].file, race->at[i].line, i};
    };
    ASSERT_TRUE(bench.show_other_order({"races/publication", "broken", {place(1), place(0)}}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->step && bench.snapshot()->step->steps > 0; }));
    const auto shown = bench.snapshot();
    EXPECT_EQ(shown->step->over, "") << "the program has not ended";
    EXPECT_EQ(shown->step->last, race->at[1].thread);
    EXPECT_EQ(shown->sentence.arguments.at("name"), race->at[1].object);
}

TEST(Workbench, SaysThatARaceWasNotFound) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.show_other_order({"races/lost-update", "mutex", {{2, "mutex.cpp", 1, 0}, {3, "mutex.cpp", 1, 1}}}));
    EXPECT_TRUE(tick_until(bench, [&] { return bench.take_missed_race(); }));
    EXPECT_NE(bench.snapshot()->exploration, nullptr) << "what was explored stays to be seen";
}

// A saved run of an own program begins anew as it was run then, also when what it read is gone.
TEST(Workbench, TakesUpAnOwnProgramWithItsArgumentsAndInput) {
    const catalog::TemporaryFolder folder;
    const auto program = folder.path() / "sum.c", numbers = folder.path() / "my numbers.txt",
               file = folder.path() / "run.heddle";
    std::ofstream(program) << "#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv) {\n"
                              "    int sum = atoi(argv[argc - 1]), n;\n    while (scanf(\"%d\", &n) == 1) sum += n;\n"
                              "    printf(\"%s %d\\n\", argv[1], sum);\n}\n";
    std::ofstream(numbers) << "1 2\n";
    {
        Workbench first(shipped_catalog(), nothing, nullptr);
        const auto id = first.know({{program.string()}, "", {}, {"a b", "40"}, numbers});
        ASSERT_TRUE(id) << id.error().message();
        ASSERT_TRUE(first.open({*id, "", {}}));
        ASSERT_TRUE(tick_until(first, [&] { return first.snapshot()->status == model::RunStatus::kEnded; }));
        first.post(model::GoToLive{});
        ASSERT_TRUE(tick_until(first, [&] { return first.snapshot()->output == "a b 43\n"; })) << first.snapshot()->output;
        ASSERT_TRUE(first.save(file));
    }
    std::filesystem::remove(numbers);
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.open_file(file));
    EXPECT_EQ(bench.scenario()->id, program.string());
    EXPECT_NE(bench.scenario()->summary.en.find("'a b' 40 < '" + numbers.string() + "'"), std::string::npos)
        << bench.scenario()->summary.en;
    const model::RunInfo run = bench.snapshot()->run;
    const auto again = folder.path() / "again.heddle";
    ASSERT_TRUE(bench.save(again)) << "what was opened can be saved once more";
    ASSERT_TRUE(bench.open_file(again));
    for (const model::Mode mode : {model::Mode::kStep, model::Mode::kRun}) {
        const auto opened = bench.open({run.scenario, run.variant, run.parameters, mode});
        ASSERT_TRUE(opened) << opened.error().message();
        bench.post(model::SetSpeed{1});
        ASSERT_TRUE(tick_until(bench, [&] {
            if (bench.snapshot()->step && !bench.snapshot()->playing) bench.post(model::Play{});
            return bench.snapshot()->status == model::RunStatus::kEnded;
        }));
        bench.post(model::GoToLive{});
        EXPECT_TRUE(tick_until(bench, [&] { return bench.snapshot()->output == "a b 43\n"; })) << bench.snapshot()->output;
    }
    ASSERT_TRUE(bench.restart());
    bench.post(model::GoToLive{});
    EXPECT_TRUE(tick_until(bench, [&] { return bench.snapshot()->output == "a b 43\n"; })) << "run again";
}

// What is typed in the window is read in each mode, saved with a run, and still there when the program is opened once more.
TEST(Workbench, GivesAnOwnProgramWhatWasTypedInEachMode) {
    const catalog::TemporaryFolder folder;
    const auto program = folder.path() / "sum.c", file = folder.path() / "run.heddle";
    std::ofstream(program) << "#include <stdio.h>\nint main(int argc, char **argv) {\n    int sum = 0, n;\n"
                              "    while (scanf(\"%d\", &n) == 1) sum += n;\n    printf(\"%d %d\\n\", argc, sum);\n}\n";
    Workbench bench(shipped_catalog(), nothing, nullptr);
    const auto output = [&] {
        tick_until(bench, [&] {
            if (bench.snapshot()->step && !bench.snapshot()->playing) bench.post(model::Play{});
            return bench.snapshot()->status == model::RunStatus::kEnded;
        });
        bench.post(model::GoToLive{});
        tick_until(bench, [&] { return bench.snapshot()->output.ends_with('\n'); });
        return bench.snapshot()->output;
    };
    const auto id = bench.know(catalog::OwnProgram{{program.string()}, "", {}, {}, {}});
    ASSERT_TRUE(id) << id.error().message();
    ASSERT_TRUE(bench.open({*id, "", {}}));
    EXPECT_EQ(output(), "1 0\n") << "without input, its end is there at once";
    ASSERT_TRUE(bench.launch_with({{"x"}, "1 2\n39\n"}));
    EXPECT_EQ(output(), "2 42\n");
    ASSERT_TRUE(bench.save(file));
    ASSERT_TRUE(bench.open({*id, "", {}, model::Mode::kStep}));
    bench.post(model::SetSpeed{1});
    EXPECT_EQ(output(), "2 42\n");
    ASSERT_TRUE(bench.launch_with({{}, {}})) << "in the mode that is open, with the same input";
    EXPECT_EQ(output(), "1 42\n");
    EXPECT_EQ(bench.snapshot()->run.mode, "step");
    ASSERT_TRUE(bench.open({*id, "", {}, model::Mode::kExplore}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    const auto& outcomes = bench.snapshot()->exploration->outcomes;
    ASSERT_EQ(outcomes.size(), 1U);
    EXPECT_NE(outcomes.front().value.find("1 42"), std::string::npos) << outcomes.front().value;

    ASSERT_TRUE(bench.know(catalog::OwnProgram{{program.string()}, "", {}, {}, {}})) << "chosen once more";
    ASSERT_NE(bench.own_program(), nullptr);
    EXPECT_EQ(session::read_input(bench.own_program()->input), "1 2\n39\n");
    ASSERT_TRUE(bench.launch_with({{}, ""}));
    ASSERT_TRUE(bench.open({*id, "", {}}));
    EXPECT_EQ(output(), "1 0\n");

    Workbench later(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(later.open_file(file));
    ASSERT_NE(later.own_program(), nullptr);
    EXPECT_EQ(session::read_input(later.own_program()->input), "1 2\n39\n");
    EXPECT_EQ(later.scenario()->summary.en, program.string() + " x") << "what was typed has no name";
}

// Flags typed in the window compile the program from then on, in a saved run and in the next Heddle, too.
TEST(Workbench, CompilesAnOwnProgramWithTheFlagsThatWereTyped) {
    const catalog::TemporaryFolder folder;
    const auto program = folder.path() / "size.c", file = folder.path() / "run.heddle", kept = folder.path() / "programs.toml";
    folder.write("parts/part.h", "#define PART 40\n");
    std::ofstream(program) << "#include <stdio.h>\n#include <part.h>\nint main(void) { printf(\"%d\\n\", SIZE + PART); }\n";
    const auto runs_to_its_end = [](Workbench& bench) {
        tick_until(bench, [&] {
            const auto status = bench.snapshot()->status;
            return status == model::RunStatus::kEnded || status == model::RunStatus::kFailed;
        });
        bench.post(model::GoToLive{});
        tick_until(bench, [&] { return bench.snapshot()->output.ends_with('\n') || !bench.snapshot()->failure.empty(); });
        return bench.snapshot()->output;
    };
    const catalog::OwnProgram bare{{program.string()}, "", {}, {}, {}};
    {
        Workbench bench(shipped_catalog(), nothing, nullptr);
        bench.remember_launches(*KeptLaunches::open(kept));
        const auto id = bench.know(bare);
        ASSERT_TRUE(id) << id.error().message();
        ASSERT_TRUE(bench.open({*id, "", {}}));
        EXPECT_EQ(runs_to_its_end(bench), "") << "it does not compile without";
        ASSERT_TRUE(bench.launch_with({{}, {}, {"-frobnicate"}}));
        EXPECT_EQ(runs_to_its_end(bench), "");
        const auto failed = bench.snapshot();
        ASSERT_FALSE(failed->build_messages.empty());
        EXPECT_NE(shell::complaint_about_flags(*failed).find("-frobnicate"), std::string::npos) << failed->failure;
        ASSERT_TRUE(bench.launch_with({{}, {}, {"-DSIZE=2", "-Iparts"}}));
        EXPECT_EQ(runs_to_its_end(bench), "42\n") << bench.snapshot()->failure;
        ASSERT_TRUE(bench.save(file));
    }
    Workbench later(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(later.open_file(file));
    ASSERT_TRUE(later.restart());
    EXPECT_EQ(runs_to_its_end(later), "42\n") << later.snapshot()->failure;
    Workbench next(shipped_catalog(), nothing, nullptr);
    next.remember_launches(*KeptLaunches::open(kept));
    ASSERT_TRUE(next.know(bare));
    ASSERT_TRUE(next.open({program.string(), "", {}}));
    EXPECT_EQ(runs_to_its_end(next), "42\n") << next.snapshot()->failure;
}

// R on a saved run: the same program anew, live, as it was run then.
TEST(Workbench, RunsASavedRunsProgramAnew) {
    const catalog::TemporaryFolder folder;
    const auto file = folder.path() / "run.heddle";
    Workbench bench(shipped_catalog(), nothing, nullptr);
    ASSERT_TRUE(bench.open({"races/lost-update", "atomic", {{"increments", 10}, {"threads", 3}}}));
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    ASSERT_TRUE(bench.save(file));
    ASSERT_TRUE(bench.open_file(file));
    EXPECT_TRUE(bench.is_saved());
    EXPECT_TRUE(bench.can_restart());
    const auto again = bench.restart();
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_FALSE(bench.is_saved());
    ASSERT_TRUE(tick_until(bench, [&] { return bench.snapshot()->status == model::RunStatus::kEnded; }));
    EXPECT_EQ(bench.date(), 0) << "of today";
    EXPECT_EQ(bench.snapshot()->run.variant, "atomic");
    EXPECT_EQ(bench.snapshot()->run.parameters.at("increments"), 10);
    EXPECT_EQ(bench.snapshot()->run.parameters.at("threads"), 3);
}

TEST(Workbench, RecordsADemonstrationForTheHomePage) {
    Workbench bench(shipped_catalog(), nothing, nullptr);
    EXPECT_TRUE(tick_until(bench, [&] {
        const auto demo = bench.demo();
        return demo && demo->status == model::RunStatus::kEnded && demo->playing && demo->speed == 0;
    }));
    ASSERT_TRUE(bench.open({"races/lost-update", "atomic", {{"increments", 10}}}));
    EXPECT_EQ(bench.demo(), nullptr) << "it takes no time from a run";
}

}  // namespace
}  // namespace heddle::test
