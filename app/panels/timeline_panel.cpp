#include "app/panels/timeline_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/timeline_header.h"
#include "app/panels/timeline_paint.h"
#include "app/panels/timeline_tip.h"

namespace heddle::panels {
namespace {

using layout::Span;
using layout::TimeScale;

constexpr double kZoomStep = 0.8;
constexpr float kLeastGap = 4;
constexpr std::int64_t kShortestTime = 200, kShortestEvents = 8;

// Growing live, the axis grows in steps rather than with every event: nothing slides while one looks at it.
Span fit_span(Span limits, bool growing) {
    if (!growing) return limits;
    std::int64_t length = 10;
    for (int digit = 0; length < limits.length() && length < std::int64_t{1} << 60; ++digit)
        length = digit % 3 == 1 ? length / 2 * 5 : length * 2;
    return {limits.from, limits.from + length};
}

// That still shows the letter of its state.
float least_lane(const Theme& theme) {
    return std::ceil(theme.size.small * 1.25F);
}

// Before an audience that steps, the lanes and what the step does are dearer than buttons that have keys.
bool has_header(const Theme& theme, bool stepping) {
    return !theme.presenter || !stepping;
}

class TimelineFrame {
public:
    TimelineFrame(const model::Snapshot& snapshot, TimelineState& state, Context& context, Rect rect)
        : snapshot_(snapshot), state_(state), context_(context), rect_(rect) {
        events_.count = snapshot.log.size();
        events_.index_at = [&log = snapshot.log](Nanoseconds time) { return log.first_at_or_after(time); };
        events_.time_of = [&log = snapshot.log](std::uint64_t index) { return log.time(index); };
        window_.view = snapshot.timeline.get();
        window_.events = &events_;
        window_.scale = state.scale;
    }

    void draw() {
        const Theme& theme = context_.theme();
        context_.canvas().fill(rect_, theme.color.panel);
        context_.canvas().hline(rect_.x, rect_.right(), rect_.y, theme.color.border);
        Rect content = rect_.inset(theme.size.pad, theme.size.pad_small);
        Rect header;
        if (has_header(theme, snapshot_.step.has_value()))
            header = content.take_top(theme.size.control_small + 8, theme.size.gap_small);
        const bool empty = !snapshot_.timeline || snapshot_.timeline->lanes().empty();
        if (!empty) lay_out(content);
        if (!header.empty()) draw_header(header, empty);
        if (empty) {
            if (!draw_empty(context_, snapshot_, content))
                widgets::empty_note(context_.ui, content, context_.tr("timeline.empty"));
            return;
        }
        react();
        draw_lanes();
        draw_axis();
        draw_playhead();
    }

private:
    void lay_out(Rect content) {
        const Theme& theme = context_.theme();
        layout::TimelineMetrics metrics;
        metrics = metrics.scaled(context_.scale());
        metrics.lane_height = theme.size.lane, metrics.lane_gap = theme.size.lane_gap;
        rows_ = layout::lane_rows(window_.view->lanes(), content, metrics, 0);
        if (rows_.content_height > rows_.lanes.h) {
            const float least = least_lane(theme), by = std::min(1.f, rows_.lanes.h / rows_.content_height);
            metrics.lane_height = std::max(least, std::floor(metrics.lane_height * by));
            metrics.lane_gap = std::max(kLeastGap, std::floor(metrics.lane_gap * by));
            rows_ = layout::lane_rows(window_.view->lanes(), content, metrics, 0);
        }
        // By whole lanes: a lane that is cut through says nothing.
        const float step = metrics.lane_height + metrics.lane_gap, most = std::max(0.f, rows_.content_height - rows_.lanes.h);
        state_.scroll = std::clamp(std::round(state_.scroll / step) * step, 0.f, std::ceil(most / step) * step);
        if (state_.scroll > 0) rows_ = layout::lane_rows(window_.view->lanes(), content, metrics, state_.scroll);
        tracks_ = rows_.lanes;
        labels_ = tracks_.take_left(metrics.label_width);
        limits_ = window_.limits();
        const bool growing = snapshot_.status == model::RunStatus::kRunning;
        whole_ = fit_span(limits_, growing);
        Span shown = state_.span().value_or(whole_);
        shown = layout::zoomed(shown, shown.from, 1, whole_, shortest());
        if (state_.span() && state_.drag == TimelineState::Drag::kNone && (snapshot_.playing || snapshot_.following)) {
            shown = layout::following(shown, playhead(), whole_);
        }
        set_span(shown);
    }

