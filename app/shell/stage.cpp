#include "app/shell/stage.h"

#include <algorithm>
#include <cmath>

#include "app/failure_text.h"
#include "app/shell/modes.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

constexpr float kLeastWidth = 336, kLeastHeight = 216;  // of a view that can still be read, at scale 1

// Lists of lines need height; diagrams and tables come out with less.
float height_weight(std::string_view view) {
    return view == "code" || view == "memory" || view == "stack" ? 1.25F : 1.F;
}

// A tree needs width.
float width_weight(std::string_view view) {
    return view == "interleavings" ? 1.9F : 1.F;
}

// The threads that stand at the lines which the interleavings point at, as the code view lights them.
model::Snapshot with_pointed(const model::Snapshot& snapshot, const std::vector<model::StepText>& steps) {
    model::Snapshot shown = snapshot;
    for (const model::StepText& step : steps) {
        const bool here = step.line > 0 && snapshot.code.source &&
                          panels::file_name(step.file) == panels::file_name(snapshot.code.source->path);
        if (!here) continue;
        shown.code.markers.push_back({step.thread, step.line});
        if (shown.code.current_line == 0) shown.code.current_line = step.line;
        if (steps.size() == 1) shown.code.current_thread = step.thread;
    }
    return shown;
}

// Rows and columns of equal widths; a row is as high as the most demanding view in it asks.
void lay_out_grid(Rect area, std::span<const std::string> views, std::size_t columns, float gap, std::span<Rect> places) {
    const std::size_t rows = (views.size() + columns - 1) / columns;
    std::vector<float> weights(rows, 1);
    for (std::size_t i = 0; i < views.size(); ++i)
        weights[i / columns] = std::max(weights[i / columns], height_weight(views[i]));
    float total = 0;
    for (const float weight : weights) total += weight;
    const float height = area.h - gap * static_cast<float>(rows - 1);
    for (std::size_t row = 0; row < rows; ++row) {
        Rect line = row + 1 == rows ? area : area.take_top(std::round(height * weights[row] / total), gap);
        const std::size_t first = row * columns, count = std::min(columns, views.size() - first);
        for (std::size_t i = 0; i < count; ++i) {
            const auto left = static_cast<float>(count - i);
            places[first + i] = i + 1 == count ? line : line.take_left(std::round((line.w - gap * (left - 1)) / left), gap);
        }
    }
}

void draw_waiting(const model::Snapshot& snapshot, widgets::Ui& ui, Commands& commands, Rect rect) {
    const Theme& theme = ui.theme();
    const bool building = snapshot.status == model::RunStatus::kBuilding;
    const float width = std::min(rect.w - 32, theme.size.body * 30), height = theme.size.row * (building ? 6 : 4);
    const Rect place{rect.center().x - width / 2, rect.center().y - height / 2, width, height};
    widgets::CardSpec spec;
    spec.title = ui.tr(building ? "shell.building" : "shell.starting");
    Rect content = widgets::card(ui, "stage.waiting", place, spec).content;
    const float used = ui.canvas().paragraph(content, ui.tr("shell.building_note"), theme.dim());
    content.take_top(used, theme.size.gap_small);
    if (!building) return widgets::progress_bar(ui, content.take_top(8), -1);
    const model::BuildStep& step = snapshot.building;
    const float done = step.steps > 1 ? static_cast<float>(step.step - 1) / static_cast<float>(step.steps) : -1;
    widgets::progress_bar(ui, content.take_top(8, theme.size.gap_small), step.steps > 2 ? done : -1);
    widgets::ButtonSpec cancel;
    cancel.text = ui.tr("shell.cancel");
    const float cancel_width = widgets::button_width(ui, cancel);
    Rect row = content.take_top(theme.size.control);
    if (widgets::button(ui, "stage.cancel", row.take_right(cancel_width, theme.size.gap_small), cancel))
        commands.playback.emplace_back(model::StopRun{});
    if (step.step == 0) return;
    const std::string key = step.file.empty() ? "shell.linking" : "shell.compiling";
    ui.canvas().text(
        row, ui.tr(key, {{"file", step.file}, {"step", std::to_string(step.step)}, {"steps", std::to_string(step.steps)}}),
        theme.dim());
}

