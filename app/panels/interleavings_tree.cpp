// The tree of interleavings: an edge is a run of steps in the hue of the thread that makes them, a row at the right end says
// how the executions in it ended.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "app/panels/interleavings_parts.h"
#include "app/widgets/controls.h"

namespace heddle::panels {
namespace {

constexpr std::size_t kMostStepsInTip = 8;
constexpr char kTree[] = "interleavings.tree";

class TreeFrame : private InterleavingsFrame {
public:
    TreeFrame(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect view)
        : InterleavingsFrame(exploration, state, context, view), tree_(*exploration.tree) {}

    // Content: scrolled, as wide as the view but for the bar.
    float draw(Rect content) {
        content_ = content;
        lay_out();
        read_keys();
        read_clicker();
        find_path();
        for (const layout::TreeEdge& edge : state_.tree.edges) draw_join(edge);
        for (const layout::TreeRow& row : state_.tree.rows) draw_leader(row);
        for (const layout::TreeEdge& edge : state_.tree.edges) draw_edge(edge);
        for (const layout::TreeFork& fork : state_.tree.forks) draw_fork(fork);
        for (std::size_t i = 0; i < state_.tree.rows.size(); ++i) draw_row(i);
        return state_.tree.height;
    }

    static float row_height(const Theme& theme) { return std::round(theme.size.small * 1.75F); }

private:
    // As much as the outcomes need, and not more than half.
    float words_width() const {
        float widest = 0;
        for (std::size_t i = 0; i < std::min(exploration_.outcomes.size(), kMostOutcomesShown); ++i)
            widest = std::max(
                widest, canvas_.measure(label(exploration_.outcomes[i]), value_style(context_, exploration_.outcomes[i])));
        const std::string times = context_.tr("interleavings.times", {{"count", count_text(exploration_.tree->ends.size())}});
        // Only rows that stand for several say how many.
        const bool alone = static_cast<float>(tree_.nodes[state_.root].executions) * row_height(theme_) <= view_.h;
        const float count = alone ? 0 : canvas_.measure(times, theme_.dim()) + 8;
        const float needed = widest + count + theme_.size.small + 18, least = 120 * context_.scale();
        return std::round(std::clamp(needed, least, std::max(least, content_.w * 0.5F)));
    }

    void lay_out() {
        const Rect area{0, 0, content_.w - words_width() - 12, view_.h};
        if (state_.laid_out && state_.tree_area == area && state_.tree_root == state_.root) return;
        layout::TreeSpace space;
        space.area = area, space.height = view_.h;
        const auto rows = static_cast<float>(std::max(1U, tree_.nodes[state_.root].executions));
        space.row_height = std::clamp(std::floor(view_.h / rows), row_height(theme_), std::round(theme_.size.small * 4));
        space.widest_column = 120 * context_.scale(), space.narrowest_column = 10 * context_.scale();
        state_.tree = layout::lay_out_tree(tree_, state_.root, exploration_.outcome_places, space);
        state_.tree_area = area, state_.tree_root = state_.root, state_.laid_out = true;
        if (state_.row >= state_.tree.rows.size()) state_.row = SIZE_MAX;
    }

    bool seen(float y) const { return content_.y + y > view_.y - 24 && content_.y + y < view_.bottom() + 24; }
    Vec2 at(float x, float y) const { return {content_.x + x, content_.y + y}; }
    Rect at(Rect box) const { return box.moved(content_.x, content_.y); }

    void read_keys() {
        const widgets::Response response = context_.ui.interact(kTree, view_);
        if (!response.focused || state_.tree.rows.empty()) return;
        const std::size_t last = state_.tree.rows.size() - 1;
        if (context_.ui.take_key(Key::kDown)) go_to_next();
        if (context_.ui.take_key(Key::kUp))
            go_to(state_.row == SIZE_MAX ? last : state_.row - std::min<std::size_t>(state_.row, 1));
        const bool by_key = response.clicked && !context_.ui.input().released;
        if (by_key && state_.row <= last) choose(state_.tree.rows[state_.row]);
    }

