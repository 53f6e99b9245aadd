// Explorations of real scenarios as the window makes them: on a thread of their own, seen while they are under way, cancelled,
// and leaving nothing behind.
#include "core/session/explore_session.h"

#include <gmock/gmock-more-matchers.h>
#include <signal.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>

#include "core/base/data_folder.h"
#include "core/catalog/catalog.h"
#include "core/model/explain_exploration.h"
#include "core/session/exploration.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using model::ExploreStatus;
using model::ExploreVerdict;

RunRequest request(const std::string& id, const std::string& variant = "",
                   std::map<std::string, std::int64_t> parameters = {}) {
    static const auto catalog = catalog::Catalog::load(find_data("scenarios").value());
    RunRequest wanted;
    wanted.scenario = *catalog->find(id).value();
    wanted.variant = variant;
    wanted.parameters = std::move(parameters);
    return wanted;
}

std::unique_ptr<ExploreSession> start(RunRequest wanted) {
    auto session = ExploreSession::start(std::move(wanted));
    EXPECT_TRUE(session) << session.error().message();
    return std::move(*session);
}

TEST(ExploreSession, FindsEveryOutcomeAndDrawsEveryInterleaving) {
    const auto session = start(request("races/lost-update"));
    const auto snapshot = session->wait();
    const model::ExploreSnapshot& found = *snapshot->exploration;
    ASSERT_EQ(found.status, ExploreStatus::kEnded) << found.failure;
    EXPECT_EQ(found.verdict, ExploreVerdict::kBug);
    EXPECT_EQ(found.executions, 4U);
    EXPECT_TRUE(found.incomplete.empty());
    EXPECT_TRUE(found.tree_is_whole);
    EXPECT_EQ(found.tree->ends.size(), 4U);
    // What the ends of the tree say is what was counted.
    std::map<const model::FoundOutcome*, std::uint64_t> drawn;
    std::set<std::string> schedules;
    for (const model::TreeEnd& end : found.tree->ends) ++drawn[found.outcome_of(end)], schedules.insert(end.schedule);
    EXPECT_EQ(drawn.size(), 2U);
    for (const auto& [outcome, count] : drawn) {
        ASSERT_NE(outcome, nullptr);
        EXPECT_EQ(outcome->count, count) << outcome->value;
    }
    EXPECT_EQ(schedules.size(), 4U) << "each end has a schedule of its own";
    EXPECT_EQ(snapshot->findings.size(), found.bugs.size());
    EXPECT_FALSE(snapshot->findings.front().schedule.empty());
    ASSERT_TRUE(snapshot->code.source);
    EXPECT_THAT(snapshot->code.source->text, testing::HasSubstr("counter++"));
    EXPECT_EQ(snapshot->run.parameters.at("increments"), 1) << "as the scenario's [explore] table says";
    EXPECT_EQ(snapshot->run.mode, "explore");
}

// The claims of the lesson that speak of a search, and of this variant with these parameters.
TEST(ExploreSession, DecidesWhatTheLessonClaimsOfTheSearch) {
    const auto wanted = request("races/atomic");
    const auto broken = start(wanted)->wait();
    ASSERT_EQ(broken->claims.size(), 1U);
    EXPECT_EQ(broken->claims[0].id, "two-winners");
    EXPECT_TRUE(broken->claims[0].ok);
    EXPECT_THAT(broken->claims[0].detail, testing::StartsWith("h1:"));
    const auto repaired = start(request("races/atomic", "exchange"))->wait();
    ASSERT_EQ(repaired->claims.size(), 1U);
    EXPECT_EQ(repaired->claims[0].id, "one-winner");
    EXPECT_TRUE(repaired->claims[0].ok);
    EXPECT_TRUE(start(request("races/atomic", "broken", {{"threads", 2}}))->wait()->claims.empty())
        << "the lesson says nothing of two threads";
    // A search that found nothing of the kind refutes it, one that was cut off leaves it open.
    model::ExploreSnapshot none;
    none.status = ExploreStatus::kEnded;
    auto claims = explore_claims(wanted.scenario, broken->run, none);
    ASSERT_EQ(claims.size(), 1U);
    EXPECT_FALSE(claims[0].ok);
    EXPECT_TRUE(claims[0].required);
    none.status = ExploreStatus::kCancelled, none.incomplete.key = "explore.incomplete.cancelled";
    claims = explore_claims(wanted.scenario, broken->run, none);
    EXPECT_FALSE(claims[0].ok);
    EXPECT_FALSE(claims[0].required);
    none.status = ExploreStatus::kExploring;
    EXPECT_TRUE(explore_claims(wanted.scenario, broken->run, none).empty());
}

TEST(ExploreSession, ProvesThatAMutexRepairsIt) {
    const auto session = start(request("races/lost-update", "mutex"));
    const auto snapshot = session->wait();
    EXPECT_EQ(snapshot->exploration->verdict, ExploreVerdict::kNoneComplete);
    EXPECT_TRUE(snapshot->findings.empty());
    EXPECT_EQ(model::sentence_of(*snapshot->exploration).key, "explore.verdict.none");
}

