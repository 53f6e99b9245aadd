#include "app/layout/tree_layout.h"

#include <algorithm>
#include <queue>

namespace heddle::layout {
namespace {

using model::InterleavingTree;
using model::TreeEnd;
using model::TreeNode;

constexpr float kMostInChain = 6;  // columns

// What lies below a node.
struct Below {
    std::vector<std::uint32_t> outcomes;  // different ones, ascending
    std::uint32_t executions = 0, first_end = UINT32_MAX;
};

class TreeMaker {
public:
    TreeMaker(const InterleavingTree& tree, std::uint32_t root, std::span<const std::uint32_t> places, const TreeSpace& space)
        : tree_(tree), root_(root), places_(places), space_(space) {}

    TreeLayout make() {
        look_below();
        measure_depth();
        open_nodes();
        place();
        return std::move(layout_);
    }

private:
    std::uint32_t outcome_of(const TreeEnd& end) const {
        return end.outcome < places_.size() ? places_[end.outcome] : TreeEnd::kCutOff;
    }

    static void join(std::vector<std::uint32_t>& into, const std::vector<std::uint32_t>& other) {
        for (const std::uint32_t outcome : other) {
            const auto at = std::lower_bound(into.begin(), into.end(), outcome);
            if (at == into.end() || *at != outcome) into.insert(at, outcome);
        }
    }

    void look_below() {
        below_.resize(tree_.nodes.size());
        order_.push_back(root_);
        for (std::size_t i = 0; i < order_.size(); ++i) {
            const std::vector<std::uint32_t>& children = tree_.nodes[order_[i]].children;
            order_.insert(order_.end(), children.begin(), children.end());
        }
        for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
            Below& below = below_[*node];
            if (const std::uint32_t end = tree_.nodes[*node].end; end < tree_.ends.size()) {
                below.first_end = end;
                ++below.executions;
                below.outcomes.push_back(outcome_of(tree_.ends[end]));
            }
            for (const std::uint32_t child : tree_.nodes[*node].children) {
                below.executions += below_[child].executions;
                below.first_end = std::min(below.first_end, below_[child].first_end);
                join(below.outcomes, below_[child].outcomes);
            }
        }
    }

    // How many columns a node is away from the root.
    void measure_depth() {
        depth_.resize(tree_.nodes.size(), 0);
        for (const std::uint32_t node : order_) {
            if (node == root_ || tree_.nodes[node].children.size() > 1)
                for (const std::uint32_t child : tree_.nodes[node].children) measure_chain(child, depth_[node]);
        }
    }

    // From one fork to the next, or to an end.
    void measure_chain(std::uint32_t first, float depth) {
        float length = 1;
        for (std::uint32_t node = first; tree_.nodes[node].children.size() == 1; node = tree_.nodes[node].children.front())
            ++length;
        const float each = std::min(1.F, kMostInChain / length);
        for (std::uint32_t node = first;; node = tree_.nodes[node].children.front()) {
            depth_[node] = depth += each;
            if (tree_.nodes[node].children.size() != 1) return;
        }
    }

    // Which nodes show their children.
    void open_nodes() {
        open_.assign(tree_.nodes.size(), false);
        const float most_columns = std::max(kMostInChain, space_.area.w / space_.narrowest_column);
        layout_.grouped = static_cast<float>(below_[root_].executions) * space_.row_height > space_.height;
        const auto larger = [this](std::uint32_t a, std::uint32_t b) {
            return below_[a].executions != below_[b].executions ? below_[a].executions < below_[b].executions : a > b;
        };
        std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, decltype(larger)> waiting(larger);
        waiting.push(root_);
        std::size_t rows = 1;
        while (!waiting.empty()) {
            const std::uint32_t node = waiting.top();
            waiting.pop();
            const std::vector<std::uint32_t>& children = tree_.nodes[node].children;
            if (children.empty() || rows + children.size() - 1 > space_.most_rows) continue;
            if (layout_.grouped && node != root_ && below_[node].outcomes.size() < 2) continue;
            if (node != root_ && depth_[node] + 1 > most_columns) continue;
            open_[node] = true;
            rows += children.size() - 1;
            for (const std::uint32_t child : children) waiting.push(child);
        }
    }

    void place() {
        float deepest = 1;
        for (const std::uint32_t node : order_)
            if (is_shown(node)) deepest = std::max(deepest, depth_[node]);
        layout_.column = std::min(space_.area.w / deepest, space_.widest_column);
        y_.assign(tree_.nodes.size(), 0);
        place_rows();
        // A node stands in the middle of its children, which come later in the order; or beside the first, where not all of
        // them can be seen at once.
        for (auto node = order_.rbegin(); node != order_.rend(); ++node) {
            if (!open_[*node]) continue;
            const std::vector<std::uint32_t>& children = tree_.nodes[*node].children;
            const bool all_seen = layout_.height <= space_.height;
            y_[*node] = all_seen ? (y_[children.front()] + y_[children.back()]) / 2 : y_[children.front()];
        }
        for (const std::uint32_t node : order_) place_edge(node);
    }

    bool is_shown(std::uint32_t node) const { return node == root_ || open_[tree_.nodes[node].parent]; }
    float x_of(std::uint32_t node) const { return space_.area.x + depth_[node] * layout_.column; }

    void place_rows() {
        std::vector<std::uint32_t> stack = {root_};
        float y = space_.area.y;
        while (!stack.empty()) {
            const std::uint32_t node = stack.back();
            stack.pop_back();
            if (open_[node]) {
                const std::vector<std::uint32_t>& children = tree_.nodes[node].children;
                stack.insert(stack.end(), children.rbegin(), children.rend());
                continue;
            }
            const Below& below = below_[node];
            TreeRow row;
            row.node = node;
            row.executions = below.executions;
            row.outcomes = static_cast<std::uint32_t>(below.outcomes.size());
            row.outcome = below.outcomes.size() == 1 ? below.outcomes.front() : TreeRow::kMixed;
            row.first_end = below.first_end;
            row.box = {space_.area.x, y, space_.area.w, space_.row_height};
            row.from_x = x_of(node);
            y_[node] = row.box.center().y;
            layout_.rows.push_back(row);
            y += space_.row_height;
        }
        layout_.height = y - space_.area.y;
    }

    void place_edge(std::uint32_t node) {
        if (!is_shown(node)) return;
        if (open_[node] && tree_.nodes[node].children.size() > 1) layout_.forks.push_back({node, {x_of(node), y_[node]}});
        if (node == root_) return;
        const std::uint32_t parent = tree_.nodes[node].parent;
        layout_.edges.push_back({node, tree_.nodes[node].thread, x_of(parent), x_of(node), y_[node], y_[parent]});
    }

    const InterleavingTree& tree_;
    std::uint32_t root_;
    std::span<const std::uint32_t> places_;
    const TreeSpace& space_;
    TreeLayout layout_;
    std::vector<Below> below_;
    std::vector<std::uint32_t> order_;  // parents before their children
    std::vector<float> depth_;
    std::vector<bool> open_;
    std::vector<float> y_;
};

}  // namespace

TreeLayout lay_out_tree(const InterleavingTree& tree, std::uint32_t root, std::span<const std::uint32_t> places,
                        const TreeSpace& space) {
    if (root >= tree.nodes.size()) return {};
    return TreeMaker(tree, root, places, space).make();
}

}  // namespace heddle::layout
