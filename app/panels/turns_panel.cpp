#include "app/panels/turns_panel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/layout/turns_layout.h"
#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

std::string text_of(const Context& context, const model::Sentence& sentence) {
    return context.ui.texts().tr(sentence.key, sentence.arguments);
}

// The policy that goes on where the learner does not say, and how far one step goes; from the right end.
void draw_manner(const model::StepView& step, Context& context, Rect& row) {
    widgets::Ui& ui = context.ui;
    std::array<widgets::Choice, 2> grains;
    grains[0].text = ui.tr("step.access"), grains[0].id = "access", grains[0].tip = {ui.tr("step.access_tip"), ""};
    grains[1].text = ui.tr("step.line"), grains[1].id = "line", grains[1].tip = {ui.tr("step.line_tip"), ""};
    int grain = static_cast<int>(step.granularity);
    const float grains_width = widgets::segmented_width(ui, grains);
    if (row.w < grains_width + 120) return;
    if (widgets::segmented(ui, "turns.granularity", row.take_right(grains_width, 12), grains, grain))
        context.commands.emplace_back(model::SetGranularity{static_cast<model::Granularity>(grain)});
    std::array<widgets::Choice, 4> policies;
    constexpr std::array<std::array<std::string_view, 3>, 4> kPolicies = {
        {{"run_on", "step.policy_run_on", "step.policy_run_on_tip"},
         {"turns", "step.policy_turns", "step.policy_turns_tip"},
         {"random", "step.policy_random", "step.policy_random_tip"},
         {"priorities", "step.policy_priorities", "step.policy_priorities_tip"}}};
    for (std::size_t i = 0; i < kPolicies.size(); ++i) {
        policies[i].id = kPolicies[i][0];
        policies[i].text = ui.tr(kPolicies[i][1]);
        policies[i].tip = {ui.tr(kPolicies[i][2]), ""};
    }
    const float policies_width = widgets::segmented_width(ui, policies);
    if (row.w < policies_width + 120) return;
    int policy = static_cast<int>(step.policy);
    if (widgets::segmented(ui, "turns.policy", row.take_right(policies_width, 12), policies, policy))
        context.commands.emplace_back(model::SetPolicy{static_cast<model::StepPolicy>(policy)});
}

// left_out: threads that have no room for a card.
void draw_head(const model::StepView& step, std::size_t left_out, Context& context, Rect row) {
    const Theme& theme = context.theme();
    if (step.over.empty()) draw_manner(step, context, row);
    const std::string title = context.tr(step.over.empty() ? "step.who" : step.over);
    const canvas::TextStyle style =
        step.over.empty() || step.over == "step.over_finished" ? theme.strong() : theme.strong().in(theme.color.error_text);
    const float width = std::min(row.w, std::ceil(context.canvas().measure(title, style)) + 2);
    context.canvas().text(row.take_left(width, 12), title, style);
    if (left_out > 0) {
        const std::string more = context.tr("step.more", {{"n", std::to_string(left_out)}});
        context.canvas().text(row.take_left(std::ceil(context.canvas().measure(more, theme.dim())) + 2, 12), more, theme.dim());
    }
    const std::string count =
        context.tr("step.count", {{"step", std::to_string(step.step)}, {"steps", std::to_string(step.steps)}});
    if (context.canvas().measure(count, theme.dim()) <= row.w) context.canvas().text(row, count, theme.dim());
}

// "T3", or "P2/T3" where there are several processes.
std::string who_is(const model::PendingView& pending) {
    const std::string thread = thread_short(pending.thread);
    return pending.process == model::kNobody ? thread : "P" + std::to_string(pending.process) + "/" + thread;
}

void draw_card(const model::PendingView& pending, const model::StepView& step, Context& context, Rect card) {
    const Theme& theme = context.theme();
    canvas::Canvas& canvas = context.canvas();
    const bool last = pending.thread == step.last;
    const std::string id = "turns." + std::to_string(pending.thread);
    canvas.fill(card, pending.enabled ? theme.thread(pending.thread).tint : theme.color.panel, theme.size.radius);
    canvas.stroke(card, pending.enabled ? theme.thread(pending.thread).fill : theme.color.border, last ? 2.F : 1.F,
                  theme.size.radius);
    Rect inside = card.inset(10, 6);
    Rect line = inside.take_top(std::round(inside.h * 0.55F));

    widgets::ButtonSpec spec;
    spec.text = context.tr("step.button", {{"n", std::to_string(pending.thread)}});
    spec.enabled = pending.enabled && step.over.empty();
    spec.edge = theme.thread(pending.thread).fill;
    spec.tip = {context.tr("step.button_tip", {{"thread", thread_short(pending.thread)}}),
                pending.thread <= 9 ? std::to_string(pending.thread) : ""};
    const Rect place = line.take_right(widgets::button_width(context.ui, spec), 8);
    if (widgets::button(context.ui, id, place, spec)) context.commands.emplace_back(model::StepThread{pending.thread});

    const float radius = std::round(theme.size.small * 0.45F);
    canvas::draw_shape(canvas, theme.thread_shape(pending.thread), line.take_left(2 * radius, 6).center(), radius,
                       theme.thread(pending.thread).fill);
    const std::string name = who_is(pending);
    std::string who = context.tr(pending.enabled ? "step.about_to" : "step.waits", {{"thread", name}});
    if (canvas.measure(who, theme.dim()) > line.w) who = name;
    canvas.text(line, who, theme.dim());
    const std::string what = text_of(context, pending.what);
    canvas::TextStyle style = theme.strong().in(pending.enabled ? theme.thread(pending.thread).text : theme.color.text_dim);
    if (canvas.measure(what, style) > inside.w) style = style.sized(theme.size.small);
    canvas.text(inside, what, style);
    std::string tip = what;
    if (!pending.enabled) tip += "\n" + text_of(context, pending.obstacle);
    if (pending.line > 0) tip += "\n" + std::string(file_name(pending.file)) + ":" + std::to_string(pending.line);
    const Rect words{card.x, card.y, place.x - card.x, card.h};
    context.ui.interact(id + ".words", words, false);
    context.ui.tooltip(id + ".words", words, {tip, ""});
}

// Room for as many as there were ever threads, so that nothing jumps when one ends.
std::size_t cards_of(const model::Snapshot& snapshot) {
    return std::max(snapshot.threads.size(), snapshot.step->pending.size());
}

}  // namespace

float turns_height(const model::Snapshot& snapshot, const widgets::Ui& ui, float width) {
    if (!snapshot.step) return 0;
    return layout::turns_height(cards_of(snapshot), width, ui.theme().size.small / 13);
}

void draw_turns(const model::Snapshot& snapshot, Context& context, Rect rect) {
    const model::StepView& step = *snapshot.step;
    const float scale = context.scale();
    context.canvas().tag("turns", rect);
    const Rect head = rect.take_top(layout::kTurnHead * scale).inset(0, 2);
    const layout::TurnCards at = layout::lay_out_turns(rect, cards_of(snapshot), scale);
    const std::size_t shown = std::min(at.cards.size(), step.pending.size());
    draw_head(step, step.pending.size() - shown, context, head);
    for (std::size_t i = 0; i < shown; ++i) draw_card(step.pending[i], step, context, at.cards[i]);
}

}  // namespace heddle::panels
