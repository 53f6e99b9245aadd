#include "core/model/interleaving_tree.h"

#include <algorithm>
#include <utility>

namespace heddle::model {

void TreeBuilder::begin() {
    tree_.nodes.clear();
    tree_.ends.clear();
    tree_.outcomes.clear();
    known_outcomes_.clear();
    moves_.clear();
}

std::uint32_t TreeBuilder::new_node(std::uint32_t parent, std::int32_t thread) {
    const auto node = static_cast<std::uint32_t>(tree_.nodes.size());
    tree_.nodes.emplace_back();
    tree_.nodes.back().parent = parent;
    tree_.nodes.back().thread = thread;
    moves_.emplace_back();
    if (node != parent) tree_.nodes[parent].children.push_back(node);
    return node;
}

// The node ends after so many of its steps, for the execution being added goes on differently; what came after them is a node
// of its own below it.
void TreeBuilder::cut(std::uint32_t node, std::size_t at) {
    std::vector<std::uint32_t> children = std::move(tree_.nodes[node].children);
    tree_.nodes[node].children.clear();
    const std::uint32_t lower = new_node(node, tree_.nodes[node].thread);
    TreeNode& upper_node = tree_.nodes[node];
    TreeNode& lower_node = tree_.nodes[lower];
    lower_node.children = std::move(children);
    for (const std::uint32_t child : lower_node.children) tree_.nodes[child].parent = lower;
    const auto cut = static_cast<std::ptrdiff_t>(at);
    lower_node.steps.assign(upper_node.steps.begin() + cut, upper_node.steps.end());
    upper_node.steps.resize(at);
    moves_[lower].assign(moves_[node].begin() + cut, moves_[node].end());
    moves_[node].resize(at);
    lower_node.executions = upper_node.executions - 1;
    lower_node.end = std::exchange(upper_node.end, UINT32_MAX);
    if (lower_node.end != UINT32_MAX) tree_.ends[lower_node.end].node = lower;
}

std::uint32_t TreeBuilder::words(const trace::Step& step) {
    trace::Operation operation = step.operation;
    operation.tick = 0;
    std::string key(1, static_cast<char>(step.thread));
    key.append(reinterpret_cast<const char*>(&operation), sizeof operation);
    key.append(reinterpret_cast<const char*>(&step.callers), sizeof step.callers);
    const auto [known, is_new] = known_words_.try_emplace(std::move(key), static_cast<std::uint32_t>(tree_.words.size()));
    if (is_new) tree_.words.push_back(words_of_(step));
    return known->second;
}

void TreeBuilder::add(std::span<const trace::Step> steps, std::uint64_t key, bool cut_off, std::string schedule) {
    if (tree_.nodes.empty()) new_node(0, 0);
    std::uint32_t node = 0;
    std::size_t at = 0;  // steps of the node that were passed
    ++tree_.nodes[0].executions;
    for (const trace::Step& step : steps) {
        const Move move{step.thread, step.choice};
        if (at < moves_[node].size() && moves_[node][at] == move) {
            ++at;
            continue;
        }
        if (at < moves_[node].size()) cut(node, at);
        const std::vector<std::uint32_t>& children = tree_.nodes[node].children;
        const auto next =
            std::find_if(children.begin(), children.end(), [&](std::uint32_t child) { return moves_[child].front() == move; });
        if (next != children.end()) {
            node = *next;
            at = 1;
            ++tree_.nodes[node].executions;
            continue;
        }
        const std::int32_t thread = step.thread + 1;
        const bool goes_on = tree_.nodes[node].thread == thread && children.empty() && tree_.nodes[node].executions == 1;
        if (!goes_on) {
            node = new_node(node, thread);
            tree_.nodes[node].executions = 1;
        }
        tree_.nodes[node].steps.push_back(words(step));
        moves_[node].push_back(move);
        at = moves_[node].size();
    }
    if (at < moves_[node].size()) cut(node, at);
    const auto end = static_cast<std::uint32_t>(tree_.ends.size());
    tree_.nodes[node].end = end;
    std::uint32_t outcome = TreeEnd::kCutOff;
    if (!cut_off) {
        const auto [known, is_new] = known_outcomes_.try_emplace(key, static_cast<std::uint32_t>(tree_.outcomes.size()));
        if (is_new) tree_.outcomes.push_back(key);
        outcome = known->second;
    }
    tree_.ends.push_back({node, outcome, std::move(schedule)});
}

}  // namespace heddle::model
