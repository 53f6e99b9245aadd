#include "core/kernel/perf_record.h"

#include <gtest/gtest.h>

#include <cstring>

#include "core/kernel/perf_registers.h"
#include "core/kernel/perf_ring.h"

namespace heddle::kernel {
namespace {


struct Bytes {
    std::vector<std::byte> data;
    template <class T>
    Bytes& put(T value) {
        const auto* begin = reinterpret_cast<const std::byte*>(&value);
        data.insert(data.end(), begin, begin + sizeof value);
        return *this;
    }
    Bytes& sample_id(std::int32_t pid, std::int32_t tid, std::uint64_t time, std::uint32_t cpu) {
        return put(pid).put(tid).put(time).put(cpu).put(std::uint32_t{0});
    }
};

std::vector<std::byte> record(std::uint32_t type, std::uint16_t misc, const Bytes& body) {
    Bytes whole;
    whole.put(perf_event_header{type, misc, static_cast<std::uint16_t>(8 + body.data.size())});
    whole.data.insert(whole.data.end(), body.data.begin(), body.data.end());
    return whole.data;
}

Bytes task(std::int32_t pid, std::int32_t parent, std::int32_t tid, std::int32_t parent_thread) {
    return Bytes().put(pid).put(parent).put(tid).put(parent_thread).put(std::uint64_t{7}).sample_id(1, 1, 500, 3);
}

TEST(PerfRecord, TellsTheThreeKindsOfSwitches) {
    const Bytes id = Bytes().sample_id(100, 101, 12345, 2);
    struct Case {
        std::uint16_t misc;
        KernelRecord::Kind kind;
        bool preempted;
    };
    for (const Case& c :
         {Case{0, KernelRecord::Kind::kSwitchIn, false}, Case{0x2000, KernelRecord::Kind::kSwitchOut, false}, Case{0x6000, KernelRecord::Kind::kSwitchOut, true}}) {
        const auto seen = decode_perf_record(record(PERF_RECORD_SWITCH, c.misc, id), {});
        ASSERT_TRUE(seen);
        EXPECT_EQ(seen->kind, c.kind);
        EXPECT_EQ(seen->preempted, c.preempted);
        EXPECT_EQ(seen->pid, ProcessId(100));
        EXPECT_EQ(seen->tid, ThreadId(101));
        EXPECT_EQ(seen->cpu, CpuId(2));
        EXPECT_EQ(seen->time, Nanoseconds(12345));
    }
}

TEST(PerfRecord, TellsANewThreadFromANewProcess) {
    const auto thread = decode_perf_record(record(PERF_RECORD_FORK, 0, task(100, 100, 102, 100)), {});
    ASSERT_TRUE(thread);
    EXPECT_TRUE(thread->new_thread);
    EXPECT_EQ(thread->tid, ThreadId(102));
    EXPECT_EQ(thread->other, ThreadId(100));
    EXPECT_EQ(thread->time, Nanoseconds(500));
    const auto process = decode_perf_record(record(PERF_RECORD_FORK, 0, task(103, 100, 103, 102)), {});
    ASSERT_TRUE(process);
    EXPECT_FALSE(process->new_thread);
    EXPECT_EQ(process->other, ThreadId(102));
}

TEST(PerfRecord, TakesANameUpToItsEndEvenWithoutATerminator) {
    Bytes body;
    body.put(100).put(101).put(std::uint64_t{0x6161616161616161}).sample_id(100, 101, 9, 0);
    const auto seen = decode_perf_record(record(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, body), {});
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->name, "aaaaaaaa");
    EXPECT_TRUE(seen->exec);
}

TEST(PerfRecord, CountsWhatTheKernelLost) {
    const auto seen = decode_perf_record(
        record(PERF_RECORD_LOST, 0, Bytes().put(std::uint64_t{5}).put(std::uint64_t{42}).sample_id(1, 1, 9, 1)), {});
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->kind, KernelRecord::Kind::kLost);
    EXPECT_EQ(seen->count, 42U);
}

TEST(PerfRecord, ReadsTheWokenThreadAndItsWaker) {
    const PerfRecordLayout layout{SampleBody::kWakeUp, {24, 32}};
    Bytes body;
    body.sample_id(100, 101, 9, 1).put(std::uint32_t{36});
    for (int i = 0; i < 6; ++i) body.put(0);
    body.put(202).put(120).put(3);
    const auto seen = decode_perf_record(record(PERF_RECORD_SAMPLE, 0, body), layout);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->tid, ThreadId(202));
    EXPECT_EQ(seen->other, ThreadId(101));
    EXPECT_EQ(seen->cpu, CpuId(3));
}

