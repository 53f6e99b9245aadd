#include "core/explore/wakeup_tree.h"

#include <algorithm>

#include "core/trace/dependence.h"

namespace heddle::explore {

void MoveSequence::reset(std::size_t count) {
    moves.clear();
    ids.resize(count);
    for (std::uint32_t i = 0; i < count; ++i) ids[i] = i;
    words = (count + 63) / 64;
    order.assign(count * words, 0);
}

void MoveSequence::erase(std::size_t index) {
    moves.erase(moves.begin() + static_cast<std::ptrdiff_t>(index));
    ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(index));
}

MoveSequence MoveSequence::following(const Move& move) const {
    MoveSequence longer(*this);
    longer.moves.insert(longer.moves.begin(), move);
    longer.ids.insert(longer.ids.begin(), kUnordered);
    return longer;
}

bool is_weak_initial(const MoveSequence& sequence, const Move& move, std::size_t& found) {
    const std::vector<Move>& moves = sequence.moves;
    found = 0;
    while (found < moves.size() && moves[found].thread != move.thread) ++found;
    if (found < moves.size()) {
        for (std::size_t i = 0; i < found; ++i) {
            if (sequence.after(i, found)) return false;
        }
        return true;
    }
    return std::none_of(moves.begin(), moves.end(),
                        [&](const Move& other) { return trace::dependent(other.operation, move.operation); });
}

bool insert(std::vector<WakeupNode>& tree, MoveSequence& sequence) {
    std::vector<WakeupNode>* level = &tree;
    for (;;) {
        if (sequence.moves.empty()) return false;
        WakeupNode* next = nullptr;
        for (WakeupNode& node : *level) {
            std::size_t found = 0;
            if (!is_weak_initial(sequence, node.move, found)) continue;
            if (node.is_leaf()) return false;  // whatever follows it will be searched
            if (found < sequence.moves.size()) {
                if (sequence.moves[found].choice != node.move.choice) continue;
                sequence.erase(found);
            } else if (node.move.choices > 1) {
                // That step is still to come, in each of its ways.
                Move move = node.move;
                bool grew = false;
                for (move.choice = 0; move.choice < move.choices; ++move.choice) {
                    MoveSequence longer = sequence.following(move);
                    grew = insert(*level, longer) || grew;
                }
                return grew;
            }
            next = &node;
            break;
        }
        if (next == nullptr) break;
        level = &next->children;
    }
    for (const Move& move : sequence.moves) {
        level->push_back({move, {}});
        level = &level->back().children;
    }
    return true;
}

}  // namespace heddle::explore
