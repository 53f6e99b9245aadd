// Korean particles: which form follows a word depends on how its last sound is read. Pure functions.
#pragma once

#include <string_view>

namespace heddle {

enum class LastSound { kVowel, kRieul, kConsonant };  // ㄹ is its own case: 로, not 으로

// Of Hangul, digits (as read: 1 일, 3 삼 …), Latin letters and acronyms (T2 → 이, PC → 시) and words ("lock" → 락, by
// spelling). Brackets, quotes and punctuation at the end are skipped; an unreadable end counts as a vowel.
LastSound last_sound(std::string_view word);

// `pair` is "with consonant/with vowel" as dictionaries write it: 이/가, 을/를, 은/는, 과/와, 으로/로, 이라/라, 아/야.
std::string_view particle(std::string_view word, std::string_view pair);

}  // namespace heddle
