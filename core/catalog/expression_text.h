// What can be told from an expression's text alone: its words, and the comparisons it is made of. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heddle::catalog {

struct Word {
    std::string text;     // an identifier or keyword
    std::string owner;    // "switches" in switches.preempted; empty without a dot
    bool method = false;  // written after a colon
};

std::vector<Word> words_of(std::string_view expression);

// The operands of the comparisons that and/or join, in order, and whole parts that compare nothing; outer parentheses are
// opened. "value(\"n\") < a * b and ok" gives value("n"), a * b, ok. Operands that are literals are left out.
std::vector<std::string> operands_of(std::string_view expression);

}  // namespace heddle::catalog