    std::int64_t shortest() const { return state_.scale == TimeScale::kTime ? kShortestTime : kShortestEvents; }

    void set_span(Span span) {
        if (state_.span() || span != whole_) state_.span() = span;
        if (span == whole_) state_.span().reset();
        window_.axis = {span, tracks_.x, tracks_.w};
    }

    std::int64_t playhead() const {
        return state_.scale == TimeScale::kTime ? snapshot_.playhead_time.count()
                                                : static_cast<std::int64_t>(snapshot_.playhead);
    }

    void zoom(std::int64_t anchor, double factor) {
        set_span(layout::zoomed(window_.axis.span, anchor, factor, whole_, shortest()));
    }

    // A zoom by key or button keeps the playhead in place, as that is what one looks at.
    std::int64_t middle() const {
        const Span span = window_.axis.span;
        return span.contains(playhead()) ? playhead() : span.from + span.length() / 2;
    }

    void draw_header(Rect header, bool empty) {
        switch (draw_timeline_header(context_, snapshot_, state_, header, empty ? std::string() : range_text(), empty)) {
            case HeaderWish::kNone:
                return;
            case HeaderWish::kFit:
                return set_span(whole_);
            case HeaderWish::kZoomIn:
                return zoom(middle(), kZoomStep * kZoomStep);
            case HeaderWish::kZoomOut:
                return zoom(middle(), 1 / kZoomStep / kZoomStep);
        }
    }

    std::string range_text() const {
        const Span span = window_.axis.span;
        if (state_.scale == TimeScale::kEvents) {
            return context_.tr("timeline.range_events", {{"from", Texts::number(static_cast<long long>(span.from))},
                                                         {"to", Texts::number(static_cast<long long>(span.to))}});
        }
        const std::int64_t start = window_.view->start().count();
        return context_.tr("timeline.range_time",
                           {{"from", span.from == start ? "0" : Texts::duration(Nanoseconds(span.from - start))},
                            {"to", Texts::duration(Nanoseconds(span.to - start))}});
    }

    void react() {
        widgets::Ui& ui = context_.ui;
        const Input& input = ui.input();
        const Rect area{tracks_.x, tracks_.y, tracks_.w, rows_.axis.bottom() - tracks_.y};
        const widgets::Response response = ui.interact("timeline.tracks", area, false);
        if (ui.key(Key::kPlus)) zoom(middle(), kZoomStep * kZoomStep);
        if (ui.key(Key::kMinus)) zoom(middle(), 1 / kZoomStep / kZoomStep);
        if (ui.key(Key::k0)) set_span(whole_);
        if (labels_.contains(input.pointer)) state_.scroll -= input.wheel.y * context_.theme().size.lane;
        if (response.hovered && !response.held) wheel(input);
        if (response.held && input.pressed) begin_drag(input);
        if (state_.drag == TimelineState::Drag::kNone) return;
        drag(input);
        if (!input.down) {
            if (!state_.moved) seek(input.pointer.x);
            state_.drag = TimelineState::Drag::kNone;
        }
    }

    void wheel(const Input& input) {
        const float along = input.shift ? input.wheel.y : input.wheel.x;
        if (along != 0) {
            const auto by = static_cast<std::int64_t>(-along * 0.1 * static_cast<double>(window_.axis.span.length()));
            set_span(layout::panned(window_.axis.span, by, whole_));
        } else if (input.wheel.y != 0) {
            zoom(window_.axis.from_x(input.pointer.x), std::pow(kZoomStep, input.wheel.y));
        }
    }