    // Before an audience, a clicker goes from end to end; before the first one none is chosen.
    void read_clicker() {
        if (!context_.theme().presenter || context_.ui.typing() || state_.tree.rows.empty()) return;
        if (std::exchange(state_.clicked_on, 0) > 0) go_to_next();
        if (std::exchange(state_.clicked_back, 0) > 0 && state_.row != SIZE_MAX)
            state_.row == 0 ? leave() : go_to(state_.row - 1);
        const bool enter = state_.row < state_.tree.rows.size() && context_.ui.state().focus.empty();
        if (enter && context_.ui.take_key(Key::kEnter)) choose(state_.tree.rows[state_.row]);
    }

    void leave() {
        state_.row = SIZE_MAX;
        context_.ui.request_frame();
    }

    void go_to_next() {
        const std::size_t last = state_.tree.rows.size() - 1;
        go_to(state_.row == SIZE_MAX ? 0 : std::min(state_.row + 1, last));
    }

    // Its bug, where it has one, is the one whose steps are shown.
    void go_to(std::size_t index) {
        if (state_.row == index) return;
        state_.row = index;
        const layout::TreeRow& row = state_.tree.rows[index];
        widgets::scroll_to(state_.tree_scroll, view_.h, row.box.y, row.box.bottom());
        const model::FoundOutcome* const outcome = row.outcome == layout::TreeRow::kMixed ? nullptr : outcome_of(row);
        for (std::size_t i = 0; outcome != nullptr && i < exploration_.bugs.size(); ++i) {
            if (exploration_.bugs[i].kind != outcome->bug) continue;
            state_.bug = i;
            break;
        }
        context_.ui.request_frame();
    }

    // The way to the row under the pointer, or the one chosen with the keyboard.
    void find_path() {
        path_.clear();
        const auto& rows = state_.tree.rows;
        const Vec2 pointer = context_.ui.input().pointer;
        const bool inside = view_.contains(pointer) && pointer.x > content_.x + state_.tree_area.w;
        auto lit = state_.row;
        for (std::size_t i = 0; i < rows.size() && inside; ++i) {
            const Rect box = at(rows[i].box);
            if (pointer.y >= box.y && pointer.y < box.bottom()) lit = i;
        }
        if (lit >= rows.size()) return;
        for (std::uint32_t node = rows[lit].node; node != state_.root && node != 0; node = tree_.nodes[node].parent)
            path_.push_back(node);
    }
    bool on_path(std::uint32_t node) const { return std::find(path_.begin(), path_.end(), node) != path_.end(); }

    // A row of executions that end alike is stepped through; another one is looked into.
    void choose(const layout::TreeRow& row) {
        if (row.outcome == layout::TreeRow::kMixed) {
            state_.root = row.node, state_.row = SIZE_MAX;
            state_.tree_scroll = {};
            context_.ui.request_frame();
        } else if (row.first_end < tree_.ends.size()) {
            context_.schedule_chosen = tree_.ends[row.first_end].schedule;
        }
    }

    void draw_join(const layout::TreeEdge& edge) {
        if (edge.y == edge.from_y || (!seen(edge.y) && !seen(edge.from_y) && (edge.y < 0) == (edge.from_y < 0))) return;
        const float top = std::min(edge.y, edge.from_y), bottom = std::max(edge.y, edge.from_y);
        canvas_.fill({content_.x + edge.x0 - 0.5F, content_.y + top, 1.5F, bottom - top}, theme_.color.border_strong);
    }

    void draw_leader(const layout::TreeRow& row) {
        if (!seen(row.box.center().y)) return;
        const float y = row.box.center().y, to = row.box.right() + 4;
        if (to - row.from_x > 6) canvas_.dashed_line(at(row.from_x + 3, y), at(to, y), theme_.color.border_strong, 1, 2, 4);
    }

