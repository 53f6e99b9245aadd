// Programs that Explore finds hard: each gets a clear finding or a clear reason why it is not supported, and never a wrong
// "none, and the search was complete".
#include "core/model/explain_exploration.h"
#include "tests/core/session/explore_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;
using testing::HasSubstr;

class AwkwardProgramsTest : public ExploreTest {
protected:
    // Why the search could not be complete.
    std::string reason(const std::string& source) {
        const Exploration found = search(all(program(source)));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneBounded) << source;
        EXPECT_TRUE(found.bugs.empty()) << source;
        return found.report.reason;
    }
    FoundBug first_bug(const std::string& source) {
        const Exploration found = search(program(source));
        EXPECT_EQ(found.report.verdict, VerdictKind::kBug) << source << found.report.reason;
        return found.bugs.empty() ? FoundBug{} : found.bugs.front();
    }
};

TEST_F(AwkwardProgramsTest, OnesThatNeverEnd) {
    EXPECT_EQ(reason("int x = 0;\nint main() { for (;;) x = x + 1; }"),
              "an execution went on for more than the limit of steps");
    EXPECT_EQ(reason("#include <atomic>\n#include <thread>\nstd::atomic<int> n{0};\n"
                     "int main() { std::thread t([] { for (;;) ++n; }); t.join(); }"),
              "an execution went on for more than the limit of steps");
    EXPECT_EQ(reason("int main() { for (;;) asm volatile(\"\"); }"),
              "not supported in Explore: a thread computes without end, or blocks, where no hook is");
}

TEST_F(AwkwardProgramsTest, OnesThatAllocateWithoutBound) {
    EXPECT_EQ(reason("int main() { for (;;) new int[1000]; }"), "a thread allocated more than 32 MiB");
    EXPECT_EQ(reason("#include <thread>\n#include <vector>\nint main() { std::vector<int*> v; std::thread t([&] { for (;;) "
                     "v.push_back(new int[100]()); }); t.join(); }"),
              "not supported in Explore: more than half a megabyte of memory in use by the threads");
}

#if defined(__x86_64__)
TEST_F(AwkwardProgramsTest, InlineAssemblyAtomicsAreSaidToBeUnseen) {
    EXPECT_EQ(
        reason("#include <thread>\nint counter = 0;\nvoid add() {\n  int one = 1;\n  asm volatile(\"lock xaddl %0, %1\" : "
               "\"+r\"(one), \"+m\"(counter) :: \"memory\");\n}\nint main() { std::thread a(add), b(add); a.join(); b.join(); "
               "}\n"),
        "not supported in Explore: inline assembly at program1.cpp:5, which no hook sees");
    EXPECT_EQ(
        reason(
            "#include <thread>\nint word = 0;\nvoid take() {\n  int one = 1;\n  asm volatile(\"xchgl %0, %1\" : "
            "\"+r\"(one), \"+m\"(word) :: \"memory\");\n}\nint main() { std::thread a(take), b(take); a.join(); b.join(); }\n"),
        "not supported in Explore: inline assembly at program2.cpp:5, which no hook sees");
    const Exploration pause =
        search(all(program("#include <thread>\nint main() { std::thread a([] { asm volatile(\"pause\"); }); a.join(); }")));
    EXPECT_EQ(pause.report.verdict, VerdictKind::kNoneComplete) << "it touches nothing";
}
#endif

TEST_F(AwkwardProgramsTest, WhatLeavesTheProcessOrComesFromOutside) {
    const std::string head =
        "#include <csignal>\n#include <pthread.h>\n#include <unistd.h>\nvoid* f(void*) { return nullptr; }\nint main() { ";
    const std::pair<const char*, const char*> cases[] = {
        {"execl", "if (vfork() == 0) execl(\"/bin/true\", \"true\", nullptr);"},
        {"raise", "raise(SIGUSR1);"},
        {"signal", "signal(SIGSEGV, [](int) {});"},
        {"pthread_kill", "pthread_kill(pthread_self(), SIGUSR1);"},
        {"sigwait", "sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR1); int n; sigwait(&s, &n);"},
        {"pthread_cancel",
         "pthread_t t; pthread_create(&t, nullptr, f, nullptr); pthread_cancel(t); pthread_join(t, nullptr);"},
    };
    for (const auto& [call, body] : cases)
        EXPECT_EQ(reason(head + body + " }"), std::string("not supported in Explore: ") + call);
}

