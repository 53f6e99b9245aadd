// The command line as a person uses it: the real program, its output and its exit codes.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/app/commands/command_line.h"

namespace heddle::test {
namespace {

struct BadUse {
    const char *arguments, *says;
};

TEST_F(CommandLine, BadUseNamesTheThingAndTheRemedyAndExitsWithTwo) {
    const BadUse cases[] = {
        {"run races/lost-updat", "races/lost-update"},
        {"run races/lost-update --variant x", "choose one of: broken, mutex, atomic"},
        {"run races/lost-update --set threads=99", "from 2 to 8"},
        {"run races/lost-update --set speed=1", "choose one of: threads, increments"},
        {"run races/lost-update --set threads", "name=number"},
        {"run races/lost-update --schedule h1:1.2", "--mode step"},
        {"run races/lost-update --mode step --schedule h2:1.2", "h1:"},
        {"run", "target is required"},
        {"check no/such", "no/such"},
        {"shot races/lost-update -o picture.bmp", ".png or .svg"},
        {"shot races/lost-update -o picture.png --view kitchen", "kitchen"},
        {"shot races/lost-update -o picture.png --size 5x5", "5x5"},
        {"shot races/lost-update -o picture.png --theme pink", "pink"},
        {"shot races/lost-update -o picture.png --lang tlh", "tlh"},
        {"export missing.heddle -o out.json", "missing.heddle"},
        {"open no/such", "no/such"},
        {"frobnicate", "frobnicate"},
    };
    for (const BadUse& bad : cases) {
        const Outcome outcome = heddle(bad.arguments);
        EXPECT_EQ(outcome.code, 2) << bad.arguments;
        EXPECT_NE((outcome.err + outcome.out).find(bad.says), std::string::npos) << bad.arguments << "\n" << outcome.err;
    }
}

TEST_F(CommandLine, RunPrintsOneJsonObjectWithWhatHappened) {
    const Outcome outcome = heddle("run races/lost-update --variant mutex --set increments=1000 --json");
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto run = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(run.at("scenario"), "races/lost-update");
    EXPECT_EQ(run.at("variant"), "mutex");
    EXPECT_EQ(run.at("mode"), "run");
    EXPECT_EQ(run.at("processes"), 1);
    EXPECT_EQ(run.at("threads"), 3);
    EXPECT_EQ(run.at("exit"), (nlohmann::json{{"kind", "exited"}, {"code", 0}}));
    EXPECT_EQ(run.at("stdout"), "counter = 2000, expected 2000\n");
    EXPECT_EQ(run.at("dropped"), 0);
    EXPECT_GT(run.at("events").get<int>(), 4000);
    for (const char* key : {"source", "captured", "kernel", "preempted", "voluntary", "migrations"}) {
        EXPECT_TRUE(run.at("switches").contains(key)) << key;
    }
    EXPECT_TRUE(run.at("findings").is_array());
    for (const auto& claim : run.at("claims")) EXPECT_TRUE(claim.at("ok")) << claim;
}

TEST_F(CommandLine, ASavedRunIsExportedDrawnAndRefusedWhenDamaged) {
    ASSERT_EQ(heddle("run process/fork-copy-on-write -o run.heddle").code, 0);
    EXPECT_EQ(heddle("export run.heddle -o run.csv").code, 0);
    EXPECT_EQ(heddle("export run.heddle -o run.json").code, 0);
    EXPECT_EQ(heddle("shot run.heddle -o run.svg --view pages --lang ko").code, 0);
    EXPECT_EQ(heddle("shot run.heddle -o run.png --size 1280x720").code, 0);
    for (const char* file : {"run.csv", "run.json", "run.svg", "run.png"})
        EXPECT_GT(std::filesystem::file_size(folder_ / file), 1000u);
    EXPECT_TRUE(nlohmann::json::accept(std::ifstream(folder_ / "run.json")));

    std::filesystem::resize_file(folder_ / "run.heddle", std::filesystem::file_size(folder_ / "run.heddle") - 1);
    const Outcome damaged = heddle("export run.heddle -o again.csv");
    EXPECT_EQ(damaged.code, 2);
    EXPECT_NE(damaged.err.find("run.heddle"), std::string::npos) << damaged.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "again.csv"));
}

