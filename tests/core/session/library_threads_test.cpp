// What programs do with threads by the libraries of C and C++ rather than by pthreads: the threads of ISO C, std::lock, and
// waits that end by their time. In Run, Step and Explore.
#include <set>

#include "tests/core/session/explore_fixture.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;

constexpr char kThreadsOfC[] = R"(
    #include <atomic>
    #include <stdio.h>
    #include <stdlib.h>
    #include <threads.h>
    int counter, ready, result;
    std::atomic<int> freed;
    mtx_t m;
    cnd_t c;
    ::once_flag flag = ONCE_FLAG_INIT;
    tss_t key;
    void init() { mtx_init(&m, mtx_plain | mtx_recursive); cnd_init(&c); tss_create(&key, [](void*) { ++freed; }); }
    int work(void* argument) {
        ::call_once(&flag, init);
        tss_set(key, argument);
        mtx_lock(&m);
        while (mtx_trylock(&m) != thrd_success) thrd_yield();
        counter++;
        ready++;
        cnd_signal(&c);
        mtx_unlock(&m);
        mtx_unlock(&m);
        thrd_exit(7);
    }
    int main() {
        ::call_once(&flag, init);
        thrd_t a, b;
        if (thrd_create(&a, work, &counter) != thrd_success || thrd_create(&b, work, &ready) != thrd_success) return 2;
        mtx_lock(&m);
        while (ready < 2) cnd_wait(&c, &m);
        mtx_unlock(&m);
        thrd_join(a, &result);
        thrd_join(b, nullptr);
        const timespec past{1, 0};
        mtx_lock(&m);
        if (cnd_timedwait(&c, &m, &past) != thrd_timedout) return 3;
        mtx_unlock(&m);
        mtx_destroy(&m);
        printf("%d %d\n", counter, result);
    }
)";

