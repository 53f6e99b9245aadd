#include "app/layout/sync_layout.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace heddle::layout {
namespace {

constexpr std::size_t kFew = 8;

bool contains(const std::vector<model::Number>& threads, model::Number thread) {
    return std::find(threads.begin(), threads.end(), thread) != threads.end();
}

bool matters(const model::SyncView& object) {
    return !object.waiters.empty() || !object.holders.empty();
}

std::vector<model::Number> shown_threads(const model::Snapshot& snapshot, const std::vector<std::size_t>& objects,
                                         std::size_t most) {
    std::set<model::Number> involved;
    for (const std::size_t object : objects) {
        involved.insert(snapshot.sync[object].waiters.begin(), snapshot.sync[object].waiters.end());
        involved.insert(snapshot.sync[object].holders.begin(), snapshot.sync[object].holders.end());
    }
    std::vector<model::Number> living;
    for (const model::ThreadView& thread : snapshot.threads)
        if (thread.state != model::ThreadState::kTerminated) living.push_back(thread.number);
    if (living.size() > std::min(kFew, most)) living.assign(involved.begin(), involved.end());
    if (living.size() > most) living.resize(most);
    return living;
}

std::vector<std::size_t> shown_objects(const model::Snapshot& snapshot, std::size_t most) {
    std::vector<std::size_t> all, some;
    for (std::size_t i = 0; i < snapshot.sync.size(); ++i) {
        all.push_back(i);
        if (matters(snapshot.sync[i])) some.push_back(i);
    }
    if (all.size() <= std::min(kFew, most)) return all;
    if (some.size() <= most) return some;
    // Of too many, those of a circle first, then those that somebody waits for.
    std::stable_sort(some.begin(), some.end(), [&](std::size_t a, std::size_t b) {
        const auto rank = [&](std::size_t i) {
            return snapshot.sync[i].in_cycle ? 0 : snapshot.sync[i].waiters.empty() ? 2 : 1;
        };
        return rank(a) < rank(b);
    });
    some.resize(most);
    std::sort(some.begin(), some.end());
    return some;
}

Rect column(Rect row, std::size_t index, std::size_t count, float most_width) {
    const float pitch = row.w / static_cast<float>(std::max<std::size_t>(1, count)), width = std::min(pitch - 8, most_width);
    return {row.x + pitch * (static_cast<float>(index) + 0.5f) - width / 2, row.y, width, row.h};
}

bool step_of_cycle(const model::Snapshot& snapshot, const SyncEdge& edge) {
    for (const model::WaitCycleView& cycle : snapshot.wait_cycles) {
        for (std::size_t i = 0; i < cycle.steps.size(); ++i) {
            if (cycle.steps[i].object != edge.object) continue;
            const auto& next = cycle.steps[(i + 1) % cycle.steps.size()];
            if (edge.thread == (edge.waits ? cycle.steps[i].thread : next.thread)) return true;
        }
    }
    return false;
}

}  // namespace

SyncParts sync_parts(Rect content, float line) {
    SyncParts parts;
    constexpr float kSideBySide = 34, kFull = 24, kTall = 19, kGraph = 8;  // in lines
    parts.compact = content.w < line * kFull;
    if (content.w >= line * kSideBySide && content.h >= line * kGraph) {
        parts.table = content.take_left(std::round(content.w * 0.54f), line);
        parts.graph = content;
    } else if (content.h >= line * kTall) {
        parts.graph = content.take_bottom(std::round(content.h * 0.44f), line * 0.6f);
        parts.table = content;
    } else {
        parts.one_column = parts.compact = true;
        parts.table = content;
    }
    return parts;
}

SyncColumn sync_column(float cycles, float table, float room, float line) {
    constexpr float kLeastGraph = 4.4F, kGraph = 8;  // in lines
    const float gap = line * 0.6F, fold = room + gap;
    const auto fitting = [&](float left) { return left >= line * kLeastGraph ? std::min(left, line * kGraph) : 0.F; };
    SyncColumn column;
    if (const float graph = fitting(room - cycles - table - gap); graph > 0) {
        column.table_y = cycles, column.graph_y = cycles + table + gap, column.graph_height = graph;
    } else if (const float beside = fitting(room - cycles); cycles > 0 && beside > 0) {
        column.graph_y = cycles, column.graph_height = beside;
        column.table_y = std::max(fold, cycles + beside + gap);
    } else {
        column.table_y = cycles, column.graph_height = line * kGraph;
        column.graph_y = std::max(fold, cycles + table + gap);
    }
    column.height = std::max(column.table_y + table, column.graph_y + column.graph_height);
    return column;
}

SyncTable sync_table(std::size_t objects, Rect area, float line, bool compact) {
    SyncTable table;
    const float pad = line * 0.45f, gap = line * 0.25f, height = compact ? line * 1.6f : line * 2.6f;
    const float name = area.w * 0.36f, holders = area.w * 0.29f;
    const auto columns = [&](Rect row, Rect& first, Rect& second, Rect& third) {
        row = row.inset(pad, 0);
        first = row.take_left(name - pad, pad);
        second = row.take_left(holders - pad, pad);
        third = row;
    };
    Rect head{area.x, area.y, area.w, line * 1.3f};
    columns(head, table.heads[0], table.heads[1], table.heads[2]);
    float y = head.bottom() + gap;
    for (std::size_t i = 0; i < objects; ++i) {
        SyncRow row;
        row.object = i;
        row.box = {area.x, y, area.w, height};
        columns(row.box, row.name, row.holders, row.waiters);
        if (!compact) {
            Rect lines = row.name.inset(0, line * 0.25f);
            row.name = lines.take_top(lines.h / 2);
            row.kind = lines;
        }
        y = row.box.bottom() + gap;
        table.rows.push_back(row);
    }
    table.height = y - area.y;
    return table;
}

SyncGraph sync_graph(const model::Snapshot& snapshot, Rect area, float line) {
    SyncGraph graph;
    const float least = line * 3;
    const auto most = static_cast<std::size_t>(std::max(1.f, area.w / least));
    const std::vector<std::size_t> objects = shown_objects(snapshot, most);
    const std::vector<model::Number> threads = shown_threads(snapshot, objects, most);
    const Rect above = area.take_top(line * 1.6f), below = area.take_bottom(line * 1.6f);
    for (std::size_t i = 0; i < threads.size(); ++i)
        graph.threads.push_back({threads[i], 0, column(above, i, threads.size(), line * 3.4f)});
    for (std::size_t i = 0; i < objects.size(); ++i)
        graph.objects.push_back({model::kNobody, objects[i], column(below, i, objects.size(), line * 9)});
    for (const SyncNode& object : graph.objects) {
        const model::SyncView& view = snapshot.sync[object.object];
        for (const SyncNode& thread : graph.threads) {
            const float aside = std::min(line * 0.35f, object.box.w / 4);
            const Vec2 up{thread.box.center().x, thread.box.bottom()}, down{object.box.center().x, object.box.y};
            if (contains(view.waiters, thread.thread))
                graph.edges.push_back(
                    {thread.thread, object.object, true, false, up + Vec2{-aside, 2}, down + Vec2{-aside, -2}});
            if (contains(view.holders, thread.thread))
                graph.edges.push_back(
                    {thread.thread, object.object, false, false, down + Vec2{aside, -2}, up + Vec2{aside, 2}});
        }
    }
    for (SyncEdge& edge : graph.edges) edge.in_cycle = step_of_cycle(snapshot, edge);
    return graph;
}

}  // namespace heddle::layout
