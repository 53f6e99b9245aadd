#include "app/shell/rail.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "app/shell/local_text.h"
#include "app/shell/modes.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// Warp threads through a heddle's eyes.
void draw_mark(widgets::Ui& ui, Rect box) {
    const Theme& theme = ui.theme();
    canvas::Canvas& canvas = ui.canvas();
    const float side = std::min(box.w, box.h);
    const Rect square{std::round(box.center().x - side / 2), std::round(box.center().y - side / 2), side, side};
    for (int i = 0; i < 3; ++i) {
        const float x = square.x + side * (0.2F + 0.3F * static_cast<float>(i));
        const Color hue = theme.thread(i + 1).fill;
        const float eye = square.y + side * (i == 1 ? 0.36F : 0.64F);
        canvas.line({x, square.y}, {x, eye - side * 0.12F}, hue, side / 11);
        canvas.line({x, eye + side * 0.12F}, {x, square.bottom()}, hue, side / 11);
        canvas.ring({x, eye}, side * 0.12F, hue, side / 11);
    }
}

bool ghost_button(widgets::Ui& ui, std::string_view id, canvas::Icon icon, Rect rect, const std::string& tip,
                  const std::string& key = {}) {
    widgets::ButtonSpec spec;
    spec.icon = icon, spec.kind = widgets::ButtonKind::kGhost;
    spec.tip = {tip, key};
    return widgets::button(ui, id, rect, spec);
}

void draw_head(widgets::Ui& ui, Commands& commands, Rect head, bool at_home) {
    const Theme& theme = ui.theme();
    if (ghost_button(ui, "rail.collapse", canvas::Icon::kChevronLeft, head.take_right(theme.size.control).inset(0, 12),
                     ui.tr("rail.collapse")))
        commands.app.emplace_back(SetRailCollapsed{true});
    const widgets::Response r = ui.interact("rail.home", head.inset(0, 8));
    if (r.hovered && !at_home) ui.canvas().fill(head.inset(0, 8), theme.color.hover, theme.size.radius);
    ui.focus_ring("rail.home", head.inset(0, 8), theme.size.radius);
    ui.tooltip("rail.home", head, {ui.tr("rail.home"), ""});
    if (r.clicked) commands.app.emplace_back(OpenHome{});
    head = head.inset(8, 0);
    draw_mark(ui, head.take_left(24, 10).inset(0, (head.h - 24) / 2));
    ui.canvas().text(head, "heddle", theme.title());
}

void draw_collapsed(const catalog::Catalog& catalog, std::string_view open, RailState& state, widgets::Ui& ui,
                    Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    Rect column = rect.inset(8, 8);
    const Rect mark = column.take_top(theme.size.control + 8, 8);
    const widgets::Response home = ui.interact("rail.home", mark);
    ui.focus_ring("rail.home", mark, theme.size.radius);
    ui.tooltip("rail.home", mark, {ui.tr("rail.home"), ""});
    if (home.clicked) commands.app.emplace_back(OpenHome{});
    draw_mark(ui, mark.inset(0, (mark.h - 24) / 2));
    if (ghost_button(ui, "rail.expand", canvas::Icon::kChevronRight, column.take_top(theme.size.control, 8),
                     ui.tr("rail.expand")) ||
        ghost_button(ui, "rail.search", canvas::Icon::kSearch, column.take_top(theme.size.control, 16),
                     ui.tr("search.placeholder"), "/"))
        commands.app.emplace_back(SetRailCollapsed{false});
    if (ghost_button(ui, "rail.open", canvas::Icon::kFolder, column.take_bottom(theme.size.control, 8), ui.tr("rail.open"),
                     "O"))
        commands.app.emplace_back(SetOpenDialog{true});
    int number = 0;
    for (const catalog::Chapter& chapter : catalog.chapters()) {
        widgets::ButtonSpec spec;
        spec.text = std::to_string(++number);
        spec.kind = widgets::ButtonKind::kGhost;
        spec.selected = open.starts_with(chapter.id + "/");
        spec.tip = {in_language(chapter.title, ui), ""};
        if (widgets::button(ui, "rail.chapter." + chapter.id, column.take_top(theme.size.control, 4), spec)) {
            state.closed.erase(chapter.id);
            commands.app.emplace_back(SetRailCollapsed{false});
        }
    }
}

