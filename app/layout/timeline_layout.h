// Where each lane, bar, tick and wake arrow of the timeline goes. Pure: a TimelineView, a span and a size give rectangles;
// called by the timeline panel once a frame. Reads the run through TimelineView's indexed queries only, so its cost follows the
// pixels.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "app/canvas/geometry.h"
#include "app/layout/axis.h"
#include "core/model/snapshot.h"

namespace heddle::layout {

// Real time, or one step per event: threads are faster than eyes, and a microsecond full of events is as wide as a second of
// none.
enum class TimeScale : std::uint8_t { kTime, kEvents };

// The event log as a clock: which events had happened at an instant. Needed by the event scale only.
struct EventClock {
    std::uint64_t count = 0;
    std::function<std::uint64_t(Nanoseconds)> index_at;  // first event at or after
    std::function<Nanoseconds(std::uint64_t)> time_of;   // index < count
};

struct TimelineMetrics {
    float label_width = 112, lane_height = 24, lane_gap = 8, axis_height = 24, top = 4;
    TimelineMetrics scaled(float by) const {
        return {label_width * by, lane_height * by, lane_gap * by, axis_height * by, top * by};
    }
};

struct LaneRow {
    std::size_t lane = 0;  // index into TimelineView::lanes()
    model::LaneInfo info;
    Rect label, track;
};

struct LaneRows {
    Rect lanes, axis;           // the scrolled part, and the strip below it
    std::vector<LaneRow> rows;  // those that can be seen as a whole
    float content_height = 0;   // of all lanes; more than lanes.h: it scrolls
};

struct BarBox {
    Rect box;
    std::size_t row = 0;
    std::int32_t what = 0;
    model::Cause cause = model::Cause::kNone;
    bool merged = false;
    float coverage = 1;
    std::uint64_t event = 0;
    Nanoseconds start{}, end{};
};

struct TickMark {
    float x = 0;
    std::uint32_t count = 1;
    std::uint64_t event = 0;
};

struct ArrowLine {
    Vec2 from, to;  // from the middle of the waker's lane; a waker outside of the lab has none, its arrow comes from just above
    model::WakeArrow wake;
};

// Threads first, then CPUs with a wider gap between the two. scroll: pixels of content above the top.
LaneRows lane_rows(const std::vector<model::LaneInfo>& lanes, Rect area, const TimelineMetrics& metrics, float scroll);

// A view with its axis; `positions` of the axis are nanoseconds or event indices by `scale`.
struct TimelineWindow {
    const model::TimelineView* view = nullptr;
    const EventClock* events = nullptr;
    TimeScale scale = TimeScale::kTime;
    Axis axis;

    std::int64_t position_of(Nanoseconds time, std::uint64_t event) const;
    Nanoseconds time_at(std::int64_t position) const;
    Span limits() const;  // the whole run
};

// Appends the bars of one row. They touch, never overlap, and each covers at least the pixel it begins in.
void lane_bars(const TimelineWindow& window, const LaneRow& row, std::size_t row_index, std::vector<BarBox>& out);
void lane_ticks(const TimelineWindow& window, const LaneRow& row, std::vector<TickMark>& out);
// Arrows between visible rows, at most one per `spacing` pixels.
std::vector<ArrowLine> wake_lines(const TimelineWindow& window, const LaneRows& rows, float spacing);

// The bar under a point, or nothing.
std::optional<std::size_t> bar_at(const std::vector<BarBox>& bars, Vec2 point);

}  // namespace heddle::layout
