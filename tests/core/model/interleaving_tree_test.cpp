#include "core/model/interleaving_tree.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::model {
namespace {

// "1122": T1 makes two steps, then T2 two.
std::vector<trace::Step> steps_of(std::string_view threads) {
    std::vector<trace::Step> steps;
    for (const char thread : threads) {
        trace::Step step{};
        step.thread = static_cast<std::uint8_t>(thread - '1');
        step.operation.object = steps.size();
        steps.push_back(step);
    }
    return steps;
}

TreeBuilder builder() {
    return TreeBuilder([](const trace::Step& step) {
        StepText text;
        text.thread = step.thread + 1;
        return text;
    });
}

// "(T1×1 (T2×2) (T1×1 …))": each node with its thread and the number of its steps.
std::string drawn(const InterleavingTree& tree, std::uint32_t node = 0) {
    std::string text;
    if (tree.nodes[node].thread != 0)
        text = "T" + std::to_string(tree.nodes[node].thread) + "x" + std::to_string(tree.nodes[node].steps.size());
    for (const std::uint32_t child : tree.nodes[node].children) {
        EXPECT_EQ(tree.nodes[child].parent, node);
        text += "(" + drawn(tree, child) + ")";
    }
    return text;
}

TEST(InterleavingTree, IsOneNodeForEachRunOfAThread) {
    struct Case {
        std::vector<std::string> executions;
        std::string tree;
    };
    const Case cases[] = {
        {{"1122"}, "(T1x2(T2x2))"},
        {{"1122", "1212"}, "(T1x1(T1x1(T2x2))(T2x1(T1x1(T2x1))))"},
        {{"12", "21"}, "(T1x1(T2x1))(T2x1(T1x1))"},
        {{"1122", "1221", "1212"}, "(T1x1(T1x1(T2x2))(T2x1(T2x1(T1x1))(T1x1(T2x1))))"},
        {{"12", "12"}, "(T1x1(T2x1))"},
    };
    for (const Case& each : cases) {
        TreeBuilder tree = builder();
        for (const std::string& execution : each.executions) tree.add(steps_of(execution), 1, false, execution);
        EXPECT_EQ(drawn(tree.tree()), each.tree);
        EXPECT_EQ(tree.tree().nodes[0].executions, each.executions.size());
    }
}

TEST(InterleavingTree, CountsTheExecutionsThatPassThroughANode) {
    TreeBuilder tree = builder();
    for (const char* execution : {"1122", "1212", "1221"}) tree.add(steps_of(execution), 1, false, execution);
    const InterleavingTree& made = tree.tree();
    for (const TreeNode& node : made.nodes) {
        std::uint32_t below = node.end != UINT32_MAX ? 1 : 0;
        for (const std::uint32_t child : node.children) below += made.nodes[child].executions;
        EXPECT_EQ(node.executions, below);
    }
}

TEST(InterleavingTree, AnEndKnowsItsNodeOutcomeAndSchedule) {
    TreeBuilder tree = builder();
    tree.add(steps_of("1122"), 70, false, "h1:first");
    tree.add(steps_of("1212"), 80, false, "h1:second");
    tree.add(steps_of("1221"), 70, false, "h1:third");
    tree.add(steps_of("2211"), 90, true, "h1:cut");
    const InterleavingTree& made = tree.tree();
    EXPECT_THAT(made.outcomes, ::testing::ElementsAre(70, 80));
    std::vector<std::uint32_t> outcomes;
    for (std::size_t i = 0; i < made.ends.size(); ++i) {
        outcomes.push_back(made.ends[i].outcome);
        EXPECT_EQ(made.nodes[made.ends[i].node].end, i);
    }
    EXPECT_THAT(outcomes, ::testing::ElementsAre(0, 1, 0, TreeEnd::kCutOff));
    EXPECT_EQ(made.ends[2].schedule, "h1:third");
}

TEST(InterleavingTree, BeginsAnew) {
    TreeBuilder tree = builder();
    tree.add(steps_of("12"), 1, false, "");
    tree.begin();
    tree.add(steps_of("21"), 2, false, "");
    EXPECT_EQ(drawn(tree.tree()), "(T2x1(T1x1))");
    EXPECT_THAT(tree.tree().outcomes, ::testing::ElementsAre(2));
}

}  // namespace
}  // namespace heddle::model
