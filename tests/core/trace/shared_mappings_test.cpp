#include "core/trace/shared_mappings.h"

#include <gtest/gtest.h>

namespace heddle::trace {
namespace {

TEST(SharedMappings, TellsTheObjectAndWhereInIt) {
    SharedMappings mappings;
    mappings.map(0x1000, 0x2000, {7, 0x4000});
    EXPECT_EQ(mappings.find(0x0fff), std::nullopt);
    EXPECT_EQ(mappings.find(0x1008), (SharedPlace{7, 0x4008}));
    EXPECT_EQ(mappings.find(0x3000), std::nullopt);
    using Addresses = std::vector<std::uint64_t>;
    EXPECT_EQ(mappings.addresses_of({7, 0x5fff}), (Addresses{0x2fff}));
    EXPECT_EQ(mappings.addresses_of({7, 0x6000}), Addresses{});
    EXPECT_EQ(mappings.addresses_of({7, 0x3fff}), Addresses{});
    EXPECT_EQ(mappings.addresses_of({8, 0x5000}), Addresses{});
    mappings.map(0x8000, 0x1000, {7, 0x5000});
    EXPECT_EQ(mappings.addresses_of({7, 0x5fff}), (Addresses{0x2fff, 0x8fff})) << "mapped twice";
}

TEST(SharedMappings, WhatIsMappedOverOrGivenBackIsSharedNoMore) {
    SharedMappings mappings;
    mappings.map(0x1000, 0x3000, {7, 0});
    mappings.map(0x2000, 0x1000, {});
    EXPECT_EQ(mappings.find(0x1fff), (SharedPlace{7, 0xfff}));
    EXPECT_EQ(mappings.find(0x2000), std::nullopt);
    EXPECT_EQ(mappings.find(0x3000), (SharedPlace{7, 0x2000}));
    mappings.map(0x3000, 0x1000, {9, 0});
    EXPECT_EQ(mappings.find(0x3001), (SharedPlace{9, 1}));
    mappings.map(0, ~0ULL, {});
    EXPECT_TRUE(mappings.empty());
}

TEST(SharedMappings, WhatAThreadSaysOfAnObjectIsOfItsNextMappingAlone) {
    SharedMappings mappings;
    SharedPlace told;
    mappings.on_call(CallId::kSharedObject, 7, 0x1000, told);
    mappings.on_call(CallId::kMmap, 0x10000, 0x1000, told);
    mappings.on_call(CallId::kMmap, 0x20000, 0x1000, told);
    EXPECT_EQ(mappings.find(0x10000), (SharedPlace{7, 0x1000}));
    EXPECT_EQ(mappings.find(0x20000), std::nullopt);
    mappings.on_call(CallId::kMunmap, 0x10000, 0x1000, told);
    EXPECT_TRUE(mappings.empty());
}

TEST(SharedMappings, ASegmentIsAttachedAndDetachedAsAWhole) {
    SharedMappings mappings;
    SharedPlace told;
    for (const std::uint64_t at : {0x10000ULL, 0x20000ULL}) {
        mappings.on_call(CallId::kSharedObject, 7, 0, told);
        mappings.on_call(CallId::kShmAttach, at, 0x3000, told);
    }
    mappings.on_call(CallId::kMunmap, 0x11000, 0x1000, told);
    EXPECT_EQ(mappings.addresses_of({7, 0x2008}), (std::vector<std::uint64_t>{0x12008, 0x22008}));
    mappings.on_call(CallId::kShmDetach, 0x10000, -22, told);
    EXPECT_TRUE(mappings.find(0x10000)) << "the call failed";
    mappings.on_call(CallId::kShmDetach, 0x10000, 0, told);
    EXPECT_EQ(mappings.find(0x10000), std::nullopt);
    EXPECT_EQ(mappings.find(0x12008), std::nullopt);
    EXPECT_EQ(mappings.find(0x20000), (SharedPlace{7, 0})) << "attached twice";
}

}  // namespace
}  // namespace heddle::trace
