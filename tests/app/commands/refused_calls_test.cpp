// What a container forbids for real, by a seccomp filter: Heddle still runs, says what it could not see, and how to allow it.
#include "tests/app/commands/refused_calls.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/app/commands/command_line.h"

namespace heddle::test {
namespace {

nlohmann::json find(const nlohmann::json& list, const char* key, const std::string& value) {
    const auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.at(key) == value; });
    return found == list.end() ? nlohmann::json::object() : *found;
}

class RefusedCalls : public CommandLine {
protected:
    nlohmann::json heddle_without(const Refused& call, const std::string& arguments) {
        const Outcome outcome = heddle(arguments, [call] { return refuse_from_now_on(std::span(&call, 1)); });
        EXPECT_EQ(outcome.code, 0) << arguments << "\n" << outcome.err << outcome.out;
        return nlohmann::json::accept(outcome.out) ? nlohmann::json::parse(outcome.out) : nlohmann::json::object();
    }
};

TEST_F(RefusedCalls, WithoutPerfARunIsSampledAndSaysHowToAllowMore) {
    struct Case {
        int error;
        const char* reason;
    };
    for (const Case& each : {Case{EPERM, "Operation not permitted"}, Case{ENOSYS, "Function not implemented"}}) {
        const Refused perf{SYS_perf_event_open, each.error};
        const auto run = heddle_without(perf, "run races/lost-update --variant mutex --set increments=1000 --json");
        ASSERT_TRUE(run.contains("switches"));
        EXPECT_EQ(run.at("switches").at("source"), "switches.sampled");
        EXPECT_EQ(run.at("threads"), 3);
        EXPECT_EQ(run.at("stdout"), "counter = 2000, expected 2000\n");
        const auto missing = find(run.at("unavailable"), "facility", "perf-switches");
        ASSERT_TRUE(missing.contains("reason")) << run.at("unavailable");
        EXPECT_NE(missing.at("reason").get<std::string>().find(each.reason), std::string::npos) << missing;
        EXPECT_NE(missing.at("remedy").get<std::string>().find("seccomp=unconfined"), std::string::npos) << missing;

        const auto doctor = heddle_without(perf, "doctor --json");
        ASSERT_TRUE(doctor.contains("facilities"));
        const auto facility = find(doctor.at("facilities"), "id", "perf-switches");
        EXPECT_EQ(facility.at("works"), false);
        EXPECT_EQ(facility.at("remedy"), missing.at("remedy"));
    }
}

// No file that Heddle reads at a place is that long, but for a page map.
TEST_F(RefusedCalls, WithoutPageMapsCopyOnWriteIsSeenByValuesAndClaimsThatNeedThemAreLeftOut) {
    const Refused page_maps{SYS_pread64, EPERM, 3};
    const auto run = heddle_without(page_maps, "run process/fork-copy-on-write --json");
    ASSERT_TRUE(run.contains("unavailable"));
    EXPECT_TRUE(find(run.at("unavailable"), "facility", "pagemap-exclusive").contains("reason")) << run.at("unavailable");
    EXPECT_EQ(find(run.at("claims"), "id", "different-values").at("ok"), true);
    EXPECT_FALSE(find(run.at("claims"), "id", "parent-copies").contains("ok"));
    const auto doctor = heddle_without(page_maps, "doctor --json");
    EXPECT_EQ(find(doctor.at("facilities"), "id", "pagemap-exclusive").at("works"), false);
}

}  // namespace
}  // namespace heddle::test
