#include "core/kernel/proc_observer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/kernel/process_sampler.h"

namespace heddle::kernel {
namespace {

// Finding new processes reads all of /proc: dearer than the threads of the known ones, and forks are rarer than switches.
constexpr Nanoseconds kTreePeriod = std::chrono::milliseconds(10);

}  // namespace

Result<std::unique_ptr<ProcObserver>> ProcObserver::open(ProcessId child, const ObserverOptions& options,
                                                         std::vector<Unavailable> why) {
    auto observer = std::unique_ptr<ProcObserver>(new ProcObserver());
    observer->processes_ = {child};
    observer->period_ = std::max<Nanoseconds>(options.sample_period, std::chrono::microseconds(100));
    observer->unavailable_ = std::move(why);
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(observer->period_).count();
    observer->source_ = microseconds % 1000 == 0 ? "sampled every " + std::to_string(microseconds / 1000) + " ms"
                                                 : "sampled every " + std::to_string(microseconds) + " µs";
    observer->timer_.reset(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!observer->timer_) return fail_errno("cannot make a timer");
    const timespec period{observer->period_.count() / 1'000'000'000, observer->period_.count() % 1'000'000'000};
    const itimerspec setting{period, period};
    if (::timerfd_settime(observer->timer_.get(), 0, &setting, nullptr) != 0) return fail_errno("cannot set a timer");
    std::vector<KernelRecord> none;
    observer->drain(none);
    if (observer->processes_.empty()) {
        return tl::make_unexpected(Error{"no such process", std::to_string(child.value), ESRCH, {}});
    }
    return observer;
}

std::vector<SampledThread> ProcObserver::look() {
    std::vector<SampledThread> alive;
    std::vector<ProcessId> still_there;
    for (const ProcessId process : processes_) {
        const auto sample = sample_process(process, SampleDepth::kLight);
        if (!sample) continue;
        still_there.push_back(process);
        for (const trace::ThreadSample& thread : sample->threads) {
            if (thread.state == 'Z' || thread.state == 'X') continue;  // ended, only not yet collected
            alive.push_back({process, ThreadId(sample->parent.value), thread});
        }
    }
    processes_ = std::move(still_there);
    return alive;
}

void ProcObserver::drain(std::vector<KernelRecord>& out) {
    std::uint64_t expirations = 0;
    if (::read(timer_.get(), &expirations, sizeof expirations) < 0) expirations = 0;  // not due yet
    const Nanoseconds now = monotonic_now();
    if (now < next_look_) return;
    if (now >= next_tree_) {
        // From all that were known, not from the first alone: those whose parent ended have another now.
        processes_ = descendants(processes_);
        next_tree_ = now + kTreePeriod;
    }
    const std::vector<SampledThread> alive = look();
    differ_.look(now, monotonic_now(), alive, out);
    next_look_ = now + period_;
}

}  // namespace heddle::kernel
