#include "core/kernel/sample_differ.h"

#include <algorithm>
#include <utility>

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

void SampleDiffer::take(Nanoseconds time, const SampledThread& now, Known& known, std::vector<KernelRecord>& out) {
    const trace::ThreadSample& before = known.thread;
    const trace::ThreadSample& after = now.thread;
    if (before.name != after.name) {
        KernelRecord record = make(KernelRecord::Kind::kName, time, now.pid, after.tid, after.cpu);
        record.name = after.name;
        out.push_back(std::move(record));
    }
    known.preempted = growth(before.involuntary_switches, after.involuntary_switches);
    known.voluntary = growth(before.voluntary_switches, after.voluntary_switches);
    if (known.running) known.untold -= (time - looked_).count();
    known.untold += static_cast<std::int64_t>(growth(before.run_nanoseconds, after.run_nanoseconds));
    // "R" is running or ready. Its time on a run queue grows at the instant it gets a CPU, its time on a CPU at the timer's
    // ticks only, and when it leaves.
    const std::uint64_t left = known.preempted + known.voluntary;
    const bool measured = after.run_nanoseconds >= 0;
    const bool came = growth(before.wait_nanoseconds, after.wait_nanoseconds) > 0;
    const bool ran = growth(before.run_nanoseconds, after.run_nanoseconds) > 0;
    known.runs = after.state == 'R' && (!measured || came || (ran && left == 0));
    known.surely_runs = known.runs && measured && (left == 0 || (left == 1 && known.running && known.surely_running));
    if (left == 0 && ran) known.surely_running = known.running;
    std::uint64_t& told = known.preempted > 0 ? known.preempted : known.voluntary;
    if (known.put_out && told > 0) --told;
    known.put_out = false;
    known.pid = now.pid;
    known.last_cpu = before.cpu;
    known.thread = after;
    known.seen = true;
}

void SampleDiffer::enter(Nanoseconds time, int cpu, Known& known, std::vector<KernelRecord>& out) {
    out.push_back(make(KernelRecord::Kind::kSwitchIn, time, known.pid, known.thread.tid, cpu));
    known.running = true;
    known.surely_running = known.surely_runs;
    known.cpu = cpu;
    if (cpu >= 0) on_cpu_[cpu] = known.thread.tid;
}

void SampleDiffer::leave(Nanoseconds time, bool preempted, std::uint64_t times, Known& known, std::vector<KernelRecord>& out) {
    if (times == 0) return;
    const int cpu = known.running ? known.cpu : known.last_cpu;
    KernelRecord record = make(KernelRecord::Kind::kSwitchOut, time, known.pid, known.thread.tid, cpu);
    record.preempted = preempted;
    record.count = times;
    out.push_back(std::move(record));
    if (const auto at = on_cpu_.find(cpu); at != on_cpu_.end() && at->second == known.thread.tid) on_cpu_.erase(at);
    known.running = false;
    known.last_cpu = cpu;
}

bool SampleDiffer::make_room(Nanoseconds time, int cpu, bool surely, std::vector<KernelRecord>& out) {
    const auto at = on_cpu_.find(cpu);
    if (at == on_cpu_.end()) return true;
    Known& other = known_.find(at->second)->second;
    const bool may_run = other.thread.state == 'R';
    if (other.seen && may_run && !surely) return false;
    leave(time, may_run, 1, other, out);
    other.put_out = true;
    return true;
}

void SampleDiffer::switches(Nanoseconds time, std::span<const SampledThread> alive, std::vector<KernelRecord>& out) {
    const auto each = [&](auto&& does) {
        for (const SampledThread& now : alive) does(known_.find(now.thread.tid)->second);
    };
    const auto depart = [&](Known& known) {
        const std::uint64_t preempted = known.preempted, voluntary = known.voluntary;
        leave(time, true, preempted, known, out);
        leave(time, false, voluntary, known, out);
        known.preempted = known.voluntary = 0;
    };
    each([&](Known& known) {
        if (known.running) depart(known);
    });
    // Between two looks these were on a CPU and left it; on which one is not known when another one had theirs all the time.
    each([&](Known& known) {
        if (known.preempted + known.voluntary == 0) return;
        if (make_room(time, known.last_cpu, false, out)) enter(time, known.last_cpu, known, out);
        depart(known);
    });
    std::vector<Known*> wanting;
    each([&](Known& known) {
        if (!known.running && !known.put_out && known.runs) wanting.push_back(&known);
    });
    std::stable_sort(wanting.begin(), wanting.end(), [](const Known* a, const Known* b) {
        return std::pair(a->surely_runs, a->untold) > std::pair(b->surely_runs, b->untold);
    });
    for (Known* const known : wanting) {
        const int cpu = known->thread.cpu;
        if (!known->put_out && make_room(time, cpu, known->surely_runs, out)) enter(time, cpu, *known, out);
    }
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
                entry->second.thread.wait_nanoseconds = now.thread.wait_nanoseconds < 0 ? -1 : 0;
            }
        }
        take(begun, now, entry->second, out);
    }
    switches(begun, alive, out);
    looked_ = begun;
    for (auto entry = known_.begin(); entry != known_.end();) {
        if (entry->second.seen) {
            entry->second.seen = false;
            ++entry;
            continue;
        }
        out.push_back(make(KernelRecord::Kind::kExit, ended, entry->second.pid, entry->first, entry->second.thread.cpu));
        std::erase_if(on_cpu_, [&](const auto& at) { return at.second == entry->first; });
        entry = known_.erase(entry);
    }
    first_ = false;
}

}  // namespace heddle::kernel