    void draw_edge(const layout::TreeEdge& edge) {
        if (!seen(edge.y)) return;
        const ThreadLook& look = theme_.thread(edge.thread);
        const float row = state_.tree.rows.front().box.h, scale = context_.scale();
        const bool narrow = edge.x1 - edge.x0 < 48 * scale;
        const float thick = std::round(narrow ? 3 * scale : std::clamp(row * 0.18F, 5 * scale, 8 * scale));
        const Rect bar = at({edge.x0, edge.y - thick / 2, edge.x1 - edge.x0, thick});
        const std::string id = "interleavings.edge." + std::to_string(edge.node);
        const Rect hot = bar.inset(0, -4).intersect(view_);
        const bool hovered = !hot.empty() && context_.ui.interact(id, hot, false).hovered;
        canvas_.fill(hovered || on_path(edge.node) ? bar.inset(0, -1.5F) : bar, look.fill, theme_.size.radius_bar);
        draw_who(bar, edge.thread, narrow);
        if (!hovered) return;
        const model::TreeNode& node = tree_.nodes[edge.node];
        for (const std::uint32_t word : node.steps) {
            if (!is_telling(tree_.words[word]) || tree_.words[word].line == 0 || !tree_.words[word].user_code) continue;
            state_.pointed = {tree_.words[word]};
            break;
        }
        context_.ui.tooltip(id, bar, {edge_tip(node), ""});
    }

    // Who moves, in its shape too, and by name where there is room.
    void draw_who(Rect bar, std::int32_t thread, bool narrow) {
        const float radius = theme_.size.small * 0.42F;
        if (bar.w < 3 * radius) return;
        if (narrow)
            return canvas::draw_shape(canvas_, theme_.thread_shape(thread), bar.center(), radius, theme_.thread(thread).fill);
        const std::string name = thread_short(thread);
        const float width = canvas_.measure(name, theme_.small().strong()) + 1;
        const bool named = bar.w >= 2 * radius + width + 30;
        Rect plate{0, bar.center().y - radius - 2.5F, 2 * radius + 5 + (named ? width + 5 : 0), 2 * radius + 5};
        plate.x = bar.center().x - plate.w / 2;
        canvas_.fill(plate, theme_.color.panel, plate.h / 2);
        canvas::draw_shape(canvas_, theme_.thread_shape(thread), {plate.x + 2.5F + radius, plate.center().y}, radius,
                           theme_.thread(thread).fill);
        plate.take_left(2 * radius + 7);
        if (named) canvas_.text(plate, name, theme_.small().strong(), canvas::Fit::kOverflow);
    }

    std::string step_line(const model::StepText& step) const {
        const std::string who = thread_short(step.thread), what = step_text(context_, step);
        if (!step.user_code || step.line == 0)
            return context_.tr("interleavings.step_plain", {{"thread", who}, {"step", what}});
        return context_.tr("interleavings.step_line", {{"thread", who}, {"line", std::to_string(step.line)}, {"step", what}});
    }

    std::string edge_tip(const model::TreeNode& node) const {
        std::vector<std::uint32_t> told;
        for (const std::uint32_t word : node.steps)
            if (is_telling(tree_.words[word])) told.push_back(word);
        if (told.empty()) told = node.steps;
        std::string text;
        for (std::size_t i = 0; i < told.size(); ++i) {
            if (i == kMostStepsInTip && told.size() > kMostStepsInTip + 1)
                return text + "\n" + context_.tr("interleavings.edge_tip_more", {{"count", count_text(told.size() - i)}});
            text += (text.empty() ? "" : "\n") + step_line(tree_.words[told[i]]);
        }
        return text;
    }

