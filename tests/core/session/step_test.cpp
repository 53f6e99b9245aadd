#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "core/catalog/program_builder.h"
#include "core/session/exploration.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
constexpr char kLostUpdate[] = R"(
#include <thread>
int counter = 0;
void work() { counter++; }
int main() {
    std::thread a(work), b(work);
    a.join();
    b.join();
    return counter;
}
)";

constexpr char kManyUpdates[] = R"(
#include <thread>
int counter = 0;
void work() { for (int i = 0; i < 2500; ++i) counter++; }
int main() {
    std::thread a(work), b(work);
    a.join();
    b.join();
}
)";

TEST_F(StepTest, MakesAnUpdateGetLost) {
    SnapshotPtr now = start(kLostUpdate);
    ASSERT_TRUE(now->step) << now->failure;
    EXPECT_EQ(now->run.badge, model::Badge::kControlled);
    now = until(1, "pending.join T2");
    EXPECT_FALSE(pending(*now, 1)->enabled);
    ASSERT_EQ(now->threads.size(), 3u);
    now = until(2, "pending.read counter");
    now = until(3, "pending.read counter");
    now = step(2);
    EXPECT_EQ(now->sentence.key, "event.read");
    EXPECT_EQ(about_to(*now, 2), "pending.write counter");
    now = step(3);
    EXPECT_EQ(about_to(*now, 3), "pending.write counter");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kReady);
    EXPECT_EQ(now->threads[2].state, model::ThreadState::kRunning);
    EXPECT_EQ(now->threads[0].state, model::ThreadState::kWaiting);
    now = step(2);
    EXPECT_EQ(value_of(*now, "counter"), "1");
    now = step(3);
    EXPECT_EQ(now->sentence.key, "event.write_lost");
    EXPECT_EQ(value_of(*now, "counter"), "1");
    until(2, "nothing");
    until(3, "nothing");
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 1);
}

TEST_F(StepTest, GoesBackAndAnotherWay) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "pending.write counter");
    SnapshotPtr now = until(3, "pending.write counter");
    const std::size_t there = now->step->step;
    session_->post(model::StepBack{});
    now = wait_for([&](const model::Snapshot& s) { return s.step->step < there; });
    EXPECT_EQ(about_to(*now, 3), "pending.read counter");
    EXPECT_EQ(about_to(*now, 2), "pending.write counter");
    // From here on the other way: T2 finishes first.
    session_->post(model::StepThread{2});
    now = wait_for([&](const model::Snapshot& s) { return s.step && about_to(s, 2) != "pending.write counter"; });
    EXPECT_EQ(about_to(*now, 3), "pending.read counter");
    EXPECT_EQ(value_of(*now, "counter"), "1");
    until(3, "pending.write counter");
    now = step(3);
    EXPECT_EQ(value_of(*now, "counter"), "2");
    // The same schedule leads to the same place.
    const std::string schedule = now->step->schedule;
    now = start(kLostUpdate, schedule);
    EXPECT_TRUE(now->step->schedule.starts_with(schedule)) << now->step->schedule;
    EXPECT_EQ(value_of(*now, "counter"), "2");
}

TEST_F(StepTest, NamesADeadlock) {
    start(R"(
#include <mutex>
#include <thread>
std::mutex a, b;
void one() { std::scoped_lock first(a); std::scoped_lock second(b); }
void two() { std::scoped_lock first(b); std::scoped_lock second(a); }
int main() {
    std::thread x(one), y(two);
    x.join();
    y.join();
}
)");
    until(1, "pending.join T2");
    until(2, "pending.lock b");
    SnapshotPtr now = until(3, "pending.lock a");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.held_by");
    EXPECT_EQ(pending(*now, 2)->obstacle.arguments.at("holder"), "T3");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kWaiting);
    now = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    ASSERT_FALSE(now->findings.empty());
    EXPECT_EQ(now->findings.back().id, "deadlock");
}

// The order a schedule gives comes out again, event by event, however often.
TEST_F(StepTest, ReplaysToTheSameEvents) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "pending.write counter");
    until(3, "pending.write counter");
    step(2);
    const std::string schedule = step(3)->step->schedule;
    const auto events = [](const model::Snapshot& snapshot) {
        std::string text;
        for (std::uint64_t i = 0; i < snapshot.playhead; ++i) {
            const trace::PackedEvent event = snapshot.log.packed(i);
            if (event.kind() > trace::Kind::kWrite || event.pc() == 0) continue;
            text += std::to_string(event.thread) + ":" + std::to_string(event.address) + "=" + std::to_string(event.value) +
                    "@" + std::to_string(event.pc()) + " ";
        }
        return text;
    };
    const std::string first = events(*start(kLostUpdate, schedule));
    EXPECT_FALSE(first.empty());
    for (int i = 0; i < 10; ++i) ASSERT_EQ(events(*start(kLostUpdate, schedule)), first) << i;
}

