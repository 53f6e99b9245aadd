// The predict question: asked, answered by the learner, judged by the run.
#include <algorithm>
#include <cmath>

#include "app/shell/lesson_parts.h"
#include "app/shell/local_text.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

class Question {
public:
    Question(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state, panels::Context& context,
             Rect area)
        : scenario_(scenario),
          snapshot_(snapshot),
          state_(state),
          context_(context),
          ui_(context.ui),
          canvas_(context.canvas()),
          theme_(context.theme()),
          p_(context.theme().color),
          area_(area) {}

    float bottom() const { return area_.y; }

    // The card's surface comes before its content is laid out, so its height is that of a dry run.
    void draw() {
        const bool judged = snapshot_.status == model::RunStatus::kEnded && may_reveal(scenario_, state_);
        const float pad = theme_.size.pad;
        const Rect inner{area_.x + pad, area_.y + pad - 4, area_.w - 2 * pad, 1e6f};
        const float height = predict_height(inner.w, judged) + 2 * pad - 4;
        const Rect card = area_.take_top(height, 24);
        canvas_.tag("lesson.predict", card);
        canvas_.fill(card, p_.accent_tint, theme_.size.radius + 2);
        canvas_.stroke(card, p_.accent, 1.5f, theme_.size.radius + 2);
        Rect rest{inner.x, inner.y, inner.w, card.h - pad};
        paragraph(rest, context_.tr("lesson.predict"), theme_.small().strong().in(p_.accent_text), 4);
        paragraph(rest, scenario_.predict->question.in(language_of(ui_)), theme_.strong(), 8);
        if (judged) return verdict(rest);
        const std::vector<widgets::Choice> choices = answers();
        float used = 0;
        widgets::radio_list(ui_, "lesson.answer", {rest.x - 4, rest.y, rest.w + 8, rest.h}, choices, state_.chosen, &used);
        rest.take_top(used, 8);
        if (state_.chosen >= 0) {
            paragraph(rest, context_.tr("lesson.run_will_tell"), theme_.dim());
        } else if (!state_.without_answer) {
            widgets::ButtonSpec spec;
            spec.text = context_.tr("lesson.without_answer");
            const float width = std::min(rest.w + 8, widgets::button_width(ui_, spec));
            if (widgets::button(ui_, "lesson.without_answer", {rest.x, rest.y, width, theme_.size.control}, spec))
                state_.without_answer = true;
        }
    }

private:
    float paragraph(Rect& box, std::string_view text, const canvas::TextStyle& style, float after = 0) {
        const float used = canvas_.paragraph(box, text, style);
        box.take_top(used, after);
        return used;
    }

    bool right(std::size_t answer) const {
        return std::find(snapshot_.right_answers.begin(), snapshot_.right_answers.end(), answer) !=
               snapshot_.right_answers.end();
    }

    std::vector<widgets::Choice> answers() const {
        std::vector<widgets::Choice> choices;
        for (const catalog::Answer& answer : scenario_.predict->answers) {
            widgets::Choice choice;
            choice.text = answer.text.in(language_of(ui_)), choice.id = std::to_string(choices.size());
            choices.push_back(std::move(choice));
        }
        return choices;
    }

    float predict_height(float width, bool judged) {
        const auto measured = [&](std::string_view text, const canvas::TextStyle& style, float w) {
            return canvas_.paragraph({0, 0, w, 0}, text, style, false);
        };
        float height = measured(context_.tr("lesson.predict"), theme_.small().strong(), width) + 4;
        height += measured(scenario_.predict->question.in(language_of(ui_)), theme_.strong(), width) + 8;
        if (judged) {
            for (const widgets::Choice& answer : answers()) height += answer_height(answer.text, width);
            height += 8 + measured(verdict_text(), theme_.strong(), width) + 6;
            return height + measured(scenario_.predict->explanation.in(language_of(ui_)), theme_.body(), width);
        }
        const float radius = std::round(theme_.size.body * 0.5f);
        for (const widgets::Choice& answer : answers())
            height += std::max(theme_.size.row, measured(answer.text, theme_.body(), width + 8 - (2 * radius + 16) - 8) + 8);
        height += 8;
        if (state_.chosen >= 0) return height + measured(context_.tr("lesson.run_will_tell"), theme_.dim(), width);
        return state_.without_answer ? height : height + theme_.size.control;
    }

    float answer_height(std::string_view text, float width) const {
        return std::max(theme_.size.row, canvas_.paragraph({0, 0, width - answer_mark(), 0}, text, theme_.body(), false) + 8);
    }
    float answer_mark() const { return theme_.size.body + 12; }

    std::string verdict_text() const {
        if (snapshot_.right_answers.empty()) return context_.tr("lesson.none_fits");
        if (state_.chosen < 0) return context_.tr("lesson.the_run_says");
        return context_.tr(right(static_cast<std::size_t>(state_.chosen)) ? "lesson.right" : "lesson.wrong");
    }

    void verdict(Rect rest) {
        const std::vector<widgets::Choice> choices = answers();
        for (std::size_t i = 0; i < choices.size(); ++i) {
            const bool is_right = right(i), mine = state_.chosen == static_cast<int>(i);
            const Rect row = rest.take_top(answer_height(choices[i].text, rest.w));
            canvas_.tag("lesson.answer." + choices[i].id + (is_right ? ".right" : mine ? ".wrong" : ".other"), row);
            const Vec2 mark{row.x + theme_.size.body / 2, row.center().y};
            if (is_right)
                canvas::draw_icon(canvas_, canvas::Icon::kCheck, mark, theme_.size.body, p_.good_text);
            else if (mine)
                canvas::draw_icon(canvas_, canvas::Icon::kCross, mark, theme_.size.body, p_.error_text);
            else
                canvas_.ring(mark, theme_.size.body * 0.3f, p_.border_strong, 1.5f);
            const canvas::TextStyle style = is_right ? theme_.strong().in(p_.good_text)
                                            : mine   ? theme_.body().in(p_.error_text)
                                                     : theme_.body().in(p_.text_dim);
            const float width = row.w - answer_mark();
            const float height = canvas_.paragraph({0, 0, width, 0}, choices[i].text, style, false);
            canvas_.paragraph({row.x + answer_mark(), row.center().y - height / 2, width, height}, choices[i].text, style);
        }
        rest.take_top(8);
        const bool good = state_.chosen >= 0 && right(static_cast<std::size_t>(state_.chosen));
        paragraph(rest, verdict_text(), theme_.strong().in(good ? p_.good_text : p_.text), 6);
        paragraph(rest, scenario_.predict->explanation.in(language_of(ui_)), theme_.body());
    }

    const catalog::Scenario& scenario_;
    const model::Snapshot& snapshot_;
    LessonState& state_;
    panels::Context& context_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Palette& p_;
    Rect area_;
};

}  // namespace

bool may_reveal(const catalog::Scenario& scenario, const LessonState& state) {
    return !scenario.predict || state.chosen >= 0 || state.without_answer;
}

float draw_predict(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state,
                   panels::Context& context, Rect area) {
    if (!scenario.predict) return 0;
    Question question(scenario, snapshot, state, context, area);
    question.draw();
    return question.bottom() - area.y;
}

}  // namespace heddle::shell