TEST(ExploreSession, IsSeenWhileItIsUnderWayAndCancelled) {
    const auto session = start(request("races/lost-update", "broken", {{"threads", 5}, {"increments", 100}}));
    std::atomic<int> woken{0};
    session->on_new_snapshot([](void* count) { ++*static_cast<std::atomic<int>*>(count); }, &woken);
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (session->snapshot()->exploration->tree->ends.empty() && std::chrono::steady_clock::now() < give_up)
        std::this_thread::sleep_for(5ms);
    const auto midway = session->snapshot();
    ASSERT_EQ(midway->exploration->status, ExploreStatus::kExploring);
    EXPECT_GT(midway->exploration->executions, 0U);
    EXPECT_EQ(midway->exploration->verdict, ExploreVerdict::kNone);
    EXPECT_GT(woken.load(), 0);
    const auto asked = std::chrono::steady_clock::now();
    session->cancel();
    const auto end = session->wait();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 5s);
    EXPECT_EQ(end->exploration->status, ExploreStatus::kCancelled);
    EXPECT_EQ(end->exploration->incomplete.key, "explore.incomplete.cancelled");
    EXPECT_GE(end->exploration->executions, end->exploration->tree->ends.size());
    EXPECT_GE(end->exploration->executions, midway->exploration->executions) << "what was known stays";
}

TEST(ExploreSession, DestroyingItEndsItInTheMiddle) {
    auto session = start(request("races/lost-update", "broken", {{"threads", 4}, {"increments", 50}}));
    const auto give_up = std::chrono::steady_clock::now() + 60s;
    while (session->snapshot()->exploration->executions == 0 && std::chrono::steady_clock::now() < give_up)
        std::this_thread::sleep_for(5ms);
    const auto asked = std::chrono::steady_clock::now();
    session.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - asked, 5s);
}

TEST(ExploreSession, AProgramThatForksIsExploredByRealRuns) {
    const auto session = start(request("process/fork-copy-on-write"));
    const auto snapshot = session->wait();
    EXPECT_EQ(snapshot->exploration->verdict, ExploreVerdict::kNoneComplete);
    EXPECT_TRUE(snapshot->exploration->real_runs);
    ASSERT_EQ(snapshot->exploration->outcomes.size(), 1u);
    EXPECT_THAT(snapshot->exploration->outcomes.front().value, testing::HasSubstr("childs_page at"));
    EXPECT_TRUE(snapshot->exploration->tree_is_whole);
    EXPECT_EQ(snapshot->exploration->tree->ends.size(), snapshot->exploration->executions);
}

TEST(ExploreSession, TriesOnlySchedulesWithFewPreemptionsWhereItIsToldTo) {
    RunRequest wanted = request("races/lost-update");
    wanted.manner.preemptions = 1;
    const auto bounded = start(wanted)->wait();
    const model::ExploreSnapshot& found = *bounded->exploration;
    EXPECT_EQ(bounded->run.manner, wanted.manner);
    EXPECT_EQ(found.incomplete.key, "explore.incomplete.preemptions");
    EXPECT_EQ(found.incomplete.arguments.at("count"), "1");
    EXPECT_EQ(found.verdict, ExploreVerdict::kBug);
    for (const model::FoundBug& bug : found.bugs) EXPECT_LE(bug.preemptions, 1);
    EXPECT_EQ(found.tree->ends.size(), found.executions) << "they are drawn, too";
    EXPECT_TRUE(found.tree_is_whole);
}

TEST(ExploreSession, LetsWaitsEndWithoutASignalWhereItIsToldTo) {
    RunRequest wanted = request("races/condition-variable", "while");
    const auto without = start(wanted)->wait();
    EXPECT_TRUE(without->exploration->waits_for_signals);
    EXPECT_FALSE(without->claims.empty());
    wanted.manner.spurious_wakeups = true;
    const auto with = start(wanted)->wait();
    EXPECT_EQ(with->exploration->verdict, ExploreVerdict::kNoneComplete) << "whoever wakes looks again";
    EXPECT_GT(with->exploration->executions, without->exploration->executions);
    EXPECT_TRUE(with->claims.empty()) << "the lesson speaks of waits that end by signals";
}

TEST(ExploreSession, ABrokenProgramIsAFailureWithTheCompilersWords) {
    RunRequest wanted = request("races/lost-update");
    wanted.scenario.id = "races/no-such-program";
    wanted.scenario.variants.front().source = "/nowhere/broken.cpp";
    const auto session = start(std::move(wanted));
    const auto snapshot = session->wait();
    EXPECT_EQ(snapshot->exploration->status, ExploreStatus::kFailed);
    EXPECT_EQ(snapshot->status, model::RunStatus::kFailed);
    EXPECT_THAT(snapshot->failure, testing::HasSubstr("broken.cpp"));
}

TEST(ExploreSession, RefusesParametersThatTheScenarioDoesNotHave) {
    EXPECT_FALSE(ExploreSession::start(request("races/lost-update", "broken", {{"colour", 3}})));
    EXPECT_FALSE(ExploreSession::start(request("races/lost-update", "purple")));
}

}  // namespace
}  // namespace heddle::session
