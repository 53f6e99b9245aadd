// The command line as a person uses it: the real program, its output and its exit codes.
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

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
        {"run", "id"},
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
