// A program's arguments in one line, and back.
#include "core/catalog/command_words.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

namespace heddle::catalog {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CommandWords, AreSplitAsAShellDoes) {
    EXPECT_THAT(split_words(""), IsEmpty());
    EXPECT_THAT(split_words("  4\t100 "), ElementsAre("4", "100"));
    EXPECT_THAT(split_words("'two words' \"it's\" a\\ b ''"), ElementsAre("two words", "it's", "a b", ""));
    EXPECT_THAT(split_words(R"("say \"x\"" '\n' "\n")"), ElementsAre("say \"x\"", "\\n", "\\n"));
    EXPECT_THAT(split_words("--name='Kim Lee' 김"), ElementsAre("--name=Kim Lee", "김"));
    EXPECT_THAT(split_words("'not closed"), ElementsAre("not closed"));
}

TEST(CommandWords, ComeBackFromTheLineTheyAreWrittenAs) {
    const std::vector<std::string> words = {"4", "", "two words", "it's", "a\\b", "$HOME", "*", "\"", "두 단어"};
    EXPECT_EQ(split_words(joined_words(words)), words);
    EXPECT_EQ(joined_words({"4", "100"}), "4 100");
}

}  // namespace
}  // namespace heddle::catalog