TEST_F(StepTest, SaysWhereAScheduleDoesNotFit) {
    const SnapshotPtr now = start(kLostUpdate, "h1:1.2,7.3");
    ASSERT_TRUE(now->step);
    EXPECT_EQ(now->step->over, "");  // a thread that never comes is passed over, as in any schedule
    const SnapshotPtr blocked = start(R"(
#include <mutex>
#include <thread>
std::mutex m;
int main() {
    std::scoped_lock hold(m);
    std::thread other([] { std::scoped_lock mine(m); });
    other.join();
}
)",
                                      "h1:1.40,2.40");
    ASSERT_TRUE(blocked->step);
    EXPECT_EQ(blocked->step->over, "step.over_schedule");
    ASSERT_FALSE(blocked->findings.empty());
    EXPECT_EQ(blocked->findings.back().id, "schedule");
}

TEST_F(StepTest, RefusesATextThatIsNoSchedule) {
    RunRequest request = program("int main() {}");
    request.mode = model::Mode::kStep;
    request.schedule = "1,2,3";
    const auto session = Session::start(std::move(request));
    ASSERT_FALSE(session);
    EXPECT_NE(session.error().message().find("this is no schedule"), std::string::npos);
}

// Ten thousand steps are made by the policy, and back is as quick as a look.
TEST_F(StepTest, GoesFarAndBack) {
    start(kManyUpdates);
    until(1, "pending.join T2");
    session_->post(model::SetPolicy{model::StepPolicy::kTurns});
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    SnapshotPtr now = wait_for([](const model::Snapshot& s) { return s.step->steps >= 10'000; });
    session_->post(model::Pause{});
    now = wait_for([](const model::Snapshot& s) { return !s.playing; });
    ASSERT_GE(now->step->steps, 10'000u);
    const auto before = std::chrono::steady_clock::now();
    session_->post(model::GoToStart{});
    now = wait_for([](const model::Snapshot& s) { return s.step->step == 0; });
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - before;
    EXPECT_EQ(now->step->step, 0u);
    RecordProperty("back_ms", std::to_string(took.count()));
    std::printf("back across %zu steps: %.1f ms\n", now->step->steps, took.count());
}

// How long a step takes from the press to the new snapshot; printed, for the machine may be busy.
TEST_F(StepTest, SaysHowLongAStepTakes) {
    start(kManyUpdates);
    until(1, "pending.join T2");
    std::vector<double> took;
    for (int i = 0; i < 200; ++i) {
        const auto before = std::chrono::steady_clock::now();
        const std::size_t was = session_->snapshot()->step->step;
        session_->post(model::StepThread{2 + i % 2});
        while (session_->snapshot()->step->step == was && std::chrono::steady_clock::now() - before < 1s) {
        }
        took.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - before).count());
    }
    std::sort(took.begin(), took.end());
    std::printf("one step: median %.2f ms, 95%% within %.2f ms\n", took[100], took[190]);
    EXPECT_GE(session_->snapshot()->step->step, 200u);
}

// A waiting loop, condition variables, semaphores, thread-local destructors: whatever the policy, the program ends as it
// should.
TEST_F(StepTest, CarriesEverythingThatWaits) {
    for (const model::StepPolicy policy :
         {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom, model::StepPolicy::kPriorities}) {
        start(R"(
#include <semaphore.h>
#include <atomic>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <shared_mutex>
#include <thread>
std::atomic<bool> flag{false};
std::mutex m;
std::condition_variable ready;
bool is_ready = false;
sem_t permits;
std::shared_mutex room;
std::latch done(2);
std::once_flag once;
int ended = 0, onces = 0;
struct AtEnd { ~AtEnd() { std::scoped_lock lock(m); ++ended; } };
thread_local AtEnd at_end;
void touch(AtEnd&) {}
void waiter() {
    touch(at_end);
    while (!flag.load()) {}
    std::unique_lock lock(m);
    ready.wait(lock, [] { return is_ready; });
    lock.unlock();
    sem_wait(&permits);
    { std::shared_lock read(room); }
    std::call_once(once, [] { ++onces; });
    done.count_down();
}
void giver() {
    touch(at_end);
    { std::unique_lock write(room); }
    flag.store(true);
    { std::scoped_lock lock(m); is_ready = true; }
    ready.notify_one();
    sem_post(&permits);
    std::call_once(once, [] { ++onces; });
    done.count_down();
}
int main() {
    sem_init(&permits, 0, 0);
    std::thread a(waiter), b(giver);
    done.wait();
    a.join();
    b.join();
    return ended * 10 + onces;
}
)");
        session_->post(model::SetPolicy{policy});
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
        std::string standing;
        for (const model::PendingView& each : end->step->pending)
            standing +=
                "T" + std::to_string(each.thread) + " " + about_to(*end, each.thread) + (each.enabled ? "; " : " (waits); ");
        EXPECT_EQ(end->status, model::RunStatus::kEnded)
            << static_cast<int>(policy) << " " << end->step->over << " " << standing << end->step->steps;
        EXPECT_EQ(end->exit.code, 21) << static_cast<int>(policy);
    }
}

// The process is gone in the middle of a step: that is the end of it.
TEST_F(StepTest, ShowsTheStepThatCrashes) {
    start(R"(
int* volatile nowhere = nullptr;
int before = 0;
int main() {
    before = 7;
    *nowhere = 1;
}
)");
    for (int i = 0; i < 4 && session_->snapshot()->status != model::RunStatus::kEnded; ++i) step(1);
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(end->status, model::RunStatus::kEnded);
    EXPECT_EQ(end->step->over, "step.over_crash");
    EXPECT_EQ(end->exit.signal, SIGSEGV);
    EXPECT_TRUE(has_finding(*end, "crash"));
    EXPECT_EQ(end->step->step, end->step->steps);
    EXPECT_EQ(value_of(*end, "before"), "7");
    // Back, and once more.
    session_->post(model::StepBack{});
    wait_for([&](const model::Snapshot& s) { return s.step->step < end->step->steps; });
    session_->post(model::StepThread{1});
    const SnapshotPtr again = wait_for([](const model::Snapshot& s) { return s.step && s.step->over == "step.over_crash"; });
    EXPECT_EQ(again->step->over, "step.over_crash");
}

// Nobody waits, or is told of at all, before being born.
TEST_F(StepTest, ThreadsBeginWithTheirBirthInAReplay) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    const std::string schedule = until(2, "pending.write counter")->step->schedule;
    const SnapshotPtr now = start(kLostUpdate, schedule);
    std::set<std::uint32_t> seen;
    for (std::uint64_t i = 0; i < now->log.size(); ++i) {
        const trace::PackedEvent event = now->log.packed(i);
        const bool first = seen.insert(event.thread).second;
        EXPECT_FALSE(first && event.kind() == trace::Kind::kSwitchOut) << event.thread;
    }
    EXPECT_EQ(seen.size(), 3u);
    EXPECT_EQ(now->threads[1].waiting_time, 0ns);
}

