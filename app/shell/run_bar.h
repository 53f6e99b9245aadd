// Below the top bar: the scenario's variants as tabs and its parameters as steppers, or what one's own program gets. A change
// runs the program again. Main thread; queues commands.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "app/shell/command.h"
#include "app/shell/launch_dialog.h"
#include "app/widgets/ui.h"
#include "core/catalog/scenario.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

struct RunBarState {
    // What was set and not run yet: several clicks on a stepper are one new run.
    std::optional<std::map<std::string, std::int64_t>> pending;
    std::string scenario;  // that `pending` belongs to
    double changed_at = 0;
};

// What it needs at this width: a second row where the parameters' names have no room beside the variants.
float run_bar_height(const catalog::Scenario& scenario, widgets::Ui& ui, float width);
// launch: of one's own program, which has no parameters: a button opens the dialog where they are said.
void draw_run_bar(const catalog::Scenario& scenario, const model::RunInfo& run, const std::optional<LaunchFacts>& launch,
                  RunBarState& state, widgets::Ui& ui, Commands& commands, Rect rect);
// V: the variant after the one that runs, the first after the last; the parameters stay.
void open_next_variant(const catalog::Scenario& scenario, const model::RunInfo& run, Commands& commands);

// The next value of a parameter: one more or less where the range is small, else along 1, 2, 5, 10, 20, 50 …
std::int64_t next_value(std::int64_t value, bool up, std::int64_t minimum, std::int64_t maximum);

}  // namespace heddle::shell