    void draw_fork(const layout::TreeFork& fork) {
        if (!seen(fork.at.y)) return;
        const Vec2 middle = at(fork.at.x, fork.at.y);
        const float radius = std::round(4 * context_.scale());
        canvas_.circle(middle, radius, theme_.color.panel);
        canvas_.ring(middle, radius, theme_.color.text, 2);
        const Rect hot = Rect{middle.x - radius, middle.y - radius, 2 * radius, 2 * radius}.intersect(view_);
        if (hot.empty()) return;
        const std::string id = "interleavings.fork." + std::to_string(fork.node);
        context_.ui.interact(id, hot, false);
        const std::size_t ways = tree_.nodes[fork.node].children.size();
        context_.ui.tooltip(id, hot, {context_.tr("interleavings.choice_tip", {{"count", std::to_string(ways)}}), ""});
    }

    const model::FoundOutcome* outcome_of(const layout::TreeRow& row) const {
        return row.first_end < tree_.ends.size() ? exploration_.outcome_of(tree_.ends[row.first_end]) : nullptr;
    }

    void draw_row(std::size_t index) {
        const layout::TreeRow& row = state_.tree.rows[index];
        if (!seen(row.box.center().y)) return;
        const std::string id = "interleavings.row." + std::to_string(row.node);
        Rect box = at(Rect{row.box.right() + 6, row.box.y, words_width() + 6, row.box.h});
        const Rect hot = box.intersect(view_);
        if (hot.empty()) return;
        const widgets::Response response = context_.ui.interact(id, hot, false);
        if (response.hovered || state_.row == index)
            canvas_.fill(box, state_.row == index ? theme_.color.selected : theme_.color.hover, theme_.size.radius_small);
        if (response.clicked) choose(row);
        const bool mixed = row.outcome == layout::TreeRow::kMixed;
        const model::FoundOutcome* const outcome = mixed ? nullptr : outcome_of(row);
        const bool bug = outcome != nullptr && !outcome->bug.empty();
        const Vec2 mark{box.x + 4 + theme_.size.small / 2, box.center().y};
        box.take_left(theme_.size.small + 12);
        if (bug)
            canvas::draw_icon(canvas_, canvas::Icon::kWarning, mark, theme_.size.small, theme_.color.error_text);
        else if (mixed)
            canvas::draw_icon(canvas_, canvas::Icon::kPlus, mark, theme_.size.small, theme_.color.text_dim);
        else
            canvas_.circle(mark, theme_.size.small * 0.28F, outcome != nullptr ? theme_.color.accent : theme_.color.text_dim);
        box.take_right(4);
        if (row.executions > 1) {
            const std::string times = context_.tr("interleavings.times", {{"count", count_text(row.executions)}});
            const float width = canvas_.measure(times, theme_.dim()) + 2;
            canvas_.text(box.take_left(width, 6), times, theme_.dim());
        }
        std::string text = context_.tr("interleavings.cut_off");
        if (mixed) text = context_.tr("interleavings.mixed", {{"outcomes", count_text(row.outcomes)}});
        if (outcome != nullptr) text = label(*outcome);
        canvas_.text(box, text, outcome == nullptr ? theme_.dim() : value_style(context_, *outcome));
        context_.ui.tooltip(id, hot, {row_tip(row, outcome), ""});
    }

    std::string row_tip(const layout::TreeRow& row, const model::FoundOutcome* outcome) const {
        if (row.outcome == layout::TreeRow::kMixed)
            return context_.tr("interleavings.open_tip",
                               {{"executions", count_text(row.executions)}, {"outcomes", count_text(row.outcomes)}});
        std::string text = outcome != nullptr ? whole_value(context_, *outcome) : context_.tr("interleavings.cut_off");
        return text + "\n" + context_.tr("interleavings.leaf_tip", {{"executions", count_text(row.executions)}});
    }

