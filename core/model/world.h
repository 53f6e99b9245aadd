// World: everything that is known of a run after its first n events, by number and address, nothing resolved to names. Folded
// event by event; cheap to copy (big parts are shared until written), so that copies are kept as checkpoints. Owned by the
// thread of the Observatory. Makes no system calls, trusts no event: any sequence of events gives some world.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/call_stack.h"
#include "core/model/cow.h"
#include "core/model/heap_map.h"
#include "core/model/memory_image.h"
#include "core/model/snapshot.h"
#include "core/trace/event_log.h"
#include "core/trace/library_state.h"
#include "core/trace/process_sample.h"
#include "core/trace/shared_mappings.h"

namespace heddle::model {

// A call that has begun and not ended.
struct OpenCall {
    trace::CallId call = trace::CallId::kNone;
    std::uint64_t object = 0, argument = 0, pc = 0;
    Nanoseconds since{};
};

// Why a waiting thread waits, as far as it is known.
struct Waiting {
    trace::CallId call = trace::CallId::kNone;  // the call it is in
    std::uint64_t object = 0, argument = 0;
    int syscall = -1;     // else what /proc said
    std::string channel;  // else the kernel's wait channel
};

struct ThreadWorld {
    static constexpr std::size_t kOpenCalls = 4;
    trace::ThreadIndex index;
    Number number = kNobody, process = kNobody, creator = kNobody;
    ThreadId tid;
    std::string name;  // as the program set it
    bool main = false;
    bool ended_by_itself = false;  // its end was announced by a hook

    ThreadState state = ThreadState::kNew;
    Cause cause = Cause::kNone;
    Waiting waiting;
    CpuId cpu = kNoCpu;
    Nanoseconds born{}, since{}, ended{};
    std::uint64_t switch_outs = 0, dispatches = 0, preemptions = 0, voluntary_switches = 0, migrations = 0;
    std::array<Nanoseconds, kThreadStates> time_in{};  // without the present state's

    CallStack stack;
    std::uint64_t pc = 0;  // its latest known place
    std::array<OpenCall, kOpenCalls> open_calls{};
    std::uint8_t open_call_count = 0;
    std::uint64_t handle = 0;  // pthread_t
    std::uint64_t stack_lowest = 0, stack_bytes = 0;
    std::uint32_t registers = 0;  // blob of the last saved registers; 0 none
    std::uint64_t stack_pointer = 0, instruction_pointer = 0;
    int last_signal = 0;
    trace::SharedPlace told;   // of what it maps next
    std::uint64_t events = 0;  // hook events