TEST(PerfRecord, RefusesARawSizeBeyondTheRecordAndOffsetsBeyondTheRawBytes) {
    Bytes body;
    body.sample_id(100, 101, 9, 1).put(std::uint32_t{0xffffffff}).put(1);
    EXPECT_FALSE(decode_perf_record(record(PERF_RECORD_SAMPLE, 0, body), {SampleBody::kWakeUp, {24, 32}}));
    Bytes small;
    small.sample_id(100, 101, 9, 1).put(std::uint32_t{4}).put(1);
    EXPECT_FALSE(decode_perf_record(record(PERF_RECORD_SAMPLE, 0, small), {SampleBody::kWakeUp, {0xfffffffe, 0}}));
}

TEST(PerfRecord, NamesRegistersInTheOrderOfTheTrace) {
    Bytes body;
    body.sample_id(100, 101, 9, 1).put(std::uint64_t{PERF_SAMPLE_REGS_ABI_64});
    for (std::uint64_t i = 0; i < user_register_count(); ++i) body.put(i + 1);
    const auto seen = decode_perf_record(record(PERF_RECORD_SAMPLE, 0, body), {SampleBody::kUserRegisters, {}});
    ASSERT_TRUE(seen);
    ASSERT_EQ(seen->registers.values.size(), trace::register_names().size());
    EXPECT_EQ(trace::register_names()[0] == "rax" || trace::register_names()[0] == "x0", true);
    EXPECT_EQ(seen->registers.values[0], 1U);
}

TEST(PerfRecord, SurvivesEveryTruncationOfEveryRecord) {
    Bytes registers;
    registers.sample_id(1, 2, 3, 4).put(std::uint64_t{2}).put(std::uint64_t{3});
    const std::vector<std::vector<std::byte>> all = {
        record(PERF_RECORD_SWITCH, 0, Bytes().sample_id(1, 2, 3, 4)),
        record(PERF_RECORD_FORK, 0, task(1, 2, 3, 4)),
        record(PERF_RECORD_EXIT, 0, task(1, 2, 3, 4)),
        record(PERF_RECORD_COMM, 0, Bytes().put(1).put(2).put(std::uint64_t{0x61}).sample_id(1, 2, 3, 4)),
        record(PERF_RECORD_LOST, 0, Bytes().put(std::uint64_t{1}).put(std::uint64_t{2}).sample_id(1, 2, 3, 4)),
        record(PERF_RECORD_SAMPLE, 0, registers)};
    for (const auto& whole : all) {
        for (std::size_t length = 0; length < whole.size(); ++length) {
            // A heap block of exactly that length: reading beyond it is an error under AddressSanitizer.
            const std::vector<std::byte> cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
            for (const auto body : {SampleBody::kNone, SampleBody::kUserRegisters, SampleBody::kWakeUp}) {
                decode_perf_record(cut, {body, {}});
            }
            EXPECT_TRUE(length >= 32 || !decode_perf_record(cut, {}));
        }
    }
}

std::vector<std::byte> ring_of(std::size_t size) {
    return std::vector<std::byte>(size);
}

void place(std::vector<std::byte>& ring, std::uint64_t at, const std::vector<std::byte>& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) ring[(at + i) % ring.size()] = bytes[i];
}

TEST(RingCursor, JoinsARecordThatWrapsAroundTheEnd) {
    auto ring = ring_of(64);
    const auto first = record(PERF_RECORD_SWITCH, 0, Bytes().sample_id(1, 2, 3, 4));
    place(ring, 48, first);
    RingCursor cursor(ring, 48, 80);
    const auto seen = cursor.next();
    EXPECT_TRUE(std::equal(seen.begin(), seen.end(), first.begin(), first.end()));
    EXPECT_TRUE(cursor.next().empty());
    EXPECT_EQ(cursor.tail(), 80U);
    EXPECT_FALSE(cursor.damaged());
}

TEST(RingCursor, SkipsToTheHeadWhenTheRingMakesNoSense) {
    auto ring = ring_of(64);
    struct Case {
        const char* what;
        std::uint16_t size;
        std::uint64_t tail, head;
    };
    for (const Case& c : {Case{"a record of no length", 0, 0, 32}, Case{"a record longer than what is there", 48, 0, 32},
                          Case{"more unread than the ring holds", 32, 0, 4096}, Case{"a head behind the tail", 32, 64, 32},
                          Case{"a header that would wrap", 32, 60, 92}}) {
        place(ring, c.tail, record(PERF_RECORD_SWITCH, 0, {}));
        const std::uint16_t size = c.size;
        std::memcpy(ring.data() + 6, &size, 2);
        RingCursor cursor(ring, c.tail, c.head);
        EXPECT_TRUE(cursor.next().empty()) << c.what;
        EXPECT_TRUE(cursor.damaged()) << c.what;
        EXPECT_EQ(cursor.tail(), c.head) << c.what;
    }
}

}  // namespace
}  // namespace heddle::kernel