    const model::InterleavingTree& tree_;
    Rect content_;
    std::vector<std::uint32_t> path_;
};

// "T1 T2 T1": who moves on the way to a node, one after the other.
std::string order_to(const model::InterleavingTree& tree, std::uint32_t node) {
    std::vector<std::int32_t> way;
    for (; node != 0; node = tree.nodes[node].parent)
        if (way.empty() || way.back() != tree.nodes[node].thread) way.push_back(tree.nodes[node].thread);
    std::string text;
    for (auto thread = way.rbegin(); thread != way.rend(); ++thread) text += (text.empty() ? "" : " ") + thread_short(*thread);
    return text;
}

// What the end is that was chosen with the keys: which of them, in which order, and what came of it.
void draw_chosen(const model::ExploreSnapshot& exploration, const InterleavingsState& state, Context& context, Rect area) {
    const Theme& theme = context.theme();
    const layout::TreeRow& row = state.tree.rows[state.row];
    const bool mixed = row.outcome == layout::TreeRow::kMixed;
    const bool known = !mixed && row.first_end < exploration.tree->ends.size();
    const model::FoundOutcome* const outcome = known ? exploration.outcome_of(exploration.tree->ends[row.first_end]) : nullptr;
    std::string end = context.tr("interleavings.cut_off");
    if (mixed) end = context.tr("interleavings.mixed", {{"outcomes", count_text(row.outcomes)}});
    if (outcome != nullptr) end = whole_value(context, *outcome);
    std::map<std::string, std::string> said = {{"place", count_text(state.row + 1)},
                                               {"rows", count_text(state.tree.rows.size())},
                                               {"order", order_to(*exploration.tree, row.node)},
                                               {"end", end}};
    canvas::TextStyle style = theme.body().strong();
    if (outcome != nullptr && !outcome->bug.empty()) style = style.in(theme.color.error_text);
    const Texts& texts = context.ui.texts();
    std::string text = texts.tr("interleavings.chosen_order", said);
    if (row.executions > 1 || context.canvas().measure(text, style) > area.w) text = texts.tr("interleavings.chosen", said);
    context.canvas().text(area, text, style);
    context.canvas().tag("interleavings.chosen", area);
}

void draw_heading(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect row) {
    const Theme& theme = context.theme();
    if (state.root != 0) {
        widgets::ButtonSpec spec;
        spec.text = context.tr("interleavings.whole"), spec.icon = canvas::Icon::kFit;
        const Rect place = row.take_right(widgets::button_width(context.ui, spec), theme.size.gap_small);
        if (widgets::button(context.ui, "interleavings.whole", place, spec)) {
            state.root = 0, state.tree_scroll = {}, state.row = SIZE_MAX;
            context.ui.request_frame();
        }
    }
    if (state.laid_out && state.row < state.tree.rows.size()) return draw_chosen(exploration, state, context, row);
    const std::string all = count_text(exploration.executions), shown = count_text(exploration.tree->ends.size());
    const std::string text = exploration.tree_is_whole
                                 ? context.tr("interleavings.tree_all", {{"executions", all}})
                                 : context.tr("interleavings.tree_first", {{"executions", all}, {"shown", shown}});
    context.canvas().text(row, text, theme.small().strong().in(theme.color.text_dim));
}

}  // namespace

void draw_tree(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area) {
    const Theme& theme = context.theme();
    draw_heading(exploration, state, context, area.take_top(theme.size.control_small, 4));
    // Before the pointer, which may lie over what scrolls by the same keys.
    if (theme.presenter && !context.ui.typing()) {
        while (context.ui.take_key(Key::kPageDown)) ++state.clicked_on;
        while (context.ui.take_key(Key::kPageUp)) ++state.clicked_back;
    }
    if (area.empty()) return;
    TreeFrame frame(exploration, state, context, area);
    context.ui.focus_ring(kTree, area, theme.size.radius_small);
    widgets::ScrollArea scroll(context.ui, "interleavings.tree.scroll", area, state.tree_scroll);
    scroll.end(frame.draw(scroll.content()));
}

}  // namespace heddle::panels
