// Explore on real programs, compiled as a learner's are: what the search finds, how many executions it takes, that a schedule
// shows the same again, and that no program gets Heddle into trouble.
#include <algorithm>
#include <set>

#include "tests/core/session/explore_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;
using testing::HasSubstr;

TEST_F(ExploreTest, EveryExecutionReadsTheInputFromItsBeginning) {
    ExplorationRequest request = all(
        program("#include <cstdio>\n#include <iostream>\n#include <thread>\nint counter = 0, number = 0;\n"
                "int main(int argc, char** argv) {\n  char first[8] = {};\n  if (std::scanf(\"%7s\", first) != 1) return 1;\n"
                "  std::cin >> number;\n  std::thread other([] { counter++; });\n  counter++;\n  other.join();\n"
                "  std::printf(\"%s %d %s\\n\", first, number, argc > 1 ? argv[1] : \"\");\n}\n"));
    request.input = folder_ / "input.txt";
    request.arguments = {"argument"};
    std::ofstream(request.input) << "word 42\n";
    const Exploration exploration = search(request);
    EXPECT_GT(exploration.report.executions, 2u);
    ASSERT_FALSE(exploration.report.outcomes.empty());
    for (const explore::Outcome& outcome : exploration.report.outcomes)
        EXPECT_THAT(outcome.value, HasSubstr("word 42 argument")) << "however often it ran before";
}

// A static variable's initialization is a lock that only the first ones take, and orders what it wrote before every use.
TEST_F(ExploreTest, AStaticVariableIsInitializedOnceAndOrdersItsUses) {
    for (const char* compiler : {"g++", "clang++"}) {
        const std::string begin =
            "#include <thread>\nstruct Slow { int value; Slow() { value = 1; value = 7; } };\n"
            "int use() { static Slow slow; return slow.value; }\nint other = 0;\n";
        const Exploration right = search(all(
            program(begin + "int main() { std::thread a([] { if (use() != 7) throw 1; }), b([] { if (use() != 7) throw 1; });\n"
                            "  a.join(); b.join(); }\n",
                    compiler)));
        EXPECT_EQ(right.report.verdict, VerdictKind::kNoneComplete) << compiler;
        EXPECT_THAT(kinds(right), testing::IsEmpty()) << compiler;
        EXPECT_GT(right.report.executions, 1u) << compiler;
        const Exploration racing = search(program(
            begin + "int main() { std::thread a([] { use(); ++other; }), b([] { use(); ++other; }); a.join(); b.join(); }\n",
            compiler));
        EXPECT_THAT(kinds(racing), testing::Contains("data-race")) << compiler << ": what comes after it is not ordered";
    }
}

TEST_F(ExploreTest, AStaticVariableThatNeedsItselfIsADeadlock) {
    const Exploration found =
        search(program("int use(int n) { static int value = n > 0 ? use(n - 1) : 1; return value; }\n"
                       "int main() { return use(1); }\n"));
    EXPECT_THAT(kinds(found), testing::Contains("deadlock"));
}

TEST_F(ExploreTest, ACopyOfAStructIsAnAccessHoweverTheCompilerMakesIt) {
    const std::string begin =
        "#include <cstring>\n#include <mutex>\n#include <thread>\nstruct Pair { long a[6]; };\n"
        "Pair from{{1}}, to; std::mutex m; volatile unsigned long n = sizeof(Pair);\n";
    constexpr const char* kCopies[][2] = {
        {"clang++", "to = from"}, {"g++", "std::memcpy(&to, &from, n)"}, {"clang++", "std::memset(&to, 0, n)"}};
    for (const auto& [compiler, copy] : kCopies) {
        const Exploration racing = search(program(
            begin + "int main() { std::thread t([] { " + copy + "; }); long seen = to.a[5]; t.join(); return seen != 0; }\n",
            compiler));
        EXPECT_THAT(kinds(racing), testing::Contains("data-race")) << compiler << ": " << copy;
    }
    const Exploration right =
        search(all(program(begin + "int main() { std::thread t([] { std::lock_guard g(m); to = from; });\n"
                                   "  { std::lock_guard g(m); to.a[5] = from.a[5]; } t.join(); }\n",
                           "clang++")));
    EXPECT_THAT(kinds(right), testing::IsEmpty());
}

