// What the interleavings came to: each outcome with its count, and the bugs with the steps that lead to them.
#include <algorithm>
#include <cmath>

#include "app/panels/interleavings_parts.h"
#include "app/widgets/controls.h"
#include "core/model/explain_exploration.h"

namespace heddle::panels {
namespace {

constexpr std::size_t kMostSteps = 300;

class FindingsFrame : private InterleavingsFrame {
public:
    FindingsFrame(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect view)
        : InterleavingsFrame(exploration, state, context, view) {}

    enum class Part : std::uint8_t { kBoth, kOutcomes, kBugs };

    float draw(Rect content, Part part) {
        area_ = content;
        find_chosen();
        if (part != Part::kBugs) outcomes();
        if (part == Part::kBoth) area_.take_top(theme_.size.gap);
        if (part != Part::kOutcomes && state_.bug < exploration_.bugs.size()) bug();
        return area_.y - content.y;
    }

    static float row_height(const Theme& theme) { return std::round(theme.size.small * 1.85F); }

private:
    float row_height() const { return row_height(theme_); }
    void section(std::string_view text) { area_.take_top(widgets::section(context_.ui, area_, text) + 2); }

    std::string telling(const model::FoundOutcome& outcome) const {
        return telling_value(context_, state_, exploration_, outcome);
    }

    // The outcome of the end that was chosen in the tree with the keys.
    void find_chosen() {
        if (!state_.laid_out || state_.row >= state_.tree.rows.size()) return;
        const layout::TreeRow& row = state_.tree.rows[state_.row];
        const auto& ends = exploration_.tree->ends;
        if (row.outcome == layout::TreeRow::kMixed || row.first_end >= ends.size()) return;
        const model::FoundOutcome* const outcome = exploration_.outcome_of(ends[row.first_end]);
        if (outcome != nullptr) chosen_ = static_cast<std::size_t>(outcome - exploration_.outcomes.data());
    }

    void outcomes() {
        if (exploration_.outcomes.empty()) return;
        const bool all = exploration_.verdict != model::ExploreVerdict::kNone && exploration_.incomplete.empty();
        section(context_.tr(all ? "interleavings.outcomes_all" : "interleavings.outcomes_some",
                            {{"executions", count_text(exploration_.executions)}}));
        std::uint64_t most = 1;
        float labels = 0, counts = 0;
        const std::size_t shown = std::min(exploration_.outcomes.size(), kMostOutcomesShown);
        for (std::size_t i = 0; i < shown; ++i) {
            const model::FoundOutcome& outcome = exploration_.outcomes[i];
            most = std::max(most, outcome.count);
            labels = std::max(labels, canvas_.measure(telling(outcome), value_style(context_, outcome)));
            counts = std::max(counts, canvas_.measure(count_text(outcome.count), theme_.code_small()));
        }
        labels = std::min(std::ceil(labels) + 2, std::round(area_.w * 0.64F));
        for (std::size_t i = 0; i < shown; ++i) outcome_row(i, labels, std::ceil(counts) + 2, most);
        if (shown < exploration_.distinct_outcomes)
            canvas_.text(
                area_.take_top(row_height()),
                context_.tr("interleavings.outcomes_more", {{"count", count_text(exploration_.distinct_outcomes - shown)}}),
                theme_.dim());
    }

    void outcome_row(std::size_t index, float labels, float count, std::uint64_t most) {
        const model::FoundOutcome& outcome = exploration_.outcomes[index];
        const bool bug = !outcome.bug.empty();
        const std::string id = "interleavings.outcome." + std::to_string(index);
        Rect row = area_.take_top(row_height());
        const Rect whole = row;
        const widgets::Response response = context_.ui.interact(id, whole);
        const bool meant = index == chosen_;
        if (response.hovered || meant)
            canvas_.fill(whole.inset(-4, 0), meant ? theme_.color.selected : theme_.color.hover, theme_.size.radius_small);
        context_.ui.focus_ring(id, whole, theme_.size.radius_small);
        if (response.clicked) context_.schedule_chosen = outcome.schedule;
        const Rect mark = row.take_left(theme_.size.small, 6);
        if (bug)
            canvas::draw_icon(canvas_, canvas::Icon::kWarning, mark.center(), theme_.size.small, theme_.color.error_text);
        else
            canvas_.circle(mark.center(), theme_.size.small * 0.28F, theme_.color.accent);
        canvas_.text(row.take_left(labels, 8), telling(outcome), value_style(context_, outcome));
        const float room = std::max(0.F, row.w - count - 6);
        const float width = std::max(2.F, std::round(room * static_cast<float>(outcome.count) / static_cast<float>(most)));
        Rect bar = row.take_left(width, 6).inset(0, std::round(row.h * 0.24F));
        canvas_.fill(bar, bug ? theme_.color.error : theme_.color.accent, theme_.size.radius_bar);
        canvas_.text(row, count_text(outcome.count), theme_.code_dim());
        context_.ui.tooltip(id, whole,
                            {whole_value(context_, outcome) + "\n" +
                                 context_.tr("interleavings.leaf_tip", {{"executions", count_text(outcome.count)}}),
                             ""});
    }

    void bug() {
        std::vector<Chip> chips;
        for (const model::FoundBug& each : exploration_.bugs) chips.push_back({context_.tr("explore.kind." + each.kind)});
        if (chips.size() > 1) {
            const Rect row = area_.take_top(theme_.size.control_small, theme_.size.gap_small);
            if (draw_chips(context_, "interleavings.bug", row, chips, state_.bug)) context_.ui.request_frame();
        }
        const model::FoundBug& found = exploration_.bugs[state_.bug];
        const model::Sentence sentence = model::sentence_of(found);
        const std::string text = context_.ui.texts().tr(sentence.key, sentence.arguments);
        area_.take_top(canvas_.paragraph(area_, text, theme_.strong().in(theme_.color.error_text)), 6);
        buttons(found);
        steps(found);
    }

