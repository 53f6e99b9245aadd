// How many executions a second Explore carries out of threads that increment a counter, beside what a process of its own for
// each execution would cost at the least: fork, an empty child, wait (fork_bench.c). Usage: heddle_bench_explore
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/catalog/program_builder.h"
#include "core/session/exploration.h"

using namespace heddle;

namespace {

// By a program beside this one.
double forks_a_second() {
    const std::filesystem::path beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / HEDDLE_BENCH_FORK;
    FILE* const output = ::popen(beside.c_str(), "r");
    double rate = 0;
    if (output == nullptr || std::fscanf(output, "%lf", &rate) != 1) rate = 0;
    if (output != nullptr) ::pclose(output);
    return rate;
}

std::filesystem::path increments(const std::filesystem::path& folder, std::int64_t threads, std::int64_t each) {
    const std::filesystem::path file = folder / "increments.cpp";
    std::ofstream(file) << "#include <thread>\n#include <vector>\nint counter = 0;\nvoid work() { for (int i = 0; i < " << each
                        << "; ++i) counter++; }\nint main() { std::vector<std::thread> all; for (int i = 0; i < " << threads
                        << "; ++i) all.emplace_back(work); for (auto& one : all) one.join(); }\n";
    catalog::BuildOptions build;
    build.cache = folder / "cache";
    const auto built = catalog::build_program(std::vector{file}, std::vector<std::string>(), build);
    return built ? built->path : std::filesystem::path();
}

// Arguments: threads, increments of each. The time is that of searching, without building and starting the program.
void explore(benchmark::State& state) {
    char name[] = "/tmp/heddle-bench-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(name);
    session::ExplorationRequest request;
    request.program = increments(folder, state.range(0), state.range(1));
    request.options.all = true;
    std::uint64_t executions = 0;
    double seconds = 0, forks = 0;
    std::int64_t rounds = 0;
    for (auto _ : state) {
        const auto found = session::explore_program(request);
        if (!found) {
            state.SkipWithError(found.error().message().c_str());
            break;
        }
        state.SetIterationTime(found->report.seconds);
        executions += found->report.executions;
        seconds += found->report.seconds;
        forks += forks_a_second();
        ++rounds;
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(executions));
    if (seconds > 0 && forks > 0) {
        state.counters["forks_per_second"] = forks / static_cast<double>(rounds);
        state.counters["times_fork"] = static_cast<double>(executions) / seconds / (forks / static_cast<double>(rounds));
    }
    std::filesystem::remove_all(folder);
}
BENCHMARK(explore)->Args({2, 3})->Args({3, 2})->Iterations(10)->UseManualTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
