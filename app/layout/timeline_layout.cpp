#include "app/layout/timeline_layout.h"

#include <algorithm>
#include <cmath>

namespace heddle::layout {
namespace {

// Event by event, the timeline is asked piece by piece: within a piece time is nearly even, so that merging by time, which is
// all that a TimelineView knows, merges events of the same pixels.
constexpr float kPieceWidth = 24;
constexpr int kPixelsOfFew = 96;

struct Piece {
    Nanoseconds from, to;
    int pixels;
};

std::vector<Piece> pieces(const TimelineWindow& window) {
    const Axis& axis = window.axis;
    if (axis.span.length() <= 0 || axis.width < 1) return {};
    if (window.scale == TimeScale::kTime) {
        return {{Nanoseconds(axis.span.from), Nanoseconds(axis.span.to), std::max(1, static_cast<int>(axis.width))}};
    }
    std::vector<Piece> result;
    const auto count =
        std::max<std::int64_t>(1, std::min<std::int64_t>(std::lround(axis.width / kPieceWidth), axis.span.length()));
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t from = axis.span.from + axis.span.length() * i / count;
        const std::int64_t to = axis.span.from + axis.span.length() * (i + 1) / count;
        const Nanoseconds start = window.time_at(from), end = window.time_at(to);
        if (end <= start) continue;
        // A few events may lie anywhere in their piece's time; many are spread well enough for its own pixels.
        const bool few = to - from <= static_cast<std::int64_t>(kPieceWidth);
        result.push_back({start, end, few ? kPixelsOfFew : static_cast<int>(kPieceWidth)});
    }
    return result;
}

float clamped_x(const TimelineWindow& window, std::int64_t position) {
    const Axis& axis = window.axis;
    return std::clamp(std::round(axis.to_x(position)), axis.x, axis.x + axis.width);
}

// Two answers of neighbouring pieces may be one interval.
bool continues(const BarBox& last, const model::Bar& bar) {
    return !last.merged && !bar.merged && last.event == bar.event && last.what == bar.what;
}

// An interval shorter than a pixel takes the pixel it begins in, unless the bar before it has it already: pushing bars aside
// would move all that follow.
void place(std::vector<BarBox>& out, std::size_t first, BarBox bar, float x0, float x1, float right) {
    x0 = std::min(x0, right - 1);
    x1 = std::max(x1, x0 + 1);
    if (out.size() > first) x0 = std::max(x0, out.back().box.right());
    if (x1 <= x0) return;
    bar.box.x = x0, bar.box.w = x1 - x0;
    out.push_back(bar);
}

}  // namespace

std::int64_t TimelineWindow::position_of(Nanoseconds time, std::uint64_t event) const {
    return scale == TimeScale::kTime ? time.count() : static_cast<std::int64_t>(event);
}

Nanoseconds TimelineWindow::time_at(std::int64_t position) const {
    if (scale == TimeScale::kTime || !events || events->count == 0) return Nanoseconds(position);
    if (position >= static_cast<std::int64_t>(events->count)) return events->time_of(events->count - 1) + Nanoseconds(1);
    return events->time_of(static_cast<std::uint64_t>(std::max<std::int64_t>(0, position)));
}

Span TimelineWindow::limits() const {
    if (scale == TimeScale::kEvents)
        return {0, static_cast<std::int64_t>(events ? std::max<std::uint64_t>(1, events->count) : 1)};
    const std::int64_t from = view->start().count();
    return {from, std::max(view->end().count(), from + 1000)};
}

LaneRows lane_rows(const std::vector<model::LaneInfo>& lanes, Rect area, const TimelineMetrics& metrics, float scroll) {
    LaneRows result;
    result.axis = area.take_bottom(metrics.axis_height);
    result.lanes = area;
    float y = area.y + metrics.top - scroll;
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        if (i > 0 && lanes[i].kind != lanes[i - 1].kind) y += metrics.lane_gap;
        const Rect row{area.x, y, area.w, metrics.lane_height};
        if (row.y >= area.y - 0.5f && row.bottom() <= area.bottom() + 0.5f) {
            Rect track = row;
            const Rect label = track.take_left(metrics.label_width);
            result.rows.push_back({i, lanes[i], label, track});
        }
        y += metrics.lane_height + metrics.lane_gap;
    }
    result.content_height = lanes.empty() ? 0 : y - metrics.lane_gap + scroll - area.y;
    return result;
}

