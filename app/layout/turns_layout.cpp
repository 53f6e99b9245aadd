#include "app/layout/turns_layout.h"

#include <algorithm>
#include <cmath>

namespace heddle::layout {
namespace {

constexpr std::size_t kMostCardRows = 2;

// That can still be read, at scale 1.
float least_width(TurnCard card) {
    return card == TurnCard::kTwoLines ? 168 : 216;
}

std::size_t most_in_a_row(float width, float scale, TurnCard card) {
    const float gap = kTurnCardGap * scale;
    return std::max<std::size_t>(1, static_cast<std::size_t>((width + gap) / (least_width(card) * scale + gap)));
}

}  // namespace

std::size_t turn_rows(std::size_t threads, float width, float scale, TurnCard card) {
    const std::size_t columns = most_in_a_row(width, scale, card);
    return std::clamp<std::size_t>((threads + columns - 1) / columns, 1, kMostCardRows);
}

float turns_height(std::size_t threads, float width, float scale, TurnCard card) {
    const auto rows = static_cast<float>(turn_rows(threads, width, scale, card));
    return std::round((kTurnHead + rows * turn_card_height(card) + (rows - 1) * kTurnCardGap) * scale);
}

TurnCards lay_out_turns(Rect content, std::size_t threads, float scale, TurnCard card) {
    TurnCards out;
    if (threads == 0) return out;
    const std::size_t rows = turn_rows(threads, content.w, scale, card);
    const std::size_t columns = std::min(most_in_a_row(content.w, scale, card), (threads + rows - 1) / rows);
    const std::size_t shown = std::min(threads, rows * columns);
    out.left_out = threads - shown;
    const float gap = kTurnCardGap * scale;
    const float width = std::floor((content.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns));
    const float height = turn_card_height(card) * scale;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto column = static_cast<float>(i % columns), row = static_cast<float>(i / columns);
        out.cards.push_back({content.x + column * (width + gap), content.y + row * (height + gap), width, height});
    }
    return out;
}

TurnCard lower_turn_card(std::size_t threads, float width, float scale) {
    const bool all_shown = kMostCardRows * most_in_a_row(width, scale, TurnCard::kOneLine) >= threads;
    const bool lower =
        turns_height(threads, width, scale, TurnCard::kOneLine) < turns_height(threads, width, scale, TurnCard::kTwoLines);
    return all_shown && lower ? TurnCard::kOneLine : TurnCard::kTwoLines;
}

}  // namespace heddle::layout
