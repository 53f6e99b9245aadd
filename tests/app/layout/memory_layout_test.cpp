// Address spaces as columns: which regions make a box, in which order, and what must hold for any process.
#include "app/layout/memory_layout.h"

#include <gmock/gmock-more-matchers.h>

#include <random>

#include "app/layout/memory_rows.h"
#include "app/layout/shared_layout.h"

namespace heddle::layout {
namespace {

using model::RegionKind;

model::RegionView region(RegionKind kind, std::uint64_t start, std::uint64_t end, std::string name = {}) {
    model::RegionView r;
    r.kind = kind, r.start = start, r.end = end, r.name = std::move(name), r.permissions = "rw-p";
    return r;
}

model::VariableView variable(std::string name, std::uint64_t address, std::uint64_t size = 4) {
    model::VariableView v;
    v.name = std::move(name), v.type = "int", v.value = "1", v.address = address, v.size = size;
    return v;
}

model::ProcessView process(model::Number number = 1) {
    model::ProcessView p;
    p.number = number;
    p.regions = {region(RegionKind::kKernel, 0xffff800000000000, 0xffffffffffffffff),
                 region(RegionKind::kStack, 0x7ffd00000000, 0x7ffd00021000, "[stack]"),
                 region(RegionKind::kMapped, 0x7f0000300000, 0x7f0000400000, "libc.so.6"),
                 region(RegionKind::kMapped, 0x7f0000100000, 0x7f0000200000, "libm.so.6"),
                 region(RegionKind::kHeap, 0x560000600000, 0x560000621000, "[heap]"),
                 region(RegionKind::kData, 0x560000012000, 0x560000014000, "a.out"),
                 region(RegionKind::kText, 0x560000007000, 0x56000000e000, "a.out")};
    return p;
}

TEST(RegionGroups, FoldNeighbouringMappings) {
    const model::ProcessView p = process();
    const auto groups = region_groups(p);
    ASSERT_EQ(groups.size(), 6u);
    EXPECT_EQ(groups[2].regions.size(), 2u);
    EXPECT_EQ(groups[2].start, 0x7f0000100000u);
    EXPECT_EQ(groups[2].end, 0x7f0000400000u);
    EXPECT_EQ(groups[2].mapped_bytes(), 0x200000u) << "the gap between the two is not mapped";
}

TEST(RegionGroups, KeepWhatHasSomethingToShow) {
    model::ProcessView p = process();
    p.regions[3].permissions = "rw-s";
    EXPECT_EQ(region_groups(p).size(), 7u) << "shared memory stands alone";
    p = process();
    p.regions[2].variables = {variable("x", 0x7f0000300010)};
    EXPECT_EQ(region_groups(p).size(), 7u);
}

TEST(MemoryLayout, PutsHighAddressesOnTopAndFoldsGaps) {
    const model::ProcessView p = process();
    const MemoryLayout layout = memory_layout({&p}, {0, 0, 300, 2000}, {});
    ASSERT_EQ(layout.boxes.size(), 6u);
    for (std::size_t i = 1; i < layout.boxes.size(); ++i) {
        EXPECT_LT(layout.boxes[i].group.start, layout.boxes[i - 1].group.start);
        EXPECT_GE(layout.boxes[i].box.y, layout.boxes[i - 1].box.bottom());
    }
    ASSERT_EQ(layout.gaps.size(), 4u) << "data and text nearly touch";
    EXPECT_EQ(layout.gaps[1].bytes, 0x7ffd00000000u - 0x7f0000400000u);
    EXPECT_FALSE(layout.compact);
}

TEST(MemoryLayout, BecomesCompactBeforeItScrolls) {
    const model::ProcessView p = process();
    const MemoryLayout roomy = memory_layout({&p}, {0, 0, 300, 900}, {}), tight = memory_layout({&p}, {0, 0, 300, 300}, {});
    EXPECT_TRUE(tight.compact);
    EXPECT_LT(tight.height, roomy.height);
    for (const RegionBox& box : tight.boxes) EXPECT_TRUE(box.address.empty());
}

TEST(MemoryLayout, KeepsItsPlacesWhenRowsComeAndGo) {
    model::ProcessView p = process();
    MemoryOptions options;
    p.regions[4].blocks.resize(4);
    const MemoryLayout full = memory_layout({&p}, {0, 0, 300, 300}, options);
    for (const RegionBox& box : full.boxes) options.reserved[box.group.key] = box.rows_wanted;
    p.regions[4].blocks.clear();
    const MemoryLayout empty = memory_layout({&p}, {0, 0, 300, 300}, options);
    for (std::size_t i = 0; i < full.boxes.size(); ++i) EXPECT_EQ(empty.boxes[i].box, full.boxes[i].box);
}

TEST(MemoryLayout, PointsFromThePointerToWhatItPointsTo) {
    model::ProcessView p = process();
    p.regions[5].variables = {variable("head", 0x560000012010, 8)};
    p.regions[5].variables[0].points_to = 0x560000600028;
    model::BlockView block;
    block.address = 0x560000600020, block.size = 24;
    p.regions[4].blocks = {block};
    const MemoryLayout layout = memory_layout({&p}, {0, 0, 300, 900}, {});
    ASSERT_EQ(layout.arrows.size(), 1u);
    const auto& heap = layout.boxes[3];
    const auto& data = layout.boxes[4];
    EXPECT_EQ(layout.arrows[0].from, (Vec2{data.box.right(), data.rows[0].box.center().y}));
    EXPECT_EQ(layout.arrows[0].to, (Vec2{heap.box.right(), heap.rows[0].box.center().y}));
    EXPECT_GT(layout.arrows[0].bend_x, heap.box.right());
    EXPECT_LE(layout.arrows[0].bend_x, 300);
    EXPECT_FALSE(layout.arrows[0].dangling);
}

TEST(MemoryLayout, APointerIntoAFreedBlockDanglesEvenWhereItsRowIsHidden) {
    model::ProcessView p = process();
    p.regions[5].variables = {variable("head", 0x560000012010, 8)};
    p.regions[5].variables[0].points_to = 0x560000600028;
    model::BlockView block;
    block.address = 0x560000600020, block.size = 24, block.freed = true;
    p.regions[4].blocks = {block};
    const MemoryLayout shown = memory_layout({&p}, {0, 0, 300, 900}, {});
    ASSERT_EQ(shown.arrows.size(), 1u);
    EXPECT_TRUE(shown.arrows[0].dangling);
    MemoryOptions short_on_rows;
    short_on_rows.rows_at_rest = 0;
    for (const PointerArrow& arrow : memory_layout({&p}, {0, 0, 300, 900}, short_on_rows).arrows) EXPECT_TRUE(arrow.dangling);
}

TEST(MemoryLayout, AlignsProcessesAndJoinsWhatTheyShare) {
    model::ProcessView a = process(1), b = process(2);
    b.regions.erase(b.regions.begin() + 4);  // no heap yet
    a.regions[6].shared = b.regions[5].shared = true;
    const MemoryLayout layout = memory_layout({&a, &b}, {0, 0, 600, 900}, {});
    ASSERT_EQ(layout.columns.size(), 2u);
    for (const RegionBox& left : layout.boxes) {
        for (const RegionBox& right : layout.boxes) {
            if (left.group.key == right.group.key) {
                EXPECT_EQ(left.box.y, right.box.y);
            }
        }
    }
    ASSERT_EQ(layout.joins.size(), 1u);
    EXPECT_EQ(layout.boxes[layout.joins[0].left].group.key.kind, RegionKind::kText);
    EXPECT_EQ(layout.joins[0].band.x, layout.boxes[layout.joins[0].left].box.right());
}

TEST(ShownRows, KeepTheInnermostFramesAndTheChangedVariable) {
    model::RegionView stack = region(RegionKind::kStack, 0x1000, 0x9000);
    for (int i = 0; i < 10; ++i) {
        model::FrameView frame;
        frame.function = "f" + std::to_string(i);
        stack.frames.push_back(frame);
    }
    RegionGroup group;
    group.key.kind = RegionKind::kStack, group.regions = {&stack};
    auto rows = shown_rows(group, all_rows(group, false), 4);
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(rows[0].hidden, 7u);
    EXPECT_EQ(rows[3].frame->function, "f9");

    model::RegionView data = region(RegionKind::kData, 0x1000, 0x9000);
    for (int i = 0; i < 10; ++i)
        data.variables.push_back(variable("v" + std::to_string(i), 0x1000 + 4 * static_cast<std::uint64_t>(i)));
    data.variables[8].changed = true;
    group.key.kind = RegionKind::kData, group.regions = {&data};
    rows = shown_rows(group, all_rows(group, false), 4);
    ASSERT_EQ(rows.size(), 4u);
    EXPECT_EQ(rows[2].variable->name, "v8");
    EXPECT_EQ(rows[3].hidden, 7u);
}

model::ProcessView random_process(std::mt19937& random) {
    const auto pick = [&](int most) { return static_cast<int>(random() % static_cast<unsigned>(most)); };
    model::ProcessView p;
    std::uint64_t top = 0x7fff00000000;
    for (int i = pick(25); i >= 0; --i) {
        const std::uint64_t size = 0x1000ULL << pick(12), gap = pick(2) ? 0 : 0x1000ULL << pick(24);
        model::RegionView r = region(static_cast<RegionKind>(1 + pick(8)), top - size, top, "file" + std::to_string(pick(4)));
        r.shared = pick(2) == 0, r.thread = r.kind == RegionKind::kStack ? pick(3) : 0;
        for (int v = pick(9); v > 0; --v) r.variables.push_back(variable("v", r.start + static_cast<std::uint64_t>(v) * 8, 8));
        if (!r.variables.empty() && pick(2))
            r.variables[0].points_to = 0x7fff00000000 - static_cast<std::uint64_t>(pick(1 << 30));
        r.blocks.resize(static_cast<std::size_t>(pick(9)));
        p.regions.push_back(r);
        top -= size + gap;
    }
    return p;
}

TEST(MemoryLayout, HoldsForAnyProcesses) {
    std::mt19937 random(11);
    for (int round = 0; round < 300; ++round) {
        std::vector<model::ProcessView> processes(1 + random() % 3);
        std::vector<const model::ProcessView*> pointers;
        for (auto& p : processes) p = random_process(random), pointers.push_back(&p);
        MemoryOptions options;
        if (random() % 2) options.opened.insert({RegionKind::kHeap, 0});
        const Rect area{20, 30, 240 + static_cast<float>(random() % 700), 200 + static_cast<float>(random() % 800)};
        const MemoryLayout layout = memory_layout(pointers, area, options);
        std::size_t groups = 0;
        for (const auto* p : pointers) groups += region_groups(*p).size();
        EXPECT_EQ(layout.boxes.size(), groups) << "no region vanishes";
        for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
            const RegionBox& box = layout.boxes[i];
            EXPECT_GE(box.box.x, area.x);
            EXPECT_LE(box.box.right(), area.right() + 0.1f);
            EXPECT_LE(box.box.bottom(), area.y + layout.height + 0.1f);
            for (const MemoryRow& row : box.rows) EXPECT_LE(row.box.bottom(), box.box.bottom() + 0.1f);
            for (std::size_t j = i + 1; j < layout.boxes.size(); ++j) EXPECT_FALSE(box.box.overlaps(layout.boxes[j].box));
        }
        for (const GapBox& gap : layout.gaps) {
            for (const RegionBox& box : layout.boxes)
                EXPECT_FALSE(gap.box.inset(0, 3.1f).overlaps(box.box) && gap.column == box.column);
        }
    }
}

TEST(SharedLayout, PutsVariablesAboveTheThreadsCards) {
    for (std::size_t threads = 1; threads <= 8; ++threads) {
        const SharedLayout layout = shared_layout({0, 0, 420, 500}, 2, threads, 3, 18);
        ASSERT_EQ(layout.cards.size(), threads);
        for (const Rect& box : layout.variables) EXPECT_TRUE(layout.band.contains(box));
        for (std::size_t i = 0; i < threads; ++i) {
            EXPECT_GT(layout.cards[i].box.y, layout.band.bottom());
            EXPECT_LE(layout.cards[i].box.right(), 420.1f);
            for (const Rect& row : layout.cards[i].rows) {
                EXPECT_LE(row.bottom(), layout.cards[i].box.bottom());
                EXPECT_FALSE(row.overlaps(layout.cards[i].place));
            }
            for (std::size_t j = i + 1; j < threads; ++j) EXPECT_FALSE(layout.cards[i].box.overlaps(layout.cards[j].box));
        }
        EXPECT_NEAR(layout.height, layout.cards.back().box.bottom(), 0.1f);
    }
}

TEST(SharedLayout, GivesUpWhatIsSaidElsewhereBeforeACardIsOutOfSight) {
    const float line = 25;
    bool placed = true, captioned = true;
    for (float height = 500; height >= 240; height -= 20) {
        const SharedLayout layout = shared_layout({0, 0, 600, height}, 2, 3, 4, line);
        EXPECT_LE(layout.height, height + 0.1f) << height;
        const bool place = !layout.cards[0].place.empty(), caption = !layout.caption.empty();
        EXPECT_TRUE(placed || !place) << "it does not come back at " << height;
        EXPECT_TRUE(captioned || !caption) << height;
        EXPECT_TRUE(caption || !place) << height;
        EXPECT_GE(layout.cards[0].rows.size(), 1u);
        EXPECT_TRUE(!place || layout.cards[0].rows.size() == 4u) << height;
        placed = place, captioned = caption;
    }
    EXPECT_FALSE(placed || captioned);
    // A quarter of a stage: four threads side by side, each with its header and a row.
    const SharedLayout quarter = shared_layout({0, 0, 442, 174}, 4, 4, 2, 18.2f);
    EXPECT_EQ(quarter.cards[3].box.y, quarter.cards[0].box.y);
    EXPECT_GE(quarter.cards[3].rows.size(), 1U);
    EXPECT_LE(quarter.height, 174);
    EXPECT_EQ(shared_layout({0, 0, 600, 300}, 1, 4, 2, line).cards[3].box.y,
              shared_layout({0, 0, 600, 300}, 1, 4, 2, line).cards[0].box.y)
        << "narrower cards stay in one row";
}

TEST(LastAccesses, FindEachThreadsLatestBeforeThePlayhead) {
    trace::EventLog log;
    const auto t1 = log.thread(ThreadId(1), ProcessId(1), Nanoseconds(0)),
               t2 = log.thread(ThreadId(2), ProcessId(1), Nanoseconds(0));
    const auto access = [](std::int64_t time, trace::Kind kind, trace::ThreadIndex thread, std::uint64_t value,
                           std::uint64_t address = 0x100) {
        return trace::PackedEvent{time, address, value, trace::make_tail(kind, 2, 0x40), thread.value, 0};
    };
    log.insert({access(1, trace::Kind::kRead, t1, 0), access(2, trace::Kind::kRead, t2, 0),
                access(3, trace::Kind::kWrite, t1, 1), access(4, trace::Kind::kWrite, t2, 9, 0x900),
                access(5, trace::Kind::kWrite, t2, 1)});
    model::ThreadView one, two;
    one.index = t1, two.index = t2;
    const model::VariableView counter = variable("counter", 0x100);
    const std::vector<SharedVariable> variables = {{&counter, nullptr}};
    auto found = last_accesses(log.view(), 4, {&one, &two}, variables);
    ASSERT_TRUE(found[0] && found[1]);
    EXPECT_TRUE(found[0]->writes);
    EXPECT_EQ(found[0]->value, 1u);
    EXPECT_FALSE(found[1]->writes) << "its write is still to come, and another address does not count";
    found = last_accesses(log.view(), 5, {&one, &two}, variables);
    EXPECT_TRUE(found[1]->writes);
    EXPECT_EQ(found[1]->event, 4u);
    EXPECT_FALSE(last_accesses(log.view(), 5, {&one}, variables, 1)[0]) << "no further back than asked";
}

}  // namespace
}  // namespace heddle::layout
