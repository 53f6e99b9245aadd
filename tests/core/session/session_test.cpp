#include "core/session/session.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>
#include <thread>

#include "core/catalog/own_program.h"
#include "core/trace/process_sample.h"
#include "core/trace/run_file.h"
#include "tests/core/session/session_fixture.h"

namespace heddle::session {
namespace {

using model::ProcessExit;
using model::RunStatus;

TEST_F(SessionTest, ReportsWhatAProgramDid) {
    const auto snapshot = run(program(R"(
        #include <cstdio>
        #include <thread>
        int counter = 0;
        int main() {
            std::thread other([] { for (int i = 0; i < 10; ++i) counter++; });
            other.join();
            std::printf("counter %d\n", counter);
            std::fprintf(stderr, "warned\n");
            return 3;
        })"));
    EXPECT_EQ(snapshot->status, RunStatus::kEnded) << snapshot->failure;
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kExited);
    EXPECT_EQ(snapshot->exit.code, 3);
    EXPECT_EQ(snapshot->output, "counter 10\n");
    EXPECT_EQ(snapshot->errors, "warned\n");
    ASSERT_EQ(snapshot->processes.size(), 1u);
    EXPECT_FALSE(snapshot->processes.front().regions.empty()) << "its memory as it was last";
    ASSERT_EQ(snapshot->threads.size(), 2u);
    for (const model::ThreadView& thread : snapshot->threads) EXPECT_EQ(thread.state, model::ThreadState::kTerminated);
    EXPECT_EQ(snapshot->dropped, 0u);
}

TEST_F(SessionTest, LosesNothingOfThreadsThatAreFasterThanHeddle) {
    const auto snapshot = run(program(R"(
        #include <mutex>
        #include <thread>
        std::mutex mutex;
        int counter = 0;
        void work() {
            for (int i = 0; i < 60000; ++i) {
                const std::scoped_lock lock(mutex);
                ++counter;
            }
        }
        int main() {
            std::thread one(work), two(work);
            one.join();
            two.join();
        })"));
    EXPECT_EQ(snapshot->status, RunStatus::kEnded) << snapshot->failure;
    EXPECT_GT(snapshot->playhead, 60000u * 2 * 6);
    EXPECT_EQ(snapshot->dropped, 0u);
}

TEST_F(SessionTest, ShowsTheValueOfAGlobalAsItWasAtEachInstant) {
    auto session = Session::start(program("int counter = 5;\nint main() {\n  counter = 6;\n  counter = 7;\n}\n"));
    ASSERT_TRUE(session);
    const auto end = (*session)->wait();
    std::set<std::string> seen;
    for (std::uint64_t at = 0; at <= end->playhead; ++at) {
        const auto snapshot = (*session)->snapshot_at(at);
        for (const model::ProcessView& process : snapshot->processes) {
            for (const model::RegionView& region : process.regions) {
                for (const model::VariableView& variable : region.variables) {
                    if (variable.name == "counter") seen.insert(variable.value);
                }
            }
        }
    }
    EXPECT_EQ(seen, (std::set<std::string>{"5", "6", "7"}));
}

// A program of two files in one folder and a header in another.
RunRequest several_files(const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder / "part");
    std::ofstream(folder / "main.cpp") << "#include \"part/queue.h\"\n#include <cstdio>\nint main(int argc, char** argv) {\n"
                                          "  int number = 0;\n  while (std::scanf(\"%d\", &number) == 1) put(number);\n"
                                          "  std::printf(\"%d %s\\n\", taken(), argc > 1 ? argv[1] : \"none\");\n}\n";
    std::ofstream(folder / "part/queue.cpp")
        << "#include \"queue.h\"\nint sum = 0;\nvoid put(int number) {\n  sum += number;\n}\n"
           "int taken() { return sum; }\n";
    std::ofstream(folder / "part/queue.h") << "#pragma once\nvoid put(int);\nint taken();\n";
    std::ofstream(folder / "numbers.txt") << "3 4 5\n";
    catalog::OwnProgram own;
    own.targets = {(folder / "main.cpp").string(), (folder / "part").string()};
    own.arguments = {"an argument"};
    own.input = folder / "numbers.txt";
    RunRequest request;
    request.scenario = catalog::own_program(own).value();
    return request;
}

TEST_F(SessionTest, AProgramOfSeveralFilesReadsItsInputAndShowsTheFileWhereItIs) {
    const std::string main = "/heddle/program/main.cpp", queue = "/heddle/program/part/queue.cpp";
    auto session = Session::start(several_files(folder_));
    ASSERT_TRUE(session) << session.error().message();
    const auto end = (*session)->wait();
    ASSERT_EQ(end->status, RunStatus::kEnded) << end->failure;
    EXPECT_EQ(end->output, "12 an argument\n");
    ASSERT_TRUE((*session)->save(folder_ / "run.heddle"));
    std::filesystem::remove_all(folder_ / "part");  // what is saved needs no source any more
    auto saved = Session::open(folder_ / "run.heddle");
    ASSERT_TRUE(saved) << saved.error().message();
    for (Session* const each : {session->get(), saved->get()}) {
        std::set<std::string> shown;
        for (std::uint64_t at = 0; at <= end->log.size(); ++at) {
            const auto snapshot = each->snapshot_at(at);
            ASSERT_TRUE(snapshot->code.source);
            shown.insert(snapshot->code.source->path);
            if (snapshot->code.source->path == queue) {
                EXPECT_LE(snapshot->code.current_line, 6);
            }
        }
        EXPECT_EQ(shown, (std::set<std::string>{main, queue}));
        std::vector<std::string> files;
        const auto last = each->snapshot();  // the loop needs it for as long as it lasts
        for (const auto& source : last->code.sources) files.push_back(source->path);
        EXPECT_EQ(files, (std::vector<std::string>{main, queue, "/heddle/program/part/queue.h"}));
    }
}

TEST_F(SessionTest, AProgramBuiltWithoutHooksRunsAndSaysWhatIsMissing) {
    std::ofstream(folder_ / "plain.c") << "#include <stdio.h>\nint main(void) { puts(\"plain\"); return 0; }\n";
    const std::string program = (folder_ / "plain").string();
    ASSERT_EQ(std::system(("cc -g -o " + program + " " + (folder_ / "plain.c").string()).c_str()), 0);
    catalog::OwnProgram own;
    own.targets = {program};
    RunRequest request;
    request.scenario = catalog::own_program(own).value();
    const auto snapshot = run(request);
    EXPECT_EQ(snapshot->output, "plain\n");
    EXPECT_TRUE(has_finding(*snapshot, "no-hooks"));
    EXPECT_GT(snapshot->log.size(), 0u);
    ASSERT_TRUE(snapshot->code.source) << "its debug information names the source";
    EXPECT_EQ(snapshot->code.source->path, folder_ / "plain.c");
    EXPECT_FALSE(has_finding(*run(this->program("int main() {}")), "no-hooks"));
}

TEST_F(SessionTest, ErrorsOfTheCompilerStandAtTheirLines) {
    RunRequest request = several_files(folder_);
    std::ofstream(folder_ / "part/queue.cpp") << "int a;\nint b = missing;\nint c = gone;\n";
    const auto snapshot = run(request);
    ASSERT_EQ(snapshot->status, RunStatus::kFailed);
    ASSERT_EQ(snapshot->build_messages.size(), 2u);
    for (const std::size_t i : {0u, 1u}) {
        EXPECT_EQ(snapshot->build_messages[i].file, "/heddle/program/part/queue.cpp");
        EXPECT_EQ(snapshot->build_messages[i].line, static_cast<int>(i) + 2);
        EXPECT_EQ(snapshot->build_messages[i].severity, "error");
    }
    ASSERT_TRUE(snapshot->code.source);
    EXPECT_EQ(snapshot->code.source->lines[1], "int b = missing;");
    EXPECT_EQ(snapshot->code.sources.size(), 3u);
}

TEST_F(SessionTest, BuildingCanBeCancelled) {
    std::ofstream(folder_ / "slow") << "#!/bin/sh\nexec sleep 600\n";
    std::filesystem::permissions(folder_ / "slow", std::filesystem::perms::owner_all);
    RunRequest request = program("int main() { return " + std::to_string(::getpid()) + "; }");  // in no cache
    request.scenario.variants.front().compiler = (folder_ / "slow").string();
    auto session = Session::start(std::move(request));
    ASSERT_TRUE(session);
    while ((*session)->snapshot()->building.step == 0) std::this_thread::yield();
    EXPECT_EQ((*session)->snapshot()->building.file, "main.cpp");
    (*session)->post(model::StopRun{});
    const auto snapshot = (*session)->wait();
    EXPECT_EQ(snapshot->status, RunStatus::kFailed);
    EXPECT_NE(snapshot->failure.find("cancelled"), std::string::npos) << snapshot->failure;
}

struct BadRequest {
    const char* variant;
    std::map<std::string, std::int64_t> parameters;
    const char *subject, *remedy;
};

TEST_F(SessionTest, ABadRequestSaysWhatIsAllowed) {
    RunRequest good = program("int main() {}");
    good.scenario.parameters = {{"threads", {}, 2, 8, 2}};
    const BadRequest cases[] = {
        {"nope", {}, "nope", "choose one of: main"},
        {"main", {{"speed", 1}}, "speed", "choose one of: threads"},
        {"main", {{"threads", 9}}, "threads=9", "give a number from 2 to 8"},
        {"main", {{"threads", 1}}, "threads=1", "give a number from 2 to 8"},
    };
    for (const BadRequest& bad : cases) {
        RunRequest request = good;
        request.variant = bad.variant;
        request.parameters = bad.parameters;
        const auto session = Session::start(request);
        ASSERT_FALSE(session);
        EXPECT_EQ(session.error().subject, bad.subject);
        EXPECT_EQ(session.error().remedy, bad.remedy);
    }
}

TEST_F(SessionTest, AProgramThatDoesNotCompileIsAFailureThatNamesTheLine) {
    const auto snapshot = run(program("int main() {\n  return missing;\n}\n"));
    EXPECT_EQ(snapshot->status, RunStatus::kFailed);
    EXPECT_NE(snapshot->failure.find("main.cpp"), std::string::npos) << snapshot->failure;
    EXPECT_NE(snapshot->failure.find("missing"), std::string::npos) << snapshot->failure;
}

TEST_F(SessionTest, ACrashIsAFindingAndNothingIsLost) {
    const auto snapshot = run(program("int main() { int* volatile nowhere = nullptr; *nowhere = 1; }"));
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kSignaled);
    EXPECT_EQ(snapshot->exit.signal, SIGSEGV);
    EXPECT_TRUE(has_finding(*snapshot, "crash"));
    EXPECT_GT(snapshot->log.size(), 0u);
}

TEST_F(SessionTest, AnAbortIsSeenAsWhatItIs) {
    const auto snapshot = run(program("#include <cstdlib>\nint main() { std::abort(); }"));
    EXPECT_EQ(snapshot->exit.signal, SIGABRT);
}

TEST_F(SessionTest, AProcessWithoutItsMainThreadHasNoOtherOne) {
    const auto snapshot = run(program(R"(
#include <pthread.h>
#include <unistd.h>
#include <thread>
int main() {
    std::thread([] { usleep(400000); }).detach();
    pthread_exit(nullptr);
}
)"));
    EXPECT_EQ(snapshot->threads.size(), 2U) << "what /proc says of it later is no third thread's";
}

TEST_F(SessionTest, AProgramKilledFromOutsideEndsTheRun) {
    auto session =
        Session::start(program("#include <cstdio>\nint main() { std::puts(\"up\"); std::fflush(stdout); for (;;) {} }"));
    ASSERT_TRUE(session);
    (*session)->on_new_snapshot([](void*) {}, nullptr);
    std::shared_ptr<const model::Snapshot> snapshot;
    do {
        ::poll(nullptr, 0, 5);
        snapshot = (*session)->snapshot();
    } while (snapshot->output.empty() && snapshot->status != RunStatus::kFailed);
    ASSERT_FALSE(snapshot->processes.empty());
    ::kill(snapshot->processes[0].pid.value, SIGKILL);
    const auto end = (*session)->wait();
    EXPECT_EQ(end->exit.kind, ProcessExit::Kind::kSignaled);
    EXPECT_EQ(end->exit.signal, SIGKILL);
}

TEST_F(SessionTest, AProgramThatHangsIsEndedWhenItsTimeIsUp) {
    RunRequest request = program("#include <unistd.h>\nint main() { for (;;) pause(); }");
    request.time_limit_s = 0.5;
    const auto snapshot = run(std::move(request));
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kStoppedByHeddle);
    EXPECT_TRUE(has_finding(*snapshot, "time-limit"));
}

TEST_F(SessionTest, AForkBombIsHeldAndEnded) {
    RunRequest request = program("#include <unistd.h>\nint main() { for (;;) fork(); }");
    request.time_limit_s = 1;
    const auto snapshot = run(std::move(request));
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kStoppedByHeddle);
    EXPECT_LE(snapshot->processes.size(), 1000u);
}

