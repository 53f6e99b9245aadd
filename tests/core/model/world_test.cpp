#include "core/model/world.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

using testing::EventBuilder;
using trace::CallId;
using trace::Kind;

std::optional<std::uint32_t> word(const World& world, Number process, std::uint64_t address) {
    std::array<std::byte, 4> bytes{};
    std::array<bool, 4> known{};
    world.process(process).memory.read(address, bytes, known);
    if (!known[0] || !known[1] || !known[2] || !known[3]) return std::nullopt;
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), 4);
    return value;
}

TEST(WorldMemory, AWriteShowsItsValueAndItsWriter) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.write(main, 0x1000, 7).write(worker, 0x1000, 8);
    const World world = b.world();
    EXPECT_EQ(word(world, 1, 0x1000), 8U);
    EXPECT_EQ(world.process(1).memory.last_writer(0x1000, 4), 2);
    EXPECT_EQ(word(world, 1, 0x1004), std::nullopt);
}

TEST(WorldMemory, AReadThatFindsAnotherValueHealsTheImageButNamesNoWriter) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.write(main, 0x1000, 7).read(main, 0x1000, 7);
    EXPECT_EQ(b.world().process(1).memory.last_writer(0x1000, 4), 1);
    b.read(main, 0x1000, 9);
    EXPECT_EQ(word(b.world(), 1, 0x1000), 9U);
    EXPECT_EQ(b.world().process(1).memory.last_writer(0x1000, 4), kNobody);
}

TEST(WorldMemory, ANewFramesLocalsAreUnknownWhateverAnEarlierFrameLeftThere) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.write(main, 0x7fe0, 21910);
    EXPECT_EQ(word(b.world(), 1, 0x7fe0), 21910U);
    b.enter(main, 1, 0x400, 0x8000);
    EXPECT_EQ(word(b.world(), 1, 0x7fe0), std::nullopt);
    b.write(main, 0x7fe0, 3);
    EXPECT_EQ(word(b.world(), 1, 0x7fe0), 3U);
}

TEST(WorldMemory, ARangeWriteMakesItsBytesUnknown) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.write(main, 0x10fe, 0x04030201).add(main, Kind::kWriteRange, 0, 0x1100, 64);
    std::array<std::byte, 4> bytes{};
    std::array<bool, 4> known{};
    b.world().process(1).memory.read(0x10fe, bytes, known);
    EXPECT_THAT(known, ::testing::ElementsAre(true, true, false, false));
}

TEST(WorldMemory, AChildHasItsParentsMemoryUntilOneOfThemWrites) {
    EventBuilder b;
    const auto parent = b.thread(100), child = b.thread(200, 200);
    b.write(parent, 0x1000, 1)
        .write(parent, 0x2000, 2)
        .fork(child, 100, false)
        .write(child, 0x1000, 5)
        .write(parent, 0x2000, 6);
    const World world = b.world();
    ASSERT_EQ(world.process_count(), 2U);
    EXPECT_EQ(world.process(2).parent, 1);
    EXPECT_EQ(word(world, 1, 0x1000), 1U);
    EXPECT_EQ(word(world, 1, 0x2000), 6U);
    EXPECT_EQ(word(world, 2, 0x1000), 5U);
    EXPECT_EQ(word(world, 2, 0x2000), 2U);
}

TEST(WorldMemory, ACopyOfAWorldKeepsWhatTheOriginalOverwrites) {
    EventBuilder b;
    const auto main = b.thread(100);
    for (std::uint64_t i = 0; i < 100; ++i) b.write(main, 0x1000 + i % 3 * 0x10000, i);
    const auto log = b.view();
    World world = EventBuilder::fold(log, 50);
    const World copy = world;
    for (std::uint64_t i = 50; i < 100; ++i) world.apply(log.packed(i), {}, log.threads(), i, nullptr);
    EXPECT_EQ(word(copy, 1, 0x1000), 48U);
    EXPECT_EQ(word(world, 1, 0x1000), 99U);
}

