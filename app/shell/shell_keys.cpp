#include "app/shell/shell_keys.h"

#include <algorithm>

#include "app/shell/speed.h"

namespace heddle::shell {
namespace {

void change_speed(const model::Snapshot& run, int by, Commands& commands) {
    const int last = static_cast<int>(kSpeeds.size()) - 1;
    const int next = std::clamp(speed_index(run.speed) + by, 0, last);
    commands.playback.emplace_back(model::SetSpeed{kSpeeds[static_cast<std::size_t>(next)].speed});
}

void handle_time(const model::Snapshot& run, widgets::Ui& ui, Commands& commands) {
    if (ui.key(Key::kSpace)) {
        if (run.playing)
            commands.playback.emplace_back(model::Pause{});
        else
            commands.playback.emplace_back(model::Play{});
    }
    // A clicker sends PageUp and PageDown.
    if (ui.key(Key::kRight) || ui.key(Key::kPageDown)) commands.playback.emplace_back(model::StepForward{});
    if (ui.key(Key::kLeft) || ui.key(Key::kPageUp)) commands.playback.emplace_back(model::StepBack{});
    if (ui.key(Key::kHome)) commands.playback.emplace_back(model::GoToStart{});
    if (ui.key(Key::kEnd)) commands.playback.emplace_back(model::GoToLive{});
    if (ui.key(Key::kPeriod)) change_speed(run, 1, commands);
    if (ui.key(Key::kComma)) change_speed(run, -1, commands);
}

// Ctrl and its number: whom a signal wakes, or who wakes without one.
std::optional<model::StepThread> woken(const model::StepView& step, model::Number thread) {
    for (const model::PendingView& pending : step.pending) {
        const auto waiter = std::find(pending.wakes.begin(), pending.wakes.end(), thread);
        if (pending.enabled && waiter != pending.wakes.end())
            return model::StepThread{pending.thread, static_cast<std::uint32_t>(waiter - pending.wakes.begin())};
    }
    for (const model::PendingView& pending : step.pending) {
        if (pending.thread == thread && pending.may_wake) return model::StepThread{thread};
    }
    return std::nullopt;
}

// 1 … 9: that thread takes a step.
void handle_turns(const model::StepView& step, widgets::Ui& ui, Commands& commands) {
    for (model::Number thread = 1; thread <= 9; ++thread) {
        const auto digit = static_cast<Key>(static_cast<int>(Key::k0) + thread);
        if (!ui.key(digit, true)) continue;
        if (const auto wake = woken(step, thread)) commands.playback.emplace_back(*wake);
    }
    for (const model::PendingView& pending : step.pending) {
        const auto digit = static_cast<Key>(static_cast<int>(Key::k0) + pending.thread);
        if (pending.thread >= 1 && pending.thread <= 9 && pending.enabled && ui.key(digit))
            commands.playback.emplace_back(model::StepThread{pending.thread});
    }
}

void handle_escape(const ShellFrame& frame, ShellState& state, Commands& commands) {
    if (!state.stage.maximized.empty())
        state.stage.maximized.clear();
    else if (frame.presenter)
        commands.app.emplace_back(SetPresenter{false});
    else if (frame.run != nullptr)
        commands.app.emplace_back(OpenHome{});
}

}  // namespace

void handle_keys(const ShellFrame& frame, ShellState& state, widgets::Ui& ui, Commands& commands) {
    if (ui.key(Key::kQ, true)) commands.app.emplace_back(Quit{});
    if (ui.typing()) return;
    if (state.help.open) {  // it takes Escape itself; the keys below belong to what it covers
        if (ui.key(Key::kQuestion) || ui.key(Key::kF1)) commands.app.emplace_back(SetHelp{false});
        return;
    }
    if (state.open_dialog.open || state.launch.open) return;
    const model::Snapshot* const run = frame.run;
    if (ui.key(Key::kO)) commands.app.emplace_back(SetOpenDialog{true});
    if (run != nullptr) {
        if (!run->exploration) handle_time(*run, ui, commands);
        if (run->step && !run->step->saved) handle_turns(*run->step, ui, commands);
        if (ui.key(Key::kR) && frame.can_restart) commands.app.emplace_back(Restart{});
        if (ui.key(Key::kV) && frame.can_restart && frame.scenario != nullptr)
            open_next_variant(*frame.scenario, run->run, commands);
        if (ui.key(Key::kI) && frame.can_restart && frame.launch) commands.app.emplace_back(SetLaunchDialog{true});
        if (ui.key(Key::kF)) toggle_maximized(state.stage), ui.request_frame();
        if (ui.key(Key::kP) || ui.key(Key::kF11)) commands.app.emplace_back(SetPresenter{!frame.presenter});
    }
    if (run != nullptr && !run->exploration && ui.key(Key::kS, true)) commands.app.emplace_back(SaveRun{});
    if (ui.key(Key::kS)) commands.app.emplace_back(SavePicture{});
    if (ui.key(Key::kT))
        commands.app.emplace_back(SetTheme{ui.theme().kind == ThemeKind::kDark ? ThemeKind::kLight : ThemeKind::kDark});
    if (ui.key(Key::kL)) {
        const bool korean = ui.texts().language() == Language::kKorean;
        commands.app.emplace_back(SetLanguage{korean ? Language::kEnglish : Language::kKorean});
    }
    if (ui.key(Key::kQuestion) || ui.key(Key::kF1)) commands.app.emplace_back(SetHelp{true});
    if (ui.key(Key::kSlash) && !frame.presenter) {
        if (frame.settings.rail_collapsed) commands.app.emplace_back(SetRailCollapsed{false});
        ui.set_focus("rail.search");
        ui.request_frame();
    }
    if (ui.key(Key::kEscape)) handle_escape(frame, state, commands), ui.request_frame();
}

}  // namespace heddle::shell