TEST_F(ExploreTest, WhatAStringFunctionDoesIsAnAccess) {
    const std::string begin =
        "#include <cstring>\n#include <mutex>\n#include <thread>\nchar name[32]; std::mutex m;\n"
        "char* volatile source = const_cast<char*>(\"somebody\");\n";
    const std::string copies = "std::strcpy(name, source)", asks = "std::strlen(name) > 40";
    const Exploration racing = search(
        program(begin + "int main() { std::thread t([] { " + copies + "; }); bool b = " + asks + "; t.join(); return b; }\n"));
    EXPECT_THAT(kinds(racing), testing::Contains("data-race"));
    const Exploration right =
        search(all(program(begin + "int main() { std::thread t([] { std::lock_guard g(m); " + copies +
                           "; });\n  { std::lock_guard g(m); if (" + asks + ") return 1; } t.join(); }\n")));
    EXPECT_EQ(right.report.verdict, VerdictKind::kNoneComplete);
}

// Where arguments and variables lie is another matter with each environment and compiler.
TEST_F(ExploreTest, AScheduleMeansTheSameWhereverABlockOfMemoryBegins) {
    ExplorationRequest request = program(
        "#include <cstdlib>\n#include <cstring>\n#include <string>\n#include <thread>\n"
        "alignas(8) char text[64], copy[64]; int counter = 0;\n"
        "int main(int, char** argv) {\n  const int offset = std::atoi(argv[1]);\n  std::memset(text + offset, 'x', 21);\n"
        "  std::memcpy(copy + offset, text + offset, 13);\n  std::memmove(text + offset + 3, text + offset, 19);\n"
        "  if (std::strlen(text + offset) == 0) return 1;\n  std::string other(copy + offset);\n"
        "  std::thread thread([] { counter++; });\n  counter++;\n  thread.join();\n}\n");
    std::set<std::string> schedules;
    for (int offset = 0; offset < 8; ++offset) {
        request.arguments = {std::to_string(offset)};
        const Exploration found = search(request);
        ASSERT_EQ(kinds(found), std::vector<std::string>{"data-race"}) << offset;
        schedules.insert(found.bugs.front().schedule);
    }
    EXPECT_EQ(schedules.size(), 1u) << testing::PrintToString(schedules);
}