TEST(WorldMemory, AnExecReplacesTheImage) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.write(main, 0x1000, 1)
        .enter(main, 1, 0x400, 0x7000)
        .add(main, Kind::kProcessStart, static_cast<std::uint8_t>(trace::StartKind::kExecuted));
    const World world = b.world();
    EXPECT_EQ(word(world, 1, 0x1000), std::nullopt);
    EXPECT_TRUE(world.thread(1).stack.empty());
    EXPECT_EQ(world.process(1).program.generation, 1U);
}

TEST(WorldStacks, FollowEntriesAndExits) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.enter(main, 1, 0x10).enter(main, 2, 0x20, 0x7000, 0x15).enter(main, 3, 0x30, 0x6000, 0x25).leave(main, 3);
    const World world = b.world();
    ASSERT_EQ(world.thread(1).stack.size(), 2U);
    EXPECT_EQ(world.thread(1).stack.top().pc, 0x20U);
    EXPECT_EQ(world.thread(1).pc, 0x25U);  // back in the caller
}

TEST(WorldStacks, ResynchronizeByDepthAfterLostEvents) {
    EventBuilder b;
    const auto main = b.thread(100);
    // The exits of depths 3 and 2 were lost: the next entry at depth 2 replaces what was there.
    b.enter(main, 1, 0x10).enter(main, 2, 0x20).enter(main, 3, 0x30).enter(main, 2, 0x40);
    World world = b.world();
    ASSERT_EQ(world.thread(1).stack.size(), 2U);
    EXPECT_EQ(world.thread(1).stack.top().pc, 0x40U);
    // An exit of depth 1 leaves everything above it too; one that was never entered leaves nothing.
    b.leave(main, 1).leave(main, 7);
    EXPECT_TRUE(b.world().thread(1).stack.empty());
}

TEST(WorldStacks, DeepRecursionIsCountedBeyondTheSaturatedDepth) {
    EventBuilder b;
    const auto main = b.thread(100);
    for (std::uint64_t i = 1; i <= 1000; ++i)
        b.enter(main, static_cast<std::uint8_t>(std::min<std::uint64_t>(i, 255)), 0x10, 0x100000 - i * 16);
    EXPECT_EQ(b.world().thread(1).stack.size(), 1000U);
    for (int i = 0; i < 700; ++i) b.leave(main, 255);
    EXPECT_EQ(b.world().thread(1).stack.size(), 300U);
}

TEST(WorldHeap, BlocksComeGoAndAreFoundByTheirBytes) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.end(main, CallId::kMalloc, 0x5000, 64, 0x42).end(main, CallId::kNew, 0x6000, 8);
    World world = b.world();
    ASSERT_NE(world.process(1).heap.containing(0x503f), nullptr);
    EXPECT_EQ(world.process(1).heap.containing(0x503f)->sites[0], 0x42U);
    EXPECT_EQ(world.process(1).heap.containing(0x5040), nullptr);
    b.end(main, CallId::kFree, 0x5000).end(main, CallId::kFree, 0x9999);
    world = b.world();
    EXPECT_EQ(world.process(1).heap.size(), 1U);
    ASSERT_EQ(world.process(1).heap.freed().size(), 1U);
    EXPECT_EQ(world.process(1).heap.freed()[0].freed_by, 1);
    b.end(main, CallId::kMalloc, 0x5010, 16);  // reuses a part of it
    EXPECT_TRUE(b.world().process(1).heap.freed().empty());
}

TEST(WorldHeap, KeepsThousandsOfBlocksInOrder) {
    HeapMap heap;
    for (std::uint64_t i = 0; i < 5000; ++i) heap.allocate({(i * 7919 % 5000) * 32, 32, i, 1, {}});
    EXPECT_EQ(heap.size(), 5000U);
    std::uint64_t next = 0;
    heap.for_each([&](const HeapBlock& block) {
        EXPECT_EQ(block.address, next);
        next += 32;
    });
    for (std::uint64_t i = 0; i < 5000; i += 2) EXPECT_TRUE(heap.free(i * 32));
    EXPECT_EQ(heap.size(), 2500U);
    EXPECT_EQ(heap.find(0), nullptr);
    EXPECT_NE(heap.find(32), nullptr);
    EXPECT_EQ(heap.bytes(), 2500U * 32);
}

