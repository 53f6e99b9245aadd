#include "app/panels/turns_panel.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

constexpr float kTightest = 0.75F;  // of what the policies would like to have

std::string text_of(const Context& context, const model::Sentence& sentence) {
    return context.ui.texts().tr(sentence.key, sentence.arguments);
}

bool asks_for_spurious(const model::StepView& step) {
    return step.spurious || std::any_of(step.pending.begin(), step.pending.end(),
                                        [](const model::PendingView& pending) { return pending.awaits_signal; });
}

// The policy that goes on where the learner does not say, and how far one step goes; from the right end. title: what is left
// for it.
void draw_manner(const model::StepView& step, float title, Context& context, Rect& row) {
    widgets::Ui& ui = context.ui;
    std::array<widgets::Choice, 2> grains;
    grains[0].text = ui.tr("step.access"), grains[0].id = "access", grains[0].tip = {ui.tr("step.access_tip"), ""};
    grains[1].text = ui.tr("step.line"), grains[1].id = "line", grains[1].tip = {ui.tr("step.line_tip"), ""};
    int grain = static_cast<int>(step.granularity);
    const float grains_width = widgets::segmented_width(ui, grains);
    if (row.w < grains_width + title) return;
    if (widgets::segmented(ui, "turns.granularity", row.take_right(grains_width, 12), grains, grain))
        context.commands.emplace_back(model::SetGranularity{static_cast<model::Granularity>(grain)});
    if (asks_for_spurious(step)) {
        widgets::ButtonSpec spurious;
        spurious.text = ui.tr("step.spurious"), spurious.selected = step.spurious;
        spurious.tip = {ui.tr("step.spurious_tip"), ""};
        if (widgets::button(ui, "turns.spurious", row.take_right(widgets::button_width(ui, spurious), 12), spurious))
            context.commands.emplace_back(model::SetSpurious{!step.spurious});
    }
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
    const float wanted = widgets::segmented_width(ui, policies);
    const float policies_width = std::clamp(row.w - 12 - title, wanted * kTightest, wanted);
    if (row.w < policies_width + title) return;
    int policy = static_cast<int>(step.policy);
    if (widgets::segmented(ui, "turns.policy", row.take_right(policies_width, 12), policies, policy))
        context.commands.emplace_back(model::SetPolicy{static_cast<model::StepPolicy>(policy)});
}

// A saved run: the same program, started again and led to this step.
void draw_take_up(const model::StepView& step, Context& context, Rect& row) {
    widgets::ButtonSpec spec;
    spec.text = context.tr("step.take_up"), spec.icon = canvas::Icon::kStep;
    spec.tip = {context.tr("step.take_up_tip"), ""};
    const Rect place = row.take_right(std::min(row.w, widgets::button_width(context.ui, spec)), 12);
    if (widgets::button(context.ui, "turns.take_up", place, spec)) context.schedule_chosen = step.schedule;
}