    void begin_drag(const Input& input) {
        const bool on_playhead = std::abs(input.pointer.x - window_.axis.to_x(playhead())) < 9 * context_.scale();
        const bool on_axis = input.pointer.y >= rows_.axis.y;
        state_.drag = on_playhead || on_axis ? TimelineState::Drag::kScrub : TimelineState::Drag::kPan;
        state_.moved = false;
        state_.drag_start = input.pointer;
        state_.drag_span = window_.axis.span;
    }

    void drag(const Input& input) {
        const Vec2 moved = input.pointer - state_.drag_start;
        if (std::abs(moved.x) + std::abs(moved.y) > 4) state_.moved = true;
        if (!state_.moved) return;
        if (state_.drag == TimelineState::Drag::kScrub) return seek(input.pointer.x);
        const double per_pixel = static_cast<double>(state_.drag_span.length()) / std::max(1.f, tracks_.w);
        set_span(layout::panned(state_.drag_span, std::llround(-static_cast<double>(moved.x) * per_pixel), whole_));
    }

    void seek(float x) {
        const std::int64_t position = std::clamp(window_.axis.from_x(x), limits_.from, limits_.to);
        if (position == playhead()) return;
        if (state_.scale == TimeScale::kTime)
            context_.commands.push_back(model::SeekTime{Nanoseconds(position)});
        else
            context_.commands.push_back(model::SeekEvent{static_cast<std::uint64_t>(position)});
    }

    void draw_lanes() {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        canvas.push_clip(rows_.lanes);
        for (const layout::LaneRow& row : rows_.rows) {
            paint_lane_label(context_, snapshot_, row);
            canvas.tag("timeline.lane." + std::to_string(row.lane), row.track);
        }
        if (rows_.content_height > rows_.lanes.h) {
            const float part = rows_.lanes.h / rows_.content_height;
            const float y = rows_.lanes.y + state_.scroll / rows_.content_height * rows_.lanes.h;
            canvas.fill({labels_.right() - 8, y, 3, rows_.lanes.h * part}, theme.color.border_strong, 1.5f);
        }
        canvas.push_clip(tracks_);
        draw_grid();
        std::vector<layout::BarBox> bars;
        for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
            const std::size_t first = bars.size();
            layout::lane_bars(window_, rows_.rows[i], i, bars);
            paint_lane(context_, rows_.rows[i], bars, first);
            if (rows_.rows[i].info.kind != model::LaneKind::kThread) continue;
            std::vector<layout::TickMark> ticks;
            layout::lane_ticks(window_, rows_.rows[i], ticks);
            paint_ticks(context_, rows_.rows[i], ticks);
        }
        paint_arrows(context_, layout::wake_lines(window_, rows_, 14 * context_.scale()));
        draw_future();
        hover(bars);
        canvas.pop_clip();
        canvas.pop_clip();
    }

    layout::AxisLabels labels() const {
        const float spacing = 96 * context_.scale();
        return state_.scale == TimeScale::kTime ? layout::time_ticks(window_.axis, window_.view->start().count(), spacing)
                                                : layout::event_ticks(window_.axis, spacing);
    }

    void draw_grid() {
        for (const layout::AxisTick& tick : labels().ticks) {
            context_.canvas().vline(std::round(tick.x), tracks_.y, tracks_.bottom(), context_.theme().color.grid);
        }
    }

    // What lies after the playhead is paler: it has not happened yet at the instant shown.
    void draw_future() {
        const Theme& theme = context_.theme();
        const float now = window_.axis.to_x(playhead()), live = window_.axis.to_x(limits_.to);
        const float left = std::max(now, tracks_.x), right = std::min(live, tracks_.right());
        if (right > left + 1)
            context_.canvas().fill({left, tracks_.y, right - left, tracks_.h}, theme.color.panel.with_alpha(0.4f));
        if (snapshot_.status != model::RunStatus::kRunning || live > tracks_.right()) return;
        context_.canvas().dashed_line({live, tracks_.y}, {live, tracks_.bottom()}, theme.color.text_dim);
    }

