#include "core/race/race_detector.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/core/race/race_builder.h"

namespace heddle::race {
namespace {

using namespace testing;  // NOLINT: the builder's
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(RaceDetector, TellsBothAccessesOfARace) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kX, 2, 0x401111, 7);
    const std::uint64_t first = run.last();
    run.read(t2, kX, 2, 0x402222);
    const auto races = run.races();
    ASSERT_THAT(races, SizeIs(1));
    const Access& a = races[0].first;
    const Access& b = races[0].second;
    EXPECT_EQ(a.event, first);
    EXPECT_EQ(a.thread, t1);
    EXPECT_EQ(a.pc, 0x401111U);
    EXPECT_EQ(a.address, kX);
    EXPECT_EQ(a.size, 4U);
    EXPECT_EQ(a.value, 7U);
    EXPECT_TRUE(a.writes);
    EXPECT_FALSE(a.atomic);
    EXPECT_EQ(b.event, first + 1);
    EXPECT_EQ(b.thread, t2);
    EXPECT_EQ(b.pc, 0x402222U);
    EXPECT_FALSE(b.writes);
    EXPECT_EQ(races[0].count, 1U);
}

TEST(RaceDetector, CountsAPairOfPlacesOnceWhicheverCameFirst) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    for (int i = 0; i < 3; ++i) run.write(t1, kX, 2, 0x1).write(t2, kX, 2, 0x2);
    const auto races = run.races();
    ASSERT_THAT(races, SizeIs(1));
    EXPECT_EQ(races[0].count, 5U);
    EXPECT_EQ(races[0].second.event, races[0].first.event + 1) << "the first occurrence is kept";
}

TEST(RaceDetector, FindsTheLostUpdateAtEveryPairOfItsPlaces) {  // counter++ twice: read, write; read, write
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    constexpr std::uint64_t kLoad = 0x401010, kStore = 0x401020;
    run.read(t1, kX, 2, kLoad).read(t2, kX, 2, kLoad).write(t1, kX, 2, kStore).write(t2, kX, 2, kStore);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> pairs;
    for (const Race& race : run.races()) pairs.emplace_back(race.first.pc, race.second.pc);
    EXPECT_THAT(pairs, ::testing::UnorderedElementsAre(std::pair(kLoad, kStore), std::pair(kStore, kStore)));
}

struct Claim {
    const char* says;
    bool races;
    std::function<void(Story&, ThreadIndex main, ThreadIndex t1, ThreadIndex t2)> story;
};

void expect_each(const std::vector<Claim>& rows) {
    for (const Claim& row : rows) {
        Story run;
        const auto [main, t1, t2] = run.two_threads();
        row.story(run, main, t1, t2);
        EXPECT_EQ(!run.races().empty(), row.races) << row.says;
    }
}

TEST(RaceDetector, NeedsTwoThreadsOneWriteAndASharedByte) {
    expect_each({
        {"two reads", false, [](Story& r, auto, auto t1, auto t2) { r.read(t1, kX).read(t2, kX); }},
        {"a read and a write", true, [](Story& r, auto, auto t1, auto t2) { r.read(t1, kX).write(t2, kX); }},
        {"two writes", true, [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX).write(t2, kX); }},
        {"one thread alone", false, [](Story& r, auto, auto t1, auto) { r.write(t1, kX).read(t1, kX).write(t1, kX); }},
        {"the next variable", false, [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX).write(t2, kX + 4); }},
        {"another in the granule", false,
         [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX + 3, 0).write(t2, kX + 2, 0); }},
        {"a byte inside a word", true, [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX, 3).write(t2, kX + 7, 0); }},
        {"a word around a byte", true, [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX + 5, 0).read(t2, kX + 4, 1); }},
        {"unaligned, into the next", true,
         [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX + 6, 2).read(t2, kX + 8, 0); }},
        {"16 bytes", true, [](Story& r, auto, auto t1, auto t2) { r.write(t1, kX, 4).read(t2, kX + 12, 2); }},
        {"a reader before the last", true, [](Story& r, auto, auto t1, auto t2) { r.read(t1, kX).read(t2, kX).write(t2, kX); }},
        {"a vptr", true, [](Story& r, auto, auto t1, auto t2) { r.add(t1, Kind::kVptrWrite, 3, kX, 1, 1).read(t2, kX, 3, 2); }},
        {"the last byte of a range", true,
         [](Story& r, auto, auto t1, auto t2) { r.add(t1, Kind::kWriteRange, 0, kX, 21, 1).read(t2, kX + 20, 0); }},
        {"behind the end of a range", false,
         [](Story& r, auto, auto t1, auto t2) { r.add(t1, Kind::kWriteRange, 0, kX, 21, 1).write(t2, kX + 21, 0); }},
        {"a range that is read", false,
         [](Story& r, auto, auto t1, auto t2) { r.add(t1, Kind::kReadRange, 0, kX, 64, 1).read(t2, kX + 20, 0); }},
    });
}

