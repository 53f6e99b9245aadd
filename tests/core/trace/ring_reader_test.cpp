#include "core/trace/ring_reader.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>

namespace heddle::trace {
namespace {

constexpr std::uint32_t kLive = static_cast<std::uint32_t>(SlotState::kLive);
constexpr std::uint32_t kEnded = static_cast<std::uint32_t>(SlotState::kEnded);
constexpr std::uint32_t kFree = static_cast<std::uint32_t>(SlotState::kFree);

// A small arena, and the runtime's side of it written down as plainly as possible.
class RingReaderTest : public ::testing::Test {
protected:
    RingReaderTest() : arena_(Arena::create({4, 16, 8, TickSource::kMonotonic}).value()), reader_(arena_, log_) {}

    std::uint64_t now() { return static_cast<std::uint64_t>(monotonic_now().count()); }

    Record* ring(std::uint32_t slot) { return const_cast<Record*>(arena_.ring(slot)); }

    void claim(std::uint32_t slot, int pid, int tid) {
        arena_.slot(slot).pid = pid;
        arena_.slot(slot).tid = tid;
        arena_.slot(slot).state = kLive;
    }

    void stage(std::uint32_t slot, std::uint64_t ahead, Record record) {
        ring(slot)[(arena_.slot(slot).head + ahead) % 16] = record;
    }

    // As the runtime does: a full ring drops and counts.
    bool publish(std::uint32_t slot, Record record) {
        ThreadSlot& s = arena_.slot(slot);
        if (s.head - s.tail == 16) {
            ++s.dropped;
            return false;
        }
        stage(slot, 0, record);
        ++s.head;
        return true;
    }

    Record write(std::uint64_t address, std::uint64_t value) {
        return {now(), address, value, make_tail(Kind::kWrite, 2, 0x401000)};
    }

    void publish_payload(std::uint32_t slot, Kind kind, std::string_view bytes) {
        stage(slot, 0, {now(), 0x7000, bytes.size(), make_tail(kind, 0, 0)});
        std::uint64_t records = 1;
        for (std::size_t at = 0; at < bytes.size(); at += 24, ++records) {
            Record raw{0, 0, 0, make_tail(Kind::kPayload, 0, 0)};
            std::memcpy(&raw, bytes.data() + at, std::min<std::size_t>(24, bytes.size() - at));
            stage(slot, records, raw);
        }
        arena_.slot(slot).head += records;
    }

    std::vector<Kind> kinds(const std::vector<PackedEvent>& events) {
        std::vector<Kind> result;
        for (const auto& event : events) result.push_back(event.kind());
        return result;
    }

    std::vector<PackedEvent> drain() {
        std::vector<PackedEvent> events;
        reader_.drain(events);
        return events;
    }

    std::vector<PackedEvent> release_dead(ProcessId pid) {
        std::vector<PackedEvent> events;
        reader_.release_dead(pid, events);
        return events;
    }

    EventLog log_;
    Arena arena_;
    RingReader reader_;
};

TEST_F(RingReaderTest, GivesWhatWasRecordedWithTimesAndThread) {
    claim(1, 100, 101);
    const auto before = monotonic_now();
    publish(1, write(0x5000, 42));
    publish(1, {now(), 0x6000, 0, make_tail(Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kMutexLock), 0x402000)});
    const auto events = drain();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].address, 0x5000U);
    EXPECT_EQ(events[0].value, 42U);
    EXPECT_EQ(events[0].pc(), 0x401000U);
    EXPECT_EQ(events[1].kind(), Kind::kCallEnd);
    EXPECT_GE(events[0].nanoseconds, before.count() - 1000);
    EXPECT_LE(events[1].nanoseconds, monotonic_now().count());
    EXPECT_LE(events[0].nanoseconds, events[1].nanoseconds);
    const auto view = log_.view();
    ASSERT_EQ(view.threads().size(), 1U);
    EXPECT_EQ(view.threads()[0].tid, ThreadId{101});
    EXPECT_EQ(view.threads()[0].pid, ProcessId{100});
    EXPECT_EQ(arena_.slot(1).tail, 2U);
    EXPECT_TRUE(drain().empty());
}

