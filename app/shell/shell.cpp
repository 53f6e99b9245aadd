#include "app/shell/shell.h"

#include <cmath>

#include "app/panels/turns_panel.h"
#include "app/shell/modes.h"
#include "app/shell/sentence_bar.h"
#include "app/shell/shell_keys.h"

namespace heddle::shell {
namespace {

constexpr float kNarrow = 1480;   // below it, rail and lesson give room to the stage
constexpr float kLowStage = 480;  // in which the cards of who goes next leave the room to what the step does
constexpr float kMostTimeline = 0.36F;
constexpr float kLowGrid = 640;  // the same, where views stand below each other

void draw_note(const std::string& note, widgets::Ui& ui, Rect& whole) {
    if (note.empty()) return;
    const Theme& theme = ui.theme();
    Rect strip = whole.take_top(theme.size.control_small + 8);
    ui.canvas().fill(strip, theme.color.error_tint);
    strip = strip.inset(theme.size.gap, 0);
    canvas::draw_icon(ui.canvas(), canvas::Icon::kWarning, strip.take_left(theme.size.icon, 8).center(), theme.size.icon,
                      theme.color.error_text);
    ui.canvas().text(strip, note, theme.small());
    ui.interact("shell.note", strip, false);
    ui.tooltip("shell.note", strip, {note, ""});
}

void draw_toast(Toast& toast, widgets::Ui& ui, Rect whole) {
    if (toast.text.empty()) return;
    if (ui.now() >= toast.until) return toast.text.clear();
    const Theme& theme = ui.theme();
    const canvas::TextStyle style = theme.body();
    const float width = std::min(std::ceil(ui.canvas().measure(toast.text, style)) + 1, std::min(whole.w - 128, 720.F));
    const float height = ui.canvas().paragraph({0, 0, width, 0}, toast.text, style, false);
    const float icon = theme.size.icon;
    const Rect box{std::round(whole.center().x - (width + icon + 48) / 2), whole.y + theme.size.top_bar + 8, width + icon + 48,
                   height + 24};
    ui.canvas().shadow(box, theme.size.radius, theme.color.shadow);
    ui.canvas().fill(box, toast.bad ? theme.color.error_tint : theme.color.raised, theme.size.radius);
    ui.canvas().stroke(box, toast.bad ? theme.color.error : theme.color.good, 1.5F, theme.size.radius);
    canvas::draw_icon(ui.canvas(), toast.bad ? canvas::Icon::kWarning : canvas::Icon::kCheck,
                      {box.x + 16 + icon / 2, box.center().y}, icon,
                      toast.bad ? theme.color.error_text : theme.color.good_text);
    ui.canvas().paragraph({box.x + 28 + icon, box.y + 12, width, height}, toast.text, style);
    ui.canvas().tag("toast", box);
    ui.request_frame(toast.until - ui.now());
}

RunParts parts_of(const ShellFrame& frame) {
    if (frame.run == nullptr) return RunParts::kNone;
    const bool choice = frame.scenario != nullptr && frame.can_restart &&
                        (frame.launch || frame.scenario->variants.size() > 1 || !frame.scenario->parameters.empty());
    return choice ? RunParts::kWithBar : RunParts::kPlain;
}

TimelineParts timeline_of(const ShellFrame& frame) {
    TimelineParts parts;
    if (frame.run == nullptr) return parts;
    parts.shown = frame.run->exploration == nullptr, parts.stepping = frame.run->step.has_value();
    if (!frame.run->timeline) return parts;
    for (const model::LaneInfo& lane : frame.run->timeline->lanes())
        ++(lane.kind == model::LaneKind::kThread ? parts.threads : parts.cpus);
    return parts;
}

// Before an audience. In Step the cards that say who goes, and what the step does, need the room: the threads' lanes will do.
float presenters_timeline(const Rect& whole, const Theme& theme, const TimelineParts& timeline) {
    if (timeline.stepping) {
        const std::size_t lanes = std::max<std::size_t>(timeline.threads, 3);  // of most programs, once they are all there
        return std::min(panels::least_timeline_height(theme, lanes, true), whole.h * 0.27F);
    }
    const float usual = std::clamp(whole.h * 0.27F, 180.F, theme.size.timeline * 2);
    const std::size_t lanes = timeline.threads + timeline.cpus;
    return std::max(usual, std::min(panels::least_timeline_height(theme, lanes, false), whole.h * 0.4F));
}

// On a low window the lanes get some more, where that shows them all: also those of the CPUs, which come last.
float timeline_height(const Rect& whole, const Theme& theme, const TimelineParts& timeline) {
    const float usual = std::clamp(whole.h * 0.27F, 176.F, theme.size.timeline * 1.75F);
    if (timeline.stepping) return usual;
    const float all = panels::least_timeline_height(theme, timeline.threads + timeline.cpus, false);
    return all <= whole.h * kMostTimeline ? std::max(usual, all) : usual;
}

void draw_run(const ShellFrame& frame, const ShellLayout& at, ShellState& state, widgets::Ui& ui, Commands& commands) {
    const Theme& theme = ui.theme();
    const model::Snapshot& run = *frame.run;
    panels::Context context{ui, commands.playback, false, false, false};
    const bool built = run.build_messages.empty();
    const float right = built || at.lesson.empty() ? at.stage.right() : at.lesson.right() - theme.size.gap;
    Rect bar = at.run_bar;
    bar.w = right - bar.x;
    if (!at.run_bar.empty()) draw_run_bar(*frame.scenario, run.run, frame.launch, state.run_bar, ui, commands, bar);
    if (!built) {  // nothing ran: the errors have all the room
        Rect room = at.stage;
        room.w = right - room.x;
        room.h = (at.timeline.empty() ? at.stage.bottom() : at.timeline.bottom()) - theme.size.gap - room.y;
        return draw_stage(stage_views(frame.scenario, false), run, state.stage, ui, commands, room);
    }
    draw_stage(stage_views(frame.scenario, run.exploration != nullptr), run, state.stage, ui, commands, at.stage);
    if (!at.turns.empty()) panels::draw_turns(run, at.turn_card, context, at.turns);
    step_through(run.run, context.schedule_chosen, commands);
    if (!at.sentence.empty()) draw_sentence_bar(run, ui, at.sentence);
    if (!at.timeline.empty()) panels::draw_timeline(run, state.timeline, context, at.timeline);
    if (!at.lesson.empty()) {
        ui.canvas().fill(at.lesson, theme.color.panel);
        ui.canvas().vline(at.lesson.x, at.lesson.y, at.lesson.bottom(), theme.color.border);
        state.lesson.show_sentence = false;  // it stands below the stage
        if (frame.scenario != nullptr) draw_lesson(*frame.scenario, run, state.lesson, context, commands, at.lesson);
    }
}

}  // namespace

std::vector<std::string> stage_views(const catalog::Scenario* scenario, bool exploring) {
    if (exploring) return {"code", "interleavings"};
    if (scenario != nullptr && !scenario->views.empty()) return scenario->views;
    return {"code", "memory", "states", "cpus"};
}

ShellLayout lay_out_shell(Rect whole, const Theme& theme, bool rail_collapsed, RunParts parts, bool presenter,
                          const TimelineParts& timeline) {
    const bool with_run = parts != RunParts::kNone;
    const Metrics& size = theme.size;
    ShellLayout at;
    const bool narrow = whole.w < kNarrow;
    const float gap = size.gap_small + 4;
    if (presenter && with_run) {
        if (timeline.shown) at.timeline = whole.take_bottom(std::round(presenters_timeline(whole, theme, timeline)));
        Rect centre = whole.inset(gap);
        if (timeline.shown) at.sentence = centre.take_bottom(size.control + 8, gap);
        at.stage = centre;
        return at;
    }
    at.rail = whole.take_left(rail_collapsed ? size.rail_collapsed : narrow ? 204 : size.rail);
    at.top_bar = whole.take_top(size.top_bar);
    if (!with_run) {
        at.stage = whole;
        return at;
    }
    if (timeline.shown) at.timeline = whole.take_bottom(std::round(timeline_height(whole, theme, timeline)));
    at.lesson = whole.take_right(narrow ? 288 : size.lesson + std::max(0.F, (whole.w - 1600) * 0.1F));
    whole = whole.inset(size.gap, 0);
    if (parts == RunParts::kWithBar)
        at.run_bar = whole.take_top(size.tab, 8);
    else
        whole.take_top(gap);
    whole.take_bottom(gap);
    if (timeline.shown) at.sentence = whole.take_bottom(size.control + 8, gap);
    at.stage = whole;
    return at;
}

void draw_shell(const ShellFrame& frame, ShellState& state, widgets::Ui& ui, Commands& commands, Rect whole) {
    const bool presenting = frame.presenter && frame.run != nullptr;
    Rect rest = whole;
    ui.canvas().fill(whole, ui.theme().color.page);
    if (!presenting) draw_note(frame.note, ui, rest);
    ShellLayout at =
        lay_out_shell(rest, ui.theme(), frame.settings.rail_collapsed, parts_of(frame), presenting, timeline_of(frame));
    if (!at.run_bar.empty()) {
        const float height = run_bar_height(*frame.scenario, ui, at.run_bar.w);
        at.stage.take_top(height - at.run_bar.h);
        at.run_bar.h = height;
    }
    if (frame.run != nullptr && frame.run->step) {
        const bool grid = stage_views(frame.scenario, false).size() > 2;
        const bool low = presenting || at.stage.h < (grid ? kLowGrid : kLowStage);
        if (low) at.turn_card = panels::lower_turn_card(*frame.run, ui, at.stage.w);
        const float height = panels::turns_height(*frame.run, at.turn_card, ui, at.stage.w);
        at.turns = at.stage.take_bottom(height, ui.theme().size.gap_small);
    }
    if (!at.rail.empty()) {
        const std::string open = frame.run != nullptr ? frame.run->run.scenario : std::string();
        draw_rail(frame.catalog, frame.settings, open, state.rail, ui, commands, at.rail);
    }
    if (!at.top_bar.empty())
        draw_top_bar(frame.scenario, frame.run, frame.can_restart, state.transport, ui, commands, at.top_bar);
    panels::Context context{ui, commands.playback, false, false, false};
    if (frame.run != nullptr)
        draw_run(frame, at, state, ui, commands);
    else
        draw_home(frame.catalog, frame.settings, frame.demo, state.home, context, commands, at.stage);
    if (frame.run != nullptr && frame.run->exploration == nullptr && !presenting)
        draw_speed_menu(*frame.run, state.transport, ui, commands, whole);
    const FolderList nothing;
    draw_open_dialog(frame.folder != nullptr ? *frame.folder : nothing, frame.recent, state.open_dialog, context, commands,
                     whole);
    draw_launch_dialog(state.launch, ui, commands, whole);
    draw_help(state.help, context, commands, whole);
    draw_toast(state.toast, ui, whole);
    handle_keys(frame, state, ui, commands);
}

}  // namespace heddle::shell
