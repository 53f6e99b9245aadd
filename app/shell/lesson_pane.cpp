#include "app/shell/lesson_pane.h"

#include <algorithm>
#include <cmath>

#include "app/failure_text.h"
#include "app/shell/lesson_parts.h"
#include "app/shell/level_card.h"
#include "app/shell/local_text.h"
#include "app/shell/modes.h"
#include "app/widgets/controls.h"

namespace heddle::shell {
namespace {

// The part before the first section, that section ("What to watch"), and all others.
void read_lesson(const std::string& text, LessonState& state) {
    state.text = text;
    state.intro.clear(), state.watch.clear(), state.rest.clear();
    int sections = 0;
    for (Block& block : parse_markdown(text)) {
        if (block.kind == Block::Kind::kHeading && block.level == 1) continue;  // the title stands above the stage
        if (block.kind == Block::Kind::kHeading && block.level == 2) ++sections;
        (sections == 0 ? state.intro : sections == 1 ? state.watch : state.rest).push_back(std::move(block));
    }
}

class Pane {
public:
    Pane(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state, panels::Context& context,
         Commands& commands)
        : scenario_(scenario),
          snapshot_(snapshot),
          state_(state),
          context_(context),
          commands_(commands),
          ui_(context.ui),
          canvas_(context.canvas()),
          theme_(context.theme()),
          p_(context.theme().color) {}

    void sentence(Rect& area) {
        const model::Sentence& now = snapshot_.sentence;
        const bool someone = !now.empty() && now.thread != model::kNobody;
        std::string text;
        Color ink = p_.text;
        if (!now.empty()) {
            text = ui_.texts().tr(now.key, now.arguments);
            if (someone) ink = theme_.thread(now.thread).text;
        } else if (snapshot_.status == model::RunStatus::kFailed) {
            text = context_.tr("lesson.failed", {{"message", failure_text(context_.ui.texts(), snapshot_.failure)}});
            ink = p_.error_text;
        } else {
            text = context_.tr(snapshot_.status == model::RunStatus::kNone       ? "lesson.not_started"
                               : snapshot_.status == model::RunStatus::kBuilding ? "lesson.building"
                                                                                 : "lesson.before_first");
            ink = p_.text_dim;
        }
        const canvas::TextStyle style = theme_.strong().in(ink);
        const float line = canvas_.line_height(style), mark = theme_.size.body + 8;
        const float text_w = area.w - 28 - mark;
        state_.sentence_lines =
            std::max(state_.sentence_lines, std::round(canvas_.paragraph({0, 0, text_w, 0}, text, style, false) / line));
        state_.sentence_lines = std::min(state_.sentence_lines, 5.f);
        area.take_top(widgets::section(ui_, area, context_.tr("lesson.now")));
        const Rect box = area.take_top(line * state_.sentence_lines + 20);
        canvas_.tag("lesson.sentence", box);
        const Color back = someone ? theme_.thread(now.thread).tint : p_.raised;
        canvas_.fill(box, back, theme_.size.radius);
        canvas_.fill({box.x, box.y, 4, box.h}, someone ? theme_.thread(now.thread).fill : p_.border_strong, 2);
        if (someone)
            canvas::draw_shape(canvas_, theme_.thread_shape(now.thread),
                               {box.x + 14 + theme_.size.body / 2, box.y + 10 + line / 2}, theme_.size.body * 0.42f,
                               theme_.thread(now.thread).fill);
        canvas_.push_clip(box.inset(0, 6));
        canvas_.paragraph({box.x + 14 + mark, box.y + 10, text_w, box.h}, text, style);
        canvas_.pop_clip();
    }

    float scrolled(Rect content) {
        area_ = content;
        top_ = content.y;
        const bool exploring = snapshot_.exploration != nullptr;  // then there is no run that would answer
        if (scenario_.level && !exploring) area_.take_top(draw_level_card(scenario_, snapshot_, context_, area_));
        if (!exploring) area_.take_top(draw_predict(scenario_, snapshot_, state_, context_, area_));
        findings();
        if (!state_.watch.empty()) {
            markdown(state_.watch);
        } else {
            markdown(state_.intro);
        }
        claims();
        if (!exploring) area_.take_top(draw_record(snapshot_, state_, context_, area_));
        lesson();
        return area_.y - top_ + 8;
    }

private:
    bool ended() const { return snapshot_.status == model::RunStatus::kEnded; }
    // A search shows every outcome: there is nothing left to ask about.
    bool open_book() const { return snapshot_.exploration != nullptr || may_reveal(scenario_, state_); }

