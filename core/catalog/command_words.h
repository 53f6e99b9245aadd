// A program's arguments as one writes them on a command line: words between blanks, and in quotes what holds blanks. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle::catalog {

// As a shell splits them by blanks, '…', "…" and \; nothing else has a meaning. A quote that is not closed reaches to the end.
std::vector<std::string> split_words(std::string_view line);

// The other way round: what split_words and a shell read back as these words.
std::string quoted_word(const std::string& word);
std::string joined_words(const std::vector<std::string>& words);

}  // namespace heddle::catalog
