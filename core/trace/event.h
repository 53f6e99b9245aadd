// Event: one thing that happened to one thread, decoded. EventLog stores the packed form (40 bytes); visit(decode(…)) gives
// the variant, whose alternatives are visited without a default so that the compiler lists what a new kind must handle.
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/trace/call.h"
#include "core/trace/record.h"

namespace heddle::trace {

// Index into EventLog::threads(): one entry per thread that ever lived, also where the kernel reuses a tid.
using ThreadIndex = StrongId<struct ThreadIndexTag, std::uint32_t>;

struct PackedEvent {
    std::int64_t nanoseconds;  // CLOCK_MONOTONIC
    std::uint64_t address;
    std::uint64_t value;
    std::uint64_t tail;    // make_tail: pc, Kind, detail
    std::uint32_t thread;  // ThreadIndex
    std::uint32_t extra;   // blob number + 1, or the cpu of kernel kinds; 0 none

    Kind kind() const { return static_cast<Kind>(static_cast<std::uint8_t>(tail >> 48)); }
    std::uint8_t detail() const { return static_cast<std::uint8_t>(tail >> 56); }
    std::uint64_t pc() const { return tail & kPcMask; }
};
static_assert(sizeof(PackedEvent) == 40);

enum class AccessKind : std::uint8_t {
    kRead, kWrite, kReadRange, kWriteRange, kVptrWrite,
    kAtomicLoad, kAtomicStore, kAtomicExchange, kAtomicUpdate, kAtomicCompareOk, kAtomicCompareFailed,
};
enum class MemoryOrder : std::uint8_t { kRelaxed, kConsume, kAcquire, kRelease, kAcquireRelease, kSequential };

struct MemoryAccess {
    AccessKind access;
    std::uint64_t address;
    std::uint64_t size;   // bytes
    std::uint64_t value;  // of the first 8 bytes; for a plain write, as its thread saw it at its next hook; ranges: 0
    MemoryOrder order;    // atomics only
    bool value_known = true;  // false: the thread died inside this access
    // Atomics that compare or replace: the value found, or (compare failed) the one expected; of the first 8 bytes.
    std::uint64_t other = 0;
    bool other_known = false;
    bool writes() const {
        return access != AccessKind::kRead && access != AccessKind::kReadRange && access != AccessKind::kAtomicLoad &&
               access != AccessKind::kAtomicCompareFailed;
    }
    bool atomic() const { return access >= AccessKind::kAtomicLoad; }
};
struct Fence { MemoryOrder order; };
struct FunctionEntry { std::uint64_t frame_address, call_site; std::uint32_t depth; };  // pc of the event: in the function
struct FunctionExit { std::uint32_t depth; };
struct CallBegin { CallId call; std::uint64_t object, argument; };
struct CallEnd { CallId call; std::uint64_t object; std::int64_t result; };  // result < 0: -errno
struct ThreadStart { std::uint64_t handle; ThreadId creator; };
struct ThreadEnd {};
struct ThreadNamed { std::string_view name; };
struct ProcessStart { StartKind start; ProcessId parent; };
struct ProcessEnd { int code; };
struct FrameBytes { std::uint64_t address; std::string_view bytes; };
struct PageState { std::uint64_t page, page_bytes; bool present, exclusive, file; std::uint64_t frame_number; };
struct SignalDelivered { int signal; int code; std::uint64_t address; };
struct StackBounds { std::uint64_t lowest, bytes; };
struct SwitchIn { CpuId cpu; };
struct SwitchOut { CpuId cpu; bool preempted; };
struct WakeUp { CpuId cpu; ThreadId waker; };
struct KernelFork { ThreadId parent; bool new_thread; };
struct KernelExit {};
struct KernelName { std::string_view name; };
struct Registers { std::string_view bytes; };       // decode_register_set
struct ProcessSampled { std::string_view bytes; };  // decode_process_sample
struct Output { int stream; std::string_view bytes; };
struct ProcessReaped { int wait_status; };
struct Lost { LostWhere where; std::uint64_t count; };
struct Note { std::string_view text; };

using Body = std::variant<MemoryAccess, Fence, FunctionEntry, FunctionExit, CallBegin, CallEnd, ThreadStart, ThreadEnd,
                          ThreadNamed, ProcessStart, ProcessEnd, FrameBytes, PageState, SignalDelivered, StackBounds, SwitchIn,
                          SwitchOut, WakeUp, KernelFork, KernelExit, KernelName, Registers, ProcessSampled, Output,
                          ProcessReaped, Lost, Note>;

struct Event {
    Nanoseconds time;
    ThreadIndex thread;
    std::uint64_t pc;  // 0 when none
    Body body;         // string_views live as long as the log's storage
};

}  // namespace heddle::trace