    void gap(float height) { area_.take_top(height); }
    void section(std::string_view key) { area_.take_top(widgets::section(ui_, area_, context_.tr(key)) + 2); }
    void markdown(const std::vector<Block>& blocks) {
        if (blocks.empty()) return;
        area_.take_top(draw_markdown(canvas_, theme_, area_, blocks));
        gap(24);
    }
    float paragraph(Rect& box, std::string_view text, const canvas::TextStyle& style, float after = 0) {
        const float used = canvas_.paragraph(box, text, style);
        box.take_top(used, after);
        return used;
    }

    void findings() {
        // A search of a program without a lesson has nothing else to say here.
        const model::ExploreSnapshot* const search = snapshot_.exploration.get();
        if (snapshot_.findings.empty() && (search == nullptr || !state_.text.empty())) return;
        section("lesson.found");
        if (snapshot_.findings.empty()) {
            const bool complete = search->verdict == model::ExploreVerdict::kNoneComplete;
            paragraph(area_, context_.tr(complete ? "lesson.found_none" : "lesson.found_none_yet"), theme_.body());
        }
        for (std::size_t i = 0; i < snapshot_.findings.size(); ++i) finding(snapshot_.findings[i], i);
        gap(16);
    }

    void finding(const model::Finding& found, std::size_t index) {
        const std::string text = ui_.texts().tr(found.sentence.key, found.sentence.arguments),
                          id = "lesson.finding." + std::to_string(index);
        const canvas::TextStyle style = theme_.strong();
        const float line = canvas_.line_height(theme_.small());
        const float height = canvas_.paragraph({0, 0, area_.w - 52, 0}, text, style, false);
        const bool turns = can_be_turned(found);
        const float links = (leads_on(found) ? line + 4 : 0) + (turns ? line + 4 : 0);
        const Rect card = area_.take_top(height + 20 + links, 8);
        bool hovered = false;
        if (leads_on(found)) {
            const widgets::Response response = ui_.interact(id, card);
            hovered = response.hovered;
            // The playhead stands after the events that have happened: the one that was found is the last of them.
            if (response.clicked && found.event) commands_.playback.emplace_back(model::SeekEvent{*found.event + 1});
            if (response.clicked && !found.event) step_through(snapshot_.run, found.schedule, commands_);
        } else {
            canvas_.tag(id, card);
        }
        // What was not seen or not looked at is no fault of the program.
        const bool error = found.id != "lost-events" && found.id != "search-limit" && found.id != "no-hooks";
        canvas_.fill(card, hovered ? p_.hover : error ? p_.error_tint : p_.raised, theme_.size.radius + 2);
        canvas_.stroke(card, error ? p_.error : p_.border_strong, 1.5f, theme_.size.radius + 2);
        ui_.focus_ring(id, card, theme_.size.radius + 2);
        Rect inner = card.inset(14, 10);
        const Rect mark = inner.take_left(theme_.size.body, 9);
        canvas::draw_icon(canvas_, error ? canvas::Icon::kWarning : canvas::Icon::kInfo,
                          {mark.center().x, mark.y + canvas_.line_height(style) / 2}, theme_.size.body,
                          error ? p_.error_text : p_.text);
        paragraph(inner, text, style, 4);
        if (leads_on(found))
            canvas_.text(inner.take_top(line, 4),
                         context_.tr(found.event ? "lesson.show_instant" : "interleavings.step_through"),
                         theme_.small().in(p_.accent_text));
        if (turns) other_order(found, id + ".other_order", inner.take_top(line));
    }

    // The race the other way round: by its schedule, or by a search for one where the threads ran freely.
    bool can_be_turned(const model::Finding& found) const {
        if (!found.other_order.empty()) return true;
        return found.id == "data-race" && found.places.size() == 2 && snapshot_.run.mode == "run";
    }

    void other_order(const model::Finding& found, const std::string& id, Rect row) {
        const std::string text = context_.tr("interleavings.other_order");
        const canvas::TextStyle style = theme_.small().in(p_.accent_text);
        row.w = std::min(row.w, std::ceil(canvas_.measure(text, style)) + 2);
        const widgets::Response response = ui_.interact(id, row);
        canvas_.text(row, text, style);
        if (response.hovered) canvas_.hline(row.x, row.right(), row.bottom() - 1, p_.accent_text);
        ui_.focus_ring(id, row, theme_.size.radius_small);
        ui_.tooltip(id, row, {context_.tr("interleavings.other_order_tip"), ""});
        if (!response.clicked) return;
        if (!found.other_order.empty()) return step_through(snapshot_.run, found.other_order, commands_);
        commands_.app.emplace_back(ShowOtherOrder{snapshot_.run.scenario, snapshot_.run.variant, found.places});
    }

