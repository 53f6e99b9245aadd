#include <gmock/gmock-more-matchers.h>
#include <stdlib.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "core/catalog/program_builder.h"
#include "core/session/exploration.h"
#include "tests/core/session/step_fixture.h"
#include "tests/core/session/use_after_unlock.h"

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

constexpr char kTwoPush[] = R"(
#include <thread>
#include <vector>
std::vector<int> values;
void work() { values.push_back(1); }
int main() {
    values.reserve(4);
    std::thread a(work), b(work);
    a.join();
    b.join();
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

// The sentence, the lit line and who is about to do what are of one instant, also where a thread went on since its last stop.
TEST_F(StepTest, TellsWhereMainStandsBeforeItsFirstThread) {
    const SnapshotPtr now = start(R"(#include <thread>
int counter;
int main() {
    int sum = 0;
    for (int i = 0; i < 9; ++i) sum += i;
    std::thread a([] { ++counter; });
    a.join();
    return sum;
}
)");
    ASSERT_TRUE(now->step) << now->failure;
    ASSERT_EQ(about_to(*now, 1), "pending.create");
    EXPECT_EQ(now->sentence.key, "event.came_to");
    EXPECT_EQ(now->sentence.arguments.at("line"), "6");
    EXPECT_EQ(now->code.current_line, 6);
    EXPECT_EQ(now->code.current_thread, 1);
    const SnapshotPtr made = step(1);
    EXPECT_EQ(made->sentence.key, "event.created") << "and what a step did is told at its line";
    EXPECT_EQ(made->code.current_line, 6);
}

// Nothing of a thread follows the step in which it begins to wait: its call, logged before, tells of it.
TEST_F(StepTest, TellsOfTheCallWithWhichTheLastThreadBeginsToWait) {
    start(R"(#include <condition_variable>
#include <mutex>
std::mutex m;
std::condition_variable changed;
int main() {
    std::unique_lock lock(m);
    changed.wait(lock);
}
)");
    until(1, "pending.wait changed");
    SnapshotPtr now = step(1);
    now = wait_for([](const model::Snapshot& seen) { return seen.step && !seen.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    EXPECT_EQ(now->sentence.key, "event.condition_waits");
    EXPECT_EQ(now->code.current_line, 7);
}

TEST_F(StepTest, AThreadWaitsWhileAnotherInitializesAStaticVariable) {
    SnapshotPtr now = start(R"(
#include <thread>
struct Slow { int value; Slow() { value = 7; } };
void use() { static Slow slow; if (slow.value != 7) throw 1; }
int main() {
    std::thread a(use), b(use);
    a.join();
    b.join();
}
)");
    ASSERT_TRUE(now->step) << now->failure;
    const auto until_kind = [&](model::Number thread, const std::string& key) {
        for (int i = 0; i < 100 && about_to(*now, thread).substr(0, key.size()) != key; ++i) now = step(thread);
        return pending(*now, thread);
    };
    now = until(1, "pending.join T2");
    until_kind(2, "pending.write");
    const model::PendingView* const other = until_kind(3, "pending.lock");
    ASSERT_NE(other, nullptr);
    EXPECT_FALSE(other->enabled) << "T2 is initializing it";
    until_kind(2, "pending.unlock");
    now = step(2);
    ASSERT_NE(pending(*now, 3), nullptr);
    EXPECT_TRUE(pending(*now, 3)->enabled);
    for (int i = 0; i < 100 && now->status != model::RunStatus::kEnded; ++i) {
        const std::size_t before = now->step->step;
        session_->post(model::StepForward{});
        now = wait_for([&](const model::Snapshot& each) {
            return each.status == model::RunStatus::kEnded || (each.step && each.step->standing && each.step->step > before);
        });
    }
    EXPECT_EQ(now->status, model::RunStatus::kEnded);
    for (const model::Finding& finding : now->findings) EXPECT_NE(finding.id, "data-race") << "it is ordered before every use";
}

TEST_F(StepTest, ACopyOfABlockIsStepsOfItsOwn) {
    SnapshotPtr now = start(R"(
#include <cstring>
#include <thread>
struct Pair { long first, second; };
Pair from{1, 2}, to;
volatile unsigned long bytes = sizeof(Pair);
int main() {
    std::thread t([] { std::memcpy(&to, &from, bytes); });
    long seen = to.second;
    t.join();
    return seen == 3;
}
)");
    ASSERT_TRUE(now->step) << now->failure;
    now = until(1, "pending.read to.second");
    now = until(2, "pending.read from.first");
    EXPECT_EQ(about_to(*now, 2), "pending.read from.first");
    EXPECT_EQ(about_to(*step(2), 2), "pending.write to.first");
    EXPECT_EQ(value_of(*session_->snapshot(), "to"), "{first = 0, second = 0}");
}

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
    EXPECT_EQ(value_of(*now, "a"), "locked by T2");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kWaiting);
    now = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    ASSERT_FALSE(now->findings.empty());
    EXPECT_EQ(now->findings.back().id, "deadlock");
}

// The order a schedule gives comes out again, event by event, however often. HEDDLE_STEP_REPLAYS: how often, 10 when it is not
// set.
TEST_F(StepTest, ReplaysToTheSameEvents) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "pending.write counter");
    until(3, "pending.write counter");
    step(2);
    const std::string schedule = step(3)->step->schedule;
    const auto events = [](const model::Snapshot& snapshot) {
        std::string text;
        // Not the place in the log's table, where they are in the order in which Heddle came to read of them.
        const auto number = [&](std::uint32_t index) {
            for (const model::ThreadView& thread : snapshot.threads)
                if (thread.index.value == index) return std::to_string(thread.number);
            return std::string("?");
        };
        for (std::uint64_t i = 0; i < snapshot.playhead; ++i) {
            const trace::PackedEvent event = snapshot.log.packed(i);
            if (event.kind() > trace::Kind::kWrite || event.pc() == 0) continue;
            text += "T" + number(event.thread) + ":" + std::to_string(event.address) + "=" + std::to_string(event.value) + "@" +
                    std::to_string(event.pc()) + " ";
        }
        return text;
    };
    const std::string first = events(*start(kLostUpdate, schedule));
    EXPECT_FALSE(first.empty());
    const char* const asked = ::getenv("HEDDLE_STEP_REPLAYS");
    const int replays = asked != nullptr ? std::atoi(asked) : 10;
    for (int i = 0; i < replays; ++i) ASSERT_EQ(events(*start(kLostUpdate, schedule)), first) << i;
}