// Whoever reads the two clocks twice at once may be held up in between, and another CPU's counter may be a little ahead.
TEST_F(RingReaderTest, KeepsTheRateOfItsClocksWhenItLooksTwiceAtOnce) {
    constexpr std::int64_t kTenMilliseconds = 10'000'000;
    const TickConverter::Anchor start = arena_.start();
    const TickConverter::Anchor first{start.tick + kTenMilliseconds, start.nanoseconds + kTenMilliseconds};
    const TickConverter::Anchor second{first.tick + 1, first.nanoseconds + 300'000};
    std::vector<PackedEvent> events;
    claim(1, 100, 101);
    publish(1, {first.tick - 10, 0x5000, 1, make_tail(Kind::kWrite, 2, 0x401000)});
    reader_.drain(events, first);
    publish(1, {second.tick + 50, 0x5000, 2, make_tail(Kind::kWrite, 2, 0x401000)});
    reader_.drain(events, second);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_GE(events[1].nanoseconds, events[0].nanoseconds);
    EXPECT_LT(events[1].nanoseconds, second.nanoseconds + 1'000'000);
}

TEST_F(RingReaderTest, GivesBothValuesOfAReadModifyWriteInEveryWidth) {
    claim(0, 100, 100);
    const std::uint8_t narrow = 2 | 5 << 4 | kOtherKnown, wide = 3 | 5 << 4 | kOtherKnown;
    publish(0, {now(), 0x5000, 4 | std::uint64_t{3} << 32, make_tail(Kind::kAtomicUpdate, narrow, 0)});
    stage(0, 0, {now(), 0x6000, 0xffff'ffff'ffff'fffe, make_tail(Kind::kAtomicCompareOk, wide, 0)});
    stage(0, 1, {0xffff'ffff'ffff'ffff, 0, 0, make_tail(Kind::kPayload, 0, 0)});
    arena_.slot(0).head += 2;
    publish(0, {now(), 0x5000, 5, make_tail(Kind::kAtomicStore, 2 | 5 << 4, 0)});
    log_.insert(drain());
    ASSERT_EQ(log_.size(), 3U);
    const auto access = [&](std::uint64_t index) { return std::get<MemoryAccess>(log_.view().event(index).body); };
    EXPECT_EQ(access(0).value, 4U);
    EXPECT_EQ(access(0).other, 3U);
    EXPECT_EQ(access(1).value, 0xffff'ffff'ffff'fffe);
    EXPECT_EQ(access(1).other, 0xffff'ffff'ffff'ffff);
    EXPECT_TRUE(access(0).other_known && access(1).other_known);
    EXPECT_FALSE(access(2).other_known);
}

TEST_F(RingReaderTest, PutsPayloadsTogether) {
    claim(0, 100, 100);
    publish_payload(0, Kind::kThreadName, "a name of more than twenty-four bytes");
    publish_payload(0, Kind::kThreadName, "");
    publish_payload(0, Kind::kFrameBytes, std::string(24, 'x'));
    const auto events = drain();
    ASSERT_EQ(kinds(events), (std::vector{Kind::kThreadName, Kind::kThreadName, Kind::kFrameBytes}));
    const auto view = log_.view();
    EXPECT_EQ(view.blob(events[0].extra), "a name of more than twenty-four bytes");
    EXPECT_EQ(view.blob(events[1].extra), "");
    EXPECT_EQ(view.blob(events[2].extra), std::string(24, 'x'));
    EXPECT_EQ(events[2].address, 0x7000U);
}

TEST_F(RingReaderTest, WaitsForTheRestOfAPayload) {
    claim(0, 100, 100);
    publish(0, {now(), 0, 30, make_tail(Kind::kThreadName, 0, 0)});
    publish(0, {0x6161616161616161, 0x6161616161616161, 0x6161616161616161, make_tail(Kind::kPayload, 0, 0)});
    EXPECT_TRUE(drain().empty());
    publish(0, {0x6262626262626262, 0, 0, make_tail(Kind::kPayload, 0, 0)});
    const auto events = drain();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(log_.view().blob(events[0].extra), std::string(24, 'a') + "bbbbbb");
}

TEST_F(RingReaderTest, FollowsTheRingAroundItsEnd) {
    claim(0, 100, 100);
    std::uint64_t expected = 0;
    for (int round = 0; round < 20; ++round) {
        for (std::uint64_t i = 0; i < 13; ++i) ASSERT_TRUE(publish(0, write(0x5000, expected + i)));
        for (const auto& event : drain()) EXPECT_EQ(event.value, expected++);
    }
    EXPECT_EQ(expected, 260U);
    EXPECT_EQ(reader_.stats().records, 260U);
}

TEST_F(RingReaderTest, CountsDropsWhereTheyHappened) {
    claim(0, 100, 100);
    for (int i = 0; i < 19; ++i) publish(0, write(0x5000, 1));  // 16 fit
    const auto full = drain();
    ASSERT_EQ(full.size(), 17U);
    EXPECT_EQ(full[16].kind(), Kind::kLost);
    EXPECT_EQ(full[16].value, 3U);
    EXPECT_EQ(full[16].detail(), static_cast<std::uint8_t>(LostWhere::kRing));
    EXPECT_EQ(full[16].nanoseconds, full[15].nanoseconds);

    arena_.slot(0).dropped += 2;  // counted just after that drain: before the next record
    publish(0, write(0x5000, 2));
    const auto next = drain();
    ASSERT_EQ(kinds(next), (std::vector{Kind::kLost, Kind::kWrite}));
    EXPECT_EQ(next[0].value, 2U);
    EXPECT_EQ(reader_.stats().dropped, 5U);
}

TEST_F(RingReaderTest, FreesTheSlotOfAnEndedThreadForTheNext) {
    claim(2, 100, 101);
    publish(2, write(0x5000, 1));
    arena_.slot(2).state = kEnded;
    EXPECT_EQ(drain().size(), 1U);
    EXPECT_EQ(arena_.slot(2).state, kFree);
    claim(2, 100, 102);
    publish(2, write(0x5000, 2));
    const auto events = drain();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(log_.view().threads()[events[0].thread].tid, ThreadId{102});
}

TEST_F(RingReaderTest, TakesTheAccessAThreadDiedInAndFreesItsSlot) {
    claim(0, 100, 100);
    claim(1, 100, 101);
    claim(2, 200, 200);
    publish(1, write(0x5000, 1));
    publish(2, write(0x5000, 2));
    stage(1, 0, write(0xdead0, 77));
    arena_.slot(1).pending = 1;
    const auto events = release_dead(ProcessId{100});
    ASSERT_EQ(kinds(events), (std::vector{Kind::kWrite, Kind::kWrite}));
    const Event last = decode(events[1], {});
    EXPECT_EQ(std::get<MemoryAccess>(last.body).address, 0xdead0U);
    EXPECT_FALSE(std::get<MemoryAccess>(last.body).value_known);
    EXPECT_TRUE(std::get<MemoryAccess>(decode(events[0], {}).body).value_known);
    EXPECT_EQ(arena_.slot(0).state, kFree);
    EXPECT_EQ(arena_.slot(1).state, kFree);
    EXPECT_EQ(arena_.slot(2).state, kLive);
    EXPECT_EQ(drain().size(), 1U);  // the other process goes on
}

TEST_F(RingReaderTest, FreesTheSlotsOfAnImageThatWasReplaced) {
    claim(0, 100, 100);
    claim(1, 100, 101);
    publish(0, write(0x5000, 1));
    publish(1, write(0x5000, 2));
    EXPECT_EQ(drain().size(), 2U);
    claim(2, 100, 100);
    publish(2, {now(), 0, 1, make_tail(Kind::kProcessStart, static_cast<std::uint8_t>(StartKind::kExecuted), 0)});
    const auto events = drain();
    drain();
    EXPECT_EQ(arena_.slot(0).state, kFree);
    EXPECT_EQ(arena_.slot(1).state, kFree);
    EXPECT_EQ(arena_.slot(2).state, kLive);
    EXPECT_EQ(log_.view().threads().size(), 2U);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(log_.view().threads()[events[0].thread].tid, ThreadId{100});
}

TEST_F(RingReaderTest, TellsTwoThreadsOfOneTidApart) {
    const Record start{0, 1, 100, make_tail(Kind::kThreadStart, 0, 0)};
    const Record end{0, 1, 0, make_tail(Kind::kThreadEnd, 0, 0)};
    const auto at_now = [this](Record record) {
        record.tick = now();
        return record;
    };
    for (int life = 0; life < 2; ++life) {
        claim(0, 100, 101);
        publish(0, at_now(start));
        publish(0, at_now(end));
        arena_.slot(0).state = kEnded;
        const auto events = drain();
        ASSERT_EQ(events.size(), 2U);
        EXPECT_EQ(events[0].thread, static_cast<std::uint32_t>(life));
        EXPECT_EQ(events[1].thread, static_cast<std::uint32_t>(life));
    }
}

TEST_F(RingReaderTest, ReportsThreadsThatFoundNoSlot) {
    arena_.header().threads_without_slot = 3;
    EXPECT_TRUE(drain().empty());  // no thread yet that the report could belong to
    claim(0, 100, 100);
    publish(0, write(0x5000, 1));
    const auto events = drain();
    ASSERT_EQ(kinds(events), (std::vector{Kind::kWrite, Kind::kLost}));
    EXPECT_EQ(events[1].value, 3U);
    EXPECT_EQ(reader_.stats().threads_without_slot, 3U);
}

struct Damage {
    const char* name;
    void (*inflict)(Arena& arena, Record* ring);
};

class DamagedArenaTest : public RingReaderTest, public ::testing::WithParamInterface<Damage> {};

TEST_P(DamagedArenaTest, IsReportedOnceAndNeverReadAgain) {
    claim(0, 100, 100);
    claim(1, 100, 101);
    publish(0, write(0x5000, 1));
    publish(1, write(0x5000, 2));
    ASSERT_EQ(drain().size(), 2U);
    GetParam().inflict(arena_, ring(0));
    publish(1, write(0x5000, 3));
    int reports = 0;
    std::vector<std::uint64_t> healthy;
    for (int round = 0; round < 3; ++round) {
        for (const auto& event : drain()) {
            reports += event.kind() == Kind::kLost && event.detail() == static_cast<std::uint8_t>(LostWhere::kDamagedArena);
            if (log_.view().threads()[event.thread].tid == ThreadId{101}) healthy.push_back(event.value);
        }
        ++arena_.slot(0).head;
    }
    EXPECT_EQ(reports, 1);
    EXPECT_EQ(healthy, std::vector<std::uint64_t>{3});
    EXPECT_EQ(reader_.stats().damaged_slots, 1U);
    EXPECT_TRUE(release_dead(ProcessId{100}).empty());
}

void put_bad(Arena& arena, Record* ring, Record record) {
    ring[1] = record;
    arena.slot(0).head = 2;
}

std::uint64_t tick_now() {
    return static_cast<std::uint64_t>(monotonic_now().count());
}

const Damage kDamages[] = {
    {"HeadBehindTail", [](Arena& a, Record*) { a.slot(0).head = 0; }},
    {"HeadTooFarAhead", [](Arena& a, Record*) { a.slot(0).head = 18; }},
    {"HeadNearOverflow", [](Arena& a, Record*) { a.slot(0).head = UINT64_MAX; }},
    {"UnknownState", [](Arena& a, Record*) { a.slot(0).state = 77; }},
    {"FreedByItsOwner", [](Arena& a, Record*) { a.slot(0).state = kFree; }},
    {"AbsurdDropCount", [](Arena& a, Record*) { a.slot(0).dropped = UINT64_MAX / 2; }},
    {"DropCountBackwards", [](Arena& a, Record*) { --a.slot(0).dropped; }},
    {"NoKind",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 0, 0});
     }},
    {"UnknownKind",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 0, make_tail(Kind{40}, 0, 0)});
     }},
    {"KernelKindFromAHook",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 0, make_tail(Kind::kSwitchIn, 0, 0)});
     }},
    {"PayloadOfNothing",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 0, make_tail(Kind::kPayload, 0, 0)});
     }},
    {"AbsurdPayload",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 1ULL << 60, make_tail(Kind::kThreadName, 0, 0)});
     }},
    {"PayloadBeyondTheRing",
     [](Arena& a, Record* r) {
         put_bad(a, r, {tick_now(), 0, 24 * 16, make_tail(Kind::kThreadName, 0, 0)});
     }},
    {"PayloadWithoutItsRest",
     [](Arena& a, Record* r) {
         r[2] = {tick_now(), 0, 0, make_tail(Kind::kWrite, 2, 0)};
         put_bad(a, r, {tick_now(), 0, 5, make_tail(Kind::kThreadName, 0, 0)});
         a.slot(0).head = 3;
     }},
    {"TickBeforeTheRun",
     [](Arena& a, Record* r) {
         put_bad(a, r, {1, 0, 0, make_tail(Kind::kWrite, 2, 0)});
     }},
    {"TickInTheFuture",
     [](Arena& a, Record* r) {
         put_bad(a, r, {UINT64_MAX - 5, 0, 0, make_tail(Kind::kWrite, 2, 0)});
     }},
};