    const OpenCall* open_call() const { return open_call_count > 0 ? &open_calls[open_call_count - 1U] : nullptr; }
    // Time in a state up to `now`.
    Nanoseconds in_state(ThreadState wanted, Nanoseconds now) const {
        return time_in[static_cast<std::size_t>(wanted)] + (state == wanted && now > since ? now - since : Nanoseconds{});
    }
};

// What threads wait at: a lock, semaphore, condition variable, barrier, once or futex word.
struct LockWorld {
    SyncKind kind = SyncKind::kMutex;
    Number owner = kNobody;  // that holds it exclusively; a once: that runs the routine
    std::int32_t depth = 0;  // of a recursive one
    // Semaphores, where known. Below 0 for the moment in which a wait was recorded before the post that allowed it.
    std::optional<std::int64_t> permits;
    std::vector<Number> readers;
    std::vector<Number> waiters;  // in the order they came; a barrier: those of the present round
    std::vector<Number> leaving;  // a barrier: those of rounds that are complete, not back from their calls yet
    std::uint64_t mutex = 0;      // a condition variable: its waiters' mutex
    std::uint32_t parties = 0;    // a barrier; 0 unknown
    std::uint32_t rounds = 0;     // a barrier: that are complete
    bool done = false;            // a once: the routine has returned
};

using Locks = std::map<std::uint64_t, LockWorld>;  // by address

// Which program runs in a process: changes with exec, is inherited by fork.
struct ProgramId {
    Number process = kNobody;      // the process that executed it
    std::uint32_t generation = 0;  // its how-manieth program
    auto operator<=>(const ProgramId&) const = default;
};

struct TrackedPage {
    bool present = false, exclusive = false, file = false;
    bool was_shared = false;  // present and not exclusive, ever
    bool copied = false;      // became exclusive after that
    std::uint64_t bytes = 4096, frame_number = 0, event = 0;
};

struct ProcessWorld {
    Number number = kNobody, parent = kNobody;
    ProcessId pid, parent_pid;
    std::string name;
    ProgramId program;
    bool hooked = false;         // a hook spoke from it
    bool fresh_program = false;  // no sample of the present program yet
    ProcessExit exit;
    bool reaped = false;
    bool waited_for = false;  // by a wait of the program's own: nothing is left of it
    MemoryImage memory;
    HeapMap heap;
    Cow<std::map<std::uint64_t, TrackedPage>> pages;  // by first byte
    Cow<Locks> locks;                                 // by address; one in shared memory is in that of each that has it
    Cow<trace::SharedMappings> shared;
    trace::LibraryStatePlaces library_states{};
    std::shared_ptr<const trace::ProcessSample> sample;    // the latest
    std::shared_ptr<const trace::ProcessSample> mappings;  // the latest that has mappings
    std::uint64_t sample_event = 0;
    std::vector<Number> threads;
};

struct CpuWorld {
    CpuId id;
    Number running = kNobody;
    Nanoseconds since{};
    std::uint64_t switches = 0;
    std::vector<std::pair<Number, Nanoseconds>> time_by_thread;  // ended turns, by number
};

// What a fold tells while it goes, to whoever builds an index of the run.
class WorldSink {
public:
    virtual ~WorldSink() = default;
    virtual void thread_born(const ThreadWorld& thread, Nanoseconds time, std::uint64_t event) = 0;
    virtual void transition(const Transition& transition, Nanoseconds time, std::uint64_t event) = 0;
    virtual void cpu_runs(CpuId cpu, Number thread, Nanoseconds time, std::uint64_t event) = 0;
    virtual void woken(Number by, Number thread, Nanoseconds time, std::uint64_t event) = 0;
    virtual void hook_event(Number thread, Nanoseconds time, std::uint64_t event) = 0;
};

class World {
public:
    // Folds one event. blob: the bytes of its `extra`, if it is of a kind that has some. threads: of the log. index: its place
    // in the log. sink may be null.
    void apply(const trace::PackedEvent& packed, std::string_view blob, std::span<const trace::ThreadInfo> threads,
               std::uint64_t index, WorldSink* sink);

    std::uint64_t events() const { return events_; }  // folded
    Nanoseconds time() const { return time_; }        // of the last one
    Nanoseconds start() const { return start_; }
    std::size_t thread_count() const { return threads_.size(); }
    std::size_t process_count() const { return processes_.size(); }
    const ThreadWorld& thread(Number number) const { return *threads_[static_cast<std::size_t>(number) - 1]; }
    const ProcessWorld& process(Number number) const { return *processes_[static_cast<std::size_t>(number) - 1]; }
    const std::vector<CpuWorld>& cpus() const { return *cpus_; }  // by id
    Number number_of(trace::ThreadIndex index) const;             // kNobody: not seen yet
    const EdgeCounts& edges() const { return edges_; }
    const std::array<std::uint64_t, 32>& transitions_by_cause() const { return by_cause_; }
    std::uint64_t lost() const { return lost_; }
    std::uint64_t output_bytes(int stream) const { return stream == 1 ? output_[0] : output_[1]; }
    bool kernel_seen() const { return kernel_seen_; }  // switches are known from the kernel
    // The transition made by the last event (the one of its own thread, when there are several).
    const std::optional<Transition>& last_transition() const { return last_transition_; }
    std::uint64_t copied_bytes() const;  // of memory images, ever copied because a copy of this world shared them
    std::uint64_t own_bytes() const;     // what a copy of this world costs at once, about

private:
    struct Context {
        std::uint64_t index;
        Nanoseconds time;
        std::uint64_t pc;
        Number thread;  // kNobody: of no thread
        std::uint32_t extra;
        std::uint64_t address, value;
        WorldSink* sink;
    };
    struct Visitor;
    struct LiveThread {
        ThreadId tid;
        Number number;
    };

