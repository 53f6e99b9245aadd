#include "app/shell/top_bar.h"

#include <array>
#include <cmath>

#include "app/shell/explore_bar.h"
#include "app/shell/local_text.h"
#include "app/shell/modes.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

// Right to left; returns what is left of the bar.
Rect draw_tools(const model::Snapshot* run, widgets::Ui& ui, Commands& commands, Rect row) {
    const Theme& theme = ui.theme();
    const auto tool = [&](std::string_view id, canvas::Icon icon, std::string_view tip, std::string_view key) {
        widgets::ButtonSpec spec;
        spec.icon = icon, spec.kind = widgets::ButtonKind::kGhost;
        spec.tip = {ui.tr(tip), std::string(key)};
        return widgets::button(ui, id, row.take_right(theme.size.control + 4, 4), spec);
    };
    if (tool("topbar.help", canvas::Icon::kHelp, "tool.help", "?")) commands.app.emplace_back(SetHelp{true});
    if (run != nullptr && tool("topbar.presenter", canvas::Icon::kPresenter, "tool.presenter", "P"))
        commands.app.emplace_back(SetPresenter{true});
    const bool korean = ui.texts().language() == Language::kKorean;
    if (tool("topbar.language", canvas::Icon::kLanguage, "tool.language", "L"))
        commands.app.emplace_back(SetLanguage{korean ? Language::kEnglish : Language::kKorean});
    if (tool("topbar.theme", canvas::Icon::kTheme, "tool.theme", "T"))
        commands.app.emplace_back(SetTheme{theme.kind == ThemeKind::kDark ? ThemeKind::kLight : ThemeKind::kDark});
    if (tool("topbar.picture", canvas::Icon::kPicture, "tool.picture", "S")) commands.app.emplace_back(SavePicture{});
    const bool savable = run != nullptr && !run->exploration && run->log.size() > 0;
    // Its place is kept: the modes stay where they are from one to another.
    if (run != nullptr && !savable) row.take_right(theme.size.control + 4, 4);
    if (savable && tool("topbar.save", canvas::Icon::kSave, "tool.save", "Ctrl+S")) commands.app.emplace_back(SaveRun{});
    return row;
}

void draw_modes(const catalog::Scenario* scenario, const model::RunInfo& run, widgets::Ui& ui, Commands& commands, Rect rect) {
    const bool explorable = scenario != nullptr && scenario->can_be_explored();
    std::array<widgets::Choice, 3> modes;
    modes[0].text = ui.tr("mode.run"), modes[0].id = "run", modes[0].tip = {ui.tr("mode.run_tip"), ""};
    modes[1].text = ui.tr("mode.step"), modes[1].id = "step", modes[1].tip = {ui.tr("mode.step_tip"), ""};
    modes[2].text = ui.tr("mode.explore"), modes[2].id = "explore", modes[2].enabled = explorable;
    modes[2].tip = {ui.tr(explorable ? "mode.explore_tip" : "mode.explore_not"), ""};
    int chosen = static_cast<int>(mode_of(run));
    if (widgets::segmented(ui, "mode", rect, modes, chosen) && scenario != nullptr)
        commands.app.emplace_back(in_mode(*scenario, run, static_cast<model::Mode>(chosen)));
}

float modes_width(widgets::Ui& ui) {
    std::array<widgets::Choice, 3> modes;
    modes[0].text = ui.tr("mode.run"), modes[1].text = ui.tr("mode.step"), modes[2].text = ui.tr("mode.explore");
    return widgets::segmented_width(ui, modes);
}

void draw_title(const catalog::Scenario* scenario, const model::Snapshot* run, widgets::Ui& ui, Rect box) {
    const Theme& theme = ui.theme();
    std::string title = ui.tr("shell.home_title"), summary = ui.tr("shell.home_summary");
    if (run != nullptr) title = scenario != nullptr ? in_language(scenario->title, ui) : run->run.scenario;
    if (run != nullptr) summary = scenario != nullptr ? in_language(scenario->summary, ui) : ui.tr("shell.saved_run");
    const float large = theme.size.large * 1.4F, small = theme.size.small * 1.4F;
    Rect lines = box.inset(0, (box.h - large - small) / 2);
    canvas::TextStyle style = theme.large().strong();
    if (ui.canvas().measure(title, style) > lines.w) style = theme.strong();
    // A long name comes before what it is about.
    const bool wide = ui.canvas().measure(title, style) > box.w;
    float height = ui.canvas().paragraph(box, title, style, false);
    if (wide && height > box.h - 8) style = theme.small().strong(), height = ui.canvas().paragraph(box, title, style, false);
    if (wide && height <= box.h) {
        box.y += std::floor((box.h - height) / 2), box.h = height;
        ui.canvas().paragraph(box, title, style);
        ui.interact("topbar.summary", box, false);
        return ui.tooltip("topbar.summary", box, {summary, ""});
    }
    ui.canvas().text(lines.take_top(large), title, style);
    ui.interact("topbar.summary", lines, false);
    ui.canvas().text(lines, summary, theme.dim());
    if (ui.canvas().measure(summary, theme.dim()) > lines.w) ui.tooltip("topbar.summary", lines, {summary, ""});
}

}  // namespace

void draw_top_bar(const catalog::Scenario* scenario, const model::Snapshot* run, bool can_restart, TransportState& state,
                  widgets::Ui& ui, Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    ui.canvas().fill(rect, theme.color.panel);
    ui.canvas().hline(rect.x, rect.right(), rect.bottom() - 1, theme.color.border);
    Rect row = rect.inset(theme.size.gap, (rect.h - theme.size.control) / 2);
    row = draw_tools(run, ui, commands, row);
    row.take_right(8);
    if (run == nullptr) return draw_title(nullptr, nullptr, ui, {row.x, rect.y, row.w, rect.h});
    const float modes = modes_width(ui), gap = theme.size.gap;
    const float controls = transport_width(ui);
    const float title = std::max(120.F, std::min(row.w * 0.4F, row.w - modes - controls - 2 * gap));
    draw_title(scenario, run, ui, {row.x, rect.y, title, rect.h});
    row.take_left(title, gap);
    draw_modes(scenario, run->run, ui, commands, row.take_left(modes, gap));
    if (run->exploration)
        draw_explore_bar(*run, ui, commands, row);
    else
        draw_transport(*run, can_restart, state, ui, commands, row.take_left(controls));
}

}  // namespace heddle::shell
