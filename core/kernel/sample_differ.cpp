#include "core/kernel/sample_differ.h"

namespace heddle::kernel {
namespace {

KernelRecord make(KernelRecord::Kind kind, Nanoseconds time, ProcessId pid, ThreadId tid, int cpu) {
    KernelRecord record;
    record.kind = kind;
    record.sampled = true;
    record.time = time;
    record.pid = pid;
    record.tid = tid;
    record.cpu = CpuId(cpu);
    return record;
}

// By how much a count grew; a count that could not be read, or went back, did not.
std::uint64_t growth(std::int64_t before, std::int64_t after) {
    return before >= 0 && after > before ? static_cast<std::uint64_t>(after - before) : 0;
}

}  // namespace

void SampleDiffer::update(Nanoseconds time, const SampledThread& now, Known& known, std::vector<KernelRecord>& out) {
    const trace::ThreadSample& before = known.thread;
    const trace::ThreadSample& after = now.thread;
    if (before.name != after.name) {
        KernelRecord record = make(KernelRecord::Kind::kName, time, now.pid, after.tid, after.cpu);
        record.name = after.name;
        out.push_back(std::move(record));
    }
    const auto preempted = growth(before.involuntary_switches, after.involuntary_switches);
    const auto voluntary = growth(before.voluntary_switches, after.voluntary_switches);
    // "R" is running or ready; it ran since the last look when its time on a CPU grew.
    const bool runs = after.state == 'R' && (after.run_nanoseconds < 0 || after.run_nanoseconds > before.run_nanoseconds);
    if ((preempted > 0 || voluntary > 0) && !known.running) {
        out.push_back(make(KernelRecord::Kind::kSwitchIn, time, now.pid, after.tid, before.cpu));
        known.running = true;
    }
    const auto leave = [&](std::uint64_t times, bool was_preempted) {
        if (times == 0) return;
        KernelRecord record = make(KernelRecord::Kind::kSwitchOut, time, now.pid, after.tid, before.cpu);
        record.preempted = was_preempted;
        record.count = times;
        out.push_back(std::move(record));
        known.running = false;
    };
    leave(preempted, true);
    leave(voluntary, false);
    if (runs && !known.running) {
        out.push_back(make(KernelRecord::Kind::kSwitchIn, time, now.pid, after.tid, after.cpu));
        known.running = true;
    }
    known.pid = now.pid;
    known.thread = after;
}

void SampleDiffer::look(Nanoseconds begun, Nanoseconds ended, std::span<const SampledThread> alive,
                        std::vector<KernelRecord>& out) {
    for (const SampledThread& now : alive) {
        const ThreadId tid = now.thread.tid;
        auto [entry, born] = known_.try_emplace(tid);
        if (born) {
            entry->second.pid = now.pid;
            entry->second.thread = now.thread;
            if (!first_) {
                KernelRecord record = make(KernelRecord::Kind::kFork, begun, now.pid, tid, now.thread.cpu);
                record.new_thread = tid.value != now.pid.value;
                record.other = record.new_thread ? ThreadId(now.pid.value) : now.parent;
                out.push_back(std::move(record));
                // Counted from zero: what it did before this look belongs to the lab too.
                entry->second.thread.voluntary_switches = now.thread.voluntary_switches < 0 ? -1 : 0;
                entry->second.thread.involuntary_switches = now.thread.involuntary_switches < 0 ? -1 : 0;
                entry->second.thread.run_nanoseconds = now.thread.run_nanoseconds < 0 ? -1 : 0;
            }
        }
        update(begun, now, entry->second, out);
        entry->second.seen = true;
    }
    for (auto entry = known_.begin(); entry != known_.end();) {
        if (entry->second.seen) {
            entry->second.seen = false;
            ++entry;
            continue;
        }
        out.push_back(make(KernelRecord::Kind::kExit, ended, entry->second.pid, entry->first, entry->second.thread.cpu));
        entry = known_.erase(entry);
    }
    first_ = false;
}

}  // namespace heddle::kernel
