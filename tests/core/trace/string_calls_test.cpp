// What the functions of <string.h> read and write, by literal cases.
#include "core/trace/string_calls.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace heddle::trace::strings {
namespace {

struct Notes {
    const char* from;
    std::vector<std::string> said{};
    void read(const void* pointer, std::size_t bytes) { note('r', pointer, bytes); }
    void write(const void* pointer, std::size_t bytes) { note('w', pointer, bytes); }
    void note(char what, const void* pointer, std::size_t bytes) {
        said.push_back(what + std::to_string(static_cast<const char*>(pointer) - from) + "+" + std::to_string(bytes));
    }
};

TEST(StringCalls, LookAtSoManyBytes) {
    EXPECT_EQ(length("abc"), 3U);
    EXPECT_EQ(length("abc", 2), 2U);
    EXPECT_EQ(with_end(3, 3), 3U);
    EXPECT_EQ(with_end(3, 9), 4U);
    EXPECT_EQ(bytes_before("a/b", '/'), 1U);
    EXPECT_EQ(bytes_before("ab", '/'), 2U);
    EXPECT_EQ(compared("abc", "abd"), 3U);
    EXPECT_EQ(compared("abc", "ab"), 3U);
    EXPECT_EQ(compared("abc", "abc"), 4U);
    EXPECT_EQ(compared("abc", "abc", 2), 2U);
    EXPECT_EQ(compared("aBc", "Abd"), 1U);
    EXPECT_EQ(compared("aBc", "Abd", kNoLimit, true), 3U);
    EXPECT_EQ(searched("abcd", 'c', 4), 3U);
    EXPECT_EQ(searched("abcd", 'x', 4), 4U);
    EXPECT_EQ(searched("abcd", "bc"), 3U);
    EXPECT_EQ(searched("abcd", "x"), 5U);
    EXPECT_EQ(searched("abcd", ""), 0U);
    EXPECT_EQ(span("aabx", "ab", true), 3U);
    EXPECT_EQ(span("xxab", "ab", false), 2U);
    EXPECT_EQ(span("", "ab", true), 0U);
}

TEST(StringCalls, ReadAndWriteThat) {
    using ::testing::ElementsAre;
    char text[16] = "ab";
    const auto noted = [&](auto call) {
        Notes notes{text};
        call(notes);
        return notes.said;
    };
    EXPECT_THAT(noted([&](Notes& to) { copies(to, text + 8, text); }), ElementsAre("r0+3", "w8+3"));
    EXPECT_THAT(noted([&](Notes& to) { copies(to, text + 8, text, 2); }), ElementsAre("r0+2", "w8+2"));
    EXPECT_THAT(noted([&](Notes& to) { copies(to, text + 8, text, 6); }), ElementsAre("r0+3", "w8+6"));
    EXPECT_THAT(noted([&](Notes& to) { appends(to, text, text + 1); }), ElementsAre("r0+3", "r1+2", "w2+2"));
    EXPECT_THAT(noted([&](Notes& to) { appends(to, text, text, 1); }), ElementsAre("r0+3", "r0+1", "w2+2"));
    EXPECT_THAT(noted([&](Notes& to) { reads_both(to, text, text + 1, 4); }), ElementsAre("r0+4", "r1+4"));
}

}  // namespace
}  // namespace heddle::trace::strings
