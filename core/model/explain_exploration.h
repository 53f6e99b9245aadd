// What an exploration found, as sentences: keys of the translated texts and their arguments. Pure functions.
#pragma once

#include "core/model/exploration.h"

namespace heddle::model {

std::string grouped(std::uint64_t number);  // "1,234,567"

Sentence sentence_of(const FoundBug& bug);
// How far it is, or what it came to.
Sentence sentence_of(const ExploreSnapshot& exploration);
// "T2 writes counter, line 7".
Sentence sentence_of(const StepText& step);

}  // namespace heddle::model
