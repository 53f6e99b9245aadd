// Locks and the threads at them: rows of a table, and the wait-for graph as the textbook draws it: threads above, objects
// below, an arrow down from a thread to what it waits for, an arrow up from an object to who holds it. Pure; called by the
// sync panel once a frame.
#pragma once

#include <cstdint>
#include <vector>

#include "app/canvas/geometry.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

// Where table and graph go: side by side, one above the other, or in one column that scrolls where there is little room.
struct SyncParts {
    Rect table, graph;
    bool one_column = false;  // both scroll together, see sync_column; then there is no `graph`
    bool compact = false;     // rows of one line, with the kind only where there is room for it
};
// line: height of a line of small text.
SyncParts sync_parts(Rect content, float line);

// One column from the top of its area, below the sentences of so high circles: the table, then the graph, whole or out of sight
// where there is no room for it; where there is a circle, the graph that shows it comes first.
struct SyncColumn {
    float table_y = 0, graph_y = 0, graph_height = 0, height = 0;
};
// room: the height that is seen.
SyncColumn sync_column(float cycles, float table, float room, float line);

struct SyncRow {
    std::size_t object = 0;  // index into Snapshot::sync
    Rect box, name, kind, holders, waiters;
};
struct SyncTable {
    Rect heads[3];  // object, held by, waiting
    std::vector<SyncRow> rows;
    float height = 0;
};
SyncTable sync_table(std::size_t objects, Rect area, float line, bool compact);

struct SyncNode {
    model::Number thread = model::kNobody;  // kNobody: an object
    std::size_t object = 0;
    Rect box;
};
struct SyncEdge {
    model::Number thread = model::kNobody;
    std::size_t object = 0;
    bool waits = false;  // from the thread to the object; else the object is held by the thread
    bool in_cycle = false;
    Vec2 from, to;
};
struct SyncGraph {
    std::vector<SyncNode> threads, objects;
    std::vector<SyncEdge> edges;
};
// All living threads and all objects while they are few, so that they keep their places from step to step; else those that
// hold something or wait. Never more than fit.
SyncGraph sync_graph(const model::Snapshot& snapshot, Rect area, float line);

}  // namespace heddle::layout