TEST_F(CommandLine, OnesOwnProgramIsRunWithItsArgumentsAndInput) {
    std::ofstream(folder_ / "sum.c") << "#include <stdio.h>\n#include <stdlib.h>\nint main(int argc, char **argv) {\n"
                                        "    int *sum = malloc(sizeof *sum), n;\n    *sum = atoi(argv[argc - 1]);\n"
                                        "    while (scanf(\"%d\", &n) == 1) *sum += n;\n    printf(\"sum %d\\n\", *sum);\n}\n";
    std::ofstream(folder_ / "numbers.txt") << "1 2\n";
    for (const char* const compiler : {"gcc", "clang"}) {
        const Outcome outcome =
            heddle("run sum.c --stdin numbers.txt --json -o run.heddle --compiler " + std::string(compiler) + " -- -x 40");
        ASSERT_EQ(outcome.code, 0) << outcome.err;
        const auto run = nlohmann::json::parse(outcome.out);
        EXPECT_EQ(run.at("stdout"), "sum 43\n");
        EXPECT_EQ(run.at("scenario"), (folder_ / "sum.c").string());
        EXPECT_EQ(run.at("variant"), compiler);
    }
    EXPECT_EQ(heddle("shot run.heddle -o run.svg --view code --at 20").code, 0);
    EXPECT_EQ(heddle("shot sum.c -o own.svg --view code -- 1").code, 0);
    EXPECT_NE(nlohmann::json::parse(heddle("run sum.c --stdin - --json -- 7 < numbers.txt").out).at("stdout"), "sum 7\n");
    const Outcome explored = heddle("explore sum.c --stdin numbers.txt --all -- 7");
    EXPECT_EQ(explored.code, 0) << explored.err;
    EXPECT_NE(explored.out.find("sum 10"), std::string::npos) << explored.out;

    ASSERT_EQ(heddle("build sum.c").code, 0);
    const std::string program = heddle("build sum.c").out;
    const Outcome built = heddle("run " + program.substr(0, program.size() - 1) + " --json -- 5");
    EXPECT_EQ(nlohmann::json::parse(built.out).at("stdout"), "sum 5\n") << built.err;
}

TEST_F(CommandLine, WhatIsWrongWithOnesOwnProgramIsSaidOnceWithItsPlace) {
    const auto write = [&](const std::string& name, const std::string& text) {
        std::filesystem::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << text;
    };
    write("broken.cpp", "int main() {\n  return nowhere;\n}\n");
    write("two/a.c", "int main(void) { return 0; }\n");
    write("two/b.c", "int main(void) { return 0; }\n");
    write("none.c", "int f(void) { return 0; }\n");
    write("gap.c", "int f(void);\nint main(void) { return f(); }\n");
    write("empty.cpp", "");
    write("script.py", "print(1)\n");
    write("good.cpp", "int main() {}\n");
    std::filesystem::create_directory(folder_ / "bare");
    const BadUse cases[] = {
        {"missing.cpp", "missing.cpp"},
        {"bare", "no source file in this folder"},
        {"broken.cpp", "broken.cpp:2"},
        {"two", "more than one main function"},
        {"none.c", "no main function"},
        {"gap.c", "gap.c:2"},
        {"empty.cpp", "is empty"},
        {"script.py", "neither C or C++ source nor a program"},
        {"good.cpp --compiler no-such-compiler", "no-such-compiler"},
        {"good.cpp --stdin missing.txt", "missing.txt"},
        {"good.cpp --variant icc", "choose one of: gcc"},
        {"races/lost-update -- 3", "--set"},
    };
    for (const BadUse& bad : cases) {
        for (const char* const command : {"run ", "explore "}) {
            const Outcome outcome = heddle(command + std::string(bad.arguments));
            EXPECT_EQ(outcome.code, 2) << command << bad.arguments;
            EXPECT_NE(outcome.err.find(bad.says), std::string::npos) << bad.arguments << "\n" << outcome.err;
            EXPECT_EQ(outcome.err.find("error:"), outcome.err.rfind("\nerror:") + 1) << "once: " << outcome.err;
        }
    }
}

