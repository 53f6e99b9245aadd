// Explore beside libtsan: small programs drawn at random, compiled once for each. Where libtsan reports a data race in any of a
// few runs, Explore finds one; and what Explore finds beyond that comes with a schedule that shows it again.
// HEDDLE_TSAN_PROGRAMS: how many, 20 when it is not set.
#include <gmock/gmock-more-matchers.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <fstream>
#include <random>

#include "core/session/exploration.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/core/session/program_build.h"

namespace heddle::session {
namespace {

constexpr int kRuns = 3;

class Generator {
public:
    explicit Generator(unsigned seed) : random_(seed) {}

    // The functions of one program: those of its threads, and run().
    std::string program(int number) {
        const unsigned threads = 2 + random_() % 2;
        const bool signals = random_() % 3 == 0;
        std::string text = "namespace p" + std::to_string(number) +
                           " {\nint v[2][16];\nstd::atomic<int> a[2];\nstd::mutex m[2];\n" +
                           "std::condition_variable c;\nbool ready;\n";
        for (unsigned thread = 0; thread < threads; ++thread) {
            text += "void t" + std::to_string(thread) + "() {\nint r = 0;\n";
            if (signals && thread == 1) text += "{ std::unique_lock l(m[0]); while (!ready) c.wait(l); }\n";
            for (unsigned i = 0, count = 1 + random_() % 3; i < count; ++i) text += statement();
            if (signals && thread == 0) text += "{ std::lock_guard l(m[0]); ready = true; c.notify_one(); }\n";
            text += "(void)r; }\n";
        }
        text += "void run() {\nint r = 0;\n" + access() + "std::thread x(t0);\n";
        if (random_() % 3 == 0) text += access();
        const bool join_first = random_() % 4 == 0 && !signals;
        if (join_first) text += "x.join();\n";
        text += "std::thread y(t1);\n";
        if (threads == 3) text += "std::thread z(t2);\n";
        if (!join_first) text += "x.join();\n";
        if (random_() % 3 == 0) text += access();
        text += "y.join();\n";
        if (threads == 3) text += "z.join();\n";
        return text + access() + "(void)r; }\n}\n";
    }

private:
    std::string number(unsigned below) { return std::to_string(random_() % below); }
    std::string access() {
        const std::string variable = "v[" + number(2) + "][0]";
        return random_() % 2 == 0 ? "r += " + variable + ";\n" : variable + " = r + 1;\n";
    }
    std::string statement() {
        static const char* const kLoads[] = {"relaxed", "acquire", "seq_cst"};
        static const char* const kStores[] = {"relaxed", "release", "seq_cst"};
        const std::string atomic = "a[" + number(2) + "]", load = kLoads[random_() % 3], store = kStores[random_() % 3];
        switch (random_() % 6) {
            case 0:
                return access();
            case 1:
            case 2:
                return "{ std::lock_guard l(m[" + number(2) + "]); " + access() + "}\n";
            case 3:
                return access() + atomic + ".store(1, std::memory_order_" + store + ");\n";
            case 4:
                return "if (" + atomic + ".load(std::memory_order_" + load + ") == 1) { " + access() + "}\n";
            default:
                return "if (" + atomic + ".fetch_add(1, std::memory_order_acq_rel) == " + number(2) + ") { " + access() + "}\n";
        }
    }
    std::mt19937 random_;
};

std::string source_of(int programs) {
    std::string text =
        "#include <atomic>\n#include <condition_variable>\n#include <cstdlib>\n#include <mutex>\n#include <thread>\n";
    std::string table = "void (*const all[])() = {";
    Generator generator(3);
    for (int i = 0; i < programs; ++i) {
        text += generator.program(i);
        table += "p" + std::to_string(i) + "::run, ";
    }
    return text + table + "};\nint main(int, char** arguments) { all[std::atoi(arguments[1])](); }\n";
}

TEST(TsanAgreement, WhatLibtsanReportsExploreFindsAndMoreWithASchedule) {
    const char* const asked = ::getenv("HEDDLE_TSAN_PROGRAMS");
    const int programs = asked != nullptr ? std::atoi(asked) : 20;
    const catalog::TemporaryFolder temporary;
    const std::filesystem::path folder = temporary.path(), file = temporary.write("programs.cpp", source_of(programs));
    const std::string binary = folder / "with_tsan";
    const std::string compile = "g++ -std=c++20 -g -O0 -fsanitize=thread " + file.string() + " -o " + binary + " 2>/dev/null";
    ASSERT_EQ(std::system(compile.c_str()), 0) << "libtsan comes with g++: run scripts/setup";
    const auto built = catalog::build_program(std::vector{file}, std::vector<std::string>(), program_build());
    ASSERT_TRUE(built) << built.error().message();

    int both = 0, neither = 0, more = 0;
    for (int number = 0; number < programs; ++number) {
        // Without randomized addresses, which libtsan does not cope with on every kernel.
        const std::string command =
            "TSAN_OPTIONS=exitcode=66 setarch -R " + binary + " " + std::to_string(number) + " 2>/dev/null";
        bool reported = false;
        for (int run = 0; run < kRuns && !reported; ++run) {
            const int status = std::system(command.c_str());
            ASSERT_TRUE(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 66)) << number;
            reported = WEXITSTATUS(status) == 66;
        }
        ExplorationRequest request;
        request.program = built->path;
        request.arguments = {std::to_string(number)};
        request.options.stop_at = "data-race";
        request.options.timeout_s = 60;
        const auto found = explore_program(request);
        ASSERT_TRUE(found) << found.error().message();
        const auto race =
            std::find_if(found->bugs.begin(), found->bugs.end(), [](const FoundBug& bug) { return bug.kind == "data-race"; });
        const bool ours = race != found->bugs.end();
        EXPECT_TRUE(ours || !reported) << "program " << number << " in " << file;
        EXPECT_TRUE(ours || found->report.verdict == explore::VerdictKind::kNoneComplete) << number << found->report.reason;
        both += ours && reported ? 1 : 0;
        neither += !ours && !reported ? 1 : 0;
        if (!ours || reported) continue;
        ++more;
        const auto again = replay_schedule(request, race->schedule, 2);
        ASSERT_TRUE(again) << again.error().message();
        EXPECT_THAT(*again, testing::Each("data-race")) << "program " << number << ", " << race->schedule;
    }
    RecordProperty("both", both);
    RecordProperty("neither", neither);
    RecordProperty("more", more);
    std::printf("both: %d, neither: %d, Explore alone: %d\n", both, neither, more);
    EXPECT_GT(both, 0);
    EXPECT_GT(neither, 0);
    if (!testing::Test::HasFailure()) std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace heddle::session
