// Snapshot: everything a human can see at one instant of a run, resolved to names and values. Made by the session's thread
// (Observatory::snapshot), immutable from then on, read by the panels through one shared_ptr per frame. Holds no sentences in a
// human language: texts are i18n keys with named arguments.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/unavailable.h"
#include "core/model/command.h"
#include "core/model/timeline.h"
#include "core/trace/event_log.h"

namespace heddle::model {

enum class ThreadState : std::uint8_t { kNew, kReady, kRunning, kWaiting, kTerminated };
inline constexpr std::size_t kThreadStates = 5;

// Why a thread changed its state, or what it waits for.
enum class Cause : std::uint8_t {
    kNone,
    kAdmitted,
    kDispatch,
    kTimeOut,
    kYield,
    kIo,
    kLock,
    kCondition,
    kSemaphore,
    kBarrier,
    kFutex,
    kSleep,
    kJoin,
    kChild,
    kPageFault,
    kSignal,
    kStopped,
    kOther,
    kWakeUp,
    kExit,
    kKilled,
};

// A thread's number on screen, 1 for T1: in order of birth over the whole run. It gives hue, shape and name everywhere.
using Number = std::int32_t;
inline constexpr Number kNobody = 0;

// A sentence as a key of the translated texts and its named arguments: "event.write", {thread: T2, name: counter, value: 1}.
struct Sentence {
    std::string key;
    std::map<std::string, std::string> arguments;
    Number thread = kNobody;  // whose colour it is told in
    bool empty() const { return key.empty(); }
};

struct VariableView {
    std::string name, type, value;  // value empty when not known
    Sentence words;                 // the value as the reader's language has it, where it has words; else empty
    std::uint64_t address = 0, size = 0;
    std::string source;       // "main.cpp:7", where it is declared
    bool changed = false;     // by the event at the playhead
    Number writer = kNobody;  // last thread seen writing it
    std::optional<std::uint64_t> points_to;
    std::vector<VariableView> children;  // members, elements
};

struct FrameView {
    std::string function, file;
    int line = 0;  // where it stands: the call site of the next frame, or the thread's own place in the top one
    std::uint64_t frame_address = 0;
    bool user_code = true;
    std::size_t elided = 0;               // > 0: stands for this many frames of a deep recursion that are left out here
    std::vector<VariableView> variables;  // parameters and locals
};

struct BlockView {  // a heap block
    std::uint64_t address = 0, size = 0;
    std::string allocated_at;  // "main.cpp:12"
    Number owner = kNobody;    // the thread that allocated it
    bool freed = false, changed = false;
    Number freed_by = kNobody;
    int freed_line = 0;    // 0: not known
    std::string contents;  // rendered value where its type is known, else empty
};

enum class RegionKind : std::uint8_t { kKernel, kStack, kMapped, kHeap, kBss, kData, kReadOnly, kText, kOther };
enum class Growth : std::uint8_t { kNone, kUp, kDown };

struct RegionView {
    RegionKind kind = RegionKind::kOther;
    std::uint64_t start = 0, end = 0;  // [start, end)
    std::string permissions, name;     // name: file or "[heap]"
    std::size_t others = 0;            // libraries that this region holds besides the named one
    std::uint64_t resident_bytes = 0;
    Number thread = kNobody;  // a stack's owner
    Growth growth = Growth::kNone;
    bool shared = false;  // mapped by more than this process (MAP_SHARED or file-backed and unwritten)
    bool changed = false;
    std::vector<VariableView> variables;
    std::vector<FrameView> frames;  // stacks: innermost last
    std::vector<BlockView> blocks;  // heap and mapped
};

struct PageView {  // one tracked page, for copy-on-write
    std::uint64_t address = 0;
    bool present = false, exclusive = false, file = false, changed = false;
    std::uint64_t frame_number = 0;  // 0: not permitted to see
    std::string holds;               // names of the variables in it
};

// One line of the PCB, in the textbook's order. key: "pcb.pid", "pcb.state", …
struct PcbField {
    std::string key, value;
    bool value_is_key = false;  // value is itself an i18n key ("state.running")
    bool changed = false;
};

struct ProcessExit {
    enum class Kind : std::uint8_t { kRunning, kExited, kSignaled, kStoppedByHeddle } kind = Kind::kRunning;
    int code = 0;    // exit code
    int signal = 0;  // terminating signal
};

struct ThreadView {
    trace::ThreadIndex index;
    Number number = kNobody, process = kNobody;  // process: 1 for P1
    ThreadId tid;
    ProcessId pid;
    std::string name;  // as the program set it, else "T1"
    bool main = false;
    ThreadState state = ThreadState::kNew;
    Cause cause = Cause::kNone;  // of its last transition; while waiting, what for
    std::string waits_for;       // "read(fd 3)", "pthread_mutex_lock", kernel wait channel; empty when unknown
    CpuId cpu = kNoCpu;          // where it runs, or ran last
    Nanoseconds since{};         // of the last transition
    std::string file;            // user's line it stands at
    int line = 0;
    std::vector<FrameView> stack;  // innermost last
    std::uint64_t dispatches = 0, preemptions = 0, voluntary_switches = 0, migrations = 0;
    Nanoseconds running_time{}, ready_time{}, waiting_time{};
    std::vector<PcbField> registers;  // as saved at its last switch, where permitted
    bool changed = false;
};

struct ProcessView {
    Number number = kNobody, parent = kNobody;
    ProcessId pid, parent_pid;
    std::string name, executable;
    ProcessExit exit;
    std::vector<PcbField> pcb;
    std::vector<RegionView> regions;  // descending addresses: kernel first
    std::vector<PageView> pages;      // ascending
    std::vector<Number> threads;
};

enum class SyncKind : std::uint8_t { kMutex, kReadWrite, kSpin, kCondition, kSemaphore, kBarrier, kOnce, kFutex, kThread };

// Something that threads hold or wait for.
struct SyncView {
    Number process = kNobody;
    SyncKind kind = SyncKind::kMutex;
    std::uint64_t address = 0;    // kThread: the pthread_t
    std::string name;             // a variable's; kThread: "T2"
    std::vector<Number> holders;  // who must let go: the owner, or the readers; kOnce: who runs it; kThread: who must end
    bool shared = false;          // held by readers
    std::vector<Number> waiters;  // in the order they came
    std::optional<std::int64_t> permits;    // semaphores, where known
    std::uint32_t parties = 0, rounds = 0;  // barriers: how many must come (0 unknown), how often they all came
    std::string mutex;                      // condition variables: name of the mutex that is let go meanwhile
    bool changed = false;                   // by the event at the playhead
    bool in_cycle = false;
};

// Threads that wait for each other for ever: each waits for the object, which the next one holds.
struct WaitCycleView {
    struct Step {
        Number thread = kNobody;
        std::size_t object = 0;
    };  // object: index into Snapshot::sync
    std::vector<Step> steps;
    Sentence sentence;
};

struct CpuView {
    CpuId id;
    Number running = kNobody;  // kNobody: not one of ours
    std::uint64_t switches = 0;
    std::vector<std::pair<Number, Nanoseconds>> time_by_thread;
};

struct SourceFile {
    std::string path, text;
    std::vector<std::string> lines;
};

SourceFile make_source_file(std::string path, std::string text);  // observatory.cpp

struct CodeMarker {
    Number thread = kNobody;
    int line = 0;
};

// What the compiler or linker says of a program that cannot be built.
struct BuildMessage {
    std::string file;          // of CodeView::sources where it is one of them; may be empty
    int line = 0, column = 0;  // from 1; 0: not given
    std::string severity;      // "error", "fatal error", "warning", "note"
    std::string text;          // in the compiler's words