TEST_F(CommandLine, NoPictureIsDrawnOfWhatDoesNotCompile) {
    std::ofstream(folder_ / "wrong.cpp") << "int main() {\n    return one;\n}\n";
    const Outcome outcome = heddle("shot wrong.cpp -o wrong.png");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("wrong.cpp:2\n"), std::string::npos) << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "wrong.png"));
}

TEST_F(CommandLine, APictureShowsFramesWhereNoStoreHasAName) {
    ASSERT_EQ(heddle("shot process/memory-layout --view stack -o frames.svg").code, 0);
    std::stringstream picture;
    picture << std::ifstream(folder_ / "frames.svg").rdbuf();
    EXPECT_NE(picture.str().find("main()"), std::string::npos);
}

TEST_F(CommandLine, APictureTellsSomethingWhereNoStoreHasAName) {
    ASSERT_EQ(heddle("shot process/states -o told.svg").code, 0);
    std::stringstream picture;
    picture << std::ifstream(folder_ / "told.svg").rdbuf();
    const std::string words = std::regex_replace(picture.str(), std::regex("<[^>]*>"), "");
    EXPECT_NE(words.find("Process states"), std::string::npos);
    EXPECT_EQ(words.find("memory are recorded"), std::string::npos);
}

TEST_F(CommandLine, AFileThatMayNotBeReadIsNamed) {
    std::ofstream(folder_ / "secret.cpp") << "int main() {}\n";
    std::filesystem::permissions(folder_ / "secret.cpp", std::filesystem::perms::none);
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    const Outcome outcome = heddle("run secret.cpp", [] { return ::getuid() != 0 || ::setuid(65534) == 0; });
    EXPECT_EQ(outcome.code, 2);
    EXPECT_NE(outcome.err.find("secret.cpp: Permission denied"), std::string::npos) << outcome.err;
}