void draw_chapter(const catalog::Catalog& catalog, const Settings& settings, std::string_view open,
                  const catalog::Chapter& chapter, int number, RailState& state, widgets::Ui& ui, Commands& commands,
                  Rect& rows) {
    const Theme& theme = ui.theme();
    std::vector<const catalog::Scenario*> found;
    for (const catalog::Scenario* scenario : catalog.in_chapter(chapter.id))
        if (matches_search(*scenario, language_of(ui), state.search.text)) found.push_back(scenario);
    if (found.empty()) return;
    const bool searching = !state.search.text.empty();
    widgets::RowSpec row;
    row.text = std::to_string(number) + "  " + in_language(chapter.title, ui);
    row.open = searching || !state.closed.contains(chapter.id);
    if (widgets::tree_row(ui, "rail.chapter." + chapter.id, rows.take_top(theme.size.row), row) && !searching) {
        if (!state.closed.erase(chapter.id)) state.closed.insert(chapter.id);
        ui.request_frame();
    }
    if (!*row.open) return;
    for (const catalog::Scenario* scenario : found) {
        widgets::RowSpec leaf;
        leaf.text = in_language(scenario->title, ui);
        leaf.depth = 1;
        leaf.ticked = settings.done.contains(scenario->id);
        leaf.selected = scenario->id == open;
        if (widgets::tree_row(ui, "rail." + scenario->id, rows.take_top(theme.size.row), leaf))
            commands.app.emplace_back(as_it_begins(*scenario));
    }
    rows.take_top(4);
}

}  // namespace

bool matches_search(const catalog::Scenario& scenario, Language language, std::string_view typed) {
    if (typed.empty()) return true;
    const std::string wanted = lower(typed);
    for (const std::string* text : {&scenario.title.in(language), &scenario.summary.in(language), &scenario.id})
        if (lower(*text).find(wanted) != std::string::npos) return true;
    return false;
}

void draw_rail(const catalog::Catalog& catalog, const Settings& settings, std::string_view open, RailState& state,
               widgets::Ui& ui, Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    ui.canvas().fill(rect, theme.color.panel);
    ui.canvas().vline(rect.right() - 1, rect.y, rect.bottom(), theme.color.border);
    if (settings.rail_collapsed) return draw_collapsed(catalog, open, state, ui, commands, rect);

    Rect column = rect.inset(12, 0);
    draw_head(ui, commands, column.take_top(theme.size.top_bar), open.empty());
    const std::string_view focused = ui.state().focus;
    const bool searching = focused == "rail.search" && !state.search.text.empty();
    widgets::search_box(ui, "rail.search", column.take_top(theme.size.control, 8), state.search, ui.tr("search.placeholder"),
                        "/");
    if (searching && ui.take_key(Key::kEnter)) {
        for (const catalog::Scenario& scenario : catalog.scenarios()) {
            if (!matches_search(scenario, language_of(ui), state.search.text)) continue;
            commands.app.emplace_back(as_it_begins(scenario));
            state.search = {};
            break;
        }
    }
    column.take_bottom(8);
    widgets::ButtonSpec own;
    own.text = ui.tr("rail.open"), own.icon = canvas::Icon::kFolder;
    own.selected = catalog::is_own_id(open);
    own.tip = {ui.tr("rail.open_tip"), "O"};
    if (widgets::button(ui, "rail.open", column.take_bottom(theme.size.control, 8), own))
        commands.app.emplace_back(SetOpenDialog{true});
    widgets::ScrollArea area(ui, "rail.scroll", column, state.scroll);
    Rect rows = area.content();
    const float top = rows.y;
    int number = 0;
    for (const catalog::Chapter& chapter : catalog.chapters())
        draw_chapter(catalog, settings, open, chapter, ++number, state, ui, commands, rows);
    if (rows.y == top) {
        const float used = ui.canvas().paragraph(rows.inset(12, 8), ui.tr("rail.nothing_found"), theme.dim());
        rows.take_top(used + 16);
    }
    area.end(rows.y - top);
}

}  // namespace heddle::shell