    ThreadWorld& edit_thread(Number number) { return threads_[static_cast<std::size_t>(number) - 1].write(); }
    ProcessWorld& edit_process(Number number) { return processes_[static_cast<std::size_t>(number) - 1].write(); }
    CpuWorld& edit_cpu(CpuId id);

    // world_births.cpp
    Number thread_of(trace::ThreadIndex index, std::span<const trace::ThreadInfo> threads, const trace::PackedEvent& packed,
                     const Context& context);
    Number add_process(ProcessId pid, Number parent);
    Number live_process(ProcessId pid) const;
    Number live_thread(ThreadId tid) const;
    void born_by_fork(const trace::KernelFork& fork, const Context& context);
    void inherit(Number child_thread, Number parent_thread);
    void new_program(ProcessWorld& process);
    void on(const trace::ProcessStart& start, const Context& context);
    void on(const trace::ProcessEnd& end, const Context& context);
    void on(const trace::ProcessReaped& reaped, const Context& context);
    void reap(Number process, int wait_status, const Context& context);
    void reap_waited(ProcessId pid, int wait_status, const Context& context);
    void on(const trace::ThreadStart& start, const Context& context);
    void on(const trace::ThreadEnd& end, const Context& context);
    void on(const trace::KernelExit& exit, const Context& context);
    void end_threads(Number process, Cause cause, const Context& context);

    // world_states.cpp
    void set_state(ThreadWorld& thread, ThreadState to, Cause cause, const Context& context);
    void make_running(ThreadWorld& thread, const Context& context);  // by the legal edges, at this instant
    void admit_children(Number creator, const Context& context);
    void terminate(ThreadWorld& thread, Cause cause, const Context& context);
    void leave_cpu(ThreadWorld& thread, CpuId cpu, const Context& context);
    void start_waiting(ThreadWorld& thread, const Context& context);
    ThreadWorld& hook_spoke(const Context& context);
    void on(const trace::SwitchIn& in, const Context& context);
    void on(const trace::SwitchOut& out, const Context& context);
    void on(const trace::WakeUp& wake, const Context& context);
    void on(const trace::ProcessSampled& sampled, const Context& context);
    void refine_waiting(const trace::ThreadSample& sample, const Context& context);

    // world_calls.cpp
    void on(const trace::CallBegin& call, const Context& context);
    void on(const trace::CallEnd& call, const Context& context);
    void heap_changes(ProcessWorld& process, const ThreadWorld& thread, const trace::CallEnd& call, const Context& context);
    template <typename Change>
    void lock_changes(Number process, std::uint64_t object, std::uint64_t other, Change change);
    void mappings_change(ThreadWorld& thread, const trace::CallEnd& call, const Context& context);
    bool would_block(const ProcessWorld& process, const ThreadWorld& thread, const trace::CallBegin& call) const;

    std::vector<Cow<ThreadWorld>> threads_;
    std::vector<Cow<ProcessWorld>> processes_;
    std::vector<Number> number_by_index_;
    std::vector<LiveThread> live_;
    std::vector<std::pair<Number, Number>> newborn_;  // thread, its creator: not admitted yet
    Cow<std::vector<CpuWorld>> cpus_;
    EdgeCounts edges_{};
    std::array<std::uint64_t, 32> by_cause_{};
    std::optional<Transition> last_transition_;
    std::array<std::uint64_t, 2> output_{};
    std::uint64_t events_ = 0, lost_ = 0;
    Nanoseconds time_{}, start_{};
    bool kernel_seen_ = false;
};

}  // namespace heddle::model