    // To an instant of the run, or to a schedule that shows it.
    static bool leads_on(const model::Finding& found) { return found.event.has_value() || !found.schedule.empty(); }

    const catalog::Claim* claim_of(std::string_view id) const {
        for (const catalog::Claim& claim : scenario_.claims)
            if (claim.id == id) return &claim;
        return nullptr;
    }

    void claims() {
        if (snapshot_.claims.empty() || !ended()) return;
        section(snapshot_.exploration != nullptr ? "lesson.claims_search" : "lesson.claims");
        if (!open_book()) {
            paragraph(area_, context_.tr("lesson.answer_first"), theme_.dim());
            return gap(24);
        }
        for (const model::ClaimResult& result : snapshot_.claims) claim(result);
        gap(16);
    }

    void claim(const model::ClaimResult& result) {
        const catalog::Claim* known = claim_of(result.id);
        const std::string text = known ? known->text.in(language_of(ui_)) : result.id;
        const float line = canvas_.line_height(theme_.body()), top = area_.y;
        const Vec2 mark{area_.x + theme_.size.body / 2, area_.y + line / 2};
        if (result.ok)
            canvas::draw_icon(canvas_, canvas::Icon::kCheck, mark, theme_.size.body, p_.good_text);
        else if (result.required)
            canvas::draw_icon(canvas_, canvas::Icon::kCross, mark, theme_.size.body, p_.error_text);
        else
            canvas::draw_icon(canvas_, canvas::Icon::kMinus, mark, theme_.size.body, p_.text_dim);
        Rect words = area_;
        words.take_left(theme_.size.body + 12);
        paragraph(words, text, theme_.body());
        const std::string_view open = snapshot_.exploration != nullptr ? "lesson.not_decided" : "lesson.not_this_run";
        if (!result.ok && !result.required) paragraph(words, context_.tr(open), theme_.dim());
        if (!result.detail.empty()) paragraph(words, result.detail, theme_.code_dim());
        canvas_.tag("lesson.claim." + result.id + (result.ok ? ".ok" : ".failed"), {area_.x, top, area_.w, words.y - top});
        gap(words.y - top + 8);
    }

    void lesson() {
        if (state_.rest.empty() && (state_.watch.empty() || state_.intro.empty())) return;
        canvas_.hline(area_.x, area_.right(), area_.y, p_.border);
        gap(20);
        if (!state_.watch.empty()) markdown(state_.intro);
        if (open_book()) return markdown(state_.rest);
        if (!state_.rest.empty()) paragraph(area_, context_.tr("lesson.rest_after_answer"), theme_.dim());
    }

    const catalog::Scenario& scenario_;
    const model::Snapshot& snapshot_;
    LessonState& state_;
    panels::Context& context_;
    Commands& commands_;
    widgets::Ui& ui_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    const Palette& p_;
    Rect area_;
    float top_ = 0;
};

}  // namespace

void draw_lesson(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state,
                 panels::Context& context, Commands& commands, Rect rect) {
    if (state.scenario != scenario.id) {
        const bool show_sentence = state.show_sentence;
        state = {};
        state.scenario = scenario.id, state.show_sentence = show_sentence;
    }
    const std::string& text = scenario.lesson.in(language_of(context.ui));
    if (state.text != text) read_lesson(text, state);
    const Theme& theme = context.theme();
    context.canvas().fill(rect, theme.color.panel);
    context.canvas().vline(rect.x, rect.y, rect.bottom(), theme.color.border);
    Rect area = rect.inset(theme.size.pad, theme.size.pad);
    Pane pane(scenario, snapshot, state, context, commands);
    if (state.show_sentence) {
        pane.sentence(area);
        area.take_top(16);
    }
    // The bar stands in the margin, so that the text keeps its width when it comes.
    const Rect seen{area.x, area.y, area.w + 12, rect.bottom() - area.y};
    if (seen.empty()) return;
    widgets::ScrollArea scroll(context.ui, "lesson", seen, state.scroll);
    Rect content = scroll.content();
    content.w = area.w;
    scroll.end(pane.scrolled(content) + theme.size.pad);
}

}  // namespace heddle::shell