// A look at all of a process in /proc takes milliseconds: one when it begins, and one at its end, while it stands still for it.
TEST_F(SessionTest, AProcessThatWasLookedAtIsNotLookedAtAgainAtOnce) {
    constexpr std::uint64_t kChildren = 20;
    auto session =
        Session::start(program("#include <sys/wait.h>\n#include <unistd.h>\nint main() {\n"
                               "  for (int i = 0; i < 20; ++i) { if (fork() == 0) return 0; wait(nullptr); }\n}\n"));
    ASSERT_TRUE(session) << session.error().message();
    (*session)->wait();
    ASSERT_TRUE((*session)->save(folder_ / "run.heddle"));
    const trace::EventLogView log = trace::open_run(folder_ / "run.heddle").value().log;
    std::uint64_t looks = 0;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        const trace::PackedEvent& event = log.packed(i);
        if (event.kind() != trace::Kind::kProcessSample || log.threads()[event.thread].pid == log.threads()[0].pid) continue;
        if (!trace::decode_process_sample(log.blob(event.extra)).value().mappings.empty()) ++looks;
    }
    const auto lasted = static_cast<std::uint64_t>((log.time(log.size() - 1) - log.time(0)) / std::chrono::milliseconds(200));
    EXPECT_GE(looks, kChildren);
    EXPECT_LT(looks, kChildren * 5 / 2 + lasted);
}