void lane_bars(const TimelineWindow& window, const LaneRow& row, std::size_t row_index, std::vector<BarBox>& out) {
    const std::size_t first = out.size();
    const float right = window.axis.x + window.axis.width;
    const bool by_event = window.scale == TimeScale::kEvents;
    std::vector<model::Bar> bars;
    for (const Piece& piece : pieces(window)) {
        window.view->bars(row.lane, piece.from, piece.to, piece.pixels, bars);
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const model::Bar& bar = bars[i];
            const Nanoseconds start = std::max(bar.start, piece.from), end = std::min(bar.end, piece.to);
            if (end <= start) continue;
            // The event that began a bar is known; looking others up by their time costs a search.
            const auto begin_of = [&](const model::Bar& at) {
                return window.position_of(start, !by_event                ? 0
                                                 : at.start >= piece.from ? at.event
                                                                          : window.events->index_at(piece.from));
            };
            const bool touches = i + 1 < bars.size() && bars[i + 1].start == bar.end;
            const std::int64_t to = !by_event ? end.count()
                                    : touches ? static_cast<std::int64_t>(bars[i + 1].event)
                                              : static_cast<std::int64_t>(window.events->index_at(end));
            const float x0 = clamped_x(window, begin_of(bar)), x1 = clamped_x(window, to);
            if (out.size() > first && continues(out.back(), bar)) {
                out.back().box.w = std::max(out.back().box.w, x1 - out.back().box.x);
                out.back().end = bar.end;
                continue;
            }
            const BarBox box{{0, row.track.y, 0, row.track.h},
                             row_index,
                             bar.what,
                             static_cast<model::Cause>(bar.cause),
                             bar.merged,
                             bar.coverage,
                             bar.event,
                             bar.start,
                             bar.end};
            place(out, first, box, x0, x1, right);
        }
    }
}

void lane_ticks(const TimelineWindow& window, const LaneRow& row, std::vector<TickMark>& out) {
    std::vector<model::Tick> ticks;
    for (const Piece& piece : pieces(window)) {
        window.view->ticks(row.lane, piece.from, piece.to, piece.pixels, ticks);
        for (const model::Tick& tick : ticks) {
            const float x = clamped_x(window, window.position_of(tick.time, tick.event));
            if (!out.empty() && std::abs(out.back().x - x) < 1)
                out.back().count += tick.count;
            else
                out.push_back({x, tick.count, tick.event});
        }
    }
}

std::vector<ArrowLine> wake_lines(const TimelineWindow& window, const LaneRows& rows, float spacing) {
    std::vector<ArrowLine> lines;
    const Axis& axis = window.axis;
    if (axis.span.length() <= 0 || axis.width < 1) return lines;
    std::vector<model::WakeArrow> arrows;
    const auto most = static_cast<std::size_t>(std::max(1.f, axis.width / spacing));
    window.view->wake_arrows(window.time_at(axis.span.from), window.time_at(axis.span.to), most, arrows);
    const auto row_of = [&](std::int32_t thread) -> const LaneRow* {
        for (const LaneRow& row : rows.rows) {
            if (row.info.kind == model::LaneKind::kThread && row.info.id == thread) return &row;
        }
        return nullptr;
    };
    float last = -spacing;
    for (const model::WakeArrow& arrow : arrows) {
        const LaneRow* to = row_of(arrow.to);
        const std::int64_t position = window.position_of(arrow.time, arrow.event);
        if (!to || !axis.span.contains(position)) continue;
        const float x = std::round(axis.to_x(position));
        if (x - last < spacing) continue;
        const LaneRow* from = row_of(arrow.from);
        if (arrow.from != model::kNobody && (!from || from == to)) continue;
        const bool above = !from || from->track.y < to->track.y;
        const float arrives = above ? to->track.y : to->track.bottom();
        const float leaves = from ? from->track.center().y : to->track.y - to->track.h / 3;
        lines.push_back({{x, leaves}, {x, arrives}, arrow});
        last = x;
    }
    return lines;
}

std::optional<std::size_t> bar_at(const std::vector<BarBox>& bars, Vec2 point) {
    for (std::size_t i = 0; i < bars.size(); ++i) {
        if (bars[i].box.contains(point)) return i;
    }
    return std::nullopt;
}

}  // namespace heddle::layout