    void hover(const std::vector<layout::BarBox>& bars) {
        const Input& input = context_.ui.input();
        if (context_.ui.state().hot != "timeline.tracks" || state_.drag != TimelineState::Drag::kNone) return;
        const auto found = layout::bar_at(bars, input.pointer);
        if (!found) return;
        const layout::BarBox& bar = bars[*found];
        const layout::LaneRow& row = rows_.rows[bar.row];
        if (row.info.kind == model::LaneKind::kCpu && bar.what == model::kNobody) return;
        if (bar.box.w >= 3)
            context_.canvas().stroke(bar.box, context_.theme().color.text, 1.5f, context_.theme().size.radius_bar);
        const Rect at{input.pointer.x, row.track.y, 1, row.track.h};
        context_.ui.tooltip("timeline.tracks", at, {bar_tip(context_, snapshot_, row, bar), ""});
    }

    void draw_axis() {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        canvas.hline(tracks_.x, tracks_.right(), rows_.axis.y, theme.color.border);
        const layout::AxisLabels marks = labels();
        const canvas::TextStyle style = theme.code_dim().at(canvas::Align::kCenter);
        for (const layout::AxisTick& tick : marks.ticks) {
            const float width = canvas.measure(tick.label, style);
            const float x = std::clamp(tick.x, tracks_.x + width / 2, tracks_.right() - width / 2);
            canvas.vline(std::round(tick.x), rows_.axis.y, rows_.axis.y + 4, theme.color.border_strong);
            const Rect box{x - width / 2, rows_.axis.y + 5, width, rows_.axis.h - 5};
            if (!playhead_label_box().overlaps(box)) canvas.text(box, tick.label, style, canvas::Fit::kOverflow);
        }
        if (marks.base.empty()) return;
        const Rect box{labels_.x, rows_.axis.y + 5, labels_.w - 8, rows_.axis.h - 5};
        canvas.text(box, context_.tr("timeline.base", {{"instant", marks.base}}), theme.dim().at(canvas::Align::kRight));
    }

    std::string playhead_label() const {
        if (state_.scale == TimeScale::kEvents) return Texts::number(static_cast<long long>(snapshot_.playhead));
        return Texts::duration(snapshot_.playhead_time - window_.view->start());
    }

    bool playhead_shown() const {
        const Span span = window_.axis.span;
        return playhead() >= span.from && playhead() <= span.to;
    }

    Rect playhead_label_box() const {
        if (!playhead_shown()) return {};
        const float width = context_.canvas().measure(playhead_label(), context_.theme().code_small()) + 24;
        const float x = window_.axis.to_x(playhead());
        const float left = std::clamp(x - width / 2, tracks_.x, std::max(tracks_.x, tracks_.right() - width));
        return {left, rows_.axis.y, width, rows_.axis.h};
    }

    void draw_playhead() {
        if (!playhead_shown()) return;
        const float x = window_.axis.to_x(playhead());
        const bool held = state_.drag == TimelineState::Drag::kScrub;
        context_.canvas().tag("timeline.playhead", {x - 8, tracks_.y - 8, 16, tracks_.h});
        paint_playhead(context_, x, tracks_.y, rows_.axis.bottom(), playhead_label(), window_.axis, held);
    }

    const model::Snapshot& snapshot_;
    TimelineState& state_;
    Context& context_;
    Rect rect_, labels_, tracks_;
    layout::EventClock events_;
    layout::TimelineWindow window_;
    layout::LaneRows rows_;
    Span limits_, whole_;
};

}  // namespace

float least_timeline_height(const Theme& theme, std::size_t lanes, bool stepping) {
    const layout::TimelineMetrics metrics = layout::TimelineMetrics{}.scaled(theme.size.small / 13);
    const float header = has_header(theme, stepping) ? theme.size.control_small + 8 + theme.size.gap_small : 0;
    const float around = 2 * theme.size.pad_small + header;
    // Threads and CPUs stand a gap apart.
    const float inside = metrics.top + metrics.axis_height + kLeastGap;
    return std::ceil(around + inside + static_cast<float>(lanes) * (least_lane(theme) + kLeastGap));
}

void draw_timeline(const model::Snapshot& snapshot, TimelineState& state, Context& context, Rect rect) {
    TimelineFrame(snapshot, state, context, rect).draw();
}

}  // namespace heddle::panels