TEST_F(SessionTest, EndlessOutputIsBounded) {
    const auto snapshot = run(program("#include <cstdio>\nint main() { for (;;) std::puts(\"again and again and again\"); }"));
    EXPECT_TRUE(has_finding(*snapshot, "output-limit"));
    EXPECT_LE(snapshot->output.size(), std::size_t{1} << 20);
}

TEST_F(SessionTest, EndlessAllocationIsEnded) {
    const auto snapshot = run(program(R"(
        #include <cstdlib>
        #include <cstring>
        int main() { for (;;) if (void* block = std::malloc(1 << 24)) std::memset(block, 1, 1 << 24); })"));
    EXPECT_TRUE(has_finding(*snapshot, "memory-limit"));
}

TEST_F(SessionTest, AProgramThatScribblesOverTheArenaHarmsOnlyItsOwnRecording) {
    const auto snapshot = run(program(R"(
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <cstdio>
        #include <cstring>
        int main() {
            struct stat info;
            if (fstat(1000, &info) != 0) return 9;
            void* arena = mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, 1000, 0);
            std::memset(arena, 0xa5, 1 << 20);
            std::puts("scribbled");
        })"));
    EXPECT_EQ(snapshot->status, RunStatus::kEnded);
    EXPECT_EQ(snapshot->output, "scribbled\n");
}

TEST_F(SessionTest, ASavedRunShowsTheSameAgain) {
    auto session = Session::start(program("int counter = 1;\nint main() { counter++; return 4; }\n"));
    ASSERT_TRUE(session);
    const auto before = (*session)->wait();
    const auto file = folder_ / "run.heddle";
    ASSERT_TRUE((*session)->save(file));
    auto again = Session::open(file);
    ASSERT_TRUE(again) << again.error().message();
    const auto after = (*again)->wait();
    EXPECT_EQ(after->exit.code, 4);
    EXPECT_EQ(after->log.size(), before->log.size());
    EXPECT_EQ(after->run.scenario, "test/program");
    EXPECT_EQ(after->switches.captured, before->switches.captured);
    ASSERT_FALSE(after->processes.empty());
    EXPECT_EQ(after->processes[0].pid, before->processes[0].pid);
    ASSERT_NE(after->code.source, nullptr);
    EXPECT_EQ(after->code.source->lines.at(0), "int counter = 1;");
}

TEST_F(SessionTest, ADamagedFileIsRefusedWithItsName) {
    const auto file = folder_ / "run.heddle";
    std::ofstream(file) << "not a run at all";
    const auto opened = Session::open(file);
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().message().find("run.heddle"), std::string::npos);
}