TEST(RaceDetector, CountsARangeOnceHoweverManyGranulesItHas) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.add(t1, Kind::kWriteRange, 0, kX, 4096, 1).add(t2, Kind::kReadRange, 0, kX + 100, 4096, 2);
    const auto races = run.races();
    ASSERT_THAT(races, SizeIs(1));
    EXPECT_EQ(races[0].count, 1U);
    EXPECT_EQ(races[0].first.size, 4096U);
    EXPECT_EQ(races[0].second.address, kX + 100);
}

TEST(RaceDetector, FollowsAReportedRangeAcrossPages) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.add(t1, Kind::kWriteRange, 0, 0x500ffc, 8, 1).read(t2, 0x501000, 2, 2);
    EXPECT_THAT(run.races(), SizeIs(1));
}

TEST(RaceDetector, KnowsNoRaceBetweenAtomics) {
    constexpr auto kRelaxed = MemoryOrder::kRelaxed;
    expect_each({
        {"two atomic stores", false,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelaxed).store(t2, 2, kRelaxed).load(t1, 2, kRelaxed); }},
        {"a plain write and an atomic load", true,
         [](Story& r, auto, auto t1, auto t2) { r.write(t1, kFlag).load(t2, 1, kRelaxed); }},
        {"an atomic store and a plain read", true,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelaxed).read(t2, kFlag); }},
        {"an atomic load and a plain read", false,
         [](Story& r, auto, auto t1, auto t2) { r.load(t1, 1, kRelaxed).read(t2, kFlag); }},
        {"an atomic store of another before one's own", true,
         [](Story& r, auto, auto t1, auto t2) { r.store(t1, 1, kRelaxed).store(t2, 2, kRelaxed).read(t2, kFlag); }},
    });
}

TEST(RaceDetector, LetsMemoryForgetWhenItIsUsedAnew) {
    constexpr auto allocate = [](Story& r, auto who, std::int64_t bytes = 32) { r.end(who, CallId::kMalloc, kBlock, bytes); };
    constexpr auto free = [](Story& r, auto who) { r.end(who, CallId::kFree, kBlock, 0); };
    expect_each({
        {"freed and allocated again", false,
         [&](Story& r, auto, auto t1, auto t2) {
             allocate(r, t1), r.write(t1, kBlock + 8), free(r, t1), allocate(r, t2), r.write(t2, kBlock + 8);
         }},
        {"used after another thread freed it", true,
         [&](Story& r, auto, auto t1, auto t2) { allocate(r, t1), free(r, t1), r.read(t2, kBlock + 28); }},
        {"freed while another thread may use it", true,
         [&](Story& r, auto, auto t1, auto t2) { allocate(r, t1), r.read(t2, kBlock + 28), free(r, t1); }},
        {"freed by two", true, [&](Story& r, auto, auto t1, auto t2) { allocate(r, t1), free(r, t1), free(r, t2); }},
        {"beyond the block", false,
         [&](Story& r, auto, auto t1, auto t2) { allocate(r, t1), free(r, t1), r.read(t2, kBlock + 32); }},
        {"handed over by a mutex, then freed", false,
         [&](Story& r, auto, auto t1, auto t2) {
             allocate(r, t1), r.lock(t1).write(t1, kBlock).unlock(t1).lock(t2).unlock(t2), free(r, t2);
         }},
        {"a big block that was used", true,
         [&](Story& r, auto, auto t1, auto t2) { allocate(r, t1, 1 << 30), r.read(t2, kBlock + (1 << 29)), free(r, t1); }},
        {"mapped anew", false,
         [&](Story& r, auto, auto t1, auto t2) { r.write(t1, kBlock).end(t2, CallId::kMmap, kBlock, 4096).write(t2, kBlock); }},
        {"the stack of a new thread", false,
         [&](Story& r, auto, auto t1, auto t2) {
             r.write(t1, 0x7f0000001000).add(t2, Kind::kStackBounds, 0, 0x7f0000000000, 0x800000).write(t2, 0x7f0000001000);
         }},
    });
}

