// One LTTng-UST tracepoint with two integers, timed as heddle_bench_hook times its hooks; run by it while a session records.
#define LTTNG_UST_TRACEPOINT_CREATE_PROBES
#define LTTNG_UST_TRACEPOINT_DEFINE
#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/base/clock.h"
#include "tests/bench/hook_bench_tracepoint.h"

int main(int argc, char** argv) {
    constexpr int kBatch = 1 << 15;
    constexpr int kBatches = 100;
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    if (lttng_ust_tracepoint_enabled(heddle_bench, two_integers) == 0) return 1;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(1, &set);
    ::sched_setaffinity(0, sizeof set, &set);
    std::vector<double> runs;
    for (int i = 0; i < repetitions * kBatches; ++i) {
        const heddle::Nanoseconds before = heddle::monotonic_now();
        for (int call = 0; call < kBatch; ++call) {
            lttng_ust_tracepoint(heddle_bench, two_integers, static_cast<unsigned long>(i), static_cast<unsigned long>(call));
        }
        runs.push_back(static_cast<double>((heddle::monotonic_now() - before).count()) / kBatch);
    }
    const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
    std::nth_element(runs.begin(), middle, runs.end());
    std::printf("tracepoint %.3f\n", *middle);
    return 0;
}
