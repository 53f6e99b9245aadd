// What observing costs the observed: slowdown of two ping-pongs, with and without the kernel observer, alternating, medians.
// Prints; judges nothing. Usage: heddle_bench_switch [REPETITIONS]
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <optional>
#include <vector>

#include "core/kernel/observer.h"
#include "core/kernel/switch_counter.h"

using namespace heddle;
using namespace heddle::kernel;

namespace {

void pin_to_cpu(int cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

// Passes a byte to and fro between two processes; pause: microseconds that each round rests.
void ping_pong(int rounds, useconds_t pause, bool pinned) {
    if (pinned) pin_to_cpu(0);
    int there[2], back[2];
    if (::pipe(there) != 0 || ::pipe(back) != 0) ::_exit(1);
    const pid_t other = ::fork();
    if (other < 0) ::_exit(1);
    char byte = 'x';
    for (int round = 0; round < rounds; ++round) {
        const bool ok = other == 0 ? ::read(there[0], &byte, 1) == 1 && ::write(back[1], &byte, 1) == 1
                                   : ::write(there[1], &byte, 1) == 1 && ::read(back[0], &byte, 1) == 1;
        if (!ok) ::_exit(1);
        if (other != 0 && pause > 0) ::usleep(pause);
    }
    if (other == 0) ::_exit(0);
    ::waitpid(other, nullptr, 0);
}

struct Run {
    double seconds = 0;
    SwitchReconciliation switches;
    std::uint64_t lost = 0;
    std::uint64_t extras = 0;  // registers and wake-ups
};

Run run(const std::function<void()>& body, const std::optional<ObserverOptions>& options) {
    int gate[2], clock_pipe[2];
    if (::pipe(gate) != 0 || ::pipe(clock_pipe) != 0) std::abort();
    const pid_t child = ::fork();
    if (child < 0) std::abort();
    if (child == 0) {
        char go = 0;
        if (::read(gate[0], &go, 1) != 1) ::_exit(1);
        const Nanoseconds begin = monotonic_now();
        body();
        const double seconds = std::chrono::duration<double>(monotonic_now() - begin).count();
        ::_exit(::write(clock_pipe[1], &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
    }
    ::usleep(2000);  // let it reach the gate
    std::unique_ptr<Observer> observer;
    if (options) {
        auto opened = open_observer(ProcessId(child), *options);
        if (!opened) {
            std::printf("%s\n", opened.error().message().c_str());
            std::exit(1);
        }
        observer = std::move(*opened);
    }
    Run result;
    if (::write(gate[1], "g", 1) != 1) std::abort();
    SwitchCounter counter;
    std::vector<KernelRecord> batch;
    rusage usage{};
    int status = 0;
    const auto drain = [&] {
        batch.clear();
        observer->drain(batch);
        for (const KernelRecord& record : batch) {
            counter.add(record);
            result.extras += record.kind == KernelRecord::Kind::kRegisters || record.kind == KernelRecord::Kind::kWakeUp;
        }
    };
    if (observer) {
        while (::wait4(child, &status, WNOHANG, &usage) == 0) {
            ::poll(nullptr, 0, 1);
            drain();
        }
        drain();
        drain();
    } else {
        ::wait4(child, &status, 0, &usage);
    }
    ::close(clock_pipe[1]);
    if (::read(clock_pipe[0], &result.seconds, sizeof result.seconds) != sizeof result.seconds) std::abort();
    for (const int fd : {gate[0], gate[1], clock_pipe[0]}) ::close(fd);
    result.switches = reconcile(counter.counts(), static_cast<std::uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw));
    result.lost = counter.counts().lost;
    return result;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void measure(const char* name, const std::function<void()>& body, int repetitions) {
    const std::optional<ObserverOptions> levels[] = {
        std::nullopt,
        ObserverOptions{.registers = false, .wake_ups = false},
        ObserverOptions{.registers = true, .wake_ups = false},
        ObserverOptions{.registers = false, .wake_ups = true},
        ObserverOptions{.registers = true, .wake_ups = true},
    };
    const char* titles[] = {"not observed", "switches", "switches, registers", "switches, wake-ups",
                            "switches, registers, wake-ups"};
    std::vector<double> seconds[5];
    Run last[5];
    std::uint64_t lost[5] = {};
    for (int repetition = 0; repetition < repetitions; ++repetition) {
        for (int level = 0; level < 5; ++level) {
            last[level] = run(body, levels[level]);
            seconds[level].push_back(last[level].seconds);
            lost[level] += last[level].lost;
        }
    }
    for (int level = 0; level < 5; ++level) {
        std::printf("%-24s %-30s %8.4f s  slowdown %.3f", name, titles[level], median(seconds[level]),
                    median(seconds[level]) / median(seconds[0]));
        if (level > 0)
            std::printf("  recorded %llu, kernel %llu, lost in all runs %llu, extra records %llu",
                        (unsigned long long)last[level].switches.recorded, (unsigned long long)last[level].switches.kernel,
                        (unsigned long long)lost[level], (unsigned long long)last[level].extras);
        std::printf("\n");
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 7;
    measure(
        "1,000/s ping-pong", [] { ping_pong(300, 1900, true); }, repetitions);
    measure(
        "all-out, pinned", [] { ping_pong(100000, 0, true); }, repetitions);
    measure(
        "all-out, two cores", [] { ping_pong(20000, 0, false); }, repetitions);
    return 0;
}
