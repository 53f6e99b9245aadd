// Operation: what a thread is about to do, known before it does it, and which operations of different threads do not commute.
// Shared by the fibers library inside the explored program and by the search in Heddle. Plain data, pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace heddle::trace {

enum class OperationKind : std::uint8_t {
    kNone = 0,
    kStart = 1,   // a thread's first step
    kEnd = 2,     // its last one; object: the thread's number
    kCreate = 3,  // object: the new thread's number
    kJoin = 4,    // object: the number of the thread waited for
    kFork = 5,    // object: the number of the new process's first thread. In a search: value: 1 its process has other threads
    // Memory. object: address.
    kRead = 8,  // choice, of an atomic one: which store it returns, the latest first
    kWrite = 9,
    kUpdate = 10,  // an atomic read-modify-write, whether or not it changed the value
    kFence = 12,   // of the order in its flags
    kFree = 13,    // gives a heap block back. object: the block, value: its bytes
    // Locks of every kind, once-flags too. object: the lock. A lock taken again after a wait on a condition variable: second:
    // that variable, value: 1 + the step that woke the thread, 0 none did.
    kLock = 16,
    kTryLock = 17,
    kReadLock = 18,
    kTryReadLock = 19,
    kUnlock = 20,
    // object: the condition variable, second: the mutex.
    kWait = 24,       // lets the mutex go and joins the queue
    kTimedWait = 25,  // the same; may also go on without a signal
    kSignal = 26,     // choice: which of the waiters goes on
    kBroadcast = 27,
    // object: the semaphore. value: the permits there were.
    kAcquirePermit = 32,
    kTryAcquirePermit = 33,
    kReleasePermit = 34,
    // object: the barrier.
    kArrive = 36,
    kLeave = 37,  // value: 1 + the step of the last arrival
    // object: the futex word.
    kFutexWait = 40,    // value: what the word must be to wait
    kFutexResume = 41,  // value: 1 + the step that woke it, 0: its time was over
    kFutexWake = 42,    // value: how many at most
    kOutput = 48,       // object: the stream
    // Ends the process, whatever its others do. Where other processes go on, in a search: object: what it does besides
    // (exit_bits), second: 1 + the number of its process's first thread.
    kExit = 49,
    // On threads only: in a call whose end only the kernel knows, and back from it.
    kOutside = 50,
    kReturn = 51,
    // Pipes, sockets and the like. object: the descriptor, bytes: what kind of thing it is (ChannelKind), second: the channel,
    // twice its number, and 1 more the other way through a pair of sockets; value: how many bytes went through; older: what the
    // channel would have let others do before (channel_bits).
    kReceive = 56,
    kSend = 57,
    kAccept = 58,
    kPoll = 59,         // of several descriptors; object: the first
    kMakeChannel = 60,  // object: 0
    kClose = 61,        // of a descriptor of a channel
    kConnect = 62,
    // object: the pid waited for, in a search 1 + the number of that process's first thread; 0: any child's. value: in a
    // search, the same of the child that it was.
    kWaitChild = 64,
    kSleep = 65,  // in Step only. value: nanoseconds, 0 unknown
    // Sends a signal to one process. object: as kWaitChild's; value: the signal. In a search it ends that process, kFailed: it
    // does nothing.
    kKill = 66,
    kPause = 67,  // in a search: waits for a signal that would end it
    // Regular files. object: which one; kFileNames: which there are, objects in /dev/shm included.
    kReadFile = 68,
    kWriteFile = 69,
};

namespace exit_bits {
inline constexpr std::uint8_t kOthersGoOn = 1;
inline constexpr std::uint8_t kPrints = 2;   // what it had kept back so far
inline constexpr std::uint8_t kCloses = 4;   // pipes or sockets
inline constexpr std::uint8_t kThreads = 8;  // its process had others, which never go on
}  // namespace exit_bits

// In a search of several processes an address tells whose memory it lies in: the first one's has none of these bits.
namespace spaces {
inline constexpr unsigned kShift = 48;
inline constexpr std::uint64_t kShared = std::uint64_t{32} << kShift;  // memory that processes share
constexpr std::uint64_t of_process(std::uint32_t process) {
    return std::uint64_t{process} << kShift;
}
constexpr std::uint64_t address(std::uint64_t object) {
    return object & ((std::uint64_t{1} << kShift) - 1);
}
}  // namespace spaces

namespace channel_bits {
inline constexpr std::uint8_t kReadable = 1, kWritable = 2;          // through a pipe, or from the first socket of a pair
inline constexpr std::uint8_t kReadableBack = 4, kWritableBack = 8;  // from the second one
inline constexpr std::uint8_t kStillOpen = 16;  // of a close: some process has another descriptor for the same end
inline constexpr std::uint8_t kAll = 15;
}  // namespace channel_bits

