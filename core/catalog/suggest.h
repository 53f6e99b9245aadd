// "Did you mean …?": the closest of the known words to a mistyped one. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::catalog {

// Fewest insertions, deletions, replacements and swaps of neighbours that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `known` within a third of the word's length (at least two edits); nullopt when none is near.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& known);

// " (did you mean 'views'?)", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

// "a, b, c", without repetitions, in the order given.
std::string joined(const std::vector<std::string>& words);

}  // namespace heddle::catalog
