// Whether Heddle's own operator new is the one that is linked.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <memory>

namespace heddle {
namespace {

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST(LargeBlocks, BeginWithALargePageFromThreeQuartersOfOneOn) {
    constexpr std::size_t kLargePage = std::size_t{2} << 20;
    for (const std::size_t bytes : {kLargePage / 4 * 3, kLargePage, kLargePage + 1, 5 * kLargePage - 1}) {
        const auto block = std::make_unique_for_overwrite<char[]>(bytes);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block.get()) % kLargePage, 0u) << bytes;
        std::memset(block.get(), 1, bytes);
    }
}
#endif

}  // namespace
}  // namespace heddle
