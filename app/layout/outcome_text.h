// The ends of executions in few words, for labels. Pure.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace heddle::layout {

// Of each "a = 1, b = 2, lock = {owner = 0}; "done"; exit 1" the plain variables that are not the same in all of them: "a = 1".
// All plain ones where that leaves none; where there is none: what was printed, else all.
std::vector<std::string> short_outcomes(const std::vector<std::string>& values);

// "a = 1; exit 3" as "a = 1" and "3"; the second is empty where the program ended with 0.
std::pair<std::string, std::string> split_exit(const std::string& value);

}  // namespace heddle::layout