TEST_F(StepTest, SaysWhereAScheduleDoesNotFit) {
    const SnapshotPtr now = start(kLostUpdate, "h1:1.2,7.3");
    ASSERT_TRUE(now->step);
    EXPECT_EQ(now->step->over, "step.over_schedule") << "there is no such thread";
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

constexpr char kTwoWaiters[] = R"(
#include <condition_variable>
#include <mutex>
#include <thread>
std::mutex m;
std::condition_variable ready;
int open = 0, first = 0;
void wait_for_it(int number) {
    std::unique_lock lock(m);
    while (open == 0) ready.wait(lock);
    --open;
    if (first == 0) first = number;
}
void give() {
    { std::scoped_lock lock(m); open = 1; }
    ready.notify_one();
}
int main() {
    std::thread a(wait_for_it, 2), b(wait_for_it, 3), c(give);
    a.join();
    return first;
}
)";

// At a signal with several waiters the learner says whom it wakes, also from a past step on, and the schedule keeps it.
TEST_F(StepTest, ChoosesWhomASignalWakes) {
    start(kTwoWaiters);
    until(1, "pending.join T2");
    until(3, "pending.lock_again m");
    until(2, "pending.lock_again m");
    SnapshotPtr now = until(4, "pending.signal ready");
    EXPECT_THAT(pending(*now, 4)->wakes, testing::ElementsAre(3, 2)) << "the longest waiting first";
    EXPECT_TRUE(pending(*now, 2)->awaits_signal);
    EXPECT_FALSE(pending(*now, 2)->may_wake);
    const std::size_t before = now->step->step;
    session_->post(model::StepThread{4, 1});
    now = wait_for([&](const model::Snapshot& s) { return s.step->standing && s.step->step > before; });
    EXPECT_TRUE(pending(*now, 2)->enabled);
    EXPECT_FALSE(pending(*now, 3)->enabled);
    const std::string schedule = now->step->schedule;
    EXPECT_THAT(schedule, testing::HasSubstr("!1")) << "the second in the queue";
    now = start(kTwoWaiters, schedule);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    EXPECT_FALSE(pending(*now, 3)->enabled);
    // Back before the signal, and the other one.
    session_->post(model::StepBack{});
    now = wait_for([&](const model::Snapshot& s) { return about_to(s, 4) == "pending.signal ready"; });
    EXPECT_THAT(pending(*now, 4)->wakes, testing::ElementsAre(3, 2));
    session_->post(model::StepThread{4});
    now = wait_for([&](const model::Snapshot& s) { return s.step && about_to(s, 4) != "pending.signal ready"; });
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_TRUE(pending(*now, 3)->enabled);
}