void draw_failure(const model::Snapshot& snapshot, StageState& state, widgets::Ui& ui, Rect rect) {
    const Theme& theme = ui.theme();
    widgets::CardSpec spec;
    spec.title = ui.tr("shell.failed");
    spec.subtitle = snapshot.run.scenario;
    spec.edge = theme.color.error;
    Rect content = widgets::card(ui, "stage.failure", rect, spec).content;
    widgets::ScrollArea area(ui, "stage.failure.scroll", content, state.failure);
    Rect text = area.content();
    const float hint = ui.canvas().paragraph(text, ui.tr("shell.failed_note"), theme.dim());
    Rect rest = text;
    rest.take_top(hint, theme.size.gap_small);
    const float used =
        ui.canvas().paragraph(rest, failure_text(ui.texts(), snapshot.failure), theme.body().in(theme.color.error_text));
    area.end(hint + theme.size.gap_small + used);
}

// Buttons for the views that have no room now; a click exchanges one with the last that has.
void draw_hidden_views(std::size_t shown, StageState& state, widgets::Ui& ui, Rect strip) {
    const Theme& theme = ui.theme();
    const std::string also = ui.tr("shell.also");
    ui.canvas().text(strip.take_left(ui.canvas().measure(also, theme.dim()) + 2, theme.size.gap_small), also, theme.dim());
    for (std::size_t i = shown; i < state.order.size(); ++i) {
        widgets::ButtonSpec spec;
        spec.text = ui.tr("panel." + state.order[i]);
        if (state.order[i] == "pcb") spec.text = ui.tr("shell.pcb_short");
        spec.kind = widgets::ButtonKind::kGhost;
        spec.tip = {ui.tr("shell.show_view"), ""};
        const float width = std::min(widgets::button_width(ui, spec), strip.w);
        if (widgets::button(ui, "stage.show." + state.order[i], strip.take_left(width, 4), spec)) {
            std::swap(state.order[i], state.order[shown - 1]);
            ui.request_frame();
        }
    }
}

}  // namespace

std::vector<Rect> lay_out_views(Rect area, std::span<const std::string> views, float gap, float scale) {
    std::vector<Rect> places(views.size());
    const auto weight_of = [&](std::size_t view) { return width_weight(views[view]); };
    if (views.size() == 2 && weight_of(0) != weight_of(1)) {
        const float least = std::min(kLeastWidth * scale, (area.w - gap) / 2);
        const float first = (area.w - gap) * weight_of(0) / (weight_of(0) + weight_of(1));
        places[0] = area.take_left(std::ceil(std::clamp(first, least, area.w - gap - least)), gap);
        places[1] = area;
    } else if (views.size() == 3) {  // the most important one has a column of its own
        places[0] = area.take_left(std::round((area.w - gap) / 2), gap);
        lay_out_grid(area, views.subspan(1), 1, gap, std::span(places).subspan(1));
    } else if (!views.empty()) {
        lay_out_grid(area, views, views.size() == 1 ? 1 : views.size() <= 4 ? 2 : 3, gap, places);
    }
    return places;
}

std::size_t views_that_fit(Rect area, std::span<const std::string> views, float gap, float scale) {
    for (std::size_t count = views.size(); count > 1; --count) {
        const auto places = lay_out_views(area, views.subspan(0, count), gap, scale);
        // Side by side they are as high as one of them alone would be.
        const bool one_row = places.back().y == places.front().y && places.back().h == places.front().h;
        const float least = one_row ? 0 : kLeastHeight * scale;
        if (std::all_of(places.begin(), places.end(),
                        [&](Rect place) { return place.w >= kLeastWidth * scale && place.h >= least; }))
            return count;
    }
    return 1;
}

