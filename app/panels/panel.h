// What every panel of the stage gets for one frame, and the few things that all of them draw alike: the heading, the empty
// state, a thread's chip, a cause in words. Main thread. A panel draws on ui.canvas(), changes its own state struct, and queues
// commands; it never touches the session, keeps no reference, and knows no graphics library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/canvas/geometry.h"
#include "app/widgets/surfaces.h"
#include "app/widgets/ui.h"
#include "core/model/command.h"
#include "core/model/snapshot.h"

namespace heddle::panels {

struct Context {
    widgets::Ui& ui;
    std::vector<model::PlaybackCommand>& commands;  // queued here, applied by the shell after the frame
    bool maximizable = true, maximized = false;
    bool maximize_clicked = false;     // out
    std::string schedule_chosen = {};  // out: an interleaving that is to be stepped through; empty: none
    std::optional<model::ExploreManner> manner_chosen = std::nullopt;  // out: how to explore instead

    canvas::Canvas& canvas() const { return ui.canvas(); }
    const Theme& theme() const { return ui.theme(); }
    std::string tr(std::string_view key, TextArgs args = {}) const { return ui.tr(key, args); }
    // Sizes of layouts are designed at 13-px small text; a presenter's sizes scale them all.
    float scale() const { return theme().size.small / 13; }
};

// Card, title, badge and maximize button; returns where the content goes. id: "memory"; its title is "panel.<id>".
Rect begin_panel(Context& context, std::string_view id, std::string_view subtitle, std::optional<model::Badge> badge,
                 Rect rect);
// How the run is known; none where nothing was run, as when the program cannot be built.
std::optional<model::Badge> shown_badge(const model::Snapshot& snapshot);
widgets::Evidence evidence_of(model::Badge badge);

// Why there is nothing: the run has not begun, failed, or this machine does not allow it. True when it drew that, and the panel
// is done.
bool draw_empty(Context& context, const model::Snapshot& snapshot, Rect content);
// The same for a part that needs a facility which this machine does not allow; false when it is available.
bool draw_unavailable(Context& context, const model::Snapshot& snapshot, std::string_view facility, Rect content);

// A line that says what this machine does not show in a part of a panel, and the command that would allow it; returns the
// height used, 0 when nothing is missing.
float draw_missing(Context& context, const model::Snapshot& snapshot, std::string_view facility, std::string_view key,
                   Rect area);

std::string_view state_key(model::ThreadState state);
std::string state_text(const Context& context, model::ThreadState state);
std::string cause_text(const Context& context, model::Cause cause, std::string_view waits_for);
StateLook look_of(model::ThreadState state);
std::string thread_label(const model::Snapshot& snapshot, model::Number number);  // its name, "T1" when it has none
std::string_view file_name(std::string_view path);                                // "main.cpp"
std::string thread_short(model::Number number);                                   // "T1"
// Who is lit for the event at the playhead; kNobody when it belongs to none.
model::Number acting_thread(const model::Snapshot& snapshot);

// "● T1 name": shape and number always, the name as far as there is room.
void draw_thread(Context& context, const model::Snapshot& snapshot, Rect box, model::Number number);

// One choice of several as a row of small chips; draws nothing for one. Returns true when `chosen` changed.
struct Chip {
    std::string text;
    model::Number thread = model::kNobody;  // its shape and hue go before the text
};
bool draw_chips(Context& context, std::string_view id, Rect rect, const std::vector<Chip>& chips, std::size_t& chosen);

// Runs from 1 to 0 in a quarter of a second after the playhead moved: the cue for what changed.
struct Pulse {
    std::uint64_t playhead = 0;
    double since = -1;
    bool seen = false;
};
float pulse(Context& context, Pulse& state, std::uint64_t playhead);

// A text shortened in its middle to fit.
void draw_middle_elided(Context& context, Rect box, std::string_view text, const canvas::TextStyle& style);

}  // namespace heddle::panels
