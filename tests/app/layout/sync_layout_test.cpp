#include "app/layout/sync_layout.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::layout {
namespace {

constexpr float kLine = 18;

model::Snapshot snapshot_with(int threads, int objects) {
    model::Snapshot snapshot;
    for (int i = 1; i <= threads; ++i) {
        model::ThreadView thread;
        thread.number = i;
        thread.state = model::ThreadState::kWaiting;
        snapshot.threads.push_back(thread);
    }
    for (int i = 0; i < objects; ++i) snapshot.sync.emplace_back();
    return snapshot;
}

TEST(SyncGraph, HasAnArrowFromAWaiterAndAnArrowToAHolder) {
    model::Snapshot snapshot = snapshot_with(3, 2);
    snapshot.sync[0].holders = {2}, snapshot.sync[0].waiters = {1, 3};
    const SyncGraph graph = sync_graph(snapshot, {0, 0, 400, 200}, kLine);
    ASSERT_EQ(graph.threads.size(), 3u);
    ASSERT_EQ(graph.objects.size(), 2u);
    ASSERT_EQ(graph.edges.size(), 3u);
    for (const SyncEdge& edge : graph.edges) {
        EXPECT_EQ(edge.object, 0u);
        EXPECT_EQ(edge.waits, edge.thread != 2) << edge.thread;
        EXPECT_EQ(edge.waits, edge.to.y > edge.from.y) << "threads stand above objects";
        EXPECT_FALSE(edge.in_cycle);
    }
}

TEST(SyncGraph, OnlyTheArrowsOfACircleAreItsOwn) {
    model::Snapshot snapshot = snapshot_with(3, 2);
    snapshot.sync[0].holders = {1}, snapshot.sync[0].waiters = {2, 3};
    snapshot.sync[1].holders = {2}, snapshot.sync[1].waiters = {1};
    snapshot.wait_cycles = {{{{1, 1}, {2, 0}}, {}}};
    const SyncGraph graph = sync_graph(snapshot, {0, 0, 400, 200}, kLine);
    ASSERT_EQ(graph.edges.size(), 5u);
    for (const SyncEdge& edge : graph.edges) EXPECT_EQ(edge.in_cycle, edge.thread != 3) << edge.thread << " " << edge.object;
}

TEST(SyncGraph, OfManyKeepsTheCircleAndNeverMoreThanFit) {
    model::Snapshot snapshot = snapshot_with(40, 40);
    for (model::Number i = 0; i < 40; ++i) snapshot.sync[static_cast<std::size_t>(i)].holders = {i + 1};
    snapshot.sync[35].in_cycle = true;
    const Rect area{10, 20, 400, 200};
    const SyncGraph graph = sync_graph(snapshot, area, kLine);
    EXPECT_TRUE(
        std::any_of(graph.objects.begin(), graph.objects.end(), [](const SyncNode& node) { return node.object == 35; }));
    for (const auto* nodes : {&graph.threads, &graph.objects}) {
        for (std::size_t i = 0; i < nodes->size(); ++i) {
            EXPECT_TRUE(area.contains((*nodes)[i].box.inset(0.5f)));
            for (std::size_t j = i + 1; j < nodes->size(); ++j) EXPECT_FALSE((*nodes)[i].box.overlaps((*nodes)[j].box));
        }
    }
}

TEST(SyncGraph, AThreadKeepsItsPlaceWhenItBeginsToWait) {
    model::Snapshot snapshot = snapshot_with(4, 3);
    const auto places = [&] {
        std::vector<Rect> boxes;
        const SyncGraph graph = sync_graph(snapshot, {0, 0, 400, 200}, kLine);
        for (const SyncNode& node : graph.threads) boxes.push_back(node.box);
        for (const SyncNode& node : graph.objects) boxes.push_back(node.box);
        return boxes;
    };
    const auto before = places();
    snapshot.sync[2].waiters = {3};
    EXPECT_EQ(places(), before);
}

TEST(SyncColumn, ShowsTheGraphWholeOrNotAtAllAndACircleFirst) {
    struct {
        float cycles, table, room;
        bool graph_seen, graph_first;
    } const rows[] = {
        {0, 100, 400, true, false},  {60, 100, 400, true, false},  {0, 170, 240, false, false}, {60, 170, 240, true, true},
        {60, 100, 290, true, false}, {60, 170, 120, false, false}, {0, 900, 300, false, false},
    };
    constexpr float kHeight = 20;
    for (const auto& row : rows) {
        const SyncColumn at = sync_column(row.cycles, row.table, row.room, kHeight);
        const std::string what = std::to_string(row.cycles) + " " + std::to_string(row.table) + " " + std::to_string(row.room);
        EXPECT_EQ(at.graph_y + at.graph_height <= row.room, row.graph_seen) << what;
        EXPECT_TRUE(row.graph_seen || at.graph_y >= row.room) << what;
        EXPECT_EQ(at.graph_y < at.table_y, row.graph_first) << what;
        EXPECT_GE(at.graph_height, 4 * kHeight) << what;
        EXPECT_GE(std::min(at.table_y, at.graph_y), row.cycles) << what;
        EXPECT_GE(at.height, std::max(at.table_y + row.table, at.graph_y + at.graph_height)) << what;
        EXPECT_TRUE(at.graph_y >= at.table_y + row.table || at.table_y >= at.graph_y + at.graph_height) << what;
    }
}

TEST(SyncTable, ItsPartsKeepApartAtAnySize) {
    for (float width = 280; width <= 1400; width += 60) {
        for (float height = 140; height <= 900; height += 80) {
            const SyncParts parts = sync_parts({10, 20, width, height}, kLine);
            EXPECT_TRUE(parts.one_column || !parts.table.overlaps(parts.graph)) << width << " x " << height;
            const SyncTable table = sync_table(5, parts.table, kLine, parts.compact);
            for (std::size_t i = 0; i < table.rows.size(); ++i) {
                const SyncRow& row = table.rows[i];
                EXPECT_FALSE(row.name.overlaps(row.holders));
                EXPECT_FALSE(row.holders.overlaps(row.waiters));
                EXPECT_TRUE(row.box.contains(row.waiters)) << width;
                EXPECT_TRUE(i == 0 || row.box.y >= table.rows[i - 1].box.bottom());
            }
        }
    }
}

}  // namespace
}  // namespace heddle::layout