// A replay that ends the program never stands at the gate: no time passes there that would be drawn.
TEST_F(StepTest, KeepsTheTimeOfAProgramThatEndsWhileItIsReplayed) {
    start("#include <cassert>\nint value = 1;\nint main() { assert(value == 2); }\n", "h1:1.1000");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    ASSERT_TRUE(end->step);
    EXPECT_EQ(end->step->over, "step.over_assertion") << end->step->step << " of " << end->step->steps << about_to(*end, 1);
    EXPECT_TRUE(end->step->pending.empty());
    EXPECT_LT(end->live_time - end->start_time, 10s);
}

// What Explore found is what Step does, also past calls that only the kernel knows the end of.
TEST_F(StepTest, FollowsAScheduleOfExplorePastSystemCalls) {
    const std::string source = R"(
#include <cassert>
#include <thread>
#include <unistd.h>
int counter = 0;
void work() {
    (void)!write(1, "-", 1);
    int seen = counter;
    (void)!write(1, "+", 1);
    counter = seen + 1;
}
int main() {
    std::thread a(work), b(work);
    a.join();
    b.join();
    assert(counter == 2);
}
)";
    const RunRequest run = program(source);
    const auto built = catalog::build_program(run.scenario, run.scenario.variants.front(), {});
    ASSERT_TRUE(built) << built.error().message();
    ExplorationRequest request;
    request.program = built->path;
    request.options.stop_at = "assertion";
    const auto found = explore_program(request);
    ASSERT_TRUE(found) << found.error().message();
    const auto bug =
        std::find_if(found->bugs.begin(), found->bugs.end(), [](const FoundBug& each) { return each.kind == "assertion"; });
    ASSERT_NE(bug, found->bugs.end());
    start(source, bug->schedule);
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(end->step->over, "step.over_assertion") << bug->schedule;
}

}  // namespace
}  // namespace heddle::session
