#include "core/kernel/perf_observer.h"

#include <sys/ioctl.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "core/kernel/tracefs.h"

namespace heddle::kernel {
namespace {

constexpr std::size_t kSmallestRing = 32 * 1024, kLargestRing = 8 << 20;
constexpr std::size_t kWakeUpBytes = 128 * 1024;  // unread, for a descriptor to become readable: 4,000 switches
constexpr std::uint64_t kLongestRecord = 4096;    // with less room than this a ring may have refused one
constexpr double kBusyRing = 0.5;
constexpr double kBusyRate = 100'000;  // records a second; saving registers at each of 50,000 switches costs about a tenth
constexpr Nanoseconds kRateWindow = std::chrono::milliseconds(1);
constexpr Nanoseconds kCalm = std::chrono::milliseconds(200);  // before the registers of a paused source come back

Unavailable refused(std::string facility, const Error& error, int wanted_level) {
    std::string remedy = error.remedy.empty() ? perf_remedy(error.errno_value, wanted_level) : error.remedy;
    return {std::move(facility), Error{error.what, error.subject, error.errno_value, {}}.message(), std::move(remedy)};
}

}  // namespace

// Maps all, or none and halves: a user's allowance is shared by the rings.
Result<> PerfObserver::map_rings(std::vector<Source>& sources, std::size_t ring_bytes) {
    for (;;) {
        Result<> mapped;
        for (Source& source : sources) {
            auto ring = PerfRing::map(source.event.get(), ring_bytes);
            if (!ring) {
                mapped = tl::make_unexpected(ring.error());
                break;
            }
            source.ring = std::move(*ring);
        }
        if (mapped) return mapped;
        for (Source& source : sources) source.ring = PerfRing();
        // Beyond the memory this user may lock (EPERM), or have at all (ENOMEM).
        const int reason = mapped.error().errno_value;
        if (ring_bytes <= kSmallestRing || (reason != EPERM && reason != ENOMEM)) return mapped;
        ring_bytes /= 2;
    }
}

Result<std::unique_ptr<PerfObserver>> PerfObserver::open(ProcessId child, const ObserverOptions& options) {
    auto observer = std::unique_ptr<PerfObserver>(new PerfObserver());
    const ThreadId thread(child.value);
    const std::vector<CpuId> online = online_cpus();
    const std::size_t ring_bytes =
        std::clamp(std::bit_floor(options.rings_bytes / std::max<std::size_t>(1, online.size())), kSmallestRing, kLargestRing);
    for (const CpuId cpu : online) {
        Source source;
        auto event = open_perf_event(switch_attr(kWakeUpBytes), thread, cpu);
        if (!event && event.error().errno_value == ENODEV) continue;  // went offline meanwhile
        source.event = TRY(std::move(event));
        observer->sources_.push_back(std::move(source));
        observer->cpus_.push_back(cpu);
    }
    if (observer->sources_.empty()) return fail("no CPU could be observed");
    TRY(map_rings(observer->sources_, ring_bytes));
    observer->alive_[thread] = child;
    observer->window_start_ = monotonic_now();

    const Error withheld{"not asked for", {}, 0, {}};
    if (options.registers) {
        const Result<> opened = options.privileged ? observer->open_registers(thread) : tl::make_unexpected(withheld);
        if (!opened) observer->unavailable_.push_back(refused("perf-registers", opened.error(), 1));
    }
    if (options.wake_ups) {
        const Result<> opened = options.privileged ? observer->open_wake_ups(thread, std::max(kSmallestRing, ring_bytes / 4))
                                                   : tl::make_unexpected(withheld);
        if (!opened) observer->unavailable_.push_back(refused("perf-wake-ups", opened.error(), -1));
    }
    return observer;
}

Result<> PerfObserver::open_registers(ThreadId thread) {
    std::vector<UniqueFd> events;
    for (std::size_t i = 0; i < cpus_.size(); ++i) {
        events.push_back(TRY(open_perf_event(registers_attr(), thread, cpus_[i])));
        TRY(write_into(events.back(), sources_[i].event));
    }
    for (std::size_t i = 0; i < cpus_.size(); ++i) {
        sources_[i].layout.sample = SampleBody::kUserRegisters;
        sources_[i].others.push_back(events[i].get());
    }
    register_events_ = std::move(events);
    return {};
}

// sched_waking fires on the waker's side, so its thread is the one that wakes; sched_wakeup may fire in an interrupt on the
// woken thread's CPU. The kernel delivers either to events of the woken thread too, whoever wakes it, so one inherited event
// per CPU sees all wake-ups of the lab.
Result<> PerfObserver::open_wake_ups(ThreadId thread, std::size_t ring_bytes) {
    const Tracepoint waking = TRY(find_wake_up_tracepoint("sched/sched_waking"));
    const Tracepoint born = TRY(find_wake_up_tracepoint("sched/sched_wakeup_new"));
    std::vector<Source> sources;
    std::vector<UniqueFd> others;
    for (const CpuId cpu : cpus_) {
        Source source;
        source.event = TRY(open_perf_event(tracepoint_attr(waking.id, kWakeUpBytes), thread, cpu));
        source.layout = {SampleBody::kWakeUp, waking.format};
        others.push_back(TRY(open_perf_event(tracepoint_attr(born.id, kWakeUpBytes), thread, cpu)));
        sources.push_back(std::move(source));
    }
    TRY(map_rings(sources, ring_bytes));
    for (std::size_t i = 0; i < others.size(); ++i) {
        TRY(write_into(others[i], sources[i].event));
        sources[i].others.push_back(others[i].get());
    }
    for (Source& source : sources) {
        wake_up_events_.push_back(source.event.get());
        sources_.push_back(std::move(source));
    }
    for (UniqueFd& event : others) {
        wake_up_events_.push_back(event.get());
        extra_events_.push_back(std::move(event));
    }
    return {};
}

void PerfObserver::enable_registers(bool on) {
    registers_on_ = on;
    for (const UniqueFd& event : register_events_) ::ioctl(event.get(), on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

void PerfObserver::set_extras(bool on) {
    registers_wanted_ = on;
    enable_registers(on);
    for (const int event : wake_up_events_) ::ioctl(event, on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

void PerfObserver::pace_registers(double fullest, std::size_t records, Nanoseconds now) {
    if (register_events_.empty() || !registers_wanted_) return;
    records_in_window_ += records;
    const Nanoseconds window = now - window_start_;
    if (window < kRateWindow && fullest <= kBusyRing) return;
    const double rate = static_cast<double>(records_in_window_) / std::chrono::duration<double>(window).count();
    const bool busy = fullest > kBusyRing || rate > kBusyRate;
    if (busy) busy_at_ = now;
    if (registers_on_ && busy) enable_registers(false);
    if (!registers_on_ && now - busy_at_ > kCalm) enable_registers(true);
    window_start_ = now;
    records_in_window_ = 0;
}

std::vector<int> PerfObserver::poll_fds() const {
    std::vector<int> fds;
    for (const Source& source : sources_) fds.push_back(source.event.get());
    return fds;
}

void PerfObserver::accept(KernelRecord record) {
    using Kind = KernelRecord::Kind;
    switch (record.kind) {
        case Kind::kFork:
            alive_[record.tid] = record.pid;
            break;
        case Kind::kWakeUp: {
            // A lab thread also reports whom it wakes outside of the lab; and a wake-up from lab to lab is delivered to both.
            if (!pending_.empty()) {
                const KernelRecord& last = pending_.back();
                if (last.kind == Kind::kWakeUp && last.tid == record.tid && last.time == record.time) return;
            }
            break;
        }
        default:
            break;
    }
    pending_.push_back(std::move(record));
}

void PerfObserver::tell_of_loss(Source& source, std::uint64_t total, KernelRecord record) {
    if (total <= source.lost_told) return;
    record.count = total - source.lost_told;
    source.lost_told = total;
    pending_.push_back(std::move(record));
}

double PerfObserver::read_source(Source& source) {
    RingCursor cursor = source.ring.unread();
    const std::uint64_t begin = cursor.tail();
    for (auto bytes = cursor.next(); !bytes.empty(); bytes = cursor.next()) {
        auto record = decode_perf_record(bytes, source.layout);
        if (!record) continue;
        if (record->kind == KernelRecord::Kind::kLost) {
            source.lost_in_ring += record->count;
            tell_of_loss(source, source.lost_in_ring, std::move(*record));
        } else {
            accept(std::move(*record));
        }
    }
    source.ring.consume_to(cursor.tail());
    // The ring tells of what it lost only with the next record that it has room for, and there may be none: ask.
    if (cursor.tail() - begin + kLongestRecord > source.ring.data_bytes()) {
        std::uint64_t total = lost_records(source.event.get()).value_or(0);
        for (const int event : source.others) total += lost_records(event).value_or(0);
        KernelRecord lost;
        lost.time = monotonic_now();
        tell_of_loss(source, total, std::move(lost));
    }
    if (cursor.damaged()) {
        KernelRecord lost;
        lost.count = 1;
        lost.time = monotonic_now();
        pending_.push_back(std::move(lost));
    }
    return static_cast<double>(cursor.tail() - begin) / static_cast<double>(source.ring.data_bytes());
}

void PerfObserver::drain(std::vector<KernelRecord>& out) {
    // A ring is complete up to the moment before it was read: newer records wait for the next drain, when the other CPUs'
    // older ones are there too.
    const Nanoseconds complete_until = monotonic_now();
    double fullest = 0;
    const std::size_t held_back = pending_.size();
    for (Source& source : sources_) fullest = std::max(fullest, read_source(source));
    pace_registers(fullest, pending_.size() - held_back, complete_until);
    const auto by_time = [](const KernelRecord& a, const KernelRecord& b) { return a.time < b.time; };
    std::stable_sort(pending_.begin(), pending_.end(), by_time);
    auto ready = pending_.begin();
    for (; ready != pending_.end() && ready->time <= complete_until; ++ready) {
        if (ready->kind == KernelRecord::Kind::kWakeUp) {
            const auto known = alive_.find(ready->tid);
            if (known == alive_.end()) continue;
            ready->pid = known->second;
        }
        if (ready->kind == KernelRecord::Kind::kExit) alive_.erase(ready->tid);
        out.push_back(std::move(*ready));
    }
    pending_.erase(pending_.begin(), ready);
}

}  // namespace heddle::kernel