TEST_F(ExploreTest, TheThreadsOfCAreThreads) {
    const Exploration right = search(all(program(kThreadsOfC)));
    EXPECT_EQ(right.report.verdict, VerdictKind::kNoneComplete);
    EXPECT_GT(right.report.executions, 2u);
    EXPECT_THAT(outcomes(right),
                testing::ElementsAre(testing::AllOf(testing::HasSubstr("freed = 2"), testing::HasSubstr("2 7"))));
    const Exploration racing = search(all(program(R"(
        #include <threads.h>
        int counter;
        int work(void*) { counter++; return 0; }
        int main() { thrd_t a, b; thrd_create(&a, work, 0); thrd_create(&b, work, 0); thrd_join(a, 0); thrd_join(b, 0); }
    )")));
    EXPECT_THAT(kinds(racing), testing::Contains("data-race"));
    EXPECT_EQ(racing.report.executions, 4u);
    const Exploration stuck = search(program(R"(
        #include <threads.h>
        mtx_t a, b;
        int work(void*) { mtx_lock(&b); mtx_lock(&a); mtx_unlock(&a); mtx_unlock(&b); return 0; }
        int main() { mtx_init(&a, mtx_plain); mtx_init(&b, mtx_plain); thrd_t t; thrd_create(&t, work, 0);
                     mtx_lock(&a); mtx_lock(&b); mtx_unlock(&b); mtx_unlock(&a); thrd_join(t, 0); }
    )"));
    EXPECT_THAT(kinds(stuck), testing::Contains("deadlock"));
}

TEST_F(StepTest, TheThreadsOfCAreThreadsAtTheGate) {
    start(kThreadsOfC);
    session_->post(model::SetPolicy{model::StepPolicy::kTurns});
    session_->post(model::SetSpeed{1});
    session_->post(model::Play{});
    const SnapshotPtr now = wait_for([](const model::Snapshot& at) { return at.status == model::RunStatus::kEnded; });
    ASSERT_EQ(now->status, model::RunStatus::kEnded);
    EXPECT_EQ(now->processes.front().exit.code, 0);
    EXPECT_EQ(now->threads.size(), 3u);
    EXPECT_THAT(now->findings, testing::IsEmpty());
}

// Two that take the same mutexes by std::lock, in whatever order, and give way to each other, could do so for ever: that is
// left out, and nothing else.
TEST_F(ExploreTest, StdLockComesToAnEndWithEveryOutcome) {
    const std::string begin =
        "#include <mutex>\n#include <thread>\nstd::mutex a, b, c; std::recursive_mutex d; int order, got;\n"
        "template <typename X, typename Y> void both(X& x, Y& y, int me) { std::scoped_lock l(x, y); order = order * 10 + me; "
        "}\n"
        "template <typename F, typename G, typename H> void run(F f, G g, H h) { std::thread t(f), u(g), v(h); t.join(); "
        "u.join(); "
        "v.join(); }\nint main() { run(";
    const auto none = "[] {}";
    const struct {
        const char *first, *second, *third;
        std::size_t outcomes;
    } rows[] = {
        {"[] { both(a, b, 1); }", "[] { both(b, a, 2); }", none, 2},
        {"[] { both(a, d, 1); }", "[] { both(d, a, 2); }", none, 2},
        {"[] { both(a, b, 1); }", "[] { both(b, a, 2); }", "[] { both(a, b, 3); }", 6},
        {"[] { both(a, b, 1); }", "[] { both(b, c, 2); }", "[] { both(c, a, 3); }", 6},
        {"[] { both(a, b, 1); both(a, b, 1); }", "[] { both(b, c, 2); both(c, b, 2); }", none, 6},
        // Who only tries can tell that a thread in std::lock holds the one and waits for the other.
        {"[] { both(a, b, 1); }", "[] { both(b, a, 2); }", "[] { if (a.try_lock()) { got = 1; a.unlock(); } }", 4},
        {"[] { both(a, b, 1); }",
         "[] { std::lock_guard l(b); if (a.try_lock()) { got = 1; order = order * 10 + 2; a.unlock(); } }", none, 3},
        {"[] { both(a, b, 1); }", "[] { both(b, a, 2); }",
         "[] { std::lock_guard l(a); if (b.try_lock()) { got = 1; b.unlock(); } order = order * 10 + 3; }", 11},
    };
    for (const auto& row : rows) {
        const Exploration found = search(all(program(begin + row.first + ", " + row.second + ", " + row.third + "); }\n")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << row.first << row.second << row.third;
        EXPECT_EQ(found.report.outcomes.size(), row.outcomes) << row.first << row.second << row.third;
        EXPECT_LT(found.report.executions, 300u);
    }
}

// Memory that one thread uses whole and another in parts, and blocks that lie at another thread's place in the next execution.
// The library's loops look at objects on the stack of the thread that waits, to which the other one writes.
TEST_F(ExploreTest, ThreadsThatAreAskedToStopAreSearchedToTheEnd) {
    const Exploration callback = search(all(program(R"(
        #include <stop_token>
        #include <thread>
        int called;
        int main() {
            std::jthread a([](std::stop_token stop) { std::stop_callback callback(stop, [] { called = 1; }); });
        })")));
    EXPECT_EQ(callback.report.verdict, VerdictKind::kNoneComplete) << callback.report.reason;
    EXPECT_EQ(callback.report.impossible, 0U);
    EXPECT_THAT(outcomes(callback), testing::UnorderedElementsAre("called = 0", "called = 1"));
    const Exploration waiting = search(all(program(R"(
        #include <condition_variable>
        #include <mutex>
        #include <thread>
        std::mutex m;
        std::condition_variable_any arrived;
        bool came, seen;
        int main() {
            std::jthread a([](std::stop_token stop) {
                std::unique_lock lock(m);
                seen = arrived.wait(lock, stop, [] { return came; });
            });
            const std::scoped_lock lock(m);
            came = true;
            arrived.notify_one();
        })")));
    EXPECT_EQ(waiting.report.verdict, VerdictKind::kNoneComplete) << waiting.report.reason;
    EXPECT_THAT(outcomes(waiting), testing::ElementsAre("came = true, seen = true"));
}

TEST_F(ExploreTest, ContainersUnderAMutexAreSearchedToTheEnd) {
    const struct {
        const char *container, *use;
        std::size_t threads;
    } rows[] = {
        {"std::vector<std::string> c;", "c.push_back(std::string(20, me));", 3},
        {"std::map<std::string, int> c;", "c[std::string(20, me)]++;", 3},
        {"std::list<std::string> c;", "c.push_back(std::string(20, me));", 3},
        {"std::unordered_map<std::string, int> c;", "c[std::string(20, me)]++;", 3},
        {"struct Node { int me; std::shared_ptr<Node> next; }; std::shared_ptr<Node> c;",
         "c = std::make_shared<Node>(Node{me, c});", 3},
        {"std::queue<std::string> c;", "c.push(std::string(20, me)); if (c.size() > 2) c.pop();", 2},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.container);
        const std::string threads = row.threads == 2 ? "std::thread a(work, 'a'), b(work, 'b');"
                                                     : "std::thread a(work, 'a'), b(work, 'b'), d([] { work('d'); });";
        const Exploration found = search(all(program(
            std::string("#include <list>\n#include <map>\n#include <memory>\n#include <mutex>\n#include <queue>\n"
                        "#include <string>\n#include <thread>\n#include <unordered_map>\n#include <vector>\nstd::mutex m;\n") +
            row.container + "\nvoid work(char me) { for (int i = 0; i < 2; ++i) { std::lock_guard l(m); " + row.use +
            " } }\nint main() { " + threads + " a.join(); b.join(); " + (row.threads == 2 ? "" : "d.join(); ") + "}\n")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
        EXPECT_THAT(kinds(found), testing::IsEmpty());
        EXPECT_EQ(found.report.executions - found.report.forgotten, row.threads == 2 ? 6u : 90u);
        EXPECT_LT(found.report.seconds, 5.0);
    }
}

// A once-flag whose routine has run is only looked at: in whatever order.
constexpr char kOnce[] = R"(
    #include <mutex>
    #include <sstream>
    #include <thread>
    std::once_flag flag;
    int x, first, got[2];
    int main(int, char** argv) {
        const int how = argv[1][0] - '0';
        const auto work = [how](int me) {
            for (int i = 0; how == 0 && i < 3; i++) std::call_once(flag, [me] { x = 5; first = me; });
            try {
                if (how == 1) std::call_once(flag, [me] { if (x++ == 0) throw me; });
            } catch (int thrown) { first = thrown; }
            if (how == 2) std::istringstream("3 4") >> got[me - 1];
            if (how == 0) got[me - 1] = x;
        };
        std::thread a(work, 1), b(work, 2);
        a.join(); b.join();
    })";

TEST_F(ExploreTest, WhatIsDoneOnceIsOnlyLookedAtFromThenOn) {
    ExplorationRequest request = all(program(kOnce));
    const struct {
        const char* how;
        std::uint64_t executions;
        std::vector<std::string> outcomes;
    } rows[] = {{"0", 2, {"x = 5, first = 1, got = {5, 5}", "x = 5, first = 2, got = {5, 5}"}},
                {"1", 2, {"x = 2, first = 1, got = {0, 0}", "x = 2, first = 2, got = {0, 0}"}},
                {"2", 2, {"x = 0, first = 0, got = {3, 3}"}}};
    for (const auto& row : rows) {
        SCOPED_TRACE(row.how);
        request.arguments = {row.how};
        const Exploration found = search(request);
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
        EXPECT_THAT(kinds(found), testing::IsEmpty());
        EXPECT_EQ(found.report.executions - found.report.forgotten, row.executions);
        EXPECT_THAT(outcomes(found), testing::UnorderedElementsAreArray(row.outcomes));
    }
}

// A routine that an exception leaves is run again by the next thread, after it. One of them has nothing to do with the flag.
constexpr char kLeft[] = R"(
    #include <mutex>
    #include <pthread.h>
    #include <thread>
    std::once_flag flag;
    pthread_once_t plain = PTHREAD_ONCE_INIT;
    int value, runs;
    void run() { value = value + 1; if (runs++ == 0) throw 7; }
    void end() { if (runs++ == 0) pthread_exit(nullptr); }
    void work() { try { std::call_once(flag, run); } catch (int) {} }
    void leave() { pthread_once(&plain, end); }
    int main(int, char** argv) {
        void (*const does)() = argv[1][0] == 'e' ? leave : work;
        const bool races = argv[1][1] == 'r';
        std::thread a(does), b(does), c([&] { if (races) runs = 2; else does(); });
        a.join(); b.join(); c.join();
        return races || runs == 2 ? value : 9;
    })";

TEST_F(SessionTest, ARoutineThatAnExceptionOrItsThreadsEndLeftIsOrderedBeforeTheNext) {
    RunRequest request = program(kLeft);
    for (const char* const how : {"t", "e", "tr", "er"}) {
        request.scenario.arguments = {how};
        for (const std::vector<std::string>& flags : {std::vector<std::string>{}, {"-O2"}}) {
            request.scenario.compile_flags = flags;
            SCOPED_TRACE(how + (flags.empty() ? std::string() : flags.front()));
            for (int i = 0; i < 5; ++i) {
                const auto snapshot = run(request);
                EXPECT_NE(snapshot->exit.code, 9);
                EXPECT_EQ(has_finding(*snapshot, "data-race"), how[1] == 'r');
            }
        }
    }
}

TEST_F(StepTest, ARoutineThatAnExceptionLeftIsOrderedBeforeTheNext) {
    for (const char* const how : {"t", "tr"}) {
        RunRequest request = program(kLeft);
        request.scenario.arguments = {how};
        request.to_the_end = true;
        EXPECT_GT(follow_outcomes(request,
                                  [&](const explore::Outcome&, const model::Snapshot& end) {
                                      EXPECT_EQ(has_finding(end, "data-race"), how[1] == 'r');
                                  }),
                  0u);
    }
}

TEST_F(ExploreTest, ARoutineThatAnExceptionLeftIsOrderedBeforeTheNext) {
    ExplorationRequest request = program(kLeft);
    for (const char* const how : {"t", "tr"}) {
        request.arguments = {how};
        EXPECT_EQ(kinds(search(request)), how[1] == 'r' ? std::vector<std::string>{"data-race"} : std::vector<std::string>{});
    }
}

TEST_F(StepTest, FollowsASchedulePastWhatIsDoneOnce) {
    for (const char* const how : {"0", "1", "2"}) {
        RunRequest request = program(kOnce);
        request.scenario.arguments = {how};
        request.to_the_end = true;
        follow_outcomes(request, [](const explore::Outcome& outcome, const model::Snapshot& end) {
            EXPECT_THAT(outcome.value, testing::HasSubstr("first = " + value_of(end, "first")));
        });
    }
}

// The schedule goes through rounds in which a thread gives back what it took, and to the very end.
// While a process has one thread the C++ library counts references without atomic operations, elsewhere with them.
TEST_F(StepTest, FollowsASchedulePastWhatTheLibraryDoesOtherwiseWithoutThreads) {
    const std::string setup = R"(
        #include <memory>
        #include <sstream>
        #include <sys/wait.h>
        #include <thread>
        #include <unistd.h>
        int value;
        std::shared_ptr<int> shared;
        int use() {
            shared = std::make_shared<int>(1);
            auto second = shared;
            second.reset();
            std::ostringstream out;
            out << *shared;
            return out.str() == "1" ? 0 : 1;
        }
        int main() {
            )";
    const std::string threads = "std::thread a([] { value = *shared; }), b([] { value = 2; }); a.join(); b.join(); use(); }";
    for (const std::string& body : {"use(); " + threads, "if (fork() == 0) { use(); " + threads.substr(0, threads.size() - 1) +
                                                             "_exit(0); } wait(nullptr); }"}) {
        SCOPED_TRACE(body);
        RunRequest request = program(setup + body);
        request.to_the_end = true;
        ASSERT_GT(follow_outcomes(request), 0u);
    }
}

TEST_F(StepTest, FollowsAScheduleThroughStdLockToTheAssertion) {
    const std::string source = R"(
#include <cassert>
#include <mutex>
#include <thread>
std::mutex a, b, c;
int order;
void both(std::mutex& x, std::mutex& y, int me) {
    for (int i = 0; i < 2; i++) {
        std::scoped_lock hold(x, y);
        order = order * 10 + me;
    }
}
int main() {
    std::thread t([] { both(a, b, 1); }), u([] { both(b, c, 2); }), v([] { both(c, a, 3); });
    t.join(), u.join(), v.join();
    assert(order != 213132);
}
)";
    const std::string schedule = explored(source, "assertion").schedule;
    const SnapshotPtr there = start(source, schedule);
    const SnapshotPtr now = wait_for([](const model::Snapshot& at) { return at.step && !at.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_assertion") << schedule;
    EXPECT_EQ(value_of(*there, "order"), "213132");
}

// A wait that ends by its time has lasted so long: who looks at the clock goes on, instead of waiting for ever.
TEST_F(ExploreTest, WaitsEndByTheirTime) {
    const std::string begin =
        "#include <cassert>\n#include <chrono>\n#include <condition_variable>\n#include <mutex>\n#include <semaphore>\n"
        "#include <semaphore.h>\n#include <shared_mutex>\n#include <thread>\n#include <unistd.h>\nusing namespace "
        "std::chrono_literals;\n"
        "using Clock = std::chrono::steady_clock;\nstd::timed_mutex m; std::mutex n; std::condition_variable c; bool never;\n"
        "std::shared_timed_mutex s; std::counting_semaphore<2> permits(0); sem_t plain;\n"
        "int main() {\n  std::thread other([] { std::scoped_lock l(m); s.lock(); std::this_thread::sleep_for(10ms); "
        "s.unlock(); });\n"
        "  const auto before = Clock::now();\n";
    constexpr const char* kWaits[] = {
        "{ std::unique_lock l(n); assert(!c.wait_for(l, 5ms, [] { return never; })); }",
        "{ std::unique_lock l(n); assert(!c.wait_until(l, std::chrono::system_clock::now() + 5ms, [] { return never; })); }",
        "bool got = false; while (!(got = m.try_lock_for(1ms)) && Clock::now() < before + 5ms) {} if (got) m.unlock(); "
        "std::this_thread::sleep_until(before + 5ms);",
        "if (s.try_lock_for(5ms)) { s.unlock(); usleep(5000); }",
        "assert(!permits.try_acquire_for(5ms));",
        "timespec until; clock_gettime(CLOCK_REALTIME, &until); until.tv_nsec += 5000000; sem_init(&plain, 0, 0); "
        "assert(sem_timedwait(&plain, &until) == -1);",
        "while (Clock::now() < before + 5ms) std::this_thread::sleep_for(1ms);",
        "while (Clock::now() < before + 5ms) {}",
        "while (Clock::now() < before + 5ms) usleep(100);",
    };
    for (const char* wait : kWaits) {
        const Exploration found =
            search(all(program(begin + "  " + wait + "\n  assert(Clock::now() >= before + 5ms);\n  other.join();\n}\n")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << wait;
        EXPECT_THAT(kinds(found), testing::IsEmpty()) << wait;
    }
}

}  // namespace
}  // namespace heddle::session
