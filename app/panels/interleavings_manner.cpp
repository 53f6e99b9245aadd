// How the program is searched, above what was found: all interleavings or those with few preemptions, and whether waits may end
// by themselves.
#include <algorithm>
#include <array>
#include <cmath>

#include "app/panels/interleavings_parts.h"
#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

constexpr int kMostPreemptions = 2;  // of the bounds to choose from

using Bounds = std::array<widgets::Choice, kMostPreemptions + 1>;

Bounds bounds_in_words(const Context& context) {
    Bounds bounds;
    bounds[0].text = context.tr("explore.bound_none"), bounds[0].id = "all";
    bounds[0].tip = {context.tr("explore.bound_none_tip"), ""};
    for (std::size_t most = 1; most < bounds.size(); ++most) {
        const std::string count = std::to_string(most);
        bounds[most].text = context.tr("explore.bound", {{"count", count}}), bounds[most].id = count;
        bounds[most].tip = {context.tr("explore.bound_tip", {{"count", count}}), ""};
    }
    return bounds;
}

}  // namespace

Rect draw_manner(const model::ExploreManner& manner, bool offers_spurious, Context& context, Rect area) {
    const Theme& theme = context.theme();
    Rect row = area.take_top(theme.size.control_small + 4, theme.size.gap_small);
    const std::string name = context.tr("explore.bound_name");
    const float name_width = std::ceil(context.canvas().measure(name, theme.dim())) + 2;
    context.canvas().text(row.take_left(std::min(row.w, name_width), theme.size.gap_small), name, theme.dim());
    const Bounds bounds = bounds_in_words(context);
    const float width = std::min(row.w, widgets::segmented_width(context.ui, bounds));
    int chosen = std::min(manner.preemptions.value_or(0), kMostPreemptions);
    if (widgets::segmented(context.ui, "explore.bound", row.take_left(width, theme.size.gap), bounds, chosen)) {
        context.manner_chosen = manner;
        context.manner_chosen->preemptions = chosen == 0 ? std::nullopt : std::optional(chosen);
    }
    if (!offers_spurious) return area;
    widgets::ButtonSpec spurious;
    spurious.text = context.tr("step.spurious"), spurious.selected = manner.spurious_wakeups;
    spurious.tip = {context.tr("explore.spurious_tip"), ""};
    const Rect place = row.take_left(std::min(row.w, widgets::button_width(context.ui, spurious)));
    if (widgets::button(context.ui, "explore.spurious", place, spurious)) {
        context.manner_chosen = manner;
        context.manner_chosen->spurious_wakeups = !manner.spurious_wakeups;
    }
    return area;
}

}  // namespace heddle::panels
