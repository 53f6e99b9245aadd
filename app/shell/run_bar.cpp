#include "app/shell/run_bar.h"

#include <algorithm>
#include <cmath>

#include "app/shell/local_text.h"
#include "app/shell/modes.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

constexpr double kRunAfter = 0.6;  // seconds after the last change
constexpr std::int64_t kFineRange = 64;

std::int64_t value_of(const catalog::Parameter& parameter, const std::map<std::string, std::int64_t>& values) {
    const auto found = values.find(parameter.name);
    return found == values.end() ? parameter.default_value : found->second;
}

float stepper_width(widgets::Ui& ui, const catalog::Parameter& parameter) {
    const Theme& theme = ui.theme();
    return std::ceil(ui.canvas().measure(std::to_string(parameter.maximum), theme.strong())) + 2 * theme.size.control + 16;
}

float label_width(widgets::Ui& ui, const catalog::Parameter& parameter) {
    return std::ceil(ui.canvas().measure(in_language(parameter.title, ui), ui.theme().dim())) + 2;
}

// Without names.
float steppers_width(const catalog::Scenario& scenario, widgets::Ui& ui) {
    float width = 0;
    for (const catalog::Parameter& parameter : scenario.parameters)
        width += stepper_width(ui, parameter) + 8 + ui.theme().size.gap;
    return width;
}

// With their whole names.
float parameters_width(const catalog::Scenario& scenario, widgets::Ui& ui) {
    float width = steppers_width(scenario, ui);
    for (const catalog::Parameter& parameter : scenario.parameters) width += label_width(ui, parameter);
    return width;
}

std::vector<widgets::Choice> variants_of(const catalog::Scenario& scenario, const widgets::Ui& ui) {
    std::vector<widgets::Choice> choices;
    for (const catalog::Variant& variant : scenario.variants) {
        widgets::Choice choice;
        choice.text = in_language(variant.title, ui), choice.id = variant.id;
        choice.tip = {ui.tr("run.variant"), "V"};
        choices.push_back(std::move(choice));
    }
    return choices;
}

// Of the names of the parameters, where there is so much room for them; 0: too little to be read, the tooltip has it.
std::vector<float> label_widths(widgets::Ui& ui, const catalog::Scenario& scenario, float room) {
    constexpr float kLeast = 52;
    std::vector<float> widths;
    for (const catalog::Parameter& parameter : scenario.parameters) widths.push_back(label_width(ui, parameter));
    const std::vector<float> whole = widths;
    widgets::give_way(widths, std::max(0.F, room));
    for (std::size_t i = 0; i < widths.size(); ++i)
        if (widths[i] < whole[i] && widths[i] < kLeast) widths[i] = 0;
    return widths;
}

int active_variant(const catalog::Scenario& scenario, const std::string& id) {
    for (std::size_t i = 0; i < scenario.variants.size(); ++i)
        if (scenario.variants[i].id == id) return static_cast<int>(i);
    return 0;
}

// From the right end; labels give way when there is little room, the tooltip has them whole.
Rect draw_parameters(const catalog::Scenario& scenario, const model::RunInfo& run, RunBarState& state, widgets::Ui& ui,
                     Rect rect, float room) {
    const Theme& theme = ui.theme();
    const std::vector<float> labels = label_widths(ui, scenario, room - steppers_width(scenario, ui));
    std::map<std::string, std::int64_t> values = state.pending.value_or(run.parameters);
    for (auto parameter = scenario.parameters.rbegin(); parameter != scenario.parameters.rend(); ++parameter) {
        const std::int64_t before = value_of(*parameter, values);
        const std::int64_t largest = std::min<std::int64_t>(parameter->maximum, INT32_MAX);
        int value = static_cast<int>(std::clamp(before, parameter->minimum, largest));
        const Rect box = rect.take_right(stepper_width(ui, *parameter), 8).inset(0, (rect.h - theme.size.control) / 2);
        if (widgets::stepper(ui, "parameter." + parameter->name, box, value, static_cast<int>(parameter->minimum),
                             static_cast<int>(largest), {in_language(parameter->title, ui), ""})) {
            values[parameter->name] = next_value(before, value > before, parameter->minimum, largest);
            state.pending = values, state.scenario = scenario.id, state.changed_at = ui.now();
        }
        const float width = labels[static_cast<std::size_t>(scenario.parameters.rend() - parameter) - 1];
        if (width == 0) continue;
        ui.canvas().text(rect.take_right(width, theme.size.gap), in_language(parameter->title, ui),
                         theme.dim().at(canvas::Align::kRight));
    }
    return rect;
}