    bool operator==(const BuildMessage&) const = default;
};

struct BuildStep {
    int step = 0, steps = 0;  // from 1; the last one links
    std::string file;         // that is compiled; empty: it is linked
};

struct CodeView {
    std::shared_ptr<const SourceFile> source;                // null: the program has no source here
    std::vector<std::shared_ptr<const SourceFile>> sources;  // the user's files, `source` among them
    std::vector<CodeMarker> markers;
    int current_line = 0;  // of the event at the playhead; 0 none
    Number current_thread = kNobody;
};

// Transitions so far, by from and to.
using EdgeCounts = std::array<std::array<std::uint64_t, kThreadStates>, kThreadStates>;

struct Transition {
    Number thread = kNobody;
    ThreadState from = ThreadState::kNew, to = ThreadState::kNew;
    Cause cause = Cause::kNone;
    std::string waits_for;
};

struct SwitchCounts {
    std::string source;            // "switches.kernel" or "switches.sampled": an i18n key
    std::uint64_t captured = 0;    // switch-outs: those we were told of, and after_exit
    std::uint64_t after_exit = 0;  // by threads already dead, of which the kernel makes no record (kernel/switch_counter.h)
    std::int64_t kernel = -1;      // the kernel's own count for the same threads; -1 until they ended
    std::uint64_t preempted = 0, voluntary = 0, migrations = 0;
};

enum class Badge : std::uint8_t { kReal, kControlled, kSampled };

enum class RunStatus : std::uint8_t { kNone, kBuilding, kRunning, kEnded, kFailed };

// Where a thread did something that a finding is about: an access of a race, the taking of a lock.
struct FindingPlace {
    Number thread = kNobody;
    std::string file;  // of the user's line; empty: not known
    int line = 0;
    std::uint64_t event = 0;
};

struct Finding {
    std::string id;  // "crash", "data-race", "deadlock", "lock-order", "lost-events", …
    Sentence sentence;
    std::optional<std::uint64_t> event;  // the instant it happened at
    std::string schedule = {};           // of an exploration: shows it
    std::vector<FindingPlace> places =
        {};                        // a race: its two accesses, in the order of time; a circle of locks: each step's request
    std::string other_order = {};  // of a race: a schedule in which its second access comes first; empty: none is known
};

struct ClaimResult {
    std::string id;
    bool ok = false;
    bool required = true;  // false: one run need not show it (a race may go well)
    std::string detail;    // "counter = 173204, expected 200000"
};

// What a thread that stands at the gate is about to do.
struct PendingView {
    Number thread = kNobody;
    bool enabled = true;  // it may go on
    Sentence what;        // "pending.write", {name: counter}
    Sentence obstacle;    // why it may not
    std::string file;
    int line = 0;
    std::vector<Number> wakes = {};  // of a signal: whom it may wake, the longest waiting first
    bool awaits_signal = false;      // on a condition variable
    bool may_wake = false;           // it may end that wait without a signal now
    Number process = kNobody;        // its process, where there are several
};

// A run whose threads take turns (Step), at the playhead.
struct StepView {
    std::size_t step = 0, steps = 0;   // made up to the playhead, and in all
    std::vector<PendingView> pending;  // of those alive, by number
    Number last = kNobody;             // who moved last
    std::string schedule;              // up to the playhead
    std::string over;                  // nothing can go on any more: an i18n key that says why; empty: it can
    bool standing = true;              // false: a thread is on its way to the next step
    StepPolicy policy = StepPolicy::kRunOn;
    Granularity granularity = Granularity::kAccess;
    bool saved = false;     // of a file: no more steps are made
    bool spurious = false;  // waits on condition variables may end without a signal
};

// How an exploration is to search.
struct ExploreManner {
    bool spurious_wakeups = false;   // waits on condition variables may end without a signal
    std::optional<int> preemptions;  // at most so many; nullopt: all interleavings that matter
    bool operator==(const ExploreManner&) const = default;
};

struct RunInfo {
    std::string scenario, variant;  // ids
    std::map<std::string, std::int64_t> parameters;
    std::string mode = "run";
    ExploreManner manner;  // of its exploration, the present one or the next
    std::string program;   // path of the executable
    std::string machine, kernel, cpu_model;
    int cpus = 0;
    Badge badge = Badge::kReal;
    bool about_orders = false;  // its lesson is: of threads that share variables, also before there is a second one
};

struct ExploreSnapshot;

struct Snapshot {
    RunInfo run;
    RunStatus status = RunStatus::kNone;
    std::string failure;                       // message of what failed, when kFailed
    BuildStep building;                        // when kBuilding; step 0: nothing is known yet
    std::vector<BuildMessage> build_messages;  // when kFailed because it cannot be built
    ProcessExit exit;                          // of the root process