// What the others would have done comes before the end in other executions.
TEST_F(ExploreTest, AnEndInTheMiddleCutsNobodyOff) {
    const Exploration found = search(all(program(R"(
        #include <cassert>
        #include <mutex>
        #include <thread>
        std::mutex m;
        int x = 0;
        int main() {
            std::thread reader([] { std::lock_guard lock(m); assert(x == 1); });
            std::thread writer([] { std::lock_guard lock(m); x = 1; });
            reader.join();
            writer.join();
        })")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kBug);
    ASSERT_EQ(found.report.outcomes.size(), 2U) << "it fails, or the writer came first";
    EXPECT_THAT(kinds(found), testing::ElementsAre("assertion"));
}

TEST_F(ExploreTest, AProgramWithoutHooksIsRefused) {
    ExplorationRequest request;
    request.program = "/bin/true";
    const auto exploration = explore_program(request);
    ASSERT_FALSE(exploration) << "a search that sees no access would call any program right";
    EXPECT_EQ(exploration.error().subject, "/bin/true");
    EXPECT_THAT(exploration.error().what, HasSubstr("hooks"));
}

std::string increments(int threads, int each) {
    return "#include <thread>\n#include <vector>\nint counter = 0;\nvoid work() { for (int i = 0; i < " + std::to_string(each) +
           "; ++i) counter++; }\nint main() { std::vector<std::thread> all; for (int i = 0; i < " + std::to_string(threads) +
           "; ++i) all.emplace_back(work); for (auto& one : all) one.join(); }\n";
}

constexpr char kOppositeLocks[] = R"(
    #include <mutex>
    #include <thread>
    std::mutex a, b;
    void one() { std::lock_guard x(a); std::lock_guard y(b); }
    void other() { std::lock_guard x(b); std::lock_guard y(a); }
    int main() { std::thread t(one), u(other); t.join(); u.join(); }
)";

TEST_F(ExploreTest, CountsEveryOutcomeOfALostUpdateInTheFewestExecutions) {
    for (const char* compiler : {"g++", "clang++"}) {
        const Exploration small = search(all(program(increments(2, 1), compiler)));
        EXPECT_EQ(small.report.executions, 4U) << compiler;
        ASSERT_EQ(small.report.outcomes.size(), 2U) << compiler;
        std::vector<std::string> values = {small.report.outcomes[0].value, small.report.outcomes[1].value};
        EXPECT_THAT(values, testing::UnorderedElementsAre("counter = 1", "counter = 2"));
        EXPECT_EQ(small.report.outcomes[0].count + small.report.outcomes[1].count, 4U);
    }
    EXPECT_EQ(search(all(program(increments(2, 3)))).report.executions, 328U);
    EXPECT_EQ(search(all(program(increments(3, 2)))).report.executions, 7134U);
}

TEST_F(ExploreTest, NamesBothAccessesOfADataRace) {
    const Exploration found = search(program(increments(2, 1)));
    ASSERT_EQ(found.report.verdict, VerdictKind::kBug);
    ASSERT_EQ(found.bugs.front().kind, "data-race");
    ASSERT_EQ(found.bugs.front().at.size(), 2U);
    for (const StepText& access : found.bugs.front().at) {
        EXPECT_EQ(access.object, "counter");
        EXPECT_EQ(access.line, 4);
    }
    EXPECT_NE(found.bugs.front().at[0].thread, found.bugs.front().at[1].thread);
}

TEST_F(ExploreTest, ProvesThatAMutexRepairsIt) {
    const Exploration proof = search(all(program(R"(
        #include <mutex>
        #include <thread>
        int counter = 0;
        std::mutex m;
        void work() { for (int i = 0; i < 2; ++i) { std::lock_guard lock(m); counter++; } }
        int main() { std::thread a(work), b(work); a.join(); b.join(); }
    )")));
    EXPECT_EQ(proof.report.verdict, VerdictKind::kNoneComplete) << proof.report.reason;
    EXPECT_EQ(proof.report.outcomes.size(), 1U);
    EXPECT_EQ(proof.report.executions, 6U) << "the orders of two critical sections of each";
}

TEST_F(ExploreTest, ADeadlockIsFoundWithItsCircleAndShownAgainEveryTime) {
    const ExplorationRequest request = program(kOppositeLocks);
    const Exploration found = search(request);
    ASSERT_EQ(found.report.verdict, VerdictKind::kBug);
    const FoundBug& bug = found.bugs.front();
    EXPECT_EQ(bug.kind, "deadlock");
    EXPECT_EQ(bug.preemptions, 1);
    EXPECT_LE(found.report.executions, 50U);
    EXPECT_THAT(bug.cycle, testing::UnorderedElementsAre(2, 3));
    ASSERT_EQ(bug.waiting.size(), 3U) << "main waits, too";
    const auto again = replay_schedule(request, bug.schedule, 1000);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(std::count(again->begin(), again->end(), "deadlock"), 1000);
}

TEST_F(ExploreTest, AScheduleInWhichThreadsSpinShowsTheSameEveryTime) {
    const ExplorationRequest request = program(R"(
        #include <atomic>
        #include <thread>
        std::atomic<int> arrived;
        void work() {
            for (int i = 0; i < 2; ++i) {
                ++arrived;
                while (arrived % 2 != 0) {}
            }
        }
        int main() { std::thread a(work), b(work); a.join(); b.join(); }
    )");
    const Exploration exploration = search(request);
    ASSERT_THAT(kinds(exploration), testing::ElementsAre("deadlock"));
    const auto again = replay_schedule(request, exploration.bugs.front().schedule, 100);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_THAT(*again, testing::Each("deadlock"));
}

// What a file holds is not in memory: each execution is to find it as its own steps left it.
TEST_F(ExploreTest, EveryExecutionFindsItsFilesAsItLeftThem) {
    ExplorationRequest request = all(program(R"(
        #include <cstdio>
        #include <thread>
        int counter = 0;
        int main(int, char** arguments) {
            std::FILE* const file = std::fopen(arguments[1], "w+");
            std::setvbuf(file, nullptr, _IONBF, 0);
            const auto work = [&] { counter++; counter++; std::fputc('x', file); counter++; };
            std::thread a(work), b(work);
            a.join();
            b.join();
            std::rewind(file);
            int written = 0;
            while (std::fgetc(file) != EOF) ++written;
            std::fclose(file);
            std::printf("%d written\n", written);
        }
    )"));
    request.arguments = {(folder_ / "file.txt").string()};
    const Exploration exploration = search(request);
    EXPECT_GT(exploration.report.executions, 20u);
    for (const explore::Outcome& outcome : exploration.report.outcomes) EXPECT_THAT(outcome.value, HasSubstr("2 written"));
}

TEST_F(ExploreTest, EveryExecutionMapsItsMemoryAnew) {
    const Exploration exploration = search(all(program(R"(
        #include <sys/mman.h>
        #include <cstdio>
        #include <thread>
        int counter = 0;
        int main() {
            int* const mapped = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
            const auto work = [&] { counter++; counter++; mapped[0]++; counter++; };
            std::thread a(work), b(work);
            a.join();
            b.join();
            std::printf("at most two: %d\n", mapped[0] <= 2);
            munmap(mapped, 4096);
        }
    )")));
    EXPECT_GT(exploration.report.executions, 20u);
    for (const explore::Outcome& outcome : exploration.report.outcomes) EXPECT_THAT(outcome.value, HasSubstr("at most two: 1"));
}

TEST_F(ExploreTest, AScheduleThatDoesNotFitSaysWhere) {
    const auto replayed = replay_schedule(program(kOppositeLocks), "h1:1.9999,3.2,2.5", 1);
    ASSERT_FALSE(replayed);
    EXPECT_THAT(replayed.error().message(), HasSubstr("step "));
}

TEST_F(ExploreTest, TellsTheKindsOfEndsApart) {
    const std::pair<const char*, const char*> cases[] = {
        {"assertion",
         "#include <cassert>\n#include <thread>\nint x;\nint main() { std::thread t([] { assert(x == 1); }); t.join(); }"},
        {"crash", "#include <thread>\nint* volatile p;\nint main() { std::thread t([] { *p = 1; }); t.join(); }"},
        {"uncaught-exception", "#include <thread>\nint main() { std::thread t([] { throw 7; }); t.join(); }"},
        {"lock-leak",
         "#include <mutex>\n#include <thread>\nstd::mutex m;\nint main() { std::thread t([] { m.lock(); }); t.join(); }"},
        {"misuse",
         "#include <pthread.h>\npthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\nint main() { pthread_mutex_unlock(&m); }"},
        {"lost-signal",
         "#include <condition_variable>\n#include <mutex>\n#include <thread>\nstd::mutex m; std::condition_variable c;\n"
         "int main() { std::thread t([] { std::unique_lock l(m); c.wait(l); }); { std::lock_guard l(m); c.notify_one(); } "
         "t.join(); }"},
        {"deadlock",
         "#include <thread>\n#include <atomic>\nstd::atomic<int> x{0};\nint main() { std::thread t([] { while (x == 0) {} }); "
         "t.join(); }"},
    };
    for (const auto& [kind, source] : cases) {
        const Exploration found = search(program(source));
        EXPECT_THAT(kinds(found), testing::Contains(kind)) << source << found.report.reason;
    }
}

TEST_F(ExploreTest, AnIfForAWhileIsFoundWhateverTheOrderOfTheThreads) {
    const std::string parts[] = {"std::thread a(taker);", "std::thread b(taker);", "std::thread c(giver);"};
    std::vector<int> order = {0, 1, 2};
    do {
        std::string source = R"(
            #include <cassert>
            #include <condition_variable>
            #include <mutex>
            #include <thread>
            std::mutex m; std::condition_variable changed; int items = 0;
            void taker() { std::unique_lock lock(m); if (items == 0) changed.wait(lock); assert(items > 0); --items; }
            void giver() { for (int i = 0; i < 2; ++i) { std::lock_guard lock(m); ++items; changed.notify_one(); } }
            int main() { )";
        for (const int part : order) source += parts[part];
        const Exploration found = search(program(source + " a.join(); b.join(); c.join(); }"));
        EXPECT_THAT(kinds(found), testing::Contains("assertion"));
        EXPECT_LE(found.report.executions, 50U);
    } while (std::next_permutation(order.begin(), order.end()));
}

// Nobody signals before the coffee is there; only a wait that ends by itself finds none.
TEST_F(ExploreTest, AWaitThatEndsWithoutASignalIsFoundAndShownAgain) {
    ExplorationRequest request = program(R"(
        #include <cassert>
        #include <condition_variable>
        #include <mutex>
        #include <thread>
        std::mutex m;
        std::condition_variable arrived;
        bool coffee;
        int main() {
            std::thread guest([] {
                std::unique_lock lock(m);
                if (!coffee) arrived.wait(lock);
                assert(coffee);
            });
            { std::lock_guard lock(m); coffee = true; arrived.notify_one(); }
            guest.join();
        })");
    EXPECT_TRUE(search(all(request)).bugs.empty());
    request.options.spurious_wakeups = true;
    const Exploration found = search(all(request));
    ASSERT_EQ(kinds(found), std::vector<std::string>{"assertion"});
    const auto shown = replay_schedule(request, found.bugs.front().schedule, 10);
    ASSERT_TRUE(shown) << shown.error().message();
    EXPECT_THAT(*shown, testing::Each("assertion"));
}

TEST_F(ExploreTest, ThreadLocalsStayWithTheirThreads) {
    const Exploration proof = search(all(program(R"(
        #include <atomic>
        #include <cassert>
        #include <thread>
        thread_local int mine = 0;
        std::atomic<int> shared{0};
        void work(int number) { mine = number; shared++; assert(mine == number); shared++; assert(mine == number); }
        int main() { std::thread a(work, 1), b(work, 2); a.join(); b.join(); assert(mine == 0 && shared == 4); }
    )")));
    EXPECT_EQ(proof.report.verdict, VerdictKind::kNoneComplete) << proof.report.reason;
    EXPECT_EQ(proof.report.executions, 6U);
}

TEST_F(ExploreTest, EveryExecutionStartsFromTheSameMemory) {
    const Exploration proof = search(all(program(R"(
        #include <cassert>
        #include <cstdlib>
        #include <cstring>
        #include <atomic>
        #include <string>
        #include <thread>
        std::string text = "a text that is too long for the string itself";
        int in_data = 5, in_bss;
        std::atomic<int> order{0};
        int main() {
            assert(in_data == 5 && in_bss == 0 && text.size() == 45);
            in_data = 6, in_bss = 7, text += "!";
            void* block = std::malloc(100);
            std::memset(block, 1, 100);
            std::free(block);
            std::thread a([] { order = order * 2 + 1; }), b([] { order = order * 2; });
            a.join(); b.join();
        }
    )")));
    EXPECT_EQ(proof.report.verdict, VerdictKind::kNoneComplete) << proof.report.reason;
    EXPECT_GT(proof.report.executions, 2U);
}

// Each gets a clear answer, and never a wrong "none, and the search was complete".
TEST_F(ExploreTest, ProgramsThatCannotBeExploredAreSaidToBe) {
    const std::pair<const char*, const char*> cases[] = {
        {"execv",
         "#include <unistd.h>\nint main() { char* none[] = {nullptr}; if (vfork() == 0) execv(\"/bin/true\", none); }"},
        {"system", "#include <cstdlib>\nint main() { return std::system(\"true\"); }"},
        {"popen", "#include <cstdio>\nint main() { return pclose(popen(\"true\", \"r\")); }"},
        {"flock", "#include <sys/file.h>\nint main() { return flock(0, LOCK_EX); }"},
        {"lockf", "#include <unistd.h>\nint main() { return lockf(0, F_LOCK, 1); }"},
        {"fcntl", "#include <fcntl.h>\nint main() { struct flock whole {}; return fcntl(0, F_SETLKW, &whole); }"},
        {"timer_create",
         "#include <csignal>\n#include <ctime>\nint main() { timer_t made; return timer_create(CLOCK_MONOTONIC, nullptr, "
         "&made); }"},
        {"32 processes",
         "#include <sys/wait.h>\n#include <unistd.h>\nint main() { for (int i = 0; i < 40; ++i) { if (fork() == 0) "
         "return 0; wait(nullptr); } }"},
        {"pthread_cancel",
         "#include <pthread.h>\nvoid* f(void*) { return nullptr; }\nint main() { pthread_t t; pthread_create(&t, nullptr, f, "
         "nullptr); pthread_cancel(t); }"},
        {"64 threads",
         "#include <thread>\n#include <vector>\nint main() { std::vector<std::thread> t; for (int i = 0; i < 70; ++i) "
         "t.emplace_back([] {}); for (auto& x : t) x.join(); }"},
        {"32 MiB", "#include <cstdlib>\nint main() { for (;;) std::malloc(1 << 20); }"},
        {"sigaction",
         "#include <csignal>\nint main() { struct sigaction a {}; a.sa_handler = [](int) {}; sigaction(SIGUSR1, &a, nullptr); "
         "}"},
    };
    for (const auto& [expected, source] : cases) {
        const Exploration found = search(all(program(source)));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneBounded) << source;
        EXPECT_THAT(found.report.reason, HasSubstr(expected)) << source;
    }
    const Exploration deep = search(program("int down(int n) { return n + down(n + 1); }\nint main() { return down(0); }"));
    EXPECT_THAT(kinds(deep), testing::Contains("crash"));
    EXPECT_THAT(deep.bugs.front().text, HasSubstr("stack overflow"));
}

// Calls of libc that say nothing of each other, and whose order shows all the same.
TEST_F(ExploreTest, CallsWhoseOrderShowsAreSteps) {
    for (const char* const call : {"dprintf(1, \"%d\\n\", number)", "perror(number == 1 ? \"a\" : \"b\")",
                                   "drawn[number] = rand()", "drawn[number] = static_cast<int>(random())"}) {
        SCOPED_TRACE(call);
        const Exploration found =
            search(all(program(std::string("#include <cstdio>\n#include <cstdlib>\n#include <thread>\n"
                                           "int drawn[3];\nvoid work(int number) { ") +
                               call + "; }\nint main() { std::thread a(work, 1), b(work, 2); a.join(); b.join(); }")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
        EXPECT_EQ(found.report.executions, 2U);
        EXPECT_EQ(found.report.outcomes.size(), 2U);
    }
}

TEST_F(ExploreTest, ChanceIsTheSameEachTime) {
    ExplorationRequest request = all(program(R"(
        #include <mutex>
        #include <random>
        #include <thread>
        std::mutex m;
        unsigned first, second;
        void work(unsigned& drawn) {
            std::random_device chance;
            const std::scoped_lock lock(m);
            drawn = chance();
        }
        int main() { std::thread a(work, std::ref(first)), b(work, std::ref(second)); a.join(); b.join(); return first == second; }
    )"));
    const Exploration found = search(request), again = search(request);
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_EQ(found.report.executions, 2U);
    ASSERT_EQ(found.report.outcomes.size(), 1U);
    ASSERT_EQ(again.report.outcomes.size(), 1U);
    EXPECT_EQ(found.report.outcomes.front().value, again.report.outcomes.front().value);
    EXPECT_THAT(found.report.outcomes.front().value, testing::Not(HasSubstr("exit")));  // one number, and another one
}

TEST_F(ExploreTest, StopsWhenItIsTold) {
    ExplorationRequest request = all(program(increments(4, 5)));
    request.options.limit = 1000;
    const Exploration limited = search(request);
    EXPECT_EQ(limited.report.executions, 1000U);
    EXPECT_THAT(limited.report.reason, HasSubstr("1000 executions"));
    request.options.limit = 100'000'000;
    int asked = 0;
    request.progress = [&](const explore::Progress&) { return ++asked < 5; };
    EXPECT_THAT(search(request).report.reason, HasSubstr("cancelled"));
}

TEST_F(ExploreTest, RunsTheDestructorsOfThreadLocalVariables) {
    const Exploration found = search(all(program(R"(
#include <cassert>
#include <mutex>
#include <thread>
std::mutex m;
int ended = 0;
struct AtEnd { ~AtEnd() { std::scoped_lock lock(m); ++ended; } };
thread_local AtEnd at_end;
void touch(AtEnd&) {}
void work() { touch(at_end); }
int main() {
    std::thread a(work), b(work);
    a.join();
    b.join();
    assert(ended == 2);
}
)")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_EQ(found.report.executions, 2u);  // who takes the lock first
}

}  // namespace
}  // namespace heddle::session
