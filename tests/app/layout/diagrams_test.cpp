// The state diagram, and the plain grids: nothing overlaps at any size a stage gives them.
#include <gmock/gmock-more-matchers.h>

#include "app/layout/grid_layout.h"
#include "app/layout/state_diagram.h"

namespace heddle::layout {
namespace {

using model::ThreadState;

TEST(StateDiagram, HasTheTextbooksSixEdges) {
    const StateDiagram diagram = state_diagram({0, 0, 600, 360}, {}, 18);
    EXPECT_EQ(diagram.edges.size(), 6u);
    for (const auto& [from, to] : {std::pair{ThreadState::kNew, ThreadState::kReady},
                                   {ThreadState::kReady, ThreadState::kRunning},
                                   {ThreadState::kRunning, ThreadState::kReady},
                                   {ThreadState::kRunning, ThreadState::kWaiting},
                                   {ThreadState::kWaiting, ThreadState::kReady},
                                   {ThreadState::kRunning, ThreadState::kTerminated}}) {
        const StateEdge* edge = diagram.edge(from, to);
        ASSERT_NE(edge, nullptr);
        EXPECT_TRUE(edge->usual);
        EXPECT_TRUE(diagram.node(from).box.inset(-1).contains(edge->at(0)));
        EXPECT_TRUE(diagram.node(to).box.inset(-1).contains(edge->at(1)));
    }
}

TEST(StateDiagram, ShowsAnUnusualEdgeOnceItHappened) {
    model::EdgeCounts counts{};
    counts[3][4] = 2;
    const StateDiagram diagram = state_diagram({0, 0, 600, 360}, counts, 18);
    const StateEdge* killed = diagram.edge(ThreadState::kWaiting, ThreadState::kTerminated);
    ASSERT_NE(killed, nullptr);
    EXPECT_FALSE(killed->usual);
}

TEST(StateDiagram, NodesAndLabelsKeepApartAtAnySize) {
    for (float width = 360; width <= 1400; width += 40) {
        for (float height = 190; height <= 800; height += 30) {
            const Rect area{10, 20, width, height};
            const StateDiagram diagram = state_diagram(area, {}, 18);
            for (std::size_t i = 0; i < diagram.nodes.size(); ++i) {
                EXPECT_TRUE(area.inset(-0.5f).contains(diagram.nodes[i].box)) << width << " x " << height << ", node " << i;
                for (std::size_t j = i + 1; j < diagram.nodes.size(); ++j)
                    EXPECT_FALSE(diagram.nodes[i].box.overlaps(diagram.nodes[j].box));
            }
            for (std::size_t i = 0; i < diagram.edges.size(); ++i) {
                const Rect label = diagram.edges[i].label.inset(1);
                EXPECT_TRUE(area.inset(-4).contains(label)) << width << " x " << height << ", edge " << i;
                for (const StateNode& node : diagram.nodes)
                    EXPECT_FALSE(label.overlaps(node.box)) << width << " x " << height << ", edge " << i;
                for (std::size_t j = i + 1; j < diagram.edges.size(); ++j) {
                    EXPECT_FALSE(label.overlaps(diagram.edges[j].label.inset(1)))
                        << width << " x " << height << ", edges " << i << " and " << j;
                }
            }
        }
    }
}

// What the states' panel may be: narrow ones are not low as well.
std::vector<Vec2> panel_sizes() {
    std::vector<Vec2> sizes;
    for (float width = 340; width <= 1400; width += 15)
        for (float height = width < 440 ? 215 : 155; height <= 800; height += 15) sizes.push_back({width, height});
    return sizes;
}

TEST(StateDiagram, NoArrowCrossesALabelAtAnySize) {
    for (const Vec2 size : panel_sizes()) {
        const StateDiagram diagram = state_diagram({10, 20, size.x, size.y}, {}, 18);
        for (const StateEdge& label : diagram.edges) {
            for (const StateEdge& edge : diagram.edges) {
                for (float t = 0; t <= 1; t += 1 / 128.f) {
                    EXPECT_FALSE(label.label.contains(edge.at(t)))
                        << size.x << " x " << size.y << ": label of " << static_cast<int>(label.from)
                        << static_cast<int>(label.to) << ", arrow " << static_cast<int>(edge.from) << static_cast<int>(edge.to)
                        << " at " << t;
                }
            }
        }
    }
}

// Widths of "must wait", "wake-up" and "exit" in two lines, "time-out 36" in one, in lines of small text.
TEST(StateDiagram, LabelsHaveRoomForTheirWordsAtAnySize) {
    constexpr float kLine = 18;
    const std::vector<std::tuple<ThreadState, ThreadState, float, float>> needs = {
        {ThreadState::kRunning, ThreadState::kWaiting, 3.8f, 3.8f},
        {ThreadState::kWaiting, ThreadState::kReady, 3.2f, 4.2f},
        {ThreadState::kRunning, ThreadState::kReady, 3.2f, 4.3f},
        {ThreadState::kRunning, ThreadState::kTerminated, 1.6f, 2.4f}};
    for (const Vec2 size : panel_sizes()) {
        const StateDiagram diagram = state_diagram({10, 20, size.x, size.y}, {}, kLine);
        for (const auto& [from, to, in_two, in_one] : needs) {
            const Rect label = diagram.edge(from, to)->label;
            EXPECT_GE(label.w, kLine * (label.h < kLine * 1.5f ? in_one : in_two))
                << size.x << " x " << size.y << ": " << static_cast<int>(from) << static_cast<int>(to);
        }
    }
}

TEST(StateDiagram, TokensStayInTheirNode) {
    const StateDiagram diagram = state_diagram({0, 0, 600, 360}, {}, 18);
    for (const StateNode& node : diagram.nodes) {
        for (std::size_t count = 1; count < 30; ++count) {
            for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(node.box.contains(token_place(node, i, count)));
        }
    }
}

TEST(Easing, BeginsAtZeroEndsAtOneAndCanBeStill) {
    EXPECT_EQ(eased(0, 0.25, false), 0);
    EXPECT_EQ(eased(0.25, 0.25, false), 1);
    EXPECT_EQ(eased(9, 0.25, false), 1);
    EXPECT_GT(eased(0.1, 0.25, false), 0.4f);
    EXPECT_EQ(eased(0, 0.25, true), 1);
}

TEST(FieldGrid, ReadsLikeAForm) {
    const FieldGrid two = field_grid({0, 0, 500, 300}, 5, 30, 6, 200);
    ASSERT_EQ(two.cells.size(), 5u);
    EXPECT_EQ(two.cells[0].y, two.cells[1].y);
    EXPECT_EQ(two.cells[2].y, 36);
    EXPECT_EQ(two.height, 102);
    const FieldGrid one = field_grid({0, 0, 300, 300}, 5, 30, 6, 200);
    EXPECT_EQ(one.cells[4].y, 144);
}

model::PageView page(std::uint64_t address, bool exclusive, std::uint64_t frame = 0) {
    model::PageView p;
    p.address = address, p.present = true, p.exclusive = exclusive, p.frame_number = frame;
    return p;
}

TEST(Pages, AreOnePageOnlyWhileNobodyHasItAlone) {
    const model::PageView a = page(0x1000, false), b = page(0x1000, false), own = page(0x1000, true);
    EXPECT_TRUE(same_page(&a, &b));
    EXPECT_FALSE(same_page(&a, &own));
    EXPECT_FALSE(same_page(&a, nullptr));
    const model::PageView f1 = page(0x1000, false, 7), f2 = page(0x1000, false, 8);
    EXPECT_FALSE(same_page(&f1, &f2)) << "another physical frame is another page";
}

TEST(Pages, LieAtTheSameHeightInEveryProcess) {
    model::ProcessView a, b;
    a.pages = {page(0x1000, false), page(0x3000, false)};
    b.pages = {page(0x2000, false), page(0x3000, false)};
    const PageTable table = page_table({&a, &b}, {0, 0, 500, 300}, 18);
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[0].pages[1], nullptr);
    EXPECT_EQ(table.rows[2].cells[0].y, table.rows[2].cells[1].y);
    EXPECT_FALSE(table.rows[2].cells[0].overlaps(table.rows[2].cells[1]));
    EXPECT_LE(table.rows[2].cells[1].right(), 500.1f);
}

TEST(CpuRows, KeepTheirPartsApart) {
    for (const float width : {260.f, 420.f, 900.f}) {
        const CpuRows rows = cpu_rows({0, 0, width, 1000}, 3, 18);
        ASSERT_EQ(rows.rows.size(), 3u);
        for (const CpuRow& row : rows.rows) {
            for (const Rect& part : {row.name, row.now, row.history, row.share})
                EXPECT_TRUE(row.box.inset(-0.5f).contains(part)) << width;
            EXPECT_FALSE(row.history.overlaps(row.share));
            EXPECT_FALSE(row.name.overlaps(row.now));
        }
        EXPECT_GE(rows.rows[1].box.y, rows.rows[0].box.bottom());
    }
}

TEST(StackColumns, GrowDownwardsAndCountWhatIsHidden) {
    model::ThreadView thread;
    for (int i = 0; i < 12; ++i) {
        model::FrameView frame;
        frame.function = "f" + std::to_string(i);
        frame.variables.resize(2);
        thread.stack.push_back(frame);
    }
    const StackColumns columns = stack_columns({&thread}, {0, 0, 300, 400}, 18, 5);
    const auto& frames = columns.columns[0].frames;
    ASSERT_EQ(frames.size(), 6u);
    EXPECT_EQ(frames[0].hidden, 7u);
    EXPECT_EQ(frames[5].frame->function, "f11");
    for (std::size_t i = 1; i < frames.size(); ++i) EXPECT_GE(frames[i].box.y, frames[i - 1].box.bottom());
    EXPECT_GE(columns.columns[0].growth.y, frames[5].box.bottom());
}

}  // namespace
}  // namespace heddle::layout