namespace operation_flags {
inline constexpr std::uint8_t kAtomic = 1;
inline constexpr std::uint8_t kOrderShift = 1;   // the C++ memory order, 0 relaxed … 5 seq_cst, in bits 1–3
inline constexpr std::uint8_t kDoesNotWait = 1;  // of a call on a channel or for a child
inline constexpr std::uint8_t kInterrupted = 2;  // of a call: a handler came while it waited, and it fails with EINTR
inline constexpr std::uint8_t kReadEnd = 4,
                              kWriteEnd = 8;   // of a close: which end of a pipe; neither: a socket's, or not known
inline constexpr std::uint8_t kOnlyLooks = 4;  // of a lock: what it guards is done once and for all, and it is not held
inline constexpr std::uint8_t kFailed = 16;    // a try that did not get it, a compare-exchange that did not exchange
inline constexpr std::uint8_t kSpun = 32;      // the read that ends a spin: not enabled before something looked at has changed
// A seq_cst load where not all stores were seq_cst: a later seq_cst load may not return an older one.
inline constexpr std::uint8_t kSettles = 64;
inline constexpr std::uint8_t kWithSecond = 64;   // a lock that is waited for until `second` is free as well
inline constexpr std::uint8_t kOwnStack = 128;    // in Step: an access to the thread's own stack
inline constexpr std::uint8_t kOwnProcess = 128;  // a futex call that concerns only those of its process
}  // namespace operation_flags

// What a descriptor stands for.
enum class ChannelKind : std::uint8_t { kNone = 0, kPipe = 1, kSocket = 2, kEvent = 3, kOther = 4 };

struct Operation {
    OperationKind kind = OperationKind::kNone;
    std::uint8_t flags = 0;
    std::uint8_t bytes = 0;  // of a memory access, 1 … 16; longer ranges: several operations
    std::uint8_t older = 0;  // of an atomic load: how many stores before the latest the one is that it returned
    std::uint32_t tick = 0;  // the how-manieth of its thread, those counted too that are no steps (board.h: every_access)
    std::uint64_t object = 0;
    std::uint64_t second = 0;
    std::uint64_t value = 0;
    std::uint64_t pc = 0;
};
static_assert(sizeof(Operation) == 40);

// As the texts of the translations spell it; empty: none.
constexpr std::string_view operation_name(OperationKind kind) {
    using K = OperationKind;
    switch (kind) {
        case K::kNone:
            return "";
        case K::kStart:
            return "start";
        case K::kEnd:
            return "end";
        case K::kCreate:
            return "create";
        case K::kJoin:
            return "join";
        case K::kFork:
            return "fork";
        case K::kRead:
            return "read";
        case K::kWrite:
            return "write";
        case K::kUpdate:
            return "update";
        case K::kFence:
            return "fence";
        case K::kFree:
            return "free";
        case K::kLock:
            return "lock";
        case K::kTryLock:
            return "try_lock";
        case K::kReadLock:
            return "read_lock";
        case K::kTryReadLock:
            return "try_read_lock";
        case K::kUnlock:
            return "unlock";
        case K::kWait:
            return "wait";
        case K::kTimedWait:
            return "timed_wait";
        case K::kSignal:
            return "signal";
        case K::kBroadcast:
            return "broadcast";
        case K::kAcquirePermit:
            return "acquire_permit";
        case K::kTryAcquirePermit:
            return "try_acquire_permit";
        case K::kReleasePermit:
            return "release_permit";
        case K::kArrive:
            return "arrive";
        case K::kLeave:
            return "leave";
        case K::kFutexWait:
            return "futex_wait";
        case K::kFutexResume:
            return "futex_resume";
        case K::kFutexWake:
            return "futex_wake";
        case K::kOutput:
            return "output";
        case K::kExit:
            return "exit";
        case K::kOutside:
            return "outside";
        case K::kReturn:
            return "return";
        case K::kReceive:
            return "receive";
        case K::kSend:
            return "send";
        case K::kAccept:
            return "accept";
        case K::kPoll:
            return "poll";
        case K::kMakeChannel:
            return "make_channel";
        case K::kClose:
            return "close";
        case K::kConnect:
            return "connect";
        case K::kWaitChild:
            return "wait_child";
        case K::kSleep:
            return "sleep";
        case K::kKill:
            return "kill";
        case K::kReadFile:
            return "read_file";
        case K::kWriteFile:
            return "write_file";
        case K::kPause:
            return "pause";
    }
    return "";
}

