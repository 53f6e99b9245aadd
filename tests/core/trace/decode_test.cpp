#include <gtest/gtest.h>

#include "tests/core/trace/log_fixtures.h"

namespace heddle::trace {
namespace {

template <class T>
T body(const PackedEvent& event, std::string_view blob = {}) {
    const Event decoded = decode(event, blob);
    EXPECT_TRUE(std::holds_alternative<T>(decoded.body)) << "kind " << static_cast<int>(event.kind());
    const T* value = std::get_if<T>(&decoded.body);
    return value != nullptr ? *value : T{};
}

TEST(Decode, GivesTimeThreadAndPlace) {
    const Event event = decode(packed(12, Kind::kThreadEnd, 0, 0, 0, 3, 0, 0x7fff12345678), {});
    EXPECT_EQ(event.time, Nanoseconds(12));
    EXPECT_EQ(event.thread, ThreadIndex{3});
    EXPECT_EQ(event.pc, 0x7fff12345678U);
}

TEST(Decode, ReadsEveryKindOfAccess) {
    struct Row {
        Kind kind;
        std::uint8_t detail;
        AccessKind access;
        std::uint64_t size;
        bool writes, atomic;
        MemoryOrder order;
    };
    constexpr auto kNoOrder = MemoryOrder::kRelaxed;
    const Row rows[] = {
        {Kind::kRead, 0, AccessKind::kRead, 1, false, false, kNoOrder},
        {Kind::kRead, 2 | kUnaligned, AccessKind::kRead, 4, false, false, kNoOrder},
        {Kind::kWrite, 3 | kVolatile, AccessKind::kWrite, 8, true, false, kNoOrder},
        {Kind::kWrite, 4, AccessKind::kWrite, 16, true, false, kNoOrder},
        {Kind::kVptrWrite, 3, AccessKind::kVptrWrite, 8, true, false, kNoOrder},
        {Kind::kAtomicLoad, 2 | 2 << 4, AccessKind::kAtomicLoad, 4, false, true, MemoryOrder::kAcquire},
        {Kind::kAtomicStore, 2 | 3 << 4, AccessKind::kAtomicStore, 4, true, true, MemoryOrder::kRelease},
        {Kind::kAtomicExchange, 3 | 5 << 4, AccessKind::kAtomicExchange, 8, true, true, MemoryOrder::kSequential},
        {Kind::kAtomicUpdate, 0 | 4 << 4, AccessKind::kAtomicUpdate, 1, true, true, MemoryOrder::kAcquireRelease},
        {Kind::kAtomicCompareOk, 1 | 1 << 4, AccessKind::kAtomicCompareOk, 2, true, true, MemoryOrder::kConsume},
        {Kind::kAtomicCompareFailed, 2, AccessKind::kAtomicCompareFailed, 4, false, true, MemoryOrder::kRelaxed},
        {Kind::kAtomicLoad, 2 | 15 << 4, AccessKind::kAtomicLoad, 4, false, true, MemoryOrder::kSequential},  // no such order
    };
    for (const Row& row : rows) {
        const auto access = body<MemoryAccess>(packed(1, row.kind, row.detail, 0x5000, 77));
        EXPECT_EQ(access.access, row.access);
        EXPECT_EQ(access.address, 0x5000U);
        EXPECT_EQ(access.size, row.size);
        EXPECT_EQ(access.value, 77U);
        EXPECT_EQ(access.writes(), row.writes);
        EXPECT_EQ(access.atomic(), row.atomic);
        EXPECT_EQ(access.order, row.order);
        EXPECT_TRUE(access.value_known);
    }
    PackedEvent update = packed(1, Kind::kAtomicUpdate, 2 | 5 << 4 | kOtherKnown, 0x5000, 4);
    update.extra = 3;
    EXPECT_EQ(body<MemoryAccess>(update).order, MemoryOrder::kSequential);
    EXPECT_EQ(body<MemoryAccess>(update).other, 3U);
    EXPECT_TRUE(body<MemoryAccess>(update).other_known);
    update.tail = make_tail(Kind::kAtomicUpdate, 2 | 5 << 4, 0);
    EXPECT_FALSE(body<MemoryAccess>(update).other_known) << "in a file of before";
    const auto range = body<MemoryAccess>(packed(1, Kind::kWriteRange, 0, 0x5000, 100));
    EXPECT_EQ(range.size, 100U);
    EXPECT_EQ(range.value, 0U);
    EXPECT_FALSE(body<MemoryAccess>(packed(1, Kind::kWrite, 2 | kValueUnknown, 0x5000)).value_known);
}

TEST(Decode, ReadsEveryOtherKind) {
    EXPECT_EQ(body<Fence>(packed(1, Kind::kFence, 5 << 4)).order, MemoryOrder::kSequential);
    const auto entry = body<FunctionEntry>(packed(1, Kind::kFunctionEntry, 3, 0x7000, 0x401234));
    EXPECT_EQ(entry.frame_address, 0x7000U);
    EXPECT_EQ(entry.call_site, 0x401234U);
    EXPECT_EQ(entry.depth, 3U);
    EXPECT_EQ(body<FunctionExit>(packed(1, Kind::kFunctionExit, 3)).depth, 3U);
    const auto kLock = static_cast<std::uint8_t>(CallId::kMutexLock);
    const auto begin = body<CallBegin>(packed(1, Kind::kCallBegin, kLock, 0x5000, 9));
    EXPECT_EQ(begin.call, CallId::kMutexLock);
    EXPECT_EQ(begin.argument, 9U);
    EXPECT_EQ(body<CallEnd>(packed(1, Kind::kCallEnd, kLock, 0x5000, static_cast<std::uint64_t>(-16))).result, -16);
    EXPECT_EQ(body<CallEnd>(packed(1, Kind::kCallEnd, 250)).call, CallId::kNone);
    EXPECT_EQ(body<ThreadStart>(packed(1, Kind::kThreadStart, 0, 5, 100)).creator, ThreadId{100});
    EXPECT_EQ(body<ThreadNamed>(packed(1, Kind::kThreadName), "worker").name, "worker");
    const auto start = body<ProcessStart>(packed(1, Kind::kProcessStart, 1, 0, 99));
    EXPECT_EQ(start.start, StartKind::kForked);
    EXPECT_EQ(start.parent, ProcessId{99});
    EXPECT_EQ(body<ProcessStart>(packed(1, Kind::kProcessStart, 77)).start, StartKind::kFirst);
    EXPECT_EQ(body<ProcessEnd>(packed(1, Kind::kProcessEnd, 0, 0, static_cast<std::uint64_t>(-1))).code, -1);
    EXPECT_EQ(body<FrameBytes>(packed(1, Kind::kFrameBytes, 0, 0x7000, 3), "abc").bytes, "abc");
    const auto page = body<PageState>(packed(1, Kind::kPageState, 12, 0x8000, page_bits::kPresent | page_bits::kFile | 5 << 8));
    EXPECT_EQ(page.page_bytes, 4096U);
    EXPECT_TRUE(page.present && page.file && !page.exclusive);
    EXPECT_EQ(page.frame_number, 5U);
    const auto signal = body<SignalDelivered>(packed(1, Kind::kSignal, 11, 0xdead, static_cast<std::uint64_t>(-6)));
    EXPECT_EQ(signal.signal, 11);
    EXPECT_EQ(signal.code, -6);
    EXPECT_EQ(body<StackBounds>(packed(1, Kind::kStackBounds, 0, 0x7000, 8192)).bytes, 8192U);
    EXPECT_EQ(body<SwitchIn>(packed(1, Kind::kSwitchIn, 0, 0, 0, 0, 1)).cpu, CpuId{1});
    EXPECT_EQ(body<SwitchIn>(packed(1, Kind::kSwitchIn, 0, 0, 0, 0, UINT32_MAX)).cpu, kNoCpu);
    EXPECT_TRUE(body<SwitchOut>(packed(1, Kind::kSwitchOut, 1)).preempted);
    EXPECT_FALSE(body<SwitchOut>(packed(1, Kind::kSwitchOut, 0)).preempted);
    EXPECT_EQ(body<WakeUp>(packed(1, Kind::kWakeUp, 0, 0, 42, 0, 1)).waker, ThreadId{42});
    EXPECT_TRUE(body<KernelFork>(packed(1, Kind::kFork, 1, 0, 42)).new_thread);
    body<KernelExit>(packed(1, Kind::kExit));
    EXPECT_EQ(body<KernelName>(packed(1, Kind::kName), "sh").name, "sh");
    EXPECT_EQ(body<Registers>(packed(1, Kind::kRegisters), "xyz").bytes, "xyz");
    EXPECT_EQ(body<ProcessSampled>(packed(1, Kind::kProcessSample), "xyz").bytes, "xyz");
    EXPECT_EQ(body<Output>(packed(1, Kind::kOutput, 2), "hi\n").stream, 2);
    EXPECT_EQ(body<ProcessReaped>(packed(1, Kind::kProcessReaped, 0, 0, 0x8b)).wait_status, 0x8b);
    const auto lost = body<Lost>(packed(1, Kind::kLost, 1, 0, 7));
    EXPECT_EQ(lost.where, LostWhere::kRing);
    EXPECT_EQ(lost.count, 7U);
    EXPECT_EQ(body<Note>(packed(1, Kind::kNote), "stopped").text, "stopped");
}

TEST(Decode, MakesANoteOfAKindNobodyKnows) {
    for (int kind = 0; kind < 256; ++kind) decode(packed(1, static_cast<Kind>(kind), 0xff, ~0ULL, ~0ULL), {});
    EXPECT_NE(body<Note>(packed(1, static_cast<Kind>(200))).text, "");
    EXPECT_NE(body<Note>(packed(1, Kind::kNone)).text, "");
}

}  // namespace
}  // namespace heddle::trace