TEST_F(SessionTest, WithoutPerfItSamplesAndSaysSo) {
    RunRequest request = program(
        "#include <thread>\nint main() { std::thread t([] { for (volatile int i = 0; i < 30000000; ++i) {} }); t.join(); }");
    request.allow_perf = false;
    const auto snapshot = run(std::move(request));
    EXPECT_EQ(snapshot->run.badge, model::Badge::kSampled);
    EXPECT_EQ(snapshot->switches.source, "switches.sampled");
    EXPECT_FALSE(snapshot->unavailable.empty());
    EXPECT_EQ(snapshot->exit.code, 0);
}

TEST_F(SessionTest, StoppingEndsTheLab) {
    auto session = Session::start(program("int main() { for (;;) {} }"));
    ASSERT_TRUE(session);
    (*session)->on_new_snapshot([](void*) {}, nullptr);  // else the first one comes when the run is over
    while ((*session)->snapshot()->status <= RunStatus::kBuilding) std::this_thread::yield();  // else its building is cancelled
    (*session)->post(model::StopRun{});
    const auto snapshot = (*session)->wait();
    EXPECT_EQ(snapshot->exit.kind, ProcessExit::Kind::kStoppedByHeddle);
    EXPECT_TRUE(snapshot->findings.empty()) << "the learner asked for it";
}

}  // namespace
}  // namespace heddle::session