constexpr bool is_access(OperationKind kind) {
    return kind >= OperationKind::kRead && kind <= OperationKind::kUpdate;
}
constexpr bool is_lock_operation(OperationKind kind) {
    return kind >= OperationKind::kLock && kind <= OperationKind::kUnlock;
}
// Another flag's bit, of an access or a fence.
constexpr bool is_interrupted(const Operation& o) {
    return !is_access(o.kind) && o.kind != OperationKind::kFence && (o.flags & operation_flags::kInterrupted) != 0;
}
// Takes a lock or a permit, and has to wait while there is none.
constexpr bool is_acquire(OperationKind kind) {
    return kind == OperationKind::kLock || kind == OperationKind::kReadLock || kind == OperationKind::kAcquirePermit;
}
// Holds it from then on.
constexpr bool takes_lock_alone(const Operation& o) {
    if (o.kind == OperationKind::kTryLock) return (o.flags & operation_flags::kFailed) == 0;
    return o.kind == OperationKind::kLock && (o.flags & operation_flags::kOnlyLooks) == 0;
}
constexpr bool is_permit_operation(OperationKind kind) {
    return kind >= OperationKind::kAcquirePermit && kind <= OperationKind::kReleasePermit;
}
constexpr bool is_channel_operation(OperationKind kind) {
    return kind >= OperationKind::kReceive && kind <= OperationKind::kConnect;
}
constexpr bool is_condition_operation(OperationKind kind) {
    return kind >= OperationKind::kWait && kind <= OperationKind::kBroadcast;
}

// What it is done to lies in memory, at `object`.
constexpr bool is_in_memory(OperationKind kind) {
    return is_access(kind) || (kind >= OperationKind::kLock && kind <= OperationKind::kFutexWake);
}

// The mutex that the operation lets go of besides what it does: a wait on a condition variable does so, and where std::lock
// does not get the second of two, it gives the first back; 0: none.
constexpr std::uint64_t lets_go_of(const Operation& o) {
    using K = OperationKind;
    if (o.kind == K::kWait || o.kind == K::kTimedWait) return o.second;
    return o.kind == K::kTryLock && (o.flags & operation_flags::kFailed) != 0 ? o.second : 0;
}

// Takes the mutex again after a wait on the condition variable `second`; value: the step, counted from 1, that woke it, or 0.
constexpr bool is_after_wait(const Operation& o) {
    return o.kind == OperationKind::kLock && o.second != 0 && (o.flags & operation_flags::kWithSecond) == 0;
}

// A second mutex that has to be free as well; 0: none.
constexpr std::uint64_t looks_also_at(const Operation& o) {
    return o.kind == OperationKind::kLock && (o.flags & operation_flags::kWithSecond) != 0 ? o.second : 0;
}

constexpr bool is_sequential(const Operation& o) {
    return (o.flags & operation_flags::kAtomic) != 0 && (o.flags >> operation_flags::kOrderShift & 7) == 5;
}
constexpr bool is_sequential_fence(const Operation& o) {
    return o.kind == OperationKind::kFence && is_sequential(o);
}

constexpr bool overlap(const Operation& a, const Operation& b) {
    return a.object < b.object + b.bytes && b.object < a.object + a.bytes;
}

// On several channels, or on one that is not known.
constexpr bool is_on_any_channel(const Operation& o) {
    return is_channel_operation(o.kind) && o.kind != OperationKind::kMakeChannel && o.second >> 1 == 0;
}

constexpr bool closes_pipe_end(const Operation& o) {
    return o.kind == OperationKind::kClose && (o.flags & (operation_flags::kReadEnd | operation_flags::kWriteEnd)) != 0;
}

// It copies all memory of its process, or ends all threads of one: in whatever order with what they do.
constexpr bool concerns_all_threads(const Operation& o) {
    return (o.kind == OperationKind::kFork && o.value != 0) || o.kind == OperationKind::kKill ||
           (o.kind == OperationKind::kExit && (o.object & exit_bits::kThreads) != 0);
}

// A wait for one certain child is not among them: its end only lets it go on.
constexpr bool tells_who_has_ended(const Operation& o) {
    return o.kind == OperationKind::kWaitChild && (o.object == 0 || (o.flags & operation_flags::kDoesNotWait) != 0);
}

inline constexpr std::uint64_t kFileNames = 1;
constexpr bool is_file_operation(OperationKind kind) {
    return kind == OperationKind::kReadFile || kind == OperationKind::kWriteFile;
}

}  // namespace heddle::trace
