// The horizontal axis of the timeline: which part of the run is shown, where an instant lies, how it is labelled, and what zoom
// and pan make of it. Pure values, called by the timeline's layout and panel while drawing. Never reads the run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/clock.h"

namespace heddle::layout {

// A half-open part of the run, in the unit of the axis: nanoseconds, or event indices.
struct Span {
    std::int64_t from = 0, to = 0;
    constexpr bool operator==(const Span&) const = default;
    constexpr std::int64_t length() const { return to - from; }
    constexpr bool contains(std::int64_t at) const { return at >= from && at < to; }
};

struct Axis {
    Span span;
    float x = 0, width = 0;

    float to_x(std::int64_t position) const;
    std::int64_t from_x(float at) const;  // clamped to the span
};

// Keeps what lies at `anchor` in place; factor < 1 zooms in. The result lies within `limits` and is never shorter than
// `shortest`.
Span zoomed(Span span, std::int64_t anchor, double factor, Span limits, std::int64_t shortest);
// Moved as a whole, as far as `limits` let it.
Span panned(Span span, std::int64_t by, Span limits);
// The span itself while `position` is in it, else one of the same length that shows it a quarter in from the edge it left by.
Span following(Span span, std::int64_t position, Span limits);

struct AxisTick {
    std::int64_t position = 0;
    float x = 0;
    std::string label;
};

struct AxisLabels {
    std::vector<AxisTick> ticks;
    std::string base;  // not empty: labels are offsets from this instant ("3.2 s")
};

// Ticks at round values, at least min_spacing pixels apart. Labels count from `origin` with one unit: "0 µs", "20 µs".
AxisLabels time_ticks(const Axis& axis, std::int64_t origin, float min_spacing);
// The same over event indices: "0", "200", "400".
AxisLabels event_ticks(const Axis& axis, float min_spacing);

// The instant in the unit its precision asks for: "61.532 µs".
std::string instant_text(Nanoseconds since_start);

}  // namespace heddle::layout