// left_out: threads that have no room for a card.
void draw_head(const model::StepView& step, std::size_t left_out, Context& context, Rect row) {
    const Theme& theme = context.theme();
    const std::string title = context.tr(!step.over.empty() ? step.over : step.saved ? "step.saved" : "step.who");
    const canvas::TextStyle style =
        step.over.empty() || step.over == "step.over_finished" ? theme.strong() : theme.strong().in(theme.color.error_text);
    const float wanted = std::ceil(context.canvas().measure(title, style)) + 2;
    if (step.saved) {
        draw_take_up(step, context, row);
    } else if (step.over.empty()) {
        draw_manner(step, wanted, context, row);
    }
    const float width = std::min(row.w, wanted);
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

std::string key_of(std::string_view modifier, model::Number thread) {
    return thread <= 9 ? std::string(modifier) + std::to_string(thread) : "";
}

bool chooses_waiter(const model::PendingView& pending, const model::StepView& step) {
    return pending.wakes.size() > 1 && pending.enabled && step.over.empty() && !step.saved;
}

// Whom the signal wakes, where several wait: a button each, the longest waiting first, as many as there is room for.
void draw_waiters(const model::PendingView& pending, Context& context, Rect& line) {
    constexpr float kGap = 4;
    const float room = line.w - context.theme().size.small * 4;  // the rest is for who signals
    std::vector<widgets::ButtonSpec> buttons;
    float width = 0;
    for (const model::Number waiter : pending.wakes) {
        const std::string who = thread_short(waiter);
        widgets::ButtonSpec spec;
        spec.text = who, spec.edge = context.theme().thread(waiter).fill;
        spec.tip = {context.tr("step.wakes_tip", {{"thread", thread_short(pending.thread)}, {"waiter", who}}),
                    key_of("Ctrl+", waiter)};
        width += widgets::button_width(context.ui, spec) + kGap;
        if (width > room && !buttons.empty()) break;
        buttons.push_back(std::move(spec));
    }
    const std::string id = "turns." + std::to_string(pending.thread) + ".wakes.";
    for (std::size_t i = buttons.size(); i > 0; --i) {
        const Rect place = line.take_right(widgets::button_width(context.ui, buttons[i - 1]), kGap);
        if (widgets::button(context.ui, id + std::to_string(pending.wakes[i - 1]), place, buttons[i - 1]))
            context.commands.emplace_back(model::StepThread{pending.thread, static_cast<std::uint32_t>(i - 1)});
    }
}

// The button that lets the thread go, or wakes it where it waits in vain.
void draw_step_button(const model::PendingView& pending, const model::StepView& step, layout::TurnCard look, Context& context,
                      Rect& line) {
    widgets::ButtonSpec spec;
    const std::string number = std::to_string(pending.thread);
    spec.text = pending.may_wake                     ? context.tr("step.wake_alone")
                : look == layout::TurnCard::kOneLine ? number
                                                     : context.tr("step.button", {{"n", number}});
    spec.enabled = !step.saved && (pending.may_wake || (pending.enabled && step.over.empty()));
    spec.edge = context.theme().thread(pending.thread).fill;
    spec.tip = {
        context.tr(pending.may_wake ? "step.wake_alone_tip" : "step.button_tip", {{"thread", thread_short(pending.thread)}}),
        key_of(pending.may_wake ? "Ctrl+" : "", pending.thread)};
    const Rect place = line.take_right(widgets::button_width(context.ui, spec), 8);
    if (widgets::button(context.ui, "turns." + std::to_string(pending.thread), place, spec))
        context.commands.emplace_back(model::StepThread{pending.thread});
}

// What it is about to do, and why it may not: the words of a card, and their tooltip.
void draw_what(const model::PendingView& pending, Context& context, Rect card, Rect line) {
    const Theme& theme = context.theme();
    model::Sentence next = pending.what;
    if (pending.awaits_signal) next.key = "pending.await_signal";  // before it can lock the mutex again
    const std::string what = text_of(context, next);
    canvas::TextStyle style = theme.strong().in(pending.enabled ? theme.thread(pending.thread).text : theme.color.text_dim);
    if (context.canvas().measure(what, style) > line.w) style = style.sized(theme.size.small);
    context.canvas().text(line, what, style);
    std::string tip = what;
    if (!pending.enabled) tip += "\n" + text_of(context, pending.obstacle);
    if (pending.line > 0) tip += "\n" + std::string(file_name(pending.file)) + ":" + std::to_string(pending.line);
    const std::string id = "turns." + std::to_string(pending.thread) + ".words";
    context.ui.interact(id, card, false);
    context.ui.tooltip(id, card, {tip, ""});
}

void draw_card(const model::PendingView& pending, const model::StepView& step, layout::TurnCard look, Context& context,
               Rect card) {
    const Theme& theme = context.theme();
    canvas::Canvas& canvas = context.canvas();
    const bool last = pending.thread == step.last;
    canvas.fill(card, pending.enabled ? theme.thread(pending.thread).tint : theme.color.panel, theme.size.radius);
    canvas.stroke(card, pending.enabled ? theme.thread(pending.thread).fill : theme.color.border, last ? 2.F : 1.F,
                  theme.size.radius);
    const bool one_line = look == layout::TurnCard::kOneLine;
    Rect inside = card.inset(10, one_line ? 4 : 6);
    Rect line = one_line ? inside : inside.take_top(std::round(inside.h * 0.55F));

    if (chooses_waiter(pending, step))
        draw_waiters(pending, context, line);
    else
        draw_step_button(pending, step, look, context, line);
    const Rect words{card.x, card.y, line.right() - card.x, card.h};

    const float radius = std::round(theme.size.small * 0.45F);
    canvas::draw_shape(canvas, theme.thread_shape(pending.thread), line.take_left(2 * radius, 6).center(), radius,
                       theme.thread(pending.thread).fill);
    const std::string name = who_is(pending);
    if (one_line) {
        const canvas::TextStyle style = theme.strong();
        canvas.text(line.take_left(std::ceil(canvas.measure(name, style)) + 1, 10), name, style);
        return draw_what(pending, context, words, line);
    }
    const std::string_view says = chooses_waiter(pending, step) ? "step.wakes"
                                  : pending.enabled             ? "step.about_to"
                                                                : "step.waits";
    std::string who = context.tr(says, {{"thread", name}});
    if (canvas.measure(who, theme.dim()) > line.w) who = name;
    canvas.text(line, who, theme.dim());
    draw_what(pending, context, words, inside);
}

// Room for as many as there were ever threads, so that nothing jumps when one ends.
std::size_t cards_of(const model::Snapshot& snapshot) {
    return std::max(snapshot.threads.size(), snapshot.step->pending.size());
}

}  // namespace

layout::TurnCard lower_turn_card(const model::Snapshot& snapshot, const widgets::Ui& ui, float width) {
    return layout::lower_turn_card(cards_of(snapshot), width, ui.theme().size.small / 13);
}

float turns_height(const model::Snapshot& snapshot, layout::TurnCard look, const widgets::Ui& ui, float width) {
    if (!snapshot.step) return 0;
    return layout::turns_height(cards_of(snapshot), width, ui.theme().size.small / 13, look);
}

void draw_turns(const model::Snapshot& snapshot, layout::TurnCard look, Context& context, Rect rect) {
    const model::StepView& step = *snapshot.step;
    const float scale = context.scale();
    context.canvas().tag("turns", rect);
    const Rect head = rect.take_top(layout::kTurnHead * scale).inset(0, 2);
    const layout::TurnCards at = layout::lay_out_turns(rect, cards_of(snapshot), scale, look);
    const std::size_t shown = std::min(at.cards.size(), step.pending.size());
    draw_head(step, step.pending.size() - shown, context, head);
    for (std::size_t i = 0; i < shown; ++i) draw_card(step.pending[i], step, look, context, at.cards[i]);
}

}  // namespace heddle::panels
