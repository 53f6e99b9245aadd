#include "app/shell/explore_bar.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/shell/modes.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

constexpr float kGap = 4;
constexpr int kMostPreemptions = 2;  // of the bounds to choose from

void explore_so(const model::RunInfo& run, const model::ExploreManner& manner, Commands& commands) {
    OpenScenario open = in_same_mode(run, run.variant, run.parameters);
    open.manner = manner;
    commands.app.emplace_back(std::move(open));
}

using Bounds = std::array<widgets::Choice, kMostPreemptions + 1>;

Bounds bounds_in_words(const widgets::Ui& ui) {
    Bounds bounds;
    bounds[0].text = ui.tr("explore.bound_none"), bounds[0].id = "all", bounds[0].tip = {ui.tr("explore.bound_none_tip"), ""};
    for (std::size_t most = 1; most < bounds.size(); ++most) {
        const std::string count = std::to_string(most);
        bounds[most].text = ui.tr("explore.bound", {{"count", count}}), bounds[most].id = count;
        bounds[most].tip = {ui.tr("explore.bound_tip", {{"count", count}}), ""};
    }
    return bounds;
}

widgets::ButtonSpec spurious_button(const model::RunInfo& run, const widgets::Ui& ui) {
    widgets::ButtonSpec spec;
    spec.text = ui.tr("step.spurious"), spec.selected = run.manner.spurious_wakeups;
    spec.tip = {ui.tr("explore.spurious_tip"), ""};
    return spec;
}

bool offers_spurious(const model::Snapshot& run) {
    return run.run.manner.spurious_wakeups || run.exploration->waits_for_signals;
}

// They are short: less air than usual will do.
float bound_width(widgets::Ui& ui) {
    return widgets::segmented_width(ui, bounds_in_words(ui)) - 12.F * (kMostPreemptions + 1);
}

float name_width(widgets::Ui& ui) {
    return std::ceil(ui.canvas().measure(ui.tr("explore.bound_name"), ui.theme().dim())) + 2;
}

float buttons_width(const widgets::Ui& ui) {
    return 2 * (ui.theme().size.control + 4) + kGap + ui.theme().size.gap_small + 4;
}

float spurious_width(const model::Snapshot& run, widgets::Ui& ui) {
    return offers_spurious(run) ? widgets::button_width(ui, spurious_button(run.run, ui)) + ui.theme().size.gap_small : 0;
}

// All interleavings, or those with few preemptions; its name where there is room for it, the tooltips have it too.
void draw_bound(const model::Snapshot& run, widgets::Ui& ui, Commands& commands, Rect& rect) {
    const Theme& theme = ui.theme();
    const Bounds bounds = bounds_in_words(ui);
    const float width = bound_width(ui);
    if (rect.w >= width + name_width(ui) + spurious_width(run, ui) + 2 * theme.size.gap)
        ui.canvas().text(rect.take_left(name_width(ui), theme.size.gap_small), ui.tr("explore.bound_name"), theme.dim());
    int chosen = std::min(run.run.manner.preemptions.value_or(0), kMostPreemptions);
    if (!widgets::segmented(ui, "explore.bound", rect.take_left(width, theme.size.gap_small), bounds, chosen)) return;
    model::ExploreManner manner = run.run.manner;
    manner.preemptions = chosen == 0 ? std::nullopt : std::optional(chosen);
    explore_so(run.run, manner, commands);
}

void draw_spurious(const model::RunInfo& run, widgets::Ui& ui, Commands& commands, Rect& rect) {
    const widgets::ButtonSpec spec = spurious_button(run, ui);
    const Rect place = rect.take_left(std::min(rect.w, widgets::button_width(ui, spec)), ui.theme().size.gap_small);
    if (!widgets::button(ui, "explore.spurious", place, spec)) return;
    model::ExploreManner manner = run.manner;
    manner.spurious_wakeups = !manner.spurious_wakeups;
    explore_so(run, manner, commands);
}

}  // namespace

float explore_bar_width(const model::Snapshot& run, widgets::Ui& ui, float room) {
    const float least = buttons_width(ui) + bound_width(ui) + spurious_width(run, ui);
    const float named = least + name_width(ui) + 3 * ui.theme().size.gap;
    return named <= room ? named : least;
}

void draw_explore_bar(const model::Snapshot& run, widgets::Ui& ui, Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    const model::ExploreSnapshot& exploration = *run.exploration;
    const bool works = exploration.at_work();
    widgets::ButtonSpec again;
    again.icon = canvas::Icon::kRestart, again.enabled = !works;
    again.kind = works ? widgets::ButtonKind::kNormal : widgets::ButtonKind::kPrimary;
    again.tip = {ui.tr("explore.again"), "R"};
    if (widgets::button(ui, "explore.again", rect.take_left(theme.size.control + 4, kGap), again))
        commands.app.emplace_back(Restart{});
    widgets::ButtonSpec cancel;
    cancel.icon = canvas::Icon::kStop, cancel.enabled = works;
    cancel.tip = {ui.tr("explore.cancel_tip"), ""};
    if (widgets::button(ui, "explore.cancel", rect.take_left(theme.size.control + 4, theme.size.gap_small + 4), cancel))
        commands.playback.emplace_back(model::StopRun{});
    draw_bound(run, ui, commands, rect);
    if (offers_spurious(run)) draw_spurious(run.run, ui, commands, rect);
    if (exploration.seconds <= 0 || exploration.executions < 1000) return;
    const auto rate = static_cast<long long>(std::llround(static_cast<double>(exploration.executions) / exploration.seconds));
    const std::string speed = ui.tr("interleavings.rate", {{"rate", Texts::number(rate)}});
    if (ui.canvas().measure(speed, theme.dim()) <= rect.w) ui.canvas().text(rect, speed, theme.dim());
}

}  // namespace heddle::shell