TEST(WorldLocks, KnowTheirOwnerAndWhoWaits) {
    EventBuilder b;
    const auto main = b.thread(100), worker = b.thread(101);
    b.in(main)
        .in(worker, 1)
        .begin(main, CallId::kMutexLock, 0x10)
        .end(main, CallId::kMutexLock, 0x10)
        .begin(worker, CallId::kMutexLock, 0x10);
    const World world = b.world();
    const LockWorld& lock = world.process(1).locks->at(0x10);
    EXPECT_EQ(lock.owner, 1);
    EXPECT_THAT(lock.waiters, ::testing::ElementsAre(2));
    b.begin(main, CallId::kCondWait, 0x20, 0x10);
    EXPECT_EQ(b.world().process(1).locks->at(0x10).owner, kNobody);
    b.end(main, CallId::kCondWait, 0x20);
    EXPECT_EQ(b.world().process(1).locks->at(0x10).owner, 1);
}

TEST(WorldPages, RememberThatTheyWereSharedAndCopied) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.add(main, Kind::kPageState, 12, 0x1000, trace::page_bits::kPresent | trace::page_bits::kExclusive);
    b.add(main, Kind::kPageState, 12, 0x1000, trace::page_bits::kPresent);
    EXPECT_FALSE(b.world().process(1).pages->at(0x1000).copied);
    b.add(main, Kind::kPageState, 12, 0x1000, trace::page_bits::kPresent | trace::page_bits::kExclusive);
    const World world = b.world();
    EXPECT_TRUE(world.process(1).pages->at(0x1000).was_shared);
    EXPECT_TRUE(world.process(1).pages->at(0x1000).copied);
}

TEST(WorldSamples, SayWhatAnUnhookedThreadWaitsFor) {
    trace::ProcessSample sample;
    sample.pid = ProcessId{100};
    sample.executable = "/usr/bin/cat";
    trace::ThreadSample thread;
    thread.tid = ThreadId{100};
    thread.state = 'S';
    thread.wait_channel = "pipe_read";
    sample.threads.push_back(thread);
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).gives_up(main).blob(main, Kind::kProcessSample, trace::encode(sample));
    const World world = b.world();
    EXPECT_EQ(world.thread(1).cause, Cause::kIo);
    EXPECT_EQ(world.transitions_by_cause()[static_cast<std::size_t>(Cause::kIo)], 1U);
    EXPECT_EQ(world.transitions_by_cause()[static_cast<std::size_t>(Cause::kOther)], 0U);
}

// The kernel says that a thread is gone while /proc still has its process.
TEST(WorldSamples, TakenWhileTheProcessEndsMakeNoThread) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).exits(main);
    b.log().end_thread(ThreadId{100});
    const auto late = b.at(1'000'000'000).thread(100);
    ASSERT_NE(late.value, main.value);
    trace::ProcessSample sample;
    sample.pid = ProcessId{100};
    b.blob(late, trace::Kind::kProcessSample, trace::encode(sample));
    const World world = b.world();
    EXPECT_EQ(world.thread_count(), 1u);
    EXPECT_EQ(world.process_count(), 1u);
}

TEST(World, SurvivesAnySequenceOfEvents) {
    std::uint64_t state = 99;
    const auto random = [&] { return state = state * 6364136223846793005ULL + 1442695040888963407ULL, state >> 33; };
    EventBuilder b;
    std::vector<trace::ThreadIndex> threads = {
        b.thread(100), b.thread(101), b.thread(200, 200), b.thread(0, 0), {trace::ThreadIndex{77}}};
    for (int i = 0; i < 20000; ++i) {
        const auto kind = static_cast<Kind>(random() % 80);
        b.add(threads[random() % threads.size()], kind, static_cast<std::uint8_t>(random()), random() << (random() % 34),
              random(), random(), static_cast<std::uint32_t>(random() % 3));
    }
    const World world = b.world();
    EXPECT_EQ(world.events(), 20000U);
}

}  // namespace
}  // namespace heddle::model
