#include "app/layout/axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace heddle::layout {
namespace {

struct Unit {
    std::int64_t nanoseconds;
    const char* name;
};
constexpr std::array<Unit, 4> kUnits = {Unit{1, "ns"}, Unit{1'000, "µs"}, Unit{1'000'000, "ms"}, Unit{1'000'000'000, "s"}};

// The largest unit that `length` holds at least one of.
Unit unit_for(std::int64_t length) {
    Unit best = kUnits[0];
    for (const Unit& unit : kUnits) {
        if (length >= unit.nanoseconds) best = unit;
    }
    return best;
}

// 1, 2 or 5 times a power of ten, at least `length`.
std::int64_t round_step(double length) {
    double power = 1;
    while (power * 10 <= length) power *= 10;
    for (const double multiple : {1.0, 2.0, 5.0}) {
        if (power * multiple >= length) return static_cast<std::int64_t>(power * multiple);
    }
    return static_cast<std::int64_t>(power * 10);
}

std::string printed(const char* format, int decimals, double value) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, decimals, value);
    return text.data();
}

std::string without_trailing_zeros(std::string number) {
    if (number.find('.') == std::string::npos) return number;
    while (number.back() == '0') number.pop_back();
    if (number.back() == '.') number.pop_back();
    return number;
}

// "1,234,567"
std::string count_text(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, ",");
    }
    return digits;
}

std::int64_t step_of(const Axis& axis, float min_spacing) {
    const double wanted = static_cast<double>(axis.span.length()) * min_spacing / std::max(1.f, axis.width);
    return round_step(std::max(1.0, wanted));
}

// The first multiple of step, counted from origin, that is not left of the span.
std::int64_t first_tick(const Span& span, std::int64_t origin, std::int64_t step) {
    const std::int64_t offset = span.from - origin;
    std::int64_t multiple = offset / step * step;
    if (multiple < offset) multiple += step;
    return origin + multiple;
}

}  // namespace

float Axis::to_x(std::int64_t position) const {
    if (span.length() <= 0) return x;
    const double part = static_cast<double>(position - span.from) / static_cast<double>(span.length());
    return x + static_cast<float>(part * static_cast<double>(width));
}

std::int64_t Axis::from_x(float at) const {
    if (width <= 0) return span.from;
    const double part = std::clamp(static_cast<double>((at - x) / width), 0.0, 1.0);
    return span.from + static_cast<std::int64_t>(std::llround(part * static_cast<double>(span.length())));
}

Span zoomed(Span span, std::int64_t anchor, double factor, Span limits, std::int64_t shortest) {
    const auto whole = std::max<std::int64_t>(limits.length(), shortest);
    const double wanted = static_cast<double>(span.length()) * factor;
    const auto length = std::clamp<std::int64_t>(std::llround(wanted), std::min(shortest, whole), whole);
    anchor = std::clamp(anchor, span.from, span.to);
    const double part = span.length() > 0 ? static_cast<double>(anchor - span.from) / static_cast<double>(span.length()) : 0.5;
    const std::int64_t from = anchor - std::llround(part * static_cast<double>(length));
    return panned({from, from + length}, 0, limits);
}

Span panned(Span span, std::int64_t by, Span limits) {
    const std::int64_t length = span.length();
    const std::int64_t last = std::max(limits.from, limits.to - length);
    const std::int64_t from = std::clamp(span.from + by, limits.from, last);
    return {from, from + length};
}

Span following(Span span, std::int64_t position, Span limits) {
    if (span.contains(position) || position == span.to) return span;
    const std::int64_t quarter = span.length() / 4;
    const std::int64_t from = position < span.from ? position - quarter : position - (span.length() - quarter);
    return panned({from, from + span.length()}, 0, limits);
}

AxisLabels time_ticks(const Axis& axis, std::int64_t origin, float min_spacing) {
    AxisLabels labels;
    if (axis.span.length() <= 0 || axis.width <= 0) return labels;
    const std::int64_t step = step_of(axis, min_spacing);
    Unit unit = unit_for(step);
    std::int64_t zero = origin;
    // A label of many digits says little: count from a round instant at the left edge instead.
    const std::int64_t largest = std::max(std::abs(axis.span.from - origin), std::abs(axis.span.to - origin));
    const bool offsets = largest / unit.nanoseconds >= 100'000;
    // "1.5 ms" reads better than "1500 µs"; more than one decimal does not.
    const bool decimal = !offsets && largest >= unit.nanoseconds * 1000 && step * 10 >= unit.nanoseconds * 1000;
    if (decimal) unit = unit_for(unit.nanoseconds * 1000);
    if (offsets) {
        zero = first_tick(axis.span, origin, step);
        labels.base = instant_text(Nanoseconds(zero - origin));
    }
    for (std::int64_t at = first_tick(axis.span, zero, step); at < axis.span.to; at += step) {
        const double value = static_cast<double>(at - zero) / static_cast<double>(unit.nanoseconds);
        std::string label =
            (offsets ? "+" : "") + without_trailing_zeros(printed("%.*f", decimal ? 1 : 0, value)) + " " + unit.name;
        labels.ticks.push_back({at, axis.to_x(at), std::move(label)});
    }
    return labels;
}

AxisLabels event_ticks(const Axis& axis, float min_spacing) {
    AxisLabels labels;
    if (axis.span.length() <= 0 || axis.width <= 0) return labels;
    const std::int64_t step = step_of(axis, min_spacing);
    for (std::int64_t at = first_tick(axis.span, 0, step); at < axis.span.to; at += step) {
        labels.ticks.push_back({at, axis.to_x(at), count_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, at)))});
    }
    return labels;
}

std::string instant_text(Nanoseconds since_start) {
    const std::int64_t count = since_start.count();
    const Unit unit = unit_for(std::abs(count));
    const int decimals = unit.nanoseconds == 1 ? 0 : unit.nanoseconds == 1'000 ? 3 : unit.nanoseconds == 1'000'000 ? 6 : 9;
    const double value = static_cast<double>(count) / static_cast<double>(unit.nanoseconds);
    return without_trailing_zeros(printed("%.*f", decimals, value)) + " " + unit.name;
}

}  // namespace heddle::layout
