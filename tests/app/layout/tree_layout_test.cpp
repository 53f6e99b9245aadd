#include "app/layout/tree_layout.h"

#include <gmock/gmock-more-matchers.h>

#include "app/layout/outcome_text.h"

namespace heddle::layout {
namespace {

using testing::ElementsAre;

struct Execution {
    std::string threads;
    std::uint64_t outcome;
};

model::InterleavingTree tree_of(const std::vector<Execution>& executions) {
    model::TreeBuilder builder([](const trace::Step&) { return model::StepText{}; });
    for (const Execution& execution : executions) {
        std::vector<trace::Step> steps;
        for (const char thread : execution.threads) {
            trace::Step step{};
            step.thread = static_cast<std::uint8_t>(thread - '1');
            steps.push_back(step);
        }
        builder.add(steps, execution.outcome, false, execution.threads);
    }
    return builder.tree();
}

// The lost update: T1 begins, then T2 and T3 read and write.
model::InterleavingTree lost_update() {
    return tree_of({{"12233", 2}, {"12323", 1}, {"12332", 1}, {"13322", 2}});
}

TreeSpace space(float height, std::size_t most_rows = 400) {
    TreeSpace space;
    space.area = {10, 20, 500, height};
    space.row_height = 20, space.height = height, space.most_rows = most_rows;
    return space;
}

const std::vector<std::uint32_t> kPlaces = {0, 1};

std::vector<std::uint32_t> executions_of(const TreeLayout& tree) {
    std::vector<std::uint32_t> counts;
    for (const TreeRow& row : tree.rows) counts.push_back(row.executions);
    return counts;
}

TEST(TreeLayout, GivesEachExecutionARowWhereThereIsRoom) {
    const TreeLayout tree = lay_out_tree(lost_update(), 0, kPlaces, space(200));
    EXPECT_THAT(executions_of(tree), ElementsAre(1, 1, 1, 1));
    EXPECT_FALSE(tree.grouped);
    EXPECT_EQ(tree.height, 80);
    std::vector<std::uint32_t> outcomes;
    for (const TreeRow& row : tree.rows) outcomes.push_back(row.outcome);
    EXPECT_THAT(outcomes, ElementsAre(0, 1, 1, 0));
    EXPECT_EQ(tree.forks.size(), 3U);
}

TEST(TreeLayout, ANodeStandsInTheMiddleOfItsChildrenAndEdgesMeet) {
    const model::InterleavingTree made = lost_update();
    const TreeLayout tree = lay_out_tree(made, 0, kPlaces, space(200));
    for (const TreeEdge& edge : tree.edges) {
        EXPECT_GT(edge.x1, edge.x0);
        EXPECT_FLOAT_EQ(edge.x1 - edge.x0, tree.column);
        EXPECT_EQ(edge.thread, made.nodes[edge.node].thread);
        for (const TreeEdge& next : tree.edges) {
            if (made.nodes[next.node].parent != edge.node) continue;
            EXPECT_EQ(next.x0, edge.x1);
            EXPECT_EQ(next.from_y, edge.y);
        }
    }
    const auto first = tree.edges.front();
    EXPECT_EQ(first.x0, 10);
    EXPECT_GT(first.y, tree.rows.front().box.y);
    EXPECT_LT(first.y, tree.rows.back().box.bottom());
}

TEST(TreeLayout, ExecutionsThatEndAlikeShareARowWhereThereIsNone) {
    const TreeLayout tree = lay_out_tree(lost_update(), 0, kPlaces, space(60));
    EXPECT_TRUE(tree.grouped);
    EXPECT_THAT(executions_of(tree), ElementsAre(1, 2, 1));
    EXPECT_EQ(tree.rows[1].outcome, 1U);
    EXPECT_EQ(tree.rows[1].outcomes, 1U);
}

TEST(TreeLayout, ABranchWithSeveralOutcomesIsOneRowWhereThereAreTooMany) {
    const TreeLayout tree = lay_out_tree(lost_update(), 0, kPlaces, space(40, 2));
    EXPECT_THAT(executions_of(tree), ElementsAre(3, 1));
    EXPECT_EQ(tree.rows[0].outcome, TreeRow::kMixed);
    EXPECT_EQ(tree.rows[0].outcomes, 2U);
}

TEST(TreeLayout, APartOfItCanBeShownAlone) {
    const model::InterleavingTree made = lost_update();
    const TreeLayout whole = lay_out_tree(made, 0, kPlaces, space(40, 2));
    const TreeLayout part = lay_out_tree(made, whole.rows[0].node, kPlaces, space(200));
    EXPECT_THAT(executions_of(part), ElementsAre(1, 1, 1));
    for (const TreeEdge& edge : part.edges) EXPECT_GE(edge.x0, 10);
}

TEST(TreeLayout, ALongWayToTheFirstForkLeavesRoomForTheForks) {
    std::string beginning;
    for (int i = 0; i < 100; ++i) beginning += "23";
    const auto made = tree_of({{"1" + beginning + "23", 1}, {"1" + beginning + "32", 2}});
    const TreeLayout tree = lay_out_tree(made, 0, kPlaces, space(200));
    ASSERT_EQ(tree.forks.size(), 1U);
    EXPECT_LT(tree.forks[0].at.x, 400) << "of 10 to 510";
    EXPECT_EQ(tree.rows.size(), 2U);
}

TEST(TreeLayout, NoColumnIsNarrowerThanWhatCanBeSeen) {
    // Each execution leaves the first one at another step: a fork in every column.
    std::vector<Execution> executions;
    for (int fork = 200; fork > 0; --fork) {
        std::string threads = "1" + std::string(static_cast<std::size_t>(fork), '2') + "32";
        executions.push_back({threads, static_cast<std::uint64_t>(fork % 2)});
    }
    const TreeLayout tree = lay_out_tree(tree_of(executions), 0, kPlaces, space(4000));
    EXPECT_GE(tree.column, 10);
    std::uint32_t shown = 0;
    for (const TreeRow& row : tree.rows) shown += row.executions;
    EXPECT_EQ(shown, 200U) << "nothing is lost: the rest is one row";
    EXPECT_EQ(tree.rows[0].outcome, TreeRow::kMixed);
}

TEST(TreeLayout, DrawsNothingOfNothing) {
    EXPECT_TRUE(lay_out_tree({}, 0, kPlaces, space(200)).rows.empty());
    EXPECT_TRUE(lay_out_tree(lost_update(), 1000, kPlaces, space(200)).rows.empty());
}

TEST(TreeLayout, OutcomesAreToldByWhatIsNotTheSameInAll) {
    struct Case {
        std::vector<std::string> values, labels;
    };
    const Case cases[] = {
        {{"counter = 1", "counter = 2"}, {"counter = 1", "counter = 2"}},
        {{"counter = 2"}, {"counter = 2"}},
        {{"top = 0, first = 1; \"1\"", "top = 0, first = 2; \"2\""}, {"first = 1", "first = 2"}},
        {{"a = {mutex = unlocked, n = 1}; \"sum, = 1\""}, {"sum, = 1"}},
        {{"a = {n = 1}"}, {"a = {n = 1}"}},
        {{"\"printed\"; exit 1", ""}, {"printed", ""}},
    };
    for (const Case& each : cases) EXPECT_EQ(short_outcomes(each.values), each.labels);
}

TEST(OutcomeText, TellsTheExitCodeApart) {
    using Parts = std::pair<std::string, std::string>;
    EXPECT_EQ(split_exit("n = 1; \"done\"; exit 3"), (Parts{"n = 1; \"done\"", "3"}));
    EXPECT_EQ(split_exit("exit 12"), (Parts{"", "12"}));
    EXPECT_EQ(split_exit("n = 1"), (Parts{"n = 1", ""}));
    EXPECT_EQ(split_exit("\"; exit 3\""), (Parts{"\"; exit 3\"", ""})) << "that was printed";
    EXPECT_EQ(split_exit("last_exit 3"), (Parts{"last_exit 3", ""}));
    EXPECT_EQ(split_exit(""), (Parts{"", ""}));
}

}  // namespace
}  // namespace heddle::layout
