// Record: what a hook stores, 32 bytes, in its thread's ring. Written by the runtime inside the observed program, read by
// RingReader in Heddle, which must treat every field as untrusted. Plain data; no pointers.
#pragma once

#include <cstdint>

namespace heddle::trace {

// Every kind of event. Kinds below kFirstKernelKind come from hooks (as Records through a ring); the others are added by
// Heddle itself. The number is part of the arena and file formats: append, never renumber.
// clang-format off
//                              address                 value                          detail
enum class Kind : std::uint8_t {
    kNone = 0,
    kRead = 1,                // accessed address        value found there              log2(size) | kUnaligned | kVolatile
    kWrite = 2,               // accessed address        value seen there afterwards    log2(size) | kUnaligned | kVolatile
    kReadRange = 3,           // first byte              bytes                          0
    kWriteRange = 4,          // first byte              bytes                          0
    kVptrWrite = 5,           // the object's vptr       new vptr                       3
    kAtomicLoad = 6,          // accessed address        value loaded                   log2(size) | order << 4
    kAtomicStore = 7,         // accessed address        value stored                   log2(size) | order << 4
    // The next four: | kOtherKnown, and the other value: what was found, or (compare failed) what was expected. A record has it in
    // the high half of `value` where the object has at most 4 bytes, else (its first 8 bytes) in one kPayload after it; an event
    // in `extra`, as itself or as the number of a blob.
    kAtomicExchange = 8,      // accessed address        value stored                   log2(size) | order << 4
    kAtomicUpdate = 9,        // accessed address        value afterwards (fetch_add …) log2(size) | order << 4
    kAtomicCompareOk = 10,    // accessed address        value stored                   log2(size) | order << 4
    kAtomicCompareFailed = 11,  // accessed address      value found                    log2(size) | order << 4
    kFence = 12,              // 0                       0                              order << 4
    kFunctionEntry = 13,      // canonical frame address call site (return address)     shadow stack depth (saturated at 255)
    kFunctionExit = 14,       // 0                       0                              shadow stack depth of the function left
    kCallBegin = 15,          // object (see call.h)     argument (see call.h)          CallId
    kCallEnd = 16,            // object                  result (errno negated on failure)  CallId
    kThreadStart = 17,        // pthread_t               creator's tid                  0; pc = start routine
    kThreadEnd = 18,          // pthread_t               0                              0
    kThreadName = 19,         // 0                       bytes of payload (name)        0
    kProcessStart = 20,       // program's entry, or 0   parent pid                     StartKind
    kProcessEnd = 21,         // 0                       exit code (exit, _exit)        0
    kFrameBytes = 22,         // lowest address          bytes of payload (contents)    0: a copy of a stack frame, or of a block that a library wrote
    kPageState = 23,          // page's first byte       PageBits                       log2(page size)
    kSignal = 24,             // si_addr                 si_code                        signal number
    kStackBounds = 25,        // lowest address          bytes                          0: this thread's stack
    kPayload = 26,            // continuation: address, value and the tick field hold 24 raw bytes
    kLastHookKind = kPayload,

    kFirstKernelKind = 64,
    kSwitchIn = 64,           // 0                       0                              cpu in `extra`
    kSwitchOut = 65,          // 0                       0                              1 = preempted (still runnable); cpu in `extra`
    kWakeUp = 66,             // 0                       waker's tid                    cpu in `extra` (target cpu)
    kFork = 67,               // 0                       parent tid                     kNewThread | kSampledBirth
    kExit = 68,               // 0                       0                              0: the kernel says this thread ended
    kName = 69,               // 0                       0                              blob: comm as set by exec or prctl
    kRegisters = 70,          // stack pointer           instruction pointer            blob: RegisterSet, saved at the last switch-out
    kProcessSample = 71,      // 0                       0                              blob: ProcessSample, read from /proc
    kOutput = 72,             // 0                       total bytes so far             1 stdout, 2 stderr; blob: the bytes
    kProcessReaped = 73,      // 0                       wait status                    the process's end as its reaper saw it
    kLost = 74,               // 0                       events lost                    LostWhere
    kNote = 75,               // 0                       0                              blob: what Heddle did ("stopped after 30 s")
};
// clang-format on

inline constexpr std::uint8_t kUnaligned = 0x80;
inline constexpr std::uint8_t kVolatile = 0x40;
inline constexpr std::uint8_t kValueUnknown = 0x20;  // set by RingReader: the thread died inside this access
inline constexpr std::uint8_t kOtherKnown = 0x80;    // of atomics
inline constexpr std::uint8_t kSizeMask = 0x0f;      // log2 of the access size in bytes: 0 … 4

constexpr std::uint8_t order_of_detail(std::uint8_t detail) {
    return detail >> 4 & 7;
}
constexpr bool has_other_value(Kind kind, std::uint8_t detail) {
    return kind >= Kind::kAtomicExchange && kind <= Kind::kAtomicCompareFailed && (detail & kOtherKnown) != 0;
}
// Two values do not fit into one record.
constexpr bool is_wide(std::uint8_t detail) {
    return (detail & kSizeMask) > 2;
}

// Of kFork: a thread of the same process; a birth that was seen between two looks only.
inline constexpr std::uint8_t kNewThread = 1, kSampledBirth = 2;

enum class StartKind : std::uint8_t { kFirst = 0, kForked = 1, kExecuted = 2 };

enum class LostWhere : std::uint8_t { kRing = 1, kNoSlot = 2, kKernelRing = 3, kDamagedArena = 4 };

// kPageState's value.
namespace page_bits {
inline constexpr std::uint64_t kPresent = 1;
inline constexpr std::uint64_t kExclusive = 2;   // pagemap bit 56: mapped by this process alone
inline constexpr std::uint64_t kFile = 4;        // file-backed or shared anonymous
inline constexpr std::uint64_t kFrameShift = 8;  // physical frame number in the bits above; 0 without privilege
}  // namespace page_bits

inline constexpr std::uint64_t kPcMask = (std::uint64_t{1} << 48) - 1;

// Payloads longer than this are damage to the reader. A head record and its continuations are published together.
inline constexpr std::uint64_t kMostPayloadBytes = 65536;
inline constexpr std::uint64_t kPayloadBytesPerRecord = 24;

struct Record {
    std::uint64_t tick;     // base/clock.h; for kPayload: raw bytes 0–7
    std::uint64_t address;  // for kPayload: raw bytes 8–15
    std::uint64_t value;    // for kPayload: raw bytes 16–23
    std::uint64_t tail;     // pc in bits 0–47, Kind in 48–55, detail in 56–63

    Kind kind() const { return static_cast<Kind>(static_cast<std::uint8_t>(tail >> 48)); }
    std::uint8_t detail() const { return static_cast<std::uint8_t>(tail >> 56); }
    std::uint64_t pc() const { return tail & kPcMask; }
};
static_assert(sizeof(Record) == 32);

constexpr std::uint64_t make_tail(Kind kind, std::uint8_t detail, std::uint64_t pc) {
    return (pc & kPcMask) | (static_cast<std::uint64_t>(kind) << 48) | (static_cast<std::uint64_t>(detail) << 56);
}

}  // namespace heddle::trace