// Nothing races, for the free comes first in an order that the program made; it is wrong all the same.
TEST(RaceDetector, TellsUsesOfAFreedBlockThatTheFreeComesBefore) {
    struct {
        const char* name;
        std::size_t misuses;
        std::function<void(Story&, ThreadIndex, ThreadIndex)> happens;
    } const cases[] = {
        {"by the same thread", 1, [](Story& r, auto t1, auto) { r.end(t1, CallId::kFree, kBlock).write(t1, kBlock + 8); }},
        {"its last byte", 1, [](Story& r, auto t1, auto) { r.end(t1, CallId::kFree, kBlock).read(t1, kBlock + 31, 0); }},
        {"behind it", 0, [](Story& r, auto t1, auto) { r.end(t1, CallId::kFree, kBlock).read(t1, kBlock + 32); }},
        {"ordered by a mutex", 1,
         [](Story& r, auto t1, auto t2) {
             r.lock(t1).end(t1, CallId::kFree, kBlock).unlock(t1).lock(t2).unlock(t2).read(t2, kBlock);
         }},
        {"in no order: a race", 0, [](Story& r, auto t1, auto t2) { r.end(t1, CallId::kFree, kBlock).read(t2, kBlock); }},
        {"freed twice", 1, [](Story& r, auto t1, auto) { r.end(t1, CallId::kFree, kBlock).end(t1, CallId::kDelete, kBlock); }},
        {"handed out again", 0,
         [](Story& r, auto t1, auto) {
             r.end(t1, CallId::kFree, kBlock).end(t1, CallId::kMalloc, kBlock + 16, 8).write(t1, kBlock + 16);
         }},
    };
    for (const auto& [name, misuses, happens] : cases) {
        Story run;
        const auto [main, t1, t2] = run.two_threads();
        run.end(t1, CallId::kMalloc, kBlock, 32);
        happens(run, t1, t2);
        const RaceDetector detector = run.detect();
        ASSERT_THAT(detector.misuses(), SizeIs(misuses)) << name;
        if (misuses == 0) continue;
        EXPECT_TRUE(detector.misuses()[0].first.frees) << name;
        EXPECT_EQ(detector.misuses()[0].second.event, run.last()) << name;
    }
}

TEST(RaceDetector, SaysThatABlockWasFreed) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.end(t1, CallId::kNew, kBlock, 24).end(t1, CallId::kDelete, kBlock).read(t2, kBlock + 16);
    const auto races = run.races();
    ASSERT_THAT(races, SizeIs(1));
    EXPECT_TRUE(races[0].first.frees);
    EXPECT_EQ(races[0].first.address, kBlock);
    EXPECT_EQ(races[0].first.size, 24U);
}

TEST(RaceDetector, KeepsTwoProcessesMemoryApartUnlessItIsShared) {
    Story run;
    const ThreadIndex parent = run.thread(100), child = run.thread(200, 200);
    run.add(parent, Kind::kThreadStart).begin(parent, CallId::kFork);
    run.add(child, Kind::kProcessStart, 1, 0, 100).end(parent, CallId::kFork, 0, 200);
    run.write(parent, kX).write(child, kX);
    EXPECT_THAT(run.races(), IsEmpty());
    RaceOptions options;
    options.order.shared = [](ProcessId, std::uint64_t address) { return std::optional(address); };
    EXPECT_THAT(run.detect(options).races(), SizeIs(1));
    options.order.shared = [](ProcessId process, std::uint64_t address) {  // mapped at two addresses
        return address == kX ? std::optional(process.value == 200 ? kY : kX) : std::nullopt;
    };
    EXPECT_THAT(run.detect(options).races(), IsEmpty());
}

