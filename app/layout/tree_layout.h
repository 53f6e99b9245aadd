// Where the tree of interleavings goes: from left to right a column for each run of steps of one thread, from top to bottom a
// row for each execution. Where the rows do not fit, executions that end alike share one; where there are too many rows still,
// so do the smallest branches, and those that begin where no column is left. What leads from one fork to the next takes a few
// columns at most. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/interleaving_tree.h"

namespace heddle::layout {

struct TreeSpace {
    Rect area;  // the tree itself, without the words beside its rows; it grows downwards
    float row_height = 24;
    float widest_column = 96, narrowest_column = 10;
    float height = 0;  // that can be seen at once
    std::size_t most_rows = 400;
};

struct TreeRow {
    static constexpr std::uint32_t kMixed = UINT32_MAX - 1;
    std::uint32_t node = 0;  // all executions below it are in this row
    std::uint32_t executions = 0;
    std::uint32_t outcome = 0;    // the place of their outcome; kMixed: there are several; TreeEnd::kCutOff
    std::uint32_t outcomes = 0;   // how many different ones
    std::uint32_t first_end = 0;  // one of them
    Rect box;                     // across the whole area
    float from_x = 0;             // where its last edge ends
};

struct TreeEdge {
    std::uint32_t node = 0;  // it leads to
    std::int32_t thread = 0;
    float x0 = 0, x1 = 0, y = 0;
    float from_y = 0;  // of the node it comes from: a vertical line at x0 joins the two
};

struct TreeFork {
    std::uint32_t node = 0;
    Vec2 at;
};

struct TreeLayout {
    std::vector<TreeRow> rows;
    std::vector<TreeEdge> edges;
    std::vector<TreeFork> forks;  // nodes from which several threads could go on
    float column = 0, height = 0;
    bool grouped = false;  // some rows stand for several executions because not all rows fit
};

// root: of the part that is shown. places: of the tree's outcomes (ExploreSnapshot::outcome_places).
TreeLayout lay_out_tree(const model::InterleavingTree& tree, std::uint32_t root, std::span<const std::uint32_t> places,
                        const TreeSpace& space);

}  // namespace heddle::layout
