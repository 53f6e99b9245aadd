#include "app/shell/explore_bar.h"

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

// All interleavings, or those with few preemptions; its name where there is room for it, the tooltips have it too.
void draw_bound(const model::RunInfo& run, widgets::Ui& ui, Commands& commands, Rect& rect) {
    std::array<widgets::Choice, kMostPreemptions + 1> bounds;
    bounds[0].text = ui.tr("explore.bound_none"), bounds[0].id = "all", bounds[0].tip = {ui.tr("explore.bound_none_tip"), ""};
    for (std::size_t most = 1; most < bounds.size(); ++most) {
        const std::string count = std::to_string(most);
        bounds[most].text = ui.tr("explore.bound", {{"count", count}}), bounds[most].id = count;
        bounds[most].tip = {ui.tr("explore.bound_tip", {{"count", count}}), ""};
    }
    const Theme& theme = ui.theme();
    const float width = widgets::segmented_width(ui, bounds);
    if (rect.w < width) return;
    const std::string name = ui.tr("explore.bound_name");
    const float name_width = std::ceil(ui.canvas().measure(name, theme.dim())) + 2;
    widgets::ButtonSpec spurious;
    spurious.text = ui.tr("step.spurious");
    if (rect.w >= width + name_width + widgets::button_width(ui, spurious) + 3 * theme.size.gap)
        ui.canvas().text(rect.take_left(name_width, theme.size.gap_small), name, theme.dim());
    const int most = run.manner.preemptions.value_or(0);
    int chosen = most <= kMostPreemptions ? most : kMostPreemptions;
    if (!widgets::segmented(ui, "explore.bound", rect.take_left(width, theme.size.gap_small), bounds, chosen)) return;
    model::ExploreManner manner = run.manner;
    manner.preemptions = chosen == 0 ? std::nullopt : std::optional(chosen);
    explore_so(run, manner, commands);
}

void draw_spurious(const model::RunInfo& run, widgets::Ui& ui, Commands& commands, Rect& rect) {
    widgets::ButtonSpec spurious;
    spurious.text = ui.tr("step.spurious"), spurious.selected = run.manner.spurious_wakeups;
    spurious.tip = {ui.tr("explore.spurious_tip"), ""};
    const float width = widgets::button_width(ui, spurious);
    if (rect.w < width) return;
    if (!widgets::button(ui, "explore.spurious", rect.take_left(width, ui.theme().size.gap_small), spurious)) return;
    model::ExploreManner manner = run.manner;
    manner.spurious_wakeups = !manner.spurious_wakeups;
    explore_so(run, manner, commands);
}

}  // namespace

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
    draw_bound(run.run, ui, commands, rect);
    if (run.run.manner.spurious_wakeups || exploration.waits_for_signals) draw_spurious(run.run, ui, commands, rect);
    if (exploration.seconds <= 0 || exploration.executions < 1000) return;
    const auto rate = static_cast<long long>(std::llround(static_cast<double>(exploration.executions) / exploration.seconds));
    const std::string speed = ui.tr("interleavings.rate", {{"rate", Texts::number(rate)}});
    if (ui.canvas().measure(speed, theme.dim()) <= rect.w) ui.canvas().text(rect, speed, theme.dim());
}

}  // namespace heddle::shell
