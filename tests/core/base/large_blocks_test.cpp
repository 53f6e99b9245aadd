// Whether Heddle's own operator new is the one that is linked, and the heap where it is to be.
#include "core/base/large_blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

// A sanitizer that is linked, which brings an operator new of its own (the tests themselves are compiled without it).
extern "C" __attribute__((weak)) void __asan_init();
extern "C" __attribute__((weak)) void __tsan_init();

namespace heddle {
namespace {

bool has_sanitizer() {
    return __asan_init != nullptr || __tsan_init != nullptr;
}

// Of the mapping that it lies in, as the kernel abbreviates them (man 5 proc, smaps).
std::string flags_at(const void* pointer) {
    const auto address = reinterpret_cast<std::uintptr_t>(pointer);
    bool inside = false;
    std::ifstream maps("/proc/self/smaps");
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t start = 0, end = 0;
        if (std::sscanf(line.c_str(), "%lx-%lx ", &start, &end) == 2) inside = address >= start && address < end;
        if (inside && line.starts_with("VmFlags:")) return line + " ";
    }
    return {};
}

TEST(LargeBlocks, BeginWithALargePageFromThreeQuartersOfOneOn) {
    if (has_sanitizer()) GTEST_SKIP() << "the sanitizer's operator new is linked";
    constexpr std::size_t kLargePage = std::size_t{2} << 20;
    for (const std::size_t bytes : {kLargePage / 4 * 3, kLargePage, kLargePage + 1, 5 * kLargePage - 1}) {
        const auto block = std::make_unique_for_overwrite<char[]>(bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.get()) % kLargePage, 0u) << bytes;
        std::memset(block.get(), 1, bytes);
    }
}

TEST(LargeBlocks, TheHeapAsksForLargePages) {
    if (has_sanitizer()) GTEST_SKIP() << "the sanitizer has a heap of its own";
    if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage"))
        GTEST_SKIP() << "this kernel has no large pages to give";
    put_heap_on_large_pages();
    const std::unique_ptr<void, decltype(&std::free)> block(std::malloc(std::size_t{24} << 20), &std::free);
    ASSERT_NE(block, nullptr);
    EXPECT_THAT(flags_at(static_cast<char*>(block.get()) + (std::size_t{12} << 20)), testing::HasSubstr(" hg "));
}

}  // namespace
}  // namespace heddle
