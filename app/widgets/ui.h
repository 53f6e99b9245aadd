// Ui: one frame of widgets. Knows who is hovered, pressed and focused, moves the focus with Tab, eases hover and selection,
// shows tooltips, and names every widget's rectangle for tests. The shell makes a UiState once and a Ui each frame; panels
// get a Ui&. Main thread. Widgets keep no state of their own: a control's value lives in its caller's struct.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/canvas/canvas.h"
#include "app/canvas/input.h"
#include "app/i18n.h"
#include "app/theme.h"

namespace heddle::widgets {

// What lives from frame to frame. Ids are the widgets' own; a widget that vanished is forgotten.
struct UiState {
    struct Ease {
        float from = 0, to = 0, value = 0;
        double started = 0;
        std::uint64_t frame = 0;  // last used
    };
    struct Spot {
        std::string id;
        Rect rect;  // its visible part
        int layer = 0;
        bool tab_stop = false;
    };
    std::string focus;           // Enter presses this one; empty: none
    bool focus_visible = false;  // the ring is shown once the keyboard was used
    std::string active;          // the pointer went down on it and has not gone up
    std::string hot;             // under the pointer, topmost, as of this frame's beginning
    double hot_since = 0;
    bool tip_done = false;    // what is hot was pressed: whoever did that has read the tooltip, and it would cover what is next
    std::vector<Spot> spots;  // of the last frame
    std::map<std::string, Ease, std::less<>> eases;
    std::uint64_t frame = 0;
};

// The tooltip of a widget: what it does and the key that does the same ("Space").
struct Tip {
    std::string text = {};
    std::string key = {};
};

struct Response {
    bool hovered = false, held = false, focused = false;
    bool clicked = false;  // pointer released on it, or Enter or Space while focused
    bool double_clicked = false;
    bool dragged = false;  // held; `drag` is the pointer's place, also outside of the widget
    Vec2 drag;
};

class Ui {
public:
    // `now` in seconds, any steady clock. `log` may be null.
    Ui(UiState& state, canvas::Canvas& canvas, const Theme& theme, const Texts& texts, const Input& input, double now);
    // Draws the tooltip and closes the frame; call once, after all widgets.
    void finish();

    // Registers a widget and says what happened to it. Ids are unique in a frame: "topbar.play", "rail.races.lost_update".
    Response interact(std::string_view id, Rect rect, bool tab_stop = true);
    void tooltip(std::string_view id, Rect rect, const Tip& tip);
    void focus_ring(std::string_view id, Rect rect, float radius);

    // Approaches the target over 160 ms from wherever it was; at once with reduced motion, or the first time it is seen.
    float ease(std::string_view id, float target, double seconds = 0.16);

    // Widgets between push_layer and pop_layer lie above all others and take the pointer and Tab from them (dialogs, menus).
    void push_layer() { ++layer_; }
    void pop_layer() { --layer_; }

    // Seconds until the picture changes by itself: 0 while something moves, nullopt when nothing will.
    std::optional<double> wake_after() const { return wake_; }
    void request_frame(double in_seconds = 0);

    // Keys that no widget used, for the shell's shortcuts. A focused text field uses letters, digits and editing keys.
    bool key(Key key, bool ctrl = false);
    bool typing() const { return typing_; }

    canvas::Canvas& canvas() { return canvas_; }
    const Theme& theme() const { return theme_; }
    const Texts& texts() const { return texts_; }
    const Input& input() const { return input_; }
    std::string tr(std::string_view text_key, TextArgs args = {}) const { return texts_.tr(text_key, args); }
    double now() const { return now_; }
    UiState& state() { return state_; }

    void set_focus(std::string_view id) { state_.focus = id, state_.focus_visible = true; }
    // For widgets: takes a key so that no other widget or shortcut sees it.
    bool take_key(Key key, bool ctrl = false);
    void set_typing() { typing_ = true; }

private:
    void find_hot();
    void move_focus();

    UiState& state_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Texts& texts_;
    const Input& input_;
    double now_;
    int layer_ = 0;
    int top_layer_ = 0;
    bool typing_ = false;
    std::vector<UiState::Spot> spots_;
    std::vector<bool> used_keys_;
    std::optional<double> wake_;
    struct PendingTip {
        Rect rect;
        Tip tip;
    };
    std::optional<PendingTip> tip_;
};

// The id of a part of a widget, for its eased values and inner spots.
std::string sub_id(std::string_view id, std::string_view part);

}  // namespace heddle::widgets
