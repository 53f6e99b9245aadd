#include "app/panels/timeline_header.h"

#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

using layout::TimeScale;

std::string badge_text(const Context& context, model::Badge badge) {
    switch (badge) {
        case model::Badge::kReal:
            return context.tr("badge.real");
        case model::Badge::kControlled:
            return context.tr("badge.controlled");
        case model::Badge::kSampled:
            return context.tr("badge.sampled");
    }
    return {};
}

HeaderWish draw_zoom_buttons(Context& context, Rect& header) {
    HeaderWish wish = HeaderWish::kNone;
    const Theme& theme = context.theme();
    const auto icon_button = [&](std::string_view id, canvas::Icon icon, std::string_view tip, std::string_view key) {
        widgets::ButtonSpec spec;
        spec.icon = icon, spec.kind = widgets::ButtonKind::kGhost;
        spec.tip = {context.tr(tip), std::string(key)};
        return widgets::button(context.ui, id, header.take_right(header.h, theme.size.grid / 2), spec);
    };
    if (icon_button("timeline.fit", canvas::Icon::kFit, "timeline.fit", "0")) wish = HeaderWish::kFit;
    if (icon_button("timeline.zoom_in", canvas::Icon::kPlus, "timeline.zoom_in", "+")) wish = HeaderWish::kZoomIn;
    if (icon_button("timeline.zoom_out", canvas::Icon::kMinus, "timeline.zoom_out", "-")) wish = HeaderWish::kZoomOut;
    return wish;
}

}  // namespace

HeaderWish draw_timeline_header(Context& context, const model::Snapshot& snapshot, TimelineState& state, Rect header,
                                std::string_view range, bool empty) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    widgets::Ui& ui = context.ui;
    const std::string title = context.tr("panel.timeline");
    const canvas::TextStyle style = theme.strong();
    canvas.text(header.take_left(canvas.measure(title, style) + 2, theme.size.gap_small), title, style);
    if (empty) return HeaderWish::kNone;
    const canvas::TextStyle badge_style = theme.small().strong();
    const float badge_width =
        canvas.measure(badge_text(context, snapshot.run.badge), badge_style) + theme.size.small * 1.75f + 2;
    const Rect badge = widgets::badge(ui, "timeline.badge", header.take_left(badge_width), evidence_of(snapshot.run.badge));
    header = {badge.right() + theme.size.gap, header.y, header.right() - badge.right() - theme.size.gap, header.h};
    const HeaderWish wish = draw_zoom_buttons(context, header);
    int chosen = state.scale == TimeScale::kTime ? 0 : 1;
    const std::vector<widgets::Choice> choices = {
        {context.tr("timeline.scale_time"), "time", {context.tr("timeline.scale_time_tip"), ""}},
        {context.tr("timeline.scale_events"), "events", {context.tr("timeline.scale_events_tip"), ""}}};
    const Rect scale_box = header.take_right(widgets::segmented_width(ui, choices), theme.size.gap);
    if (widgets::segmented(ui, "timeline.scale", scale_box, choices, chosen)) {
        state.scale = chosen == 0 ? TimeScale::kTime : TimeScale::kEvents;
        ui.request_frame();
    }
    const canvas::TextStyle dim = theme.dim().at(canvas::Align::kRight);
    if (canvas.measure(range, dim) < header.w) canvas.text(header, range, dim);
    return wish;
}

}  // namespace heddle::panels
