#include "core/session/recorder.h"

#include <linux/futex.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "core/kernel/kernel_switch_count.h"
#include "core/kernel/process_sampler.h"
#include "core/session/kernel_events.h"
#include "core/trace/process_stat.h"
#include "core/trace/shared_mappings.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using trace::Kind;
using trace::PackedEvent;

// What a CPU or a thread publishes later than this after the fact is inserted late, which costs more but loses nothing.
constexpr Nanoseconds kSettleTime = 100us;
constexpr Nanoseconds kLightSampleEvery = 25ms, kFullSampleEvery = 200ms;
// A new process asks for a look by itself; one without the runtime does not.
constexpr Nanoseconds kAsksItself = 5ms;

}  // namespace

Recorder::Recorder(RecorderOptions options, trace::Arena arena, Lab lab)
    : options_(std::move(options)), arena_(std::move(arena)), lab_(std::move(lab)), reader_(arena_, log_) {}

Recorder::~Recorder() = default;

Result<std::unique_ptr<Recorder>> Recorder::start(RecorderOptions options) {
    trace::Arena::Options sizes;
    sizes.process_limit = options.limits.processes;
    trace::Arena arena = TRY(trace::Arena::create(sizes));
    options.lab.arena_fd = arena.fd();
    if (options.gate) options.lab.board_fd = options.gate->fd();
    Lab lab = TRY(Lab::spawn(options.lab));
    std::unique_ptr<Recorder> recorder(new Recorder(std::move(options), std::move(arena), std::move(lab)));
    TRY(recorder->attach());
    return recorder;
}

Result<> Recorder::attach() {
    // The program's process waits in a read: from here on each of its switches is either in this count or in the observer's.
    const ThreadId first(lab_.program().value);
    for (int attempt = 0; attempt < 1000 && !kernel::waits_in_kernel(first); ++attempt) ::poll(nullptr, 0, 1);
    observer_ = TRY(kernel::open_observer(lab_.program(), options_.observer));
    switches_before_ = kernel::kernel_switch_count(lab_.program()).value_or(0);
    watched_[lab_.program()];
    started_ = monotonic_now();
    return lab_.let_go();
}

PackedEvent Recorder::process_event(Kind kind, std::uint8_t detail, ProcessId pid) {
    PackedEvent event{};
    event.nanoseconds = monotonic_now().count();
    event.tail = trace::make_tail(kind, detail, 0);
    // Also after its end it is this thread's event, and not that of another one with its number.
    const auto ended = ended_main_.find(pid);
    event.thread = ended != ended_main_.end() ? ended->second.value
                                              : log_.thread(ThreadId(pid.value), pid, Nanoseconds(event.nanoseconds)).value;
    return event;
}

std::uint64_t Recorder::collect() {
    if (ended_) return log_.size();
    const Nanoseconds now = monotonic_now();
    if (options_.gate) options_.gate->look();
    enforce_limits(now);  // first: taking in what a runaway lab recorded may take long
    batch_.clear();
    reader_.drain(batch_);
    note_new_mappings(batch_);
    take_kernel_records(batch_);
    for (int stream : {0, 1}) take_output(stream, batch_);
    if (stop_reason_ == StopReason::kNone) {
        answer_looks(now, batch_);
        take_samples(now, batch_);
    }
    take_reports(batch_);
    if (all_gone_) {
        // Nothing of the lab is alive: what is in the rings and pipes now is all there will ever be.
        reader_.drain(batch_);
        take_kernel_records(batch_);
        for (int stream : {0, 1}) take_output(stream, batch_);
        ended_ = true;
    }
    if (Gate* const gate = options_.gate.get()) {
        if (ended_) gate->controller().note_gone(WIFSIGNALED(wait_status_) ? trace::Ending::kCrash : trace::Ending::kFinished);
        gate->take_events(lab_.program(), log_, batch_);
        // Until the first step nothing is known of the time that is to be shown.
        const bool began = !gate->controller().steps().empty() || ended_;
        if (!stamped_) batch_.insert(batch_.end(), held_.begin(), held_.end()), held_.clear();
        if (!began) {
            held_.swap(batch_);
            return log_.size();
        }
        stamped_ = true;
        gate->stamp(batch_);
        const bool all_there = ended_ || gate->stood();
        return insert_settled(all_there ? Nanoseconds::max() : gate->shown(now - kSettleTime));
    }
    return insert_settled(ended_ ? Nanoseconds::max() : now - kSettleTime);
}

std::uint64_t Recorder::insert_settled(Nanoseconds settled) {
    batch_.insert(batch_.end(), held_.begin(), held_.end());
    std::vector<PackedEvent> held;
    std::erase_if(batch_, [&held, settled](const PackedEvent& event) {
        const bool later = event.nanoseconds > settled.count();
        if (later) held.push_back(event);
        return later;
    });
    held_ = std::move(held);
    return log_.insert(std::move(batch_));
}

