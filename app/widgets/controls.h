// The house's own controls: each draws itself on ui.canvas(), answers to pointer and keyboard, and is found by its id.
// Called by panels inside of a frame. Values live with the caller; a control returns true when the person changed it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "app/canvas/symbols.h"
#include "app/widgets/surfaces.h"
#include "app/widgets/ui.h"

namespace heddle::widgets {

enum class ButtonKind : std::uint8_t { kPrimary, kNormal, kGhost };

struct ButtonSpec {
    std::string text = {};
    std::optional<canvas::Icon> icon = {};
    ButtonKind kind = ButtonKind::kNormal;
    Tip tip = {};
    bool enabled = true;
    bool selected = false;           // a toggle that is on
    std::optional<Color> edge = {};  // a thread's hue around "Step 1"
};
bool button(Ui& ui, std::string_view id, Rect rect, const ButtonSpec& spec);
// How wide a button of this text wants to be.
float button_width(Ui& ui, const ButtonSpec& spec);

struct Choice {
    std::string text = {};
    std::string id = {};  // appended to the control's id: "mode" + ".step"
    Tip tip = {};
    bool enabled = true;
    bool ticked = false;
};
// Run | Step | Explore: one is chosen; Left and Right move while focused.
bool segmented(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen);
float segmented_width(Ui& ui, std::span<const Choice> choices);
// Makes them fit into the room: the widest give way first.
void give_way(std::vector<float>& widths, float room);
// Tabs with an underline that glides to the chosen one. Where they do not fit they stand closer, then are smaller; then the
// longest are shortened, with the whole text as their tooltip.
enum class TabFit : std::uint8_t { kUsual, kNarrow, kSmall };
TabFit tabs_fit(Ui& ui, std::span<const Choice> choices, float room);
float tabs_width(Ui& ui, std::span<const Choice> choices, TabFit fit);
bool tabs(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen);
// One under the other, with a ring each; chosen is -1 while none is. Returns true on a choice. `height` gets what it used.
bool radio_list(Ui& ui, std::string_view id, Rect rect, std::span<const Choice> choices, int& chosen, float* height = nullptr);
bool checkbox(Ui& ui, std::string_view id, Rect rect, std::string_view text, bool& on, const Tip& tip = {});

// A row of the left rail. A chapter opens and closes; a scenario is ticked when it was done.
struct RowSpec {
    std::string text = {};
    int depth = 0;
    std::optional<bool> open = {};    // a chapter: its chevron
    std::optional<bool> ticked = {};  // a scenario: its progress mark
    bool selected = false;
    Tip tip = {};
};
bool tree_row(Ui& ui, std::string_view id, Rect rect, const RowSpec& spec);

// − 2 +, with the value between; Up and Down change it while it has the focus.
bool stepper(Ui& ui, std::string_view id, Rect rect, int& value, int min, int max, const Tip& tip = {});
// value in 0…1; Left and Right move by `step`.
bool slider(Ui& ui, std::string_view id, Rect rect, float& value, float step = 0.05f, const Tip& tip = {});
void progress_bar(Ui& ui, Rect rect, float value);  // negative: unknown, it moves

struct TextFieldState {
    std::string text;
    std::size_t caret = 0;  // byte offset at a code point's border
    bool all_selected = false;
};
// A magnifying glass, the text, a cross that clears. Escape clears, then leaves. `hint` names the shortcut ("/").
bool search_box(Ui& ui, std::string_view id, Rect rect, TextFieldState& state, std::string_view placeholder,
                std::string_view hint);
bool text_field(Ui& ui, std::string_view id, Rect rect, TextFieldState& state, std::string_view placeholder);

struct TextAreaState {
    TextFieldState edited;
    ScrollState scroll;
};
// Several lines, in the font of code. Enter begins a new one, a click moves the caret, Tab leaves.
bool text_area(Ui& ui, std::string_view id, Rect rect, TextAreaState& state, std::string_view placeholder);

}  // namespace heddle::widgets
