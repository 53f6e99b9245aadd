#include "app/layout/turns_layout.h"

#include <gtest/gtest.h>

namespace heddle::layout {
namespace {

TEST(TurnsLayout, TakesASecondRowWhereCardsGetTooNarrow) {
    struct {
        std::size_t threads;
        float width, scale;
        std::size_t rows, shown;
        TurnCard card = TurnCard::kTwoLines;
    } const rows[] = {
        {1, 756, 1, 1, 1},
        {4, 756, 1, 1, 4},
        {5, 756, 1, 2, 5},
        {8, 756, 1, 2, 8},
        {9, 756, 1, 2, 8},
        {6, 1100, 1, 1, 6},
        {64, 1100, 1, 2, 12},
        {2, 100, 1, 2, 2},
        {3, 756, 2, 2, 3},
        {3, 756, 1, 1, 3, TurnCard::kOneLine},
        {5, 756, 1, 2, 5, TurnCard::kOneLine},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(turn_rows(row.threads, row.width, row.scale, row.card), row.rows) << row.threads;
        const TurnCards at = lay_out_turns({10, 20, row.width, 200 * row.scale}, row.threads, row.scale, row.card);
        EXPECT_EQ(at.cards.size(), row.shown) << row.threads;
        EXPECT_EQ(at.left_out, row.threads - row.shown) << row.threads;
        for (std::size_t i = 0; i < at.cards.size(); ++i) {
            EXPECT_GE(at.cards[i].x, 10);
            EXPECT_LE(at.cards[i].right(), 10 + row.width + 0.5F);
            const bool same_row = i > 0 && at.cards[i].y == at.cards[i - 1].y;
            EXPECT_TRUE(!same_row || at.cards[i].x > at.cards[i - 1].right());
        }
        const float height = turns_height(row.threads, row.width, row.scale, row.card);
        EXPECT_NEAR(height, kTurnHead * row.scale + at.cards.back().bottom() - 20, 1) << row.threads;
    }
    EXPECT_TRUE(lay_out_turns({0, 0, 500, 100}, 0, 1, TurnCard::kTwoLines).cards.empty());
}

TEST(TurnsLayout, CardsOfOneLineAreTakenWhereTheyAreLowerAndLeaveNobodyOut) {
    struct {
        std::size_t threads;
        float width;
        TurnCard card;
    } const rows[] = {
        {1, 756, TurnCard::kOneLine},  {3, 756, TurnCard::kOneLine},   {4, 756, TurnCard::kTwoLines},
        {5, 756, TurnCard::kOneLine},  {8, 756, TurnCard::kTwoLines},  {4, 907, TurnCard::kOneLine},
        {5, 907, TurnCard::kTwoLines}, {64, 756, TurnCard::kTwoLines},
    };
    for (const auto& row : rows)
        EXPECT_EQ(lower_turn_card(row.threads, row.width, 1), row.card) << row.threads << " " << row.width;
}

}  // namespace
}  // namespace heddle::layout
