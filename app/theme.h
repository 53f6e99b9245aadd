// Theme: every colour, size and radius of the program, for dark, light and print. A plain value, chosen by the shell and
// handed to panels; nothing else names a colour. tests/app/theme holds it to WCAG 2.1 contrast and to colour-blind eyes.
// One meaning for each channel: hue and shape say which thread, texture and letter say which state, red says error.
#pragma once

#include <array>
#include <string>

#include "app/canvas/canvas.h"
#include "app/canvas/symbols.h"

namespace heddle {

enum class ThemeKind : std::uint8_t { kDark, kLight, kPrint };

// A thread's own look, by its number (T1 is number 1); after eight, hues repeat with other shapes.
struct ThreadLook {
    Color fill;     // bars, markers: at least 3:1 on every surface
    Color on_fill;  // text on it, at least 4.5:1
    Color text;     // the hue as text, at least 4.5:1 on every surface
    Color tint;     // the hue as a faint background: changed values, selected lanes
    canvas::Shape shape = canvas::Shape::kCircle;
};

enum class StateLook : std::uint8_t { kNew, kReady, kRunning, kWaiting, kTerminated };
struct StateStyle {
    canvas::Pattern pattern;
    char letter;
};
constexpr StateStyle state_style(StateLook state) {
    switch (state) {
        case StateLook::kNew:
            return {canvas::Pattern::kThinLine, 'N'};
        case StateLook::kReady:
            return {canvas::Pattern::kStripes, 'R'};
        case StateLook::kRunning:
            return {canvas::Pattern::kSolid, 'X'};
        case StateLook::kWaiting:
            return {canvas::Pattern::kDots, 'W'};
        case StateLook::kTerminated:
            return {canvas::Pattern::kThinLine, 'T'};
    }
    return {canvas::Pattern::kThinLine, '?'};
}

struct Palette {
    // Surfaces, from the back to the front. Text lies on any of them.
    Color page, panel, raised, sunken, hover, selected;
    Color border, border_strong;  // decoration; and the edge of a control, at least 3:1
    Color text, text_dim;         // at least 4.5:1 on every surface; dim is for captions
    Color accent, on_accent;      // the program's own colour: selection, playhead, links
    Color accent_text, accent_tint;
    Color error, error_text, error_tint;
    Color good, good_text, good_tint;
    Color focus;  // the ring of the control that Enter would press
    Color grid, shadow, scrim;
    // Source code.
    Color code_keyword, code_type, code_number, code_string, code_comment, code_preprocessor;
};

// Logical pixels, multiples of 8 (4 inside of controls). Presenter sizes are what a lecture hall reads from the back row.
struct Metrics {
    float grid = 8, gap = 16, gap_small = 8, pad = 16, pad_small = 8;
    float radius = 6, radius_small = 4, radius_bar = 3;
    float row = 32, control = 32, control_small = 24, tab = 40, icon = 18;
    float lane = 28, lane_gap = 8;
    float rail = 240, rail_collapsed = 56, top_bar = 56, lesson = 344, timeline = 248;
    float small = 13, body = 15, large = 18, title = 24;  // em sizes
    std::array<float, 4> font_sizes() const { return {small, body, large, title}; }
};

struct Theme {
    ThemeKind kind = ThemeKind::kDark;
    Palette color;
    Metrics size;
    std::array<ThreadLook, canvas::kShapeCount> threads;
    bool presenter = false;
    bool reduce_motion = false;

    const ThreadLook& thread(int number) const;  // 1 is T1; 0 and less give the main thread's look, the first
    canvas::Shape thread_shape(int number) const;

    canvas::TextStyle small() const { return {size.small, color.text}; }
    canvas::TextStyle dim() const { return {size.small, color.text_dim}; }
    canvas::TextStyle body() const { return {size.body, color.text}; }
    canvas::TextStyle strong() const { return body().strong(); }
    canvas::TextStyle large() const { return {size.large, color.text}; }
    canvas::TextStyle title() const { return {size.title, color.text, canvas::Family::kSans, true}; }
    canvas::TextStyle code() const { return {size.body, color.text, canvas::Family::kMono}; }
    canvas::TextStyle code_small() const { return {size.small, color.text, canvas::Family::kMono}; }
    canvas::TextStyle code_dim() const { return {size.small, color.text_dim, canvas::Family::kMono}; }
};

Theme make_theme(ThemeKind kind, bool presenter = false);

// A state's bar in the thread's hue with its letter where there is room: the same everywhere in the program.
void draw_state(canvas::Canvas& canvas, const Theme& theme, Rect bar, StateLook state, const ThreadLook& thread);
// "● T1": the thread's shape and name, vertically centred; returns the width used.
float draw_thread_name(canvas::Canvas& canvas, const Theme& theme, Rect box, int number, std::string_view name);

// WCAG 2.1, 1.4.3: 1 (none) to 21 (black on white), of opaque colours.
double contrast(Color a, Color b);

}  // namespace heddle
