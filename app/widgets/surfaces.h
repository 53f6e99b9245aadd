// Surfaces and marks that panels put their content on: cards with a heading, badges that say how we know, scroll areas.
// Called inside of a frame, on the main thread.
#pragma once

#include <optional>
#include <string>

#include "app/widgets/ui.h"

namespace heddle::widgets {

// How a picture came about, said on every one of them.
enum class Evidence : std::uint8_t { kReal, kControlled, kSampled };
// A capsule at the right end of the box, e.g. REAL; returns its rectangle.
Rect badge(Ui& ui, std::string_view id, Rect box, Evidence evidence);
Rect capsule(Ui& ui, Rect box, std::string_view text, Color ink, canvas::Align align = canvas::Align::kRight);

struct CardSpec {
    std::string title = {};
    std::string subtitle = {};
    std::optional<Evidence> evidence = {};
    bool maximizable = false;
    bool maximized = false;
    std::optional<Color> edge = {};  // a hue or red around a card that is meant; none: the plain border
};
struct CardResult {
    Rect content;  // below the heading, inside of the padding
    bool maximize_clicked = false;
};
// The surface, its heading, its badge and its maximize button ("<id>.maximize").
CardResult card(Ui& ui, std::string_view id, Rect rect, const CardSpec& spec);
// What an empty view says: why it is empty, and what to do.
void empty_note(Ui& ui, Rect rect, std::string_view text);
// A small heading between parts of a column ("Watch", "Found"); returns the height used.
float section(Ui& ui, Rect rect, std::string_view text);

// Vertical scrolling: draw in content(), which is moved up by the scroll offset and has no lower end, then say how tall it
// was with end(). Wheel, PageUp and PageDown while hovered, and dragging the bar, scroll.
struct ScrollState {
    float offset = 0;
    float target = 0;
    float content_height = 0;
    float step = 0;  // what is at rest stands at multiples of it: whole lines; 0: anywhere
};
class ScrollArea {
public:
    ScrollArea(Ui& ui, std::string_view id, Rect rect, ScrollState& state);
    Rect content() const { return content_; }  // width without the bar
    void end(float content_height);

private:
    Ui& ui_;
    std::string id_;
    Rect rect_, content_;
    ScrollState& state_;
};
// Makes [top, bottom) of the content visible with the least movement.
void scroll_to(ScrollState& state, float view_height, float top, float bottom);

}  // namespace heddle::widgets