    // Side by side, or one below the other where there is less room.
    void buttons(const model::FoundBug& found) {
        widgets::ButtonSpec spec, other;
        spec.text = context_.tr("interleavings.step_through"), spec.icon = canvas::Icon::kStep;
        spec.tip = {context_.tr("interleavings.step_through_tip"), ""};
        other.text = context_.tr("interleavings.other_order");
        other.tip = {context_.tr("interleavings.other_order_tip"), ""};
        const float gap = theme_.size.gap_small + 4, width = widgets::button_width(context_.ui, spec),
                    other_width = widgets::button_width(context_.ui, other);
        Rect line = area_.take_top(theme_.size.control, theme_.size.gap_small);
        const bool beside = width + gap + other_width <= line.w;
        if (widgets::button(context_.ui, "interleavings.step_through", line.take_left(std::min(line.w, width), gap), spec))
            context_.schedule_chosen = found.schedule;
        Rect rest = line;
        if (!found.other_order.empty()) {
            if (!beside) line = area_.take_top(theme_.size.control, theme_.size.gap_small);
            const Rect place = line.take_left(std::min(line.w, other_width), gap);
            if (widgets::button(context_.ui, "interleavings.other_order", place, other))
                context_.schedule_chosen = found.other_order;
            if (beside) rest = line;
        }
        const bool may_change = exploration_.at_work() && found.preemptions > 0;  // the fewest are looked for in the end
        const std::string preemptions =
            context_.tr(may_change ? "interleavings.preemptions_so_far" : "interleavings.preemptions",
                        {{"count", std::to_string(found.preemptions)}});
        if (canvas_.measure(preemptions, theme_.dim()) > rest.w)
            rest = area_.take_top(canvas_.line_height(theme_.dim()), theme_.size.gap_small);
        canvas_.text(rest, preemptions, theme_.dim());
    }

    void steps(const model::FoundBug& found) {
        section(context_.tr("interleavings.steps"));
        if (exploration_.at_work() && found.steps.size() > kMostSteps) {
            area_.take_top(canvas_.paragraph(
                area_, context_.tr("interleavings.shortened_later", {{"count", count_text(found.steps.size())}}),
                theme_.dim()));
            return;
        }
        std::size_t shown = 0;
        for (std::size_t i = 0; i < found.steps.size() && shown < kMostSteps; ++i) {
            const bool meant = std::find(found.at.begin(), found.at.end(), found.steps[i]) != found.at.end();
            if (!meant && !is_telling(found.steps[i])) continue;
            step_row(found.steps[i], shown++, meant);
        }
    }

    void step_row(const model::StepText& step, std::size_t index, bool meant) {
        const std::string id = "interleavings.step." + std::to_string(index);
        Rect row = area_.take_top(row_height());
        if (!row.overlaps(view_)) return;
        const widgets::Response response = context_.ui.interact(id, row.intersect(view_), false);
        if (response.hovered || meant)
            canvas_.fill(row.inset(-4, 0), response.hovered ? theme_.color.hover : theme_.thread(step.thread).tint,
                         theme_.size.radius_small);
        if (response.hovered && step.line > 0 && step.user_code) state_.pointed = {step};
        const std::string who = thread_short(step.thread);
        draw_thread_name(canvas_, theme_, row.take_left(std::round(theme_.size.small * 3.4F), 4), step.thread, who);
        const std::string line = context_.tr("interleavings.place", {{"line", std::to_string(step.line)}});
        const Rect place =
            row.take_left(std::ceil(canvas_.measure(context_.tr("interleavings.place", {{"line", "000"}}), theme_.dim())), 8);
        if (step.user_code && step.line > 0) canvas_.text(place, line, theme_.dim(), canvas::Fit::kOverflow);
        const std::string text = step_text(context_, step);
        canvas_.text(row, text, theme_.small());
        if (canvas_.measure(text, theme_.small()) > row.w) context_.ui.tooltip(id, row, {text, ""});
    }

    Rect area_;
    std::size_t chosen_ = SIZE_MAX;
};

}  // namespace

void draw_findings(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area) {
    FindingsFrame frame(exploration, state, context, area);
    widgets::ScrollArea scroll(context.ui, "interleavings.findings", area, state.side_scroll);
    scroll.end(frame.draw(scroll.content(), FindingsFrame::Part::kBoth));
}

void draw_outcomes(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area) {
    FindingsFrame frame(exploration, state, context, area);
    widgets::ScrollArea scroll(context.ui, "interleavings.outcomes", area, state.outcome_scroll);
    scroll.end(frame.draw(scroll.content(), FindingsFrame::Part::kOutcomes));
}

void draw_bugs(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area) {
    FindingsFrame frame(exploration, state, context, area);
    widgets::ScrollArea scroll(context.ui, "interleavings.findings", area, state.side_scroll);
    scroll.end(frame.draw(scroll.content(), FindingsFrame::Part::kBugs));
}

float outcomes_height(const model::ExploreSnapshot& exploration, const Context& context) {
    const std::size_t shown = std::min(exploration.outcomes.size(), kMostOutcomesShown);
    const std::size_t rows = shown + (shown < exploration.distinct_outcomes ? 1 : 0);
    return context.canvas().line_height(context.theme().small().strong()) + 8 +
           static_cast<float>(rows) * FindingsFrame::row_height(context.theme());
}

}  // namespace heddle::panels
