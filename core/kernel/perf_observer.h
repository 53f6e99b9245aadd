// PerfObserver: the exact Observer. One perf event per CPU, attached to the child's only thread and inherited by everything it
// creates (an inherited per-thread event for any CPU cannot be mapped, hence one for each), each with its own ring.
// With privilege two more sources: the user registers at each switch, written into the same rings, and wake-ups, in rings
// of their own. See observer.h for lifetime and threads.
#pragma once

#include <unordered_map>

#include "core/kernel/observer.h"
#include "core/kernel/perf_event.h"
#include "core/kernel/perf_ring.h"

namespace heddle::kernel {

class PerfObserver final : public Observer {
public:
    // Fails when perf switch records are not allowed here.
    static Result<std::unique_ptr<PerfObserver>> open(ProcessId child, const ObserverOptions& options);

    void drain(std::vector<KernelRecord>& out) override;
    void set_extras(bool on) override;
    std::vector<int> poll_fds() const override;
    std::string_view source() const override { return "kernel switch records"; }
    bool exact() const override { return true; }
    bool has_registers() const override { return !register_events_.empty(); }
    bool has_wake_ups() const override { return !wake_up_events_.empty(); }
    const std::vector<Unavailable>& unavailable() const override { return unavailable_; }

private:
    struct Source {  // a ring and the event that owns it
        UniqueFd event;
        PerfRing ring;
        PerfRecordLayout layout;
        std::vector<int> others;  // events that write into the same ring
        // Of the records that found it full: how many the ring itself has told of, and how many this observer has.
        std::uint64_t lost_in_ring = 0, lost_told = 0;
    };

    PerfObserver() = default;
    static Result<> map_rings(std::vector<Source>& sources, std::size_t ring_bytes);
    Result<> open_registers(ThreadId thread);
    Result<> open_wake_ups(ThreadId thread, std::size_t ring_bytes);
    // Returns how full the ring was, 0 to 1.
    double read_source(Source& source);
    void tell_of_loss(Source& source, std::uint64_t total, KernelRecord record);
    void pace_registers(double fullest, std::size_t records, Nanoseconds now);
    void enable_registers(bool on);
    void accept(KernelRecord record);

    std::vector<CpuId> cpus_;
    std::vector<Source> sources_;  // cpus_.size() of switch records, then those of wake-ups
    std::vector<UniqueFd> register_events_;
    std::vector<int> wake_up_events_;  // descriptors owned by sources_ or extra_events_
    std::vector<UniqueFd> extra_events_;
    std::vector<KernelRecord> pending_;  // read, but newer than the start of the reading
    std::unordered_map<ThreadId, ProcessId> alive_;
    bool registers_wanted_ = true, registers_on_ = true;
    Nanoseconds busy_at_{}, window_start_{};
    std::size_t records_in_window_ = 0;
    std::vector<Unavailable> unavailable_;
};

}  // namespace heddle::kernel
