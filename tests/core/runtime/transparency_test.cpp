// The program's output and exit status are the same with and without the library at work.
#include <sys/wait.h>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Transparency : public Compilers {};
HEDDLE_BOTH_COMPILERS(Transparency);

TEST_P(Transparency, InitializersExitHandlersDestructorsAndSignalsRunAsEver) {
    const Outcome plain = run({program(GetParam(), "lifetimes", false)}, {.with_arena = false});
    const Outcome watched = run({program(GetParam(), "lifetimes")});
    const Outcome preloaded = run({program(GetParam(), "lifetimes", false)}, {.preload = true});
    EXPECT_EQ(WEXITSTATUS(plain.wait_status), 4);
    for (const Outcome* outcome : {&watched, &preloaded}) {
        EXPECT_EQ(outcome->wait_status, plain.wait_status);
        EXPECT_EQ(outcome->out, plain.out);
        EXPECT_EQ(outcome->err, plain.err);
    }
    EXPECT_GE(preloaded.all(Kind::kSignal).size(), 200u);
    EXPECT_EQ(preloaded.all(Kind::kSignal)[0].detail(), SIGALRM);
    EXPECT_EQ(preloaded.first().of(Kind::kProcessEnd)[0].value, 4u);
}

TEST(Arena, GarbageInTheEnvironmentIsIgnored) {
    for (const char* value : {"", "1", "9", "-1", "1000000", "99999999999999999999", "1000x", "abc"}) {
        const Outcome outcome = run({program("g++", "threads"), "threads", "2"}, {.arena_variable = value});
        EXPECT_EQ(outcome.out, "counter=2\n") << value;
        EXPECT_EQ(WEXITSTATUS(outcome.wait_status), 3) << value;
        EXPECT_TRUE(outcome.tapes.empty()) << value;
    }
}

TEST(Preload, PipelineOfUnknownPrograms) {
    const std::vector<std::string> command = {"sh", "-c", "ls / | grep -c e; exit 9"};
    const Outcome plain = run(command, {.with_arena = false});
    const Outcome watched = run(command, {.preload = true});
    EXPECT_EQ(watched.out, plain.out);
    EXPECT_EQ(watched.wait_status, plain.wait_status);
    EXPECT_GE(watched.tapes.size(), 5u) << "sh, two forked children, and the two images they run";
    EXPECT_EQ(watched.live_processes, 0);
}

TEST(Preload, PythonWithThreadsAndASubprocess) {
    const std::vector<std::string> command = {"/usr/bin/python3", "-I", "-c",
                                              "import threading, subprocess\n"
                                              "t = [threading.Thread(target=lambda: sum(range(1000))) for _ in range(4)]\n"
                                              "[x.start() for x in t]; [x.join() for x in t]\n"
                                              "print(subprocess.run(['/bin/echo', 'hi'], capture_output=True).stdout)"};
    const Outcome watched = run(command, {.ring_capacity = 1 << 12, .preload = true});
    EXPECT_EQ(watched.out, "b'hi\\n'\n");
    EXPECT_TRUE(watched.clean_exit()) << watched.err;
    EXPECT_GE(watched.tapes.size(), 6u) << "the main thread, four more, and echo";
}

}  // namespace
}  // namespace heddle::runtime_test
