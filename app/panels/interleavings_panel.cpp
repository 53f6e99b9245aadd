#include "app/panels/interleavings_panel.h"

#include <algorithm>
#include <cmath>

#include "app/layout/outcome_text.h"
#include "app/panels/interleavings_parts.h"
#include "app/widgets/controls.h"
#include "core/model/explain_exploration.h"

namespace heddle::panels {
namespace {

// From here on the findings stand beside the tree, at scale 1; before an audience, who cannot scroll, earlier.
constexpr float kWide = 620, kPresentersWide = 520;

std::string words(const Context& context, const model::Sentence& sentence) {
    return context.ui.texts().tr(sentence.key, sentence.arguments);
}

// The verdict, or how far the search is, with Cancel while it is at work; returns what is left.
Rect draw_verdict(const model::ExploreSnapshot& exploration, Context& context, Rect area) {
    const Theme& theme = context.theme();
    canvas::Canvas& canvas = context.canvas();
    const bool bug = !exploration.bugs.empty(), proof = exploration.verdict == model::ExploreVerdict::kNoneComplete;
    Rect strip = area;
    if (exploration.at_work()) {
        widgets::ButtonSpec cancel;
        cancel.text = context.tr("explore.cancel"), cancel.icon = canvas::Icon::kStop;
        cancel.tip = {context.tr("explore.cancel_tip"), ""};
        const Rect place = strip.take_right(widgets::button_width(context.ui, cancel), theme.size.gap_small);
        if (widgets::button(context.ui, "interleavings.cancel", {place.x, place.y, place.w, theme.size.control}, cancel))
            context.commands.emplace_back(model::StopRun{});
    }
    const Color ink = bug ? theme.color.error_text : proof ? theme.color.good_text : theme.color.text;
    const canvas::TextStyle style = theme.strong();
    const float line = canvas.line_height(style);
    const float top = exploration.at_work() ? std::max(0.F, (theme.size.control - line) / 2) : 0;
    const Rect mark = strip.take_left(theme.size.body, theme.size.gap_small);
    const canvas::Icon icon = bug                     ? canvas::Icon::kWarning
                              : proof                 ? canvas::Icon::kCheck
                              : exploration.at_work() ? canvas::Icon::kExplore
                                                      : canvas::Icon::kInfo;
    canvas::draw_icon(canvas, icon, {mark.center().x, mark.y + top + line / 2}, theme.size.body, ink);
    const std::string text = words(context, model::sentence_of(exploration));
    strip.y += top;
    float used = canvas.paragraph(strip, text, style.in(ink));
    canvas.tag("interleavings.verdict", {strip.x, strip.y, strip.w, used});
    auto add = [&, last = used](const std::string& note) mutable {
        strip.take_top(last, 2);
        last = canvas.paragraph(strip, note, theme.dim());
        used += 2 + last;
    };
    if (!exploration.incomplete.empty()) add(words(context, exploration.incomplete));
    if (exploration.real_runs) add(context.tr("explore.real_runs"));
    used += top;
    if (exploration.at_work()) used = std::max(used, theme.size.control);
    area.take_top(used, theme.size.gap_small);
    canvas.hline(area.x, area.right(), area.y, theme.color.border);
    area.take_top(1, theme.size.gap_small);
    return area;
}

// The exit code in words, behind what else can be said of the end.
std::string with_exit(const Context& context, const std::string& value, const std::string& code) {
    if (code.empty()) return value;
    if (value.empty()) return context.tr("interleavings.exit", {{"code", code}});
    return context.tr("interleavings.value_and_exit", {{"value", value}, {"code", code}});
}

bool is_told_by_kind(const model::FoundOutcome& outcome) {
    return !outcome.bug.empty() && outcome.bug != "wrong-result";
}

void follow(const model::ExploreSnapshot& exploration, InterleavingsState& state) {
    if (state.shown && exploration.executions < state.shown->executions) state = {};  // another one
    if (state.shown.get() != &exploration) {
        state.laid_out = false;
        std::vector<std::string> values;
        for (const model::FoundOutcome& outcome : exploration.outcomes)
            values.push_back(layout::split_exit(outcome.value).first);
        state.labels = layout::short_outcomes(values);
    }
    if (state.bug >= exploration.bugs.size()) state.bug = 0;
    if (state.root >= exploration.tree->nodes.size()) state.root = 0;
}

// The tree with the outcomes below it, and beside them the bug with its steps, which want the whole height.
void draw_side_by_side(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect content) {
    const float scale = context.scale(), gap = context.theme().size.gap;
    const float share = content.w >= kWide * scale ? 0.4F : 0.48F;
    const Rect right = content.take_right(std::round(std::clamp(content.w * share, 240 * scale, 420 * scale)), gap);
    if (exploration.bugs.empty()) {
        draw_tree(exploration, state, context, content);
        return draw_findings(exploration, state, context, right);
    }
    const float outcomes = std::min(outcomes_height(exploration, context), content.h * 0.4F);
    const Rect below = content.take_bottom(std::ceil(outcomes), gap);
    draw_tree(exploration, state, context, content);
    draw_outcomes(exploration, state, context, below);
    draw_bugs(exploration, state, context, right);
}

}  // namespace

bool is_telling(const model::StepText& step) {
    const bool unnamed = step.object.starts_with("0x");  // a library's, on a stack or in the heap
    return (step.user_code && !unnamed) || step.operation == "start" || step.operation == "end" || step.operation == "join" ||
           step.operation == "create" || step.operation == "exit" || step.operation == "fork" || step.operation == "wait_child";
}

std::string step_text(const Context& context, const model::StepText& step) {
    return words(context, model::sentence_of(step));
}

std::string count_text(std::uint64_t count) {
    return Texts::number(static_cast<long long>(count));
}

std::string short_value(const Context& context, const InterleavingsState& state, const model::ExploreSnapshot& exploration,
                        const model::FoundOutcome& outcome) {
    if (is_told_by_kind(outcome)) return context.tr("explore.kind." + outcome.bug);
    const auto place = static_cast<std::size_t>(&outcome - exploration.outcomes.data());
    const auto [value, exit_code] = layout::split_exit(outcome.value);
    const std::string label = with_exit(context, place < state.labels.size() ? state.labels[place] : value, exit_code);
    return label.empty() ? context.tr("interleavings.no_value") : label;
}

std::string telling_value(const Context& context, const InterleavingsState& state, const model::ExploreSnapshot& exploration,
                          const model::FoundOutcome& outcome) {
    const std::string label = short_value(context, state, exploration, outcome);
    const auto place = static_cast<std::size_t>(&outcome - exploration.outcomes.data());
    if (!is_told_by_kind(outcome) || place >= state.labels.size() || state.labels[place].empty()) return label;
    const auto alike = std::count_if(exploration.outcomes.begin(), exploration.outcomes.end(),
                                     [&](const model::FoundOutcome& other) { return other.bug == outcome.bug; });
    if (alike < 2) return label;
    return context.tr("interleavings.bug_value", {{"bug", label}, {"value", state.labels[place]}});
}

canvas::TextStyle value_style(const Context& context, const model::FoundOutcome& outcome) {
    const bool words = is_told_by_kind(outcome) || outcome.value.empty();
    const canvas::TextStyle style = words ? context.theme().small() : context.theme().code_small();
    return outcome.bug.empty() ? style : style.in(context.theme().color.error_text);
}

std::string whole_value(const Context& context, const model::FoundOutcome& outcome) {
    const auto [rest, exit_code] = layout::split_exit(outcome.value);
    const std::string value = with_exit(context, rest, exit_code);
    if (outcome.bug.empty()) return value.empty() ? context.tr("interleavings.no_value") : value;
    const std::string bug = context.tr("explore.kind." + outcome.bug);
    if (value.empty()) return bug;
    return context.tr("interleavings.bug_value", {{"bug", bug}, {"value", value}});
}

void draw_interleavings(const model::Snapshot& snapshot, InterleavingsState& state, Context& context, Rect rect) {
    const float scale = context.scale();
    const bool short_title = rect.w < 720 * scale;
    Rect content = begin_panel(context, "interleavings",
                               context.tr(short_title ? "interleavings.subtitle_short" : "interleavings.subtitle"),
                               model::Badge::kControlled, rect);
    state.pointed.clear();
    if (!snapshot.exploration) return widgets::empty_note(context.ui, content, context.tr("interleavings.none"));
    const model::ExploreSnapshot& exploration = *snapshot.exploration;
    follow(exploration, state);
    state.shown = snapshot.exploration;
    const bool offers_spurious = snapshot.run.manner.spurious_wakeups || exploration.waits_for_signals;
    content = draw_manner(snapshot.run.manner, offers_spurious, context, content);
    const bool empty = exploration.tree->ends.empty() || (exploration.outcomes.empty() && !exploration.at_work());
    if (empty && !exploration.incomplete.empty())
        return widgets::empty_note(context.ui, content, words(context, exploration.incomplete));
    content = draw_verdict(exploration, context, content);
    if (empty) {
        const bool waits = exploration.at_work();
        widgets::empty_note(context.ui, content, context.tr(waits ? "interleavings.waiting" : "interleavings.not_possible"));
    } else if (content.w >= (context.theme().presenter && !exploration.bugs.empty() ? kPresentersWide : kWide) * scale) {
        draw_side_by_side(exploration, state, context, content);
    } else {
        // A small tree leaves the room that it does not need to what was found.
        const std::size_t shown = state.laid_out ? state.tree.rows.size() : exploration.tree->ends.size();
        const float rows = static_cast<float>(shown) + 1.5F, line = context.theme().size.small * 2.4F;
        const Rect tree = content.take_top(std::round(std::min(content.h * 0.5F, rows * line)), context.theme().size.gap / 2);
        draw_tree(exploration, state, context, tree);
        context.canvas().hline(content.x, content.right(), content.y, context.theme().color.border);
        content.take_top(1, context.theme().size.gap / 2);
        draw_findings(exploration, state, context, content);
    }
    if (state.pointed.empty() && state.bug < exploration.bugs.size()) {
        const model::FoundBug& bug = exploration.bugs[state.bug];
        state.pointed = !bug.at.empty() ? bug.at : bug.waiting;
    }
}

}  // namespace heddle::panels