// To the end, or along a schedule; what is saved stands at its last step, from where it can be taken up.
TEST_F(CommandLine, ThreadsTakeTurnsAndTheirStepsAreSaved) {
    const Outcome whole = heddle("run races/lost-update --mode step --json");
    ASSERT_EQ(whole.code, 0) << whole.err << whole.out;
    const auto run = nlohmann::json::parse(whole.out);
    EXPECT_EQ(run.at("mode"), "step");
    EXPECT_EQ(run.at("exit"), (nlohmann::json{{"kind", "exited"}, {"code", 0}}));
    EXPECT_EQ(run.at("step").at("over"), "finished");
    const std::string to_the_end = run.at("step").at("schedule");
    const std::string part = to_the_end.substr(0, to_the_end.find_last_of(','));
    ASSERT_NE(part, to_the_end);

    const Outcome stands = heddle("run races/lost-update --mode step --json -o part.heddle --schedule " + part);
    EXPECT_EQ(stands.code, 0) << stands.err;
    const auto there = nlohmann::json::parse(stands.out);
    EXPECT_EQ(there.at("exit"), (nlohmann::json{{"kind", "running"}}));
    EXPECT_TRUE(there.at("step").at("schedule").get<std::string>().starts_with(part));
    EXPECT_TRUE(there.at("step").at("over").is_null());
    ASSERT_EQ(heddle("shot part.heddle -o part.svg").code, 0);
    std::ifstream picture(folder_ / "part.svg");
    EXPECT_NE(std::string(std::istreambuf_iterator<char>(picture), {}).find(">Saved <"), std::string::npos);
    const Outcome said = heddle("run races/lost-update --mode step --schedule " + part);
    EXPECT_NE(said.out.find("stands where the schedule ends"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("in turn: " + part), std::string::npos) << said.out;

    const auto found = nlohmann::json::parse(heddle("explore races/deadlock --json").out);
    const std::string deadlock = found.at("schedule");
    const Outcome stuck = heddle("run races/deadlock --mode step --json --schedule '" + deadlock + "'");
    EXPECT_EQ(stuck.code, 1);
    EXPECT_EQ(nlohmann::json::parse(stuck.out).at("step").at("over"), "deadlock") << stuck.out << stuck.err;

    std::ofstream(folder_ / "endless.cpp") << "int main() { for (volatile int i = 0;; i = i + 1) {} }\n";
    const Outcome ended = heddle("run endless.cpp --mode step --time-limit 0.3 --json");
    EXPECT_EQ(ended.code, 1);
    EXPECT_EQ(nlohmann::json::parse(ended.out).at("exit").at("kind"), "stopped") << ended.out;
}

TEST_F(CommandLine, AProgramThatDoesNotEndIsEnded) {
    std::ofstream(folder_ / "endless.cpp") << "int main() { for (volatile int i = 0;; i = i + 1) {} }\n";
    const Outcome outcome = heddle("run endless.cpp --time-limit 0.3 --json");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_EQ(nlohmann::json::parse(outcome.out).at("findings").at(0).at("id"), "time-limit") << outcome.out;
}

TEST_F(CommandLine, ADeadlockIsSaidAtOnce) {
    std::ofstream(folder_ / "stuck.cpp") << "#include <mutex>\nint main() { std::mutex m; m.lock(); m.lock(); }\n";
    const auto begin = std::chrono::steady_clock::now();
    const Outcome outcome = heddle("run stuck.cpp");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20)) << "its time is 30 seconds";
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.out.find("nothing can go on"), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("T1 waits for m (stuck.cpp:2), which it holds itself"), std::string::npos) << outcome.out;
}

TEST_F(CommandLine, ASearchThatGoesOnIsDrawnWhenItsTimeIsOver) {
    const auto from = std::chrono::steady_clock::now();
    const Outcome outcome = heddle("shot races/livelock --mode explore --timeout 1 -o livelock.png");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_LT(std::chrono::steady_clock::now() - from, std::chrono::seconds(30)) << "a search of all takes many minutes";
    EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / "livelock.png"));
}

TEST_F(CommandLine, SavingOntoAFullDiskIsAnErrorThatSaysSo) {
    const Outcome outcome = heddle("run process/fork-copy-on-write -o /dev/full");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("No space left"), std::string::npos) << outcome.err;
}

TEST_F(CommandLine, EveryCommandHasHelpWithExamples) {
    for (const char* command : {"open", "list", "run", "check", "shot", "export", "doctor", "explore", "build"}) {
        const Outcome outcome = heddle(std::string(command) + " --help");
        EXPECT_EQ(outcome.code, 0) << command;
        EXPECT_NE(outcome.out.find(std::string("heddle ") + command), std::string::npos) << command;
        EXPECT_NE(outcome.out.find("Examples:"), std::string::npos) << command;
    }
}

TEST_F(CommandLine, ListAndDoctorSpeakBothLanguagesAndJson) {
    EXPECT_NE(heddle("list --lang ko").out.find("갱신 손실"), std::string::npos);
    EXPECT_EQ(nlohmann::json::parse(heddle("list --json").out).at("scenarios").size(), 61u);
    const auto facilities = nlohmann::json::parse(heddle("doctor --json").out).at("facilities");
    EXPECT_GE(facilities.size(), 10u);
    for (const auto& facility : facilities) {
        EXPECT_FALSE(facility.at("title").get<std::string>().starts_with("doctor.")) << facility;
        EXPECT_FALSE(facility.at("works") == false && facility.at("lost_without") == "") << facility;
    }
}

TEST_F(CommandLine, WithoutADisplayTheWindowSaysSo) {
    const Outcome outcome = heddle("open races/lost-update");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_NE(outcome.err.find("DISPLAY"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace heddle::test