// The variants, and beside them the parameters, each with something of its name.
bool names_have_room(const catalog::Scenario& scenario, widgets::Ui& ui, float width) {
    const std::vector<widgets::Choice> choices = variants_of(scenario, ui);
    float room = width;
    if (choices.size() > 1) {
        const widgets::TabFit fit = widgets::tabs_fit(ui, choices, width - parameters_width(scenario, ui));
        room -= widgets::tabs_width(ui, choices, fit);
    }
    const std::vector<float> labels = label_widths(ui, scenario, room - steppers_width(scenario, ui));
    return std::find(labels.begin(), labels.end(), 0.F) == labels.end();
}

}  // namespace

float run_bar_height(const catalog::Scenario& scenario, widgets::Ui& ui, float width) {
    const Metrics& size = ui.theme().size;
    return names_have_room(scenario, ui, width) ? size.tab : size.tab + size.gap_small + size.control;
}

std::int64_t next_value(std::int64_t value, bool up, std::int64_t minimum, std::int64_t maximum) {
    if (maximum - minimum <= kFineRange) return std::clamp(value + (up ? 1 : -1), minimum, maximum);
    std::int64_t below = minimum, power = 1;
    while (power <= maximum) {
        for (const std::int64_t factor : {1, 2, 5}) {
            const std::int64_t rung = factor * power;
            if (up && rung > value) return std::clamp(rung, minimum, maximum);
            if (rung < value) below = rung;
        }
        if (power > maximum / 10) break;
        power *= 10;
    }
    return std::clamp(up ? maximum : below, minimum, maximum);
}

void open_next_variant(const catalog::Scenario& scenario, const model::RunInfo& run, Commands& commands) {
    if (scenario.variants.size() < 2) return;
    const auto next = static_cast<std::size_t>(active_variant(scenario, run.variant) + 1) % scenario.variants.size();
    commands.app.emplace_back(in_same_mode(run, scenario.variants[next].id, run.parameters));
}

void draw_run_bar(const catalog::Scenario& scenario, const model::RunInfo& run, const std::optional<LaunchFacts>& launch,
                  RunBarState& state, widgets::Ui& ui, Commands& commands, Rect rect) {
    if (launch) draw_launch_button(*launch, ui, commands, rect);
    if (state.scenario != scenario.id) state.pending.reset();
    const std::vector<widgets::Choice> choices = variants_of(scenario, ui);
    // Where not everything fits, the variants stand closer and are smaller; then the names of the parameters give way, and
    // where nothing would be left of one, the parameters have a row of their own.
    const bool chooses = choices.size() > 1;
    const float wanted = chooses ? widgets::tabs_width(ui, choices, widgets::TabFit::kUsual) : 0;
    Rect rest = rect;
    if (names_have_room(scenario, ui, rect.w)) {
        const widgets::TabFit fit = widgets::tabs_fit(ui, choices, rect.w - parameters_width(scenario, ui));
        const float least = chooses ? widgets::tabs_width(ui, choices, fit) : 0;
        rest = draw_parameters(scenario, run, state, ui, rect, rect.w - least);
    } else {
        rest = rect.take_top(ui.theme().size.tab, ui.theme().size.gap_small);
        draw_parameters(scenario, run, state, ui, rect, rect.w);
        rect = rest;
    }
    int chosen = active_variant(scenario, run.variant);
    if (chooses && widgets::tabs(ui, "variant", {rect.x, rect.y, std::min(wanted, rest.w), rect.h}, choices, chosen))
        commands.app.emplace_back(
            in_same_mode(run, scenario.variants[static_cast<std::size_t>(chosen)].id, state.pending.value_or(run.parameters)));
    if (!state.pending) return;
    const double left = state.changed_at + kRunAfter - ui.now();
    if (left > 0) return ui.request_frame(left);
    commands.app.emplace_back(in_same_mode(run, run.variant, *state.pending));
    state.pending.reset();
}

}  // namespace heddle::shell
