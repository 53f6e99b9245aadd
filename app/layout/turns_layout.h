// The cards of "who goes next?": one a thread, side by side, in a second row where they get too narrow. Pure; called by the
// turns panel and by the shell, which gives it the height.
#pragma once

#include <cstddef>
#include <vector>

#include "app/canvas/geometry.h"

namespace heddle::layout {

struct TurnCards {
    std::vector<Rect> cards;  // in the order of the threads; those that have no room are left out
    std::size_t left_out = 0;
};

inline constexpr float kTurnCardHeight = 64, kTurnCardGap = 8, kTurnHead = 30;  // at scale 1

std::size_t turn_rows(std::size_t threads, float width, float scale);
float turns_height(std::size_t threads, float width, float scale);
TurnCards lay_out_turns(Rect content, std::size_t threads, float scale);

}  // namespace heddle::layout
