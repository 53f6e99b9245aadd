// The cards of "who goes next?": one a thread, side by side, in a second row where they get too narrow. Pure; called by the
// turns panel and by the shell, which gives it the height.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/canvas/geometry.h"

namespace heddle::layout {

struct TurnCards {
    std::vector<Rect> cards;  // in the order of the threads; those that have no room are left out
    std::size_t left_out = 0;
};

// One line: where height is dear, what the thread is about to do stands beside its name.
enum class TurnCard : std::uint8_t { kTwoLines, kOneLine };

inline constexpr float kTurnCardGap = 8, kTurnHead = 30;  // at scale 1
constexpr float turn_card_height(TurnCard card) {
    return card == TurnCard::kTwoLines ? 64 : 36;
}

std::size_t turn_rows(std::size_t threads, float width, float scale, TurnCard card);
float turns_height(std::size_t threads, float width, float scale, TurnCard card);
// With which so many threads take less height: cards of one line must be wider.
TurnCard lower_turn_card(std::size_t threads, float width, float scale);
TurnCards lay_out_turns(Rect content, std::size_t threads, float scale, TurnCard card);

}  // namespace heddle::layout