void Recorder::take_kernel_records(std::vector<PackedEvent>& out) {
    records_.clear();
    observer_->drain(records_);
    for (const kernel::KernelRecord& record : records_) {
        using RecordKind = kernel::KernelRecord::Kind;
        counter_.add(record);
        if (record.kind == RecordKind::kFork && !record.new_thread) {
            if (const auto [process, born] = watched_.try_emplace(record.pid); born && !options_.gate)
                process->second.next_light = process->second.next_full = record.time + kAsksItself;
            ended_main_.erase(record.pid);
            sampled_at_step_ = 0;
        }
        if (record.kind == RecordKind::kExit && record.tid.value == record.pid.value)
            ended_main_[record.pid] = log_.thread(record.tid, record.pid, record.time);
        if (record.kind == RecordKind::kExit && trace::has_ended(record.pid.value)) watched_.erase(record.pid);
    }
    // Where the threads take turns at a gate, these say who is on the CPU; the kernel's switches only hand the turn over.
    if (options_.gate) {
        std::erase_if(records_, [](const kernel::KernelRecord& record) {
            using RecordKind = kernel::KernelRecord::Kind;
            return record.kind == RecordKind::kSwitchIn || record.kind == RecordKind::kSwitchOut ||
                   record.kind == RecordKind::kWakeUp || record.kind == RecordKind::kRegisters;
        });
    }
    append_kernel_events(records_, log_, out);
}

void Recorder::take_output(int index, std::vector<PackedEvent>& out) {
    Stream& stream = streams_[index];
    if (stream.ended) return;
    const int fd = index == 0 ? lab_.stdout_fd() : lab_.stderr_fd();
    const std::string bytes = read_available(fd, std::size_t{1} << 20, stream.ended);
    if (bytes.empty()) return;
    stream.total += bytes.size();
    const std::uint64_t room =
        options_.limits.kept_output_bytes - std::min(options_.limits.kept_output_bytes, stream.kept.size());
    const std::string kept = bytes.substr(0, room);
    stream.kept += kept;
    PackedEvent event = process_event(Kind::kOutput, static_cast<std::uint8_t>(index + 1), lab_.program());
    event.value = stream.total;
    if (!kept.empty()) event.extra = log_.add_blob(kept);
    out.push_back(event);
}

bool Recorder::sample(ProcessId pid, kernel::SampleDepth depth, Nanoseconds now, std::vector<PackedEvent>& out) {
    const auto sample = kernel::sample_process(pid, depth);
    if (!sample) return false;  // gone
    Watched& watched = watched_[pid];
    watched.resident_bytes = sample->resident_bytes;
    watched.next_light = now + kLightSampleEvery;
    if (depth == kernel::SampleDepth::kFull) watched.next_full = now + kFullSampleEvery;
    PackedEvent event = process_event(Kind::kProcessSample, 0, pid);
    event.extra = log_.add_blob(trace::encode(*sample));
    out.push_back(event);
    return true;
}

// Threads that stand still for a look at their process. Which process that is, the slot says, and the slot may lie: only
// processes that the kernel said belong to the lab are looked at.
void Recorder::answer_looks(Nanoseconds now, std::vector<PackedEvent>& out) {
    const std::uint32_t used = std::min(arena_.header().slots_used.load(), arena_.options().slots);
    for (std::uint32_t i = 0; i < used; ++i) {
        trace::ThreadSlot& slot = arena_.slot(i);
        const std::uint32_t wanted = slot.look_wanted.load();
        const ProcessId pid(slot.pid.load());
        if (slot.look_done.load() == wanted || !watched_.contains(pid)) continue;
        if (holds_too_many_processes()) return;
        sample(pid, kernel::SampleDepth::kFull, now, out);
        slot.look_done.store(wanted);
        ::syscall(SYS_futex, &slot.look_done, FUTEX_WAKE, INT32_MAX, nullptr, nullptr, 0);
    }
}

// While all stand still at a gate there is nothing new to see.
bool Recorder::may_sample() {
    if (!options_.gate) return true;
    const std::size_t step = options_.gate->controller().steps().size();
    if (options_.gate->controller().stands() && step == sampled_at_step_ && step > 0) return false;
    sampled_at_step_ = step;
    return true;
}

// What a step maps is to be seen behind it, however short ago its process was looked at; in a run that nothing holds, what
// processes share, soon.
void Recorder::note_new_mappings(const std::vector<PackedEvent>& events) {
    for (const PackedEvent& event : events) {
        if (event.kind() != Kind::kCallEnd || !trace::changes_mappings(static_cast<trace::CallId>(event.detail()))) continue;
        const auto watched = watched_.find(log_.view().threads()[event.thread].pid);
        if (watched == watched_.end()) continue;
        Watched& process = watched->second;
        const bool shared = event.detail() == static_cast<std::uint8_t>(trace::CallId::kSharedObject);
        if (options_.gate) {
            process.next_full = {};
            sampled_at_step_ = 0;
        } else if (shared) {
            process.next_full = std::min(process.next_full, process.next_light);
        }
    }
}

