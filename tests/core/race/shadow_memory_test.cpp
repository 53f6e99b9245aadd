#include "core/race/shadow_memory.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

namespace heddle::race {
namespace {

using ::testing::SizeIs;

constexpr std::uint64_t kPlace = 0x404040;

class Shadow {
public:
    // How many remembered accesses race with this one; `knows`: the thread whose past it has seen.
    std::size_t access(std::uint32_t thread, bool writes, bool atomic, std::uint32_t knows = 99, std::uint64_t address = kPlace,
                       std::uint64_t size = 4) {
        VectorClock now;
        now.raise({thread, 1});
        now.raise({knows, 1});
        const ShadowAccess access{
            .event = event_++, .address = address, .size = size, .epoch = {thread, 1}, .writes = writes, .atomic = atomic};
        std::vector<ShadowAccess> racing;
        memory.access({1, address}, access, now, false, racing);
        return racing.size();
    }
    ShadowMemory memory;

private:
    std::uint64_t event_ = 0;
};

// An ordered access by another thread takes the place of an earlier one only when it would race with all that the other would.
TEST(ShadowMemory, KeepsWhatALaterAccessDoesNotStandInFor) {
    struct Pair {
        bool old_writes, old_atomic, new_writes, new_atomic;
        std::size_t kept;
    };
    constexpr bool kWrite = true, kRead = false, kAtomic = true, kPlain = false;
    const Pair claims[] = {
        {kRead, kPlain, kRead, kPlain, 1},   {kRead, kPlain, kWrite, kPlain, 1},    {kWrite, kPlain, kRead, kPlain, 2},
        {kWrite, kPlain, kWrite, kPlain, 1}, {kWrite, kAtomic, kWrite, kPlain, 1},  {kWrite, kPlain, kWrite, kAtomic, 2},
        {kRead, kPlain, kWrite, kAtomic, 2}, {kRead, kAtomic, kRead, kPlain, 1},    {kRead, kAtomic, kWrite, kAtomic, 1},
        {kRead, kPlain, kRead, kAtomic, 2},  {kWrite, kAtomic, kWrite, kAtomic, 1}, {kWrite, kAtomic, kRead, kPlain, 2},
    };
    for (const Pair& claim : claims) {
        Shadow shadow;
        shadow.access(1, claim.old_writes, claim.old_atomic);
        shadow.access(2, claim.new_writes, claim.new_atomic, 1);
        EXPECT_EQ(shadow.memory.cells(), claim.kept)
            << claim.old_writes << claim.old_atomic << claim.new_writes << claim.new_atomic;
    }
}

TEST(ShadowMemory, KeepsTheBytesThatALaterAccessLeft) {
    Shadow shadow;
    shadow.access(1, true, false, 99, kPlace, 8);
    shadow.access(2, true, false, 1, kPlace + 2, 2);
    EXPECT_EQ(shadow.memory.cells(), 2U);
    EXPECT_EQ(shadow.access(3, false, false, 2, kPlace + 2, 2), 0U);
    EXPECT_EQ(shadow.access(3, false, false, 2, kPlace + 4, 4), 1U);
}

TEST(ShadowMemory, RemembersTheLatestOfTheSameAccesses) {
    Shadow shadow;
    for (int i = 0; i < 5; ++i) shadow.access(1, true, false);
    EXPECT_EQ(shadow.memory.cells(), 1U);
    VectorClock now;
    std::vector<ShadowAccess> racing;
    shadow.memory.access({1, kPlace}, {.address = kPlace, .size = 1, .epoch = {2, 1}, .writes = true}, now, false, racing);
    ASSERT_THAT(racing, SizeIs(1));
    EXPECT_EQ(racing[0].event, 4U);
}

TEST(ShadowMemory, KeepsOnlyTheLatestOfManyThatRaceWithEachOther) {
    Shadow shadow;
    for (std::uint32_t thread = 0; thread < 40; ++thread) EXPECT_EQ(shadow.access(thread, true, false) != 0, thread != 0);
    EXPECT_LE(shadow.memory.cells(), 10U);
    EXPECT_TRUE(shadow.memory.complete()) << "each was reported with one";
}

TEST(ShadowMemory, GivesBackTheCellsOfWhatItForgets) {
    Shadow shadow;
    shadow.access(1, true, false, 99, kPlace, 64);
    shadow.memory.forget({1, kPlace + 4}, 24);
    EXPECT_EQ(shadow.memory.cells(), 6U) << "of the first and the fourth granule four bytes are left";
    EXPECT_EQ(shadow.access(2, true, false, 99, kPlace + 4, 4), 0U);
    EXPECT_EQ(shadow.access(2, true, false, 99, kPlace, 4), 1U);
    shadow.memory.forget({2, 0}, ~std::uint64_t{0});
    EXPECT_GT(shadow.memory.cells(), 0U) << "another process's";
    shadow.memory.forget({1, 0}, ~std::uint64_t{0});
    EXPECT_EQ(shadow.memory.cells(), 0U);
    shadow.access(1, true, false);
    shadow.memory.forget_space(1);
    EXPECT_EQ(shadow.memory.cells(), 0U);
    EXPECT_TRUE(shadow.memory.complete());
}

TEST(ShadowMemory, ChecksTheRestOfAnEndlessRangeWhereSomethingWasAccessed) {
    Shadow shadow;
    shadow.access(1, true, false, 99, kPlace + (std::uint64_t{1} << 40));
    EXPECT_EQ(shadow.access(2, true, false, 99, kPlace, std::uint64_t{1} << 50), 1U);
    EXPECT_FALSE(shadow.memory.complete());
}

}  // namespace
}  // namespace heddle::race