// A wait ends without a signal where that is allowed and asked for, and a schedule with it comes out again.
TEST_F(StepTest, WakesWithoutASignal) {
    start(kTwoWaiters);
    until(1, "pending.join T2");
    SnapshotPtr now = until(2, "pending.lock_again m");
    EXPECT_FALSE(pending(*now, 2)->may_wake);
    session_->post(model::SetSpurious{true});
    now = wait_for([](const model::Snapshot& s) { return s.step->spurious; });
    ASSERT_TRUE(pending(*now, 2)->may_wake);
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kWaiting);
    now = until(3, "pending.unlock m");
    EXPECT_FALSE(pending(*now, 2)->may_wake) << "T3 holds the mutex";
    until(3, "pending.lock_again m");
    now = step(2);
    EXPECT_EQ(about_to(*now, 2), "pending.read open");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kRunning);
    now = until(2, "pending.lock_again m");
    EXPECT_EQ(now->step->over, "") << "it waits again";
    now = start(kTwoWaiters, step(2)->step->schedule);
    EXPECT_EQ(about_to(*now, 2), "pending.read open");
    EXPECT_EQ(now->step->over, "");
}

// Nobody signals any more: that is a deadlock, and a wake-up without a signal leads on from it.
TEST_F(StepTest, AWakeUpWithoutASignalEndsALostOne) {
    start(R"(
#include <condition_variable>
#include <mutex>
#include <thread>
std::mutex m;
std::condition_variable ready;
bool open = false;
int main() {
    std::thread a([] {
        std::unique_lock lock(m);
        if (!open) ready.wait(lock);
    });
    a.join();
}
)");
    until(1, "pending.join T2");
    until(2, "pending.lock_again m");
    SnapshotPtr now = wait_for([](const model::Snapshot& s) { return !s.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    session_->post(model::SetSpurious{true});
    session_->post(model::StepThread{2});
    now = wait_for([](const model::Snapshot& s) { return s.step && s.step->over.empty() && s.step->step > 0; });
    EXPECT_EQ(now->step->over, "");
    EXPECT_EQ(about_to(*now, 2), "pending.unlock m");
}

// Of a race that was found in Step there is a schedule with its second access first.
TEST_F(StepTest, ShowsARaceTheOtherWayRound) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "nothing");
    until(3, "nothing");
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const auto races = [](const model::Snapshot& s) {
        return std::count_if(s.findings.begin(), s.findings.end(), [](const auto& f) { return f.id == "data-race"; });
    };
    const SnapshotPtr end =
        wait_for([&](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded && races(s) > 0; });
    ASSERT_GT(races(*end), 0);
    const auto race =
        std::find_if(end->findings.begin(), end->findings.end(), [](const auto& f) { return f.id == "data-race"; });
    ASSERT_EQ(race->places.size(), 2u);
    EXPECT_EQ(race->places[0].thread, 2);
    ASSERT_FALSE(race->other_order.empty());
    const SnapshotPtr turned = start(kLostUpdate, race->other_order);
    ASSERT_TRUE(turned->step);
    EXPECT_EQ(turned->step->over, "");
    EXPECT_TRUE(pending(*turned, 3) == nullptr || about_to(*turned, 3) != "pending.read counter") << "T3 was at the counter";
    EXPECT_EQ(turned->step->last, 2) << "and then T2";
}