void Recorder::take_samples(Nanoseconds now, std::vector<PackedEvent>& out) {
    if (!may_sample()) return;
    std::vector<ProcessId> due;
    for (const auto& [pid, watched] : watched_) {
        if (now >= std::min(watched.next_light, watched.next_full)) due.push_back(pid);
    }
    for (const ProcessId pid : due) {
        if (holds_too_many_processes()) return;
        const bool full = now >= watched_[pid].next_full;
        if (!sample(pid, full ? kernel::SampleDepth::kFull : kernel::SampleDepth::kLight, now, out)) watched_.erase(pid);
    }
}

void Recorder::take_reports(std::vector<PackedEvent>& out) {
    for (const LabReport& report : lab_.read_reports()) {
        switch (report.kind) {
            case LabReportKind::kSpawned:
                break;
            case LabReportKind::kExecFailed:
                exec_error_ = static_cast<int>(report.value);
                break;
            case LabReportKind::kReaped: {
                const ProcessId pid(report.pid);
                reader_.release_dead(pid, out);
                PackedEvent event = process_event(Kind::kProcessReaped, 0, pid);
                event.value = static_cast<std::uint64_t>(report.value);
                out.push_back(event);
                kernel_switches_ += report.voluntary_switches + report.involuntary_switches;
                watched_.erase(pid);
                if (pid == lab_.program()) {
                    wait_status_ = static_cast<int>(report.value);
                    free_since_ = monotonic_now();
                }
                break;
            }
            case LabReportKind::kKilledRest:
                killed_rest_ = report.value;
                break;
            case LabReportKind::kAllGone:
                all_gone_ = true;
                break;
        }
    }
}

// Asked between looks at processes, too: each takes long, and those of a fork bomb fill their rings meanwhile.
bool Recorder::holds_too_many_processes() const {
    const auto processes = std::max(watched_.size(), static_cast<std::size_t>(arena_.live_processes()));
    return processes >= options_.limits.processes;
}

void Recorder::enforce_limits(Nanoseconds now) {
    std::uint64_t resident = 0;
    for (const auto& [pid, watched] : watched_) resident += watched.resident_bytes;
    const RecorderLimits& limits = options_.limits;
    if (std::chrono::duration<double>(now - started_).count() > limits.seconds) stop(StopReason::kTimeLimit);
    if (streams_[0].total + streams_[1].total > limits.output_bytes) stop(StopReason::kOutput);
    if (resident > limits.resident_bytes) stop(StopReason::kMemory);
    if (holds_too_many_processes()) stop(StopReason::kProcesses);
    if (log_.size() > limits.events) stop(StopReason::kEvents);
    end_those_left_behind(now);
    end_where_nothing_goes_on(now);
}

// Where threads take turns, those who stand at the gate tell by themselves that nobody can move.
void Recorder::end_where_nothing_goes_on(Nanoseconds now) {
    if (options_.gate || stop_reason_ != StopReason::kNone || !stall_.is_due(now)) return;
    std::vector<ProcessId> processes;
    for (const auto& [pid, watched] : watched_) processes.push_back(pid);
    std::sort(processes.begin(), processes.end());
    if (!stall_.stood_still(processes) || reader_.stats().dropped > 0) return;
    std::vector<ProcessId> all = kernel::descendants(lab_.supervisor());
    std::erase(all, lab_.supervisor());
    if (stall_.is_deadlock(all, log_.view())) stop(StopReason::kDeadlock);
}

// Those that outlive the program. As long as some stand at the gate they wait for the learner; else the lab looks to it.
void Recorder::end_those_left_behind(Nanoseconds now) {
    constexpr Nanoseconds kGrace = std::chrono::seconds(2);
    if (!options_.gate || !free_since_) return;
    if (options_.gate->controller().holds_anybody()) {
        free_since_ = now;
    } else if (now - *free_since_ > kGrace) {
        free_since_.reset();
        lab_.kill();
    }
}

void Recorder::stop(StopReason reason) {
    if (stop_reason_ != StopReason::kNone || all_gone_) return;
    stop_reason_ = reason;
    lab_.kill();
}

model::SwitchCounts Recorder::switches() const {
    const kernel::SwitchCounts& counts = counter_.counts();
    model::SwitchCounts switches;
    switches.captured = counts.recorded();
    switches.preempted = counts.preempted;
    switches.voluntary = counts.voluntary;
    switches.migrations = counts.migrations;
    if (ended_) {
        switches.kernel = std::max<std::int64_t>(0, kernel_switches_ - switches_before_);
        const auto reconciled = kernel::reconcile(counts, static_cast<std::uint64_t>(switches.kernel));
        switches.after_exit = reconciled.after_exit;
        switches.captured = reconciled.captured();
    }
    return switches;
}

std::vector<int> Recorder::poll_fds() const {
    std::vector<int> fds = observer_->poll_fds();
    fds.push_back(lab_.report_fd());
    for (const int index : {0, 1}) {
        if (!streams_[index].ended) fds.push_back(index == 0 ? lab_.stdout_fd() : lab_.stderr_fd());
    }
    return fds;
}

}  // namespace heddle::session
