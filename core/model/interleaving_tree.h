// The tree of interleavings: executions that begin alike share their beginning. A node is reached by a run of steps of one
// thread; where a node has several children, another thread could go on instead. Plain values; TreeBuilder belongs to one
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/step_text.h"
#include "core/trace/board.h"

namespace heddle::model {

struct TreeNode {
    std::uint32_t parent = 0;
    std::int32_t thread = 0;              // 1 for T1: who moves on the way here; 0 at the root
    std::vector<std::uint32_t> steps;     // on the way here, as places in the tree's words
    std::vector<std::uint32_t> children;  // in the order tried
    std::uint32_t executions = 0;         // that pass through it
    std::uint32_t end = UINT32_MAX;       // of an execution: its place among the ends
};

struct TreeEnd {
    static constexpr std::uint32_t kCutOff = UINT32_MAX;
    std::uint32_t node = 0;
    std::uint32_t outcome = kCutOff;  // its place among the tree's outcomes; kCutOff: it was not carried out to its end
    std::string schedule;
};

struct InterleavingTree {
    std::vector<TreeNode> nodes;          // the root first; empty: no execution is known
    std::vector<TreeEnd> ends;            // one for each execution, in the order tried
    std::vector<StepText> words;          // what a step says; many steps share one
    std::vector<std::uint64_t> outcomes;  // keys, in the order first seen
};

class TreeBuilder {
public:
    using Words = std::function<StepText(const trace::Step&)>;
    explicit TreeBuilder(Words words) : words_of_(std::move(words)) {}

    void begin();
    void add(std::span<const trace::Step> steps, std::uint64_t key, bool cut_off, std::string schedule);
    const InterleavingTree& tree() const { return tree_; }

private:
    struct Move {
        std::uint8_t thread, choice;
        bool operator==(const Move&) const = default;
    };
    std::uint32_t new_node(std::uint32_t parent, std::int32_t thread);
    void cut(std::uint32_t node, std::size_t at);
    std::uint32_t words(const trace::Step& step);

    Words words_of_;
    InterleavingTree tree_;
    std::vector<std::vector<Move>> moves_;                        // of each node's steps
    std::unordered_map<std::string, std::uint32_t> known_words_;  // by all that makes a difference
    std::unordered_map<std::uint64_t, std::uint32_t> known_outcomes_;
};

}  // namespace heddle::model
