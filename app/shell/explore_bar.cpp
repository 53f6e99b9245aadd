#include "app/shell/explore_bar.h"

#include <cmath>

#include "app/widgets/controls.h"

namespace heddle::shell {

void draw_explore_bar(const model::Snapshot& run, widgets::Ui& ui, Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    const model::ExploreSnapshot& exploration = *run.exploration;
    const bool works = exploration.at_work();
    widgets::ButtonSpec again;
    again.icon = canvas::Icon::kRestart, again.enabled = !works;
    again.kind = works ? widgets::ButtonKind::kNormal : widgets::ButtonKind::kPrimary;
    again.tip = {ui.tr("explore.again"), "R"};
    if (widgets::button(ui, "explore.again", rect.take_left(theme.size.control + 4, 4), again))
        commands.app.emplace_back(Restart{});
    widgets::ButtonSpec cancel;
    cancel.icon = canvas::Icon::kStop, cancel.enabled = works;
    cancel.tip = {ui.tr("explore.cancel_tip"), ""};
    if (widgets::button(ui, "explore.cancel", rect.take_left(theme.size.control + 4, theme.size.gap_small + 4), cancel))
        commands.playback.emplace_back(model::StopRun{});
    if (exploration.seconds <= 0 || exploration.executions < 1000) return;
    const auto rate = static_cast<long long>(std::llround(static_cast<double>(exploration.executions) / exploration.seconds));
    const std::string speed = ui.tr("interleavings.rate", {{"rate", Texts::number(rate)}});
    if (ui.canvas().measure(speed, theme.dim()) <= rect.w) ui.canvas().text(rect, speed, theme.dim());
}

}  // namespace heddle::shell