    // Playhead: the events [0, playhead) have happened. following: it sticks to the live edge.
    std::uint64_t playhead = 0;
    Nanoseconds playhead_time{}, start_time{}, live_time{};
    bool following = true, playing = false;
    double speed = 1.0;  // of real time; 0: one event per step
    trace::EventLogView log;
    std::shared_ptr<const TimelineView> timeline;
    std::uint64_t dropped = 0;

    std::vector<ProcessView> processes;  // in order of birth, the ended ones too
    std::vector<ThreadView> threads;     // threads[n-1] has number n
    std::vector<CpuView> cpus;
    std::vector<SyncView> sync;     // by process and address; threads that are waited for last
    std::size_t sync_left_out = 0;  // objects beyond the most that are listed: nobody holds them or waits for them
    std::vector<WaitCycleView> wait_cycles;
    EdgeCounts edges{};
    std::optional<Transition> transition;  // made by the event at the playhead
    CodeView code;
    Sentence sentence;           // what the event at the playhead did
    std::string output, errors;  // stdout and stderr so far, the last part of them
    SwitchCounts switches;
    std::optional<StepView> step;  // where the threads take turns
    std::vector<Finding> findings;
    std::vector<ClaimResult> claims;         // once the run ended
    std::vector<std::size_t> right_answers;  // of the predict question, as this run made them; once it ended
    std::vector<Unavailable> unavailable;
    std::shared_ptr<const ExploreSnapshot> exploration;  // in Explore, where nothing runs at an instant; null otherwise

    const ThreadView* thread(Number n) const {
        return n >= 1 && static_cast<std::size_t>(n) <= threads.size() ? &threads[static_cast<std::size_t>(n) - 1] : nullptr;
    }
    const ProcessView* process(Number n) const {
        return n >= 1 && static_cast<std::size_t>(n) <= processes.size() ? &processes[static_cast<std::size_t>(n) - 1]
                                                                         : nullptr;
    }
};

}  // namespace heddle::model