INSTANTIATE_TEST_SUITE_P(Ring, DamagedArenaTest, ::testing::ValuesIn(kDamages),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(RingReaderTest, SurvivesAHeaderFullOfGarbage) {
    claim(0, 100, 100);
    std::memset(static_cast<void*>(&arena_.header()), 0xa5, sizeof(ArenaHeader));
    publish(0, write(0x5000, 1));
    EXPECT_EQ(kinds(drain()), std::vector{Kind::kWrite});
    EXPECT_GE(arena_.live_processes(), 0);
}

TEST_F(RingReaderTest, RefusesASlotOfNobody) {
    claim(0, -5, 100);
    publish(0, write(0x5000, 1));
    drain();
    EXPECT_EQ(reader_.stats().damaged_slots, 1U);
    EXPECT_TRUE(log_.view().threads().empty());
}

TEST(RingReader, TakesEveryRecordOfThreadsThatKeepWriting) {
    constexpr std::uint64_t kEach = 200'000;
    constexpr int kThreads = 3;
    EventLog log;
    Arena arena = Arena::create({kThreads, 1024, 8, usable_tick_source()}).value();
    RingReader reader(arena, log);
    std::vector<std::thread> producers;
    std::atomic<int> running{kThreads};
    for (int t = 0; t < kThreads; ++t) {
        producers.emplace_back([&, t] {
            ThreadSlot& slot = arena.slot(static_cast<std::uint32_t>(t));
            auto* const ring = const_cast<Record*>(arena.ring(static_cast<std::uint32_t>(t)));
            slot.pid = 100;
            slot.tid = 100 + t;
            slot.state = kLive;
            for (std::uint64_t i = 0; i < kEach; ++i) {
                while (slot.head.load(std::memory_order_relaxed) - slot.tail.load(std::memory_order_acquire) == 1024) {
                    std::this_thread::yield();
                }
                ring[i % 1024] = {read_ticks(arena.options().tick_source), i, i * 3, make_tail(Kind::kWrite, 3, 0)};
                slot.head.store(i + 1, std::memory_order_release);
            }
            slot.state.store(kEnded, std::memory_order_release);
            --running;
        });
    }
    std::vector<std::uint64_t> next(kThreads);
    std::vector<PackedEvent> events;
    const auto take = [&] {
        events.clear();
        reader.drain(events);
        for (const auto& event : events) {
            const auto tid = static_cast<std::size_t>(log.view().threads()[event.thread].tid.value - 100);
            ASSERT_EQ(event.address, next[tid]);
            ASSERT_EQ(event.value, next[tid] * 3);
            ++next[tid];
        }
    };
    while (running != 0) take();
    for (auto& producer : producers) producer.join();
    take();
    EXPECT_EQ(next, std::vector<std::uint64_t>(kThreads, kEach));
    EXPECT_EQ(reader.stats().dropped, 0U);
    EXPECT_EQ(arena.slot(0).state, kFree);
}

TEST(Arena, ReachesAnotherProcessAndCannotBeShrunk) {
    Arena arena = Arena::create({2, 16, 8, TickSource::kMonotonic}).value();
    const pid_t child = ::fork();
    if (child == 0) {
        const bool shrunk = ::ftruncate(arena.fd(), 4096) == 0;
        arena.slot(1).tid = shrunk ? 1 : 42;
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(arena.slot(1).tid, 42);
    EXPECT_EQ(arena.header().magic, kArenaMagic);
    EXPECT_EQ(arena.header().total_bytes, arena_bytes(2, 16));
}

TEST(Arena, RefusesARingThatIsNoPowerOfTwo) {
    EXPECT_FALSE(Arena::create({2, 17, 8, TickSource::kMonotonic}));
    EXPECT_FALSE(Arena::create({0, 16, 8, TickSource::kMonotonic}));
}

}  // namespace
}  // namespace heddle::trace
