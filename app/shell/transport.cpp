#include "app/shell/transport.h"

#include <cmath>

#include "app/shell/speed.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

constexpr float kGap = 4;

float speed_width(widgets::Ui& ui) {
    float widest = 0;
    for (const SpeedChoice& choice : kSpeeds) {
        widgets::ButtonSpec spec;
        spec.text = ui.tr(choice.key), spec.icon = canvas::Icon::kSpeed;
        widest = std::max(widest, widgets::button_width(ui, spec));
    }
    return widest;
}

std::vector<widgets::Choice> menu_choices(const widgets::Ui& ui) {
    std::vector<widgets::Choice> choices;
    for (const SpeedChoice& choice : kSpeeds) {
        widgets::Choice item;
        item.text = ui.tr(choice.key), item.id = choice.id;
        choices.push_back(std::move(item));
    }
    return choices;
}

}  // namespace

float transport_width(widgets::Ui& ui) {
    return 4 * (ui.theme().size.control + 4 + kGap) + 8 + speed_width(ui);
}

void draw_transport(const model::Snapshot& snapshot, bool can_restart, TransportState& state, widgets::Ui& ui,
                    Commands& commands, Rect rect) {
    const float side = ui.theme().size.control + 4;
    const bool ready = snapshot.status == model::RunStatus::kRunning || snapshot.status == model::RunStatus::kEnded;
    const auto icon_button = [&](std::string_view id, canvas::Icon icon, std::string_view tip, std::string_view key,
                                 bool enabled, bool primary = false) {
        widgets::ButtonSpec spec;
        spec.icon = icon, spec.enabled = enabled;
        if (primary) spec.kind = widgets::ButtonKind::kPrimary;
        spec.tip = {ui.tr(tip), std::string(key)};
        return widgets::button(ui, id, rect.take_left(side, kGap), spec);
    };
    if (icon_button("transport.restart", canvas::Icon::kRestart, can_restart ? "transport.restart" : "transport.restart_not",
                    can_restart ? "R" : "", can_restart))
        commands.app.emplace_back(Restart{});
    if (icon_button("transport.back", canvas::Icon::kBack, "transport.back", "←", ready))
        commands.playback.emplace_back(model::StepBack{});
    const bool playing = snapshot.playing;
    if (icon_button("transport.play", playing ? canvas::Icon::kPause : canvas::Icon::kPlay,
                    playing ? "transport.pause" : "transport.play", ui.tr("key.space"), ready, true)) {
        if (playing)
            commands.playback.emplace_back(model::Pause{});
        else
            commands.playback.emplace_back(model::Play{});
    }
    if (icon_button("transport.step", canvas::Icon::kStep, "transport.step", "→", ready))
        commands.playback.emplace_back(model::StepForward{});
    rect.take_left(8 - kGap);
    widgets::ButtonSpec speed;
    // A run that has not begun will be played at the slowest steady speed first.
    const double shown_speed = ready ? snapshot.speed : kSpeeds[1].speed;
    speed.text = ui.tr(kSpeeds[static_cast<std::size_t>(speed_index(shown_speed))].key);
    speed.icon = canvas::Icon::kSpeed;
    speed.selected = state.speed_open;
    speed.tip = {ui.tr("transport.speed"), ", ."};
    state.speed_place = rect;
    if (widgets::button(ui, "transport.speed", rect, speed)) state.speed_open = !state.speed_open, ui.request_frame();
}

void draw_speed_menu(const model::Snapshot& snapshot, TransportState& state, widgets::Ui& ui, Commands& commands, Rect whole) {
    if (!state.speed_open) return;
    const Theme& theme = ui.theme();
    const std::vector<widgets::Choice> choices = menu_choices(ui);
    float widest = state.speed_place.w;
    for (const widgets::Choice& choice : choices)
        widest = std::max(widest, ui.canvas().measure(choice.text, theme.body()) + theme.size.body + 56);
    const float height = theme.size.row * static_cast<float>(choices.size()) + 2 * theme.size.pad_small;
    Rect box{state.speed_place.x, state.speed_place.bottom() + 4, widest, height};
    box.x = std::min(box.x, whole.right() - box.w - 8);
    ui.push_layer();
    const bool away = ui.interact("speed.away", whole, false).clicked;
    ui.canvas().shadow(box, theme.size.radius, theme.color.shadow);
    ui.canvas().fill(box, theme.color.raised, theme.size.radius);
    ui.canvas().stroke(box, theme.color.border_strong, 1, theme.size.radius);
    int chosen = speed_index(snapshot.speed);
    const bool picked = widgets::radio_list(ui, "speed", box.inset(theme.size.pad_small), choices, chosen);
    ui.pop_layer();
    if (picked) commands.playback.emplace_back(model::SetSpeed{kSpeeds[static_cast<std::size_t>(chosen)].speed});
    if (picked || away || ui.key(Key::kEscape)) state.speed_open = false, ui.request_frame();
}

}  // namespace heddle::shell