// What is printed as the program ends comes behind its last step.
TEST_F(StepTest, ShowsWhatIsPrintedAtTheEnd) {
    RunRequest whole = program("#include <cstdio>\nint main() { std::printf(\"late\"); }\n");
    whole.mode = model::Mode::kStep;
    whole.to_the_end = true;
    const SnapshotPtr end = run(std::move(whole));
    EXPECT_EQ(end->output, "late");
    EXPECT_EQ(end->playhead, end->log.size());
}

// Behind the last step of a schedule nobody else goes on through what a library does with memory that both use.
TEST_F(StepTest, StandsExactlyWhereAScheduleEnds) {
    RunRequest whole = program(kTwoPush);
    whole.mode = model::Mode::kStep;
    whole.to_the_end = true;
    const std::string schedule = run(std::move(whole))->step->schedule;  // T1, then T2 to its end
    const std::size_t first = schedule.find(','), second = schedule.find(',', first + 1);
    ASSERT_NE(second, std::string::npos) << schedule;
    std::set<std::string> stood;
    for (int tick = 2; tick < 12; ++tick) {
        const std::string way =
            schedule.substr(0, first) + ",3." + std::to_string(tick) + schedule.substr(first, second - first);
        const SnapshotPtr now = start(kTwoPush, way);
        EXPECT_EQ(now->step->last, 2) << way;
        stood.insert(about_to(*now, 3));
    }
    EXPECT_TRUE(stood.contains("pending.write values")) << testing::PrintToString(stood);
}

// A saved Step run is one to go back and forth in, and its schedule leads to the same place in a new one.
TEST_F(StepTest, KeepsItsStepsInAFile) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "pending.write counter");
    const SnapshotPtr live = until(3, "pending.write counter");
    const auto file = folder_ / "steps.heddle";
    ASSERT_TRUE(session_->save(file));
    auto opened = Session::open(file);
    ASSERT_TRUE(opened) << opened.error().message();
    session_ = std::move(*opened);
    session_->on_new_snapshot([](void*) {}, nullptr);
    SnapshotPtr now = session_->snapshot();
    ASSERT_TRUE(now->step);
    EXPECT_TRUE(now->step->saved);
    EXPECT_EQ(now->step->steps, live->step->steps);
    EXPECT_EQ(now->step->step, live->step->step);
    EXPECT_EQ(now->step->schedule, live->step->schedule);
    EXPECT_EQ(now->run.mode, "step");
    ASSERT_EQ(now->step->pending.size(), 3u);
    EXPECT_EQ(about_to(*now, 3), "pending.write counter");
    EXPECT_FALSE(pending(*now, 1)->enabled);
    session_->post(model::StepBack{});
    now = wait_for([&](const model::Snapshot& s) { return s.step->step < live->step->step; });
    EXPECT_EQ(about_to(*now, 3), "pending.read counter");
    EXPECT_EQ(about_to(*now, 2), "pending.write counter");
    EXPECT_EQ(now->step->last, 3) << "T3 began";
    session_->post(model::StepForward{});
    now = wait_for([&](const model::Snapshot& s) { return s.step->step == live->step->step; });
    EXPECT_EQ(now->sentence.key, "event.read");
    // At the end of what was saved nothing moves.
    session_->post(model::StepForward{});
    session_->post(model::StepThread{2});
    session_->post(model::Play{});
    now = wait_for([](const model::Snapshot& s) { return !s.playing; });
    EXPECT_EQ(now->step->steps, live->step->steps);
    now = start(kLostUpdate, now->step->schedule);
    EXPECT_EQ(about_to(*now, 3), "pending.write counter");
}

