// Wakeup trees: at one point of the search, the beginnings of executions that are still to be tried from there, in order, none
// of them equivalent to a beginning of another (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014, section 6). Pure.
#pragma once

#include <memory>
#include <vector>

#include "core/explore/execution.h"

namespace heddle::explore {

// A step to be taken: by whom, what it will be, and in which of how many ways it is to come out.
struct Move {
    std::uint8_t thread = 0;
    std::uint8_t choice = 0, choices = 1;
    Operation operation;
};

// Ways for a step to come out, a bit each.
inline constexpr std::uint64_t kEveryChoice = ~std::uint64_t{0};
constexpr std::uint64_t choice_bit(const Move& move) {
    return move.choices <= 1 ? kEveryChoice : std::uint64_t{1} << move.choice;
}

struct WakeupNode {
    Move move;
    std::vector<WakeupNode> children;
    // A leaf stands for every way for its step to come out.
    bool is_leaf() const { return children.empty(); }
};

// A sequence of moves; after(i, j): whether move j happens after move i, i < j.
struct MoveSequence {
    std::vector<Move> moves;
    std::vector<std::uint32_t> ids;    // of each move: its row and column in `order`, which outlive the moves that were erased
    std::vector<std::uint64_t> order;  // bits, `words` to a row
    std::size_t words = 0;

    static constexpr std::uint32_t kUnordered = UINT32_MAX;  // the id of a move that nothing comes before or after

    void reset(std::size_t count);
    void set_after(std::size_t i, std::size_t j) { order[i * words + j / 64] |= std::uint64_t{1} << j % 64; }  // of ids
    bool after(std::size_t i, std::size_t j) const {
        return ids[i] != kUnordered && ids[j] != kUnordered && (order[ids[i] * words + ids[j] / 64] >> ids[j] % 64 & 1) != 0;
    }
    void erase(std::size_t index);
    // The same, after a move that commutes with all of them.
    MoveSequence following(const Move& move) const;
};

// Whether some execution that begins with these moves is equivalent to one that begins with this thread's step, in whichever way
// that comes out. found: the index of that step among the moves, or moves.size() when it is none of them.
bool is_weak_initial(const MoveSequence& sequence, const Move& move, std::size_t& found);

// Adds the sequence unless what is there already leads to an equivalent execution. True when the tree grew. Uses the sequence
// up.
bool insert(std::vector<WakeupNode>& tree, MoveSequence& sequence);

}  // namespace heddle::explore