TEST(RaceDetector, LetsANewProgramForgetTheOldOnesMemory) {
    Story run;
    const ThreadIndex main = run.thread(100), other = run.thread(101);
    run.add(main, Kind::kProcessStart).add(main, Kind::kThreadStart).create(main, other).write(other, kX);
    run.add(main, Kind::kProcessStart, 2).write(main, kX);
    EXPECT_THAT(run.races(), IsEmpty());
}

TEST(RaceDetector, SaysWhenMemoryRanOutAndGoesOnChecking) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kX);
    for (std::uint64_t i = 1; i < 100; ++i) run.write(t1, kX + 8 * i);
    run.write(t2, kX);
    RaceOptions options;
    options.shadow.cells = 10;
    RaceDetector detector = run.detect(options);
    EXPECT_FALSE(detector.complete());
    EXPECT_THAT(detector.races(), SizeIs(1)) << "what was remembered in time is still there";
    EXPECT_TRUE(run.detect().complete());
}

TEST(RaceDetector, AccusesNobodyAfterALossOfRecords) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kX).add(t1, Kind::kLost, 1, 0, 5).write(t2, kX);  // the unlock may have been among them
    RaceDetector detector = run.detect();
    EXPECT_THAT(detector.races(), IsEmpty());
    EXPECT_FALSE(detector.complete());
}

TEST(RaceDetector, WaitsForAnOrderThatIsLoggedALittleTooLate) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.write(t1, kX).after(50).atomic(t2, Kind::kAtomicExchange, kFlag, 1, MemoryOrder::kAcquire);
    run.after(20).read(t2, kX).after(20).store(t1, 0, MemoryOrder::kRelease);
    EXPECT_THAT(run.races(), IsEmpty());
    RaceOptions exact;
    exact.order.stamp_slack = Nanoseconds(0);
    EXPECT_THAT(run.detect(exact).races(), SizeIs(1)) << "where one thread runs at a time, the exchange came first";
    run.write(t1, kY).after(50).read(t2, kY).after(1000).store(t1, 2, MemoryOrder::kRelease);
    run.load(t2, 2, MemoryOrder::kAcquire);
    EXPECT_THAT(run.races(), SizeIs(1)) << "too late for that";
}

TEST(RaceDetector, StopsWhenItCanNoLongerFollowTheLocks) {
    Story run;
    const auto [main, t1, t2] = run.two_threads();
    run.lock(t1, 1).unlock(t1, 1).lock(t1, 2).write(t1, kX).unlock(t1, 2).lock(t2, 2).write(t2, kX);
    RaceOptions options;
    options.order.most_objects = 1;
    RaceDetector detector = run.detect(options);
    EXPECT_THAT(detector.races(), IsEmpty());
    EXPECT_FALSE(detector.complete());
}

TEST(RaceDetector, SurvivesEventsThatNoProgramMakes) {
    Story run;
    const ThreadIndex t1 = run.thread(101), t2 = run.thread(102);
    const std::uint64_t odd[] = {0, 7, ~std::uint64_t{0}, ~std::uint64_t{6}, std::uint64_t{1} << 63};
    for (int kind = 0; kind < 80; ++kind)
        for (const std::uint64_t address : odd)
            for (const std::uint64_t value : odd)
                for (const std::uint8_t detail : {0, 7, 13, 42, 78, 255})
                    run.add(detail % 2 != 0 ? t1 : t2, static_cast<Kind>(kind), detail, address, value);
    run.add(ThreadIndex{77}, Kind::kWrite, 2, kX);
    EXPECT_LT(run.detect().races().size(), 10000U);
    EXPECT_TRUE(run.lock_order().find().deadlocks.empty());
}

}  // namespace
}  // namespace heddle::race