// What is hard to carry: a clear end, whatever it is, and never a hang.
TEST_F(StepTest, SaysWhatItDoesNotCarryAndWhatIsMisused) {
    struct {
        const char *source, *over, *text;
    } const cases[] = {
        {"#include <pthread.h>\nvoid* f(void*) { return nullptr; }\nint main() { pthread_t t; pthread_create(&t, nullptr, f, "
         "nullptr); "
         "pthread_cancel(t); pthread_join(t, nullptr); }",
         "step.over_unsupported", "pthread_cancel"},
        {"#include <thread>\n#include <vector>\nint main() { std::vector<std::thread> t; for (int i = 0; i < 70; ++i) "
         "t.emplace_back([] {}); "
         "for (auto& x : t) x.join(); }",
         "step.over_too-many-threads", "more than 64 threads"},
        {"#include <mutex>\n#include <thread>\nstd::mutex m;\nint main() { m.lock(); std::thread t([] { m.unlock(); }); "
         "t.join(); }",
         "step.over_misuse", "unlocked by a thread that does not hold it"},
        {"#include <pthread.h>\npthread_mutex_t m;\nint main() { pthread_mutex_init(&m, nullptr); pthread_mutex_destroy(&m); "
         "pthread_mutex_lock(&m); }",
         "step.over_misuse", "used after it was destroyed"},
        {"#include <pthread.h>\nvoid* f(void*) { return nullptr; }\nint main() { pthread_t t; pthread_create(&t, nullptr, f, "
         "nullptr); "
         "pthread_join(t, nullptr); pthread_join(t, nullptr); }",
         "step.over_misuse", "joined a thread that was joined or detached before"},
        {"int down(int n) { return n + down(n + 1); }\nint main() { return down(0); }", "step.over_crash", nullptr},
        {"#include <csetjmp>\nstd::jmp_buf back;\nint main() { if (setjmp(back) == 0) std::longjmp(back, 1); }",
         "step.over_finished", nullptr},
        {"#include <unistd.h>\n#include <sys/wait.h>\nint main() { if (vfork() == 0) _exit(0); wait(nullptr); }",
         "step.over_finished", nullptr},
        {"#include <csignal>\nvolatile sig_atomic_t got;\nint main() { std::signal(SIGUSR1, [](int) { got = 1; }); "
         "std::raise(SIGUSR1); }",
         "step.over_finished", nullptr},
        {"#include <atomic>\n#include <thread>\nstd::atomic<int> n;\nint main() { std::thread([] { n = 1; n = 2; }).detach(); "
         "}",
         "step.over_finished", nullptr},
    };
    for (const auto& [source, over, text] : cases) {
        start(source);
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        const SnapshotPtr now = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
        ASSERT_TRUE(now->step) << source;
        EXPECT_EQ(now->step->over, over) << source;
        if (text == nullptr) continue;
        ASSERT_FALSE(now->findings.empty()) << source;
        EXPECT_EQ(now->findings.back().sentence.arguments.at("text"), text) << source;
    }
}

// A schedule of Explore means the same in Step: the freed block is used by the same step.
TEST_F(StepTest, ReplaysAUseAfterFreeThatExploreFound) {
    start(kUseAfterUnlock);
    ExplorationRequest request;
    const auto built = catalog::build_program(std::vector{folder_ / "main.cpp"}, std::vector<std::string>(), {});
    ASSERT_TRUE(built) << built.error().message();
    request.program = built->path;
    const auto explored = explore_program(request);
    ASSERT_TRUE(explored) << explored.error().message();
    ASSERT_FALSE(explored->bugs.empty());
    ASSERT_EQ(explored->bugs.front().kind, "use-after-free");
    start(kUseAfterUnlock, explored->bugs.front().schedule);
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const SnapshotPtr now = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    const auto found = std::find_if(now->findings.begin(), now->findings.end(), [](const model::Finding& finding) {
        return finding.id == "use-after-free" || finding.id == "data-race";
    });
    ASSERT_NE(found, now->findings.end());
    ASSERT_EQ(found->places.size(), 2u);
    EXPECT_EQ(found->places[0].line, 13);
    EXPECT_EQ(found->places[1].line, 9);
}

}  // namespace
}  // namespace heddle::session
