// Recorder: observes one lab from birth to end and keeps everything it saw in an EventLog. Belongs to the session's thread,
// which calls collect() every millisecond or two. Knows nothing of names, values or pictures. Bounds what a runaway program may
// do.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/base/unavailable.h"
#include "core/kernel/observer.h"
#include "core/kernel/process_sampler.h"
#include "core/kernel/switch_counter.h"
#include "core/model/snapshot.h"
#include "core/session/gate.h"
#include "core/session/lab.h"
#include "core/session/stall_watch.h"
#include "core/trace/arena_host.h"
#include "core/trace/event_log.h"
#include "core/trace/ring_reader.h"

namespace heddle::session {

// Why Heddle ended the lab, when it did.
enum class StopReason : std::uint8_t { kNone, kAsked, kTimeLimit, kOutput, kMemory, kProcesses, kEvents, kDeadlock };

struct RecorderLimits {
    double seconds = 30;
    std::uint64_t output_bytes = std::uint64_t{16} << 20;  // written; kept_output_bytes of them are kept
    std::uint64_t kept_output_bytes = std::uint64_t{1} << 20;
    std::uint64_t resident_bytes = std::uint64_t{1} << 30;  // of all processes together
    std::uint32_t processes = 64;
    std::uint64_t events = 20'000'000;
};

struct RecorderOptions {
    LabOptions lab;
    RecorderLimits limits;
    kernel::ObserverOptions observer;
    std::shared_ptr<Gate> gate;  // null: the threads run free
};

class Recorder {
public:
    static Result<std::unique_ptr<Recorder>> start(RecorderOptions options);
    ~Recorder();

    // Takes in what is new. Returns the first index of the log whose content changed (its old size when events were only
    // added).
    std::uint64_t collect();
    // Descriptors that become readable when collect() has something to do at once.
    std::vector<int> poll_fds() const;
    void stop(StopReason reason);  // ends the lab; ended() turns true soon after

    bool ended() const { return ended_; }  // every process is gone and everything is in the log
    StopReason stop_reason() const { return stop_reason_; }
    ProcessId program() const { return lab_.program(); }
    int wait_status() const { return wait_status_; }           // of the program, once ended
    int exec_error() const { return exec_error_; }             // errno; 0: the program was executed
    std::int64_t killed_rest() const { return killed_rest_; }  // processes that outlived the program and were ended

    const trace::EventLog& log() const { return log_; }
    const trace::DrainStats& ring_stats() const { return reader_.stats(); }
    const kernel::Observer& observer() const { return *observer_; }
    model::SwitchCounts switches() const;  // held against the kernel's own count once the lab ended
    std::uint64_t lost_records() const { return counter_.counts().lost; }
    const std::string& output() const { return streams_[0].kept; }
    const std::string& errors() const { return streams_[1].kept; }

private:
    struct Stream {
        std::string kept;
        std::uint64_t total = 0;
        bool ended = false;
    };
    struct Watched {  // a live process of the lab
        Nanoseconds next_light{}, next_full{};
        std::uint64_t resident_bytes = 0;
    };

    Recorder(RecorderOptions options, trace::Arena arena, Lab lab);
    Result<> attach();
    void take_reports(std::vector<trace::PackedEvent>& out);
    void take_kernel_records(std::vector<trace::PackedEvent>& out);
    void take_output(int index, std::vector<trace::PackedEvent>& out);
    void take_samples(Nanoseconds now, std::vector<trace::PackedEvent>& out);
    void answer_looks(Nanoseconds now, std::vector<trace::PackedEvent>& out);
    bool may_sample();
    void note_new_mappings(const std::vector<trace::PackedEvent>& events);
    bool sample(ProcessId pid, kernel::SampleDepth depth, Nanoseconds now, std::vector<trace::PackedEvent>& out);
    bool holds_too_many_processes() const;
    void enforce_limits(Nanoseconds now);
    void end_those_left_behind(Nanoseconds now);
    void end_where_nothing_goes_on(Nanoseconds now);
    trace::PackedEvent process_event(trace::Kind kind, std::uint8_t detail, ProcessId pid);
    std::uint64_t insert_settled(Nanoseconds settled);

    RecorderOptions options_;
    trace::Arena arena_;
    Lab lab_;
    trace::EventLog log_;
    trace::RingReader reader_;
    std::unique_ptr<kernel::Observer> observer_;
    kernel::SwitchCounter counter_;
    std::vector<kernel::KernelRecord> records_;
    std::vector<trace::PackedEvent> batch_;  // what this look brought
    std::vector<trace::PackedEvent> held_;   // events so new that older ones may still arrive
    std::unordered_map<ProcessId, Watched> watched_;
    std::unordered_map<ProcessId, trace::ThreadIndex> ended_main_;  // the main threads that are gone
    StallWatch stall_;
    Stream streams_[2];
    Nanoseconds started_{};
    std::int64_t switches_before_ = 0, kernel_switches_ = 0;
    int wait_status_ = 0, exec_error_ = 0;
    std::int64_t killed_rest_ = 0;
    StopReason stop_reason_ = StopReason::kNone;
    bool all_gone_ = false, ended_ = false;
    std::size_t sampled_at_step_ = 0;        // with a gate
    bool stamped_ = false;                   // with a gate: events got the time that is shown
    std::optional<Nanoseconds> free_since_;  // with a gate: the program has ended, and nobody stood there since
};

}  // namespace heddle::session