bool draw_view(std::string_view view, const model::Snapshot& snapshot, StageState& state, panels::Context& context, Rect rect) {
    if (view == "code" && snapshot.exploration)
        panels::draw_code(with_pointed(snapshot, state.interleavings.pointed), state.code, context, rect);
    else if (view == "code")
        panels::draw_code(snapshot, state.code, context, rect);
    else if (view == "memory")
        panels::draw_memory(snapshot, state.memory, context, rect);
    else if (view == "stack")
        panels::draw_stack(snapshot, state.stack, context, rect);
    else if (view == "states")
        panels::draw_states(snapshot, state.states, context, rect);
    else if (view == "pcb")
        panels::draw_pcb(snapshot, state.pcb, context, rect);
    else if (view == "cpus")
        panels::draw_cpus(snapshot, state.cpus, context, rect);
    else if (view == "pages")
        panels::draw_pages(snapshot, state.pages, context, rect);
    else if (view == "interleavings")
        panels::draw_interleavings(snapshot, state.interleavings, context, rect);
    else if (view == "sync")
        panels::draw_sync(snapshot, state.sync, context, rect);
    else
        return false;
    return true;
}

void toggle_maximized(StageState& state) {
    if (!state.maximized.empty())
        state.maximized.clear();
    else if (!state.under_pointer.empty())
        state.maximized = state.under_pointer;
    else if (!state.order.empty())
        state.maximized = state.order.front();
}

void draw_stage(const std::vector<std::string>& views, const model::Snapshot& snapshot, StageState& state, widgets::Ui& ui,
                Commands& commands, Rect rect) {
    if (snapshot.status == model::RunStatus::kFailed && !snapshot.build_messages.empty()) {
        panels::Context context{ui, commands.playback, false, false, false};
        return draw_build_errors(snapshot, state.errors, state.code, context, commands, rect);
    }
    if (snapshot.status == model::RunStatus::kFailed) return draw_failure(snapshot, state, ui, rect);
    if (snapshot.status == model::RunStatus::kBuilding || snapshot.status == model::RunStatus::kNone)
        return draw_waiting(snapshot, ui, commands, rect);
    const std::string& scenario = snapshot.run.scenario;
    if (state.scenario != scenario ||
        !std::is_permutation(state.order.begin(), state.order.end(), views.begin(), views.end())) {
        state.scenario = scenario, state.order = views;
        state.maximized.clear(), state.under_pointer.clear();
    }
    const bool alone = !state.maximized.empty();
    std::vector<std::string> shown = alone ? std::vector<std::string>{state.maximized} : state.order;
    const float gap = ui.theme().size.gap_small + 4, scale = ui.theme().size.small / 13;
    if (!alone) {
        const std::size_t fitting = views_that_fit(rect, shown, gap, scale);
        if (fitting < shown.size()) {
            draw_hidden_views(fitting, state, ui, rect.take_bottom(ui.theme().size.control_small + 4, 4));
            shown.resize(fitting);
        }
    }
    const std::vector<Rect> places = lay_out_views(rect, shown, gap, scale);
    state.under_pointer.clear();
    for (std::size_t i = 0; i < shown.size(); ++i) {
        panels::Context context{ui, commands.playback, state.order.size() > 1, alone, false};
        if (places[i].contains(ui.input().pointer)) state.under_pointer = shown[i];
        draw_view(shown[i], snapshot, state, context, places[i]);
        step_through(snapshot.run, context.schedule_chosen, commands);
        if (context.manner_chosen) explore_so(snapshot.run, *context.manner_chosen, commands);
        if (!context.maximize_clicked) continue;
        state.maximized = alone ? "" : shown[i];
        ui.request_frame();
    }
}

}  // namespace heddle::shell