TEST_F(AwkwardProgramsTest, ALongJumpGoesBackUnderItsThread) {
    const Exploration found = search(all(program(R"(
        #include <cassert>
        #include <csetjmp>
        #include <mutex>
        #include <thread>
        std::mutex m; int total = 0;
        void work() {
            std::jmp_buf back; volatile int rounds = 0;
            if (setjmp(back) < 3) { rounds = rounds + 1; std::longjmp(back, rounds); }
            std::lock_guard lock(m); total += rounds;
        }
        int main() { std::thread a(work), b(work); a.join(); b.join(); assert(total == 6); }
    )")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_EQ(found.report.executions, 2u);
    EXPECT_EQ(first_bug("#include <csetjmp>\n#include <mutex>\n#include <thread>\nstd::mutex m; std::jmp_buf back;\n"
                        "void work() { if (setjmp(back) == 0) { m.lock(); std::longjmp(back, 1); } }\n"
                        "int main() { std::thread a(work); a.join(); }")
                  .kind,
              "lock-leak");
}

TEST_F(AwkwardProgramsTest, SixtyFourThreadsAreCarriedAndNoMore) {
    const std::string source =
        "#include <thread>\n#include <vector>\nint main() { std::vector<std::thread> t; for (int i = 0; i < NUMBER; ++i) "
        "t.emplace_back([] {}); for (auto& x : t) x.join(); }";
    std::string most = source, more = source;
    most.replace(most.find("NUMBER"), 6, "63"), more.replace(more.find("NUMBER"), 6, "64");  // and main
    const Exploration carried = search(all(program(most)));
    EXPECT_EQ(carried.report.verdict, VerdictKind::kNoneComplete) << carried.report.reason;
    EXPECT_EQ(reason(more), "more than 64 threads");
}

TEST_F(AwkwardProgramsTest, ADetachedThreadMayBeCutOffAnywhereByTheEnd) {
    const Exploration found =
        search(all(program("#include <atomic>\n#include <thread>\nstd::atomic<int> n{0};\nint main() {\n  std::thread([] { n = "
                           "1; n = 2; }).detach();\n  return n;\n}\n")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found),
                testing::UnorderedElementsAre("n = 0", "n = 1", "n = 2", "n = 1; exit 1", "n = 2; exit 1", "n = 2; exit 2"));
}

TEST_F(AwkwardProgramsTest, DestructorsOfThreadSpecificDataRunAtTheThreadsEnd) {
    const Exploration found = search(all(program(R"(
        #include <cassert>
        #include <pthread.h>
        #include <thread>
        pthread_key_t key; int ended = 0;
        void work() { pthread_setspecific(key, &ended); }
        int main() {
            pthread_key_create(&key, [](void* where) { ++*static_cast<int*>(where); });
            std::thread a(work); a.join(); assert(ended == 1);
        }
    )")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
}

TEST_F(AwkwardProgramsTest, RecursionWithoutEndOverflowsTheStack) {
    for (const char* const run : {"down(0);", "std::thread t([] { down(0); }); t.join();"}) {
        const FoundBug bug = first_bug(
            std::string("#include <thread>\nint down(int n) { return n + down(n + 1); }\nint main() { ") + run + " }");
        EXPECT_EQ(bug.kind, "crash");
        EXPECT_EQ(bug.text, "stack overflow");
        EXPECT_EQ(bug.line, 2);
    }
}

TEST_F(AwkwardProgramsTest, MisuseOfLocksAndThreadsIsNamed) {
    struct {
        const char *source, *text;
        int line;
        const char *key, *object;
    } const cases[] = {
        {"#include <mutex>\n#include <thread>\nstd::mutex m;\nint main() { m.lock(); std::thread t([] {\n  m.unlock(); }); "
         "t.join(); }",
         "unlocked by a thread that does not hold it", 5, "explore.bug.misuse_not_held", "m"},
        {"#include <pthread.h>\npthread_mutex_t m;\nint main() { pthread_mutex_init(&m, nullptr); pthread_mutex_destroy(&m);\n "
         " "
         "pthread_mutex_lock(&m); }",
         "used after it was destroyed", 4, "explore.bug.misuse_used_destroyed", "m"},
        {"#include <pthread.h>\npthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\nint main() { pthread_mutex_lock(&m);\n  "
         "pthread_mutex_destroy(&m); }",
         "destroyed while it is locked", 4, "explore.bug.misuse_destroyed_locked", "m"},
        {"#include <pthread.h>\nvoid* f(void*) { return nullptr; }\nint main() { pthread_t t; pthread_create(&t, nullptr, f, "
         "nullptr); "
         "pthread_join(t, nullptr);\n  pthread_join(t, nullptr); }",
         "joined a thread that was joined or detached before", 4, "explore.bug.misuse_joined_twice", ""},
    };
    for (const auto& [source, text, line, key, object] : cases) {
        const FoundBug bug = first_bug(source);
        EXPECT_EQ(model::sentence_of(bug).key, key);
        EXPECT_EQ(bug.object, object) << source;
        EXPECT_EQ(bug.kind, "misuse") << source;
        EXPECT_EQ(bug.text, text) << source;
        EXPECT_EQ(bug.line, line) << source;
    }
    const FoundBug twice = first_bug("#include <thread>\nint main() { std::thread t([] {}); t.join();\n  t.join(); }");
    EXPECT_EQ(twice.kind, "uncaught-exception");
    EXPECT_EQ(twice.text, "std::system_error");
}

// The lines of two threads that print come in either order.
TEST_F(AwkwardProgramsTest, TheOrderOfOutputIsAnOutcome) {
    const std::pair<const char*, const char*> cases[] = {{"std::cout << \"a\";", "std::cout << \"b\";"},
                                                         {"std::printf(\"%s\", \"a\");", "std::fputs(\"b\", stdout);"},
                                                         {"std::putchar('a');", "std::fwrite(\"b\", 1, 1, stdout);"},
                                                         {"write(1, \"a\", 1);", "write(1, \"b\", 1);"}};
    for (const auto& [one, other] : cases) {
        const Exploration found =
            search(all(program(std::string("#include <cstdio>\n#include <iostream>\n#include <thread>\n#include "
                                           "<unistd.h>\nint main() { std::thread a([] { ") +
                               one + " }), b([] { " + other + " }); a.join(); b.join(); }")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
        EXPECT_THAT(outcomes(found), testing::UnorderedElementsAre("\"ab\"", "\"ba\"")) << one;
        EXPECT_EQ(found.report.executions, 2u) << one;
    }
    const Exploration apart =
        search(all(program("#include <cstdio>\n#include <thread>\nint main() { std::thread a([] { std::fputs(\"a\", stdout); "
                           "}), b([] { std::fputs(\"b\", stderr); }); "
                           "std::thread c([] {}); a.join(); b.join(); c.join(); std::puts(\"end\"); }")));
    EXPECT_EQ(apart.report.executions, 1u) << "different streams, and nobody else prints";
}

}  // namespace
}  // namespace heddle::session
