// Whether Heddle's own operator new is the one that is linked.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>

// A sanitizer that is linked, which brings an operator new of its own (the tests themselves are compiled without it).
extern "C" __attribute__((weak)) void __asan_init();
extern "C" __attribute__((weak)) void __tsan_init();

namespace heddle {
namespace {

TEST(LargeBlocks, BeginWithALargePageFromThreeQuartersOfOneOn) {
    if (__asan_init != nullptr || __tsan_init != nullptr) GTEST_SKIP() << "the sanitizer's operator new is linked";
    constexpr std::size_t kLargePage = std::size_t{2} << 20;
    for (const std::size_t bytes : {kLargePage / 4 * 3, kLargePage, kLargePage + 1, 5 * kLargePage - 1}) {
        const auto block = std::make_unique_for_overwrite<char[]>(bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.get()) % kLargePage, 0u) << bytes;
        std::memset(block.get(), 1, bytes);
    }
}

}  // namespace
}  // namespace heddle
