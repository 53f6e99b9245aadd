#include "app/shell/level_card.h"

#include <algorithm>

#include "app/shell/local_text.h"

namespace heddle::shell {

bool is_reached(const catalog::Level& level, const model::Snapshot& snapshot) {
    if (snapshot.step) {
        if (snapshot.step->over == "step.over_" + level.reach) return true;
        // A signal that nobody heard leaves its waiter waiting for ever.
        if (level.reach == "lost-signal" && snapshot.step->over == "step.over_deadlock") return true;
    }
    return std::any_of(snapshot.findings.begin(), snapshot.findings.end(),
                       [&](const model::Finding& finding) { return finding.id == level.reach; });
}

float draw_level_card(const catalog::Scenario& scenario, const model::Snapshot& snapshot, panels::Context& context, Rect area) {
    const Theme& theme = context.theme();
    canvas::Canvas& canvas = context.canvas();
    const bool won = is_reached(*scenario.level, snapshot);
    const bool lost = !won && snapshot.step && !snapshot.step->over.empty();
    const std::string goal = in_language(scenario.level->goal, context.ui);
    const std::string state = context.tr(won ? "level.won" : lost ? "level.lost" : "level.hint");
    const Rect words = area.inset(14, 12);
    const canvas::TextStyle strong = theme.strong(), dim = theme.dim().in(won ? theme.color.good_text : theme.color.text_dim);
    const float head = canvas.line_height(theme.small()) + 4;
    const float goal_height = canvas.paragraph({0, 0, words.w, 0}, goal, strong, false);
    const float state_height = canvas.paragraph({0, 0, words.w, 0}, state, dim, false);
    const Rect card{area.x, area.y, area.w, head + goal_height + state_height + 32};
    canvas.tag(won ? "level.won" : "level.open", card);
    canvas.fill(card, theme.color.raised, theme.size.radius + 2);
    canvas.stroke(card, won ? theme.color.good : theme.color.accent, 1.5F, theme.size.radius + 2);
    Rect inner = card.inset(14, 12);
    Rect title = inner.take_top(head);
    if (won) {
        const Rect mark = title.take_left(theme.size.small, 6);
        canvas::draw_icon(canvas, canvas::Icon::kCheck, mark.center(), theme.size.small, theme.color.good_text);
    }
    canvas.text(title, context.tr("level.goal"),
                theme.small().strong().in(won ? theme.color.good_text : theme.color.accent_text));
    canvas.paragraph(inner.take_top(goal_height, 8), goal, strong);
    canvas.paragraph(inner, state, dim);
    return card.h + 16;
}

}  // namespace heddle::shell
