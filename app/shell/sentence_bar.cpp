#include "app/shell/sentence_bar.h"

#include <cmath>

#include "core/model/naming.h"

namespace heddle::shell {
namespace {

std::string end_text(const widgets::Ui& ui, const model::ProcessExit& exit) {
    switch (exit.kind) {
        case model::ProcessExit::Kind::kRunning:
            return ui.tr("status.ended");
        case model::ProcessExit::Kind::kExited:
            return ui.tr("status.exited", {{"code", std::to_string(exit.code)}});
        case model::ProcessExit::Kind::kSignaled:
            return ui.tr("status.signaled", {{"signal", model::signal_text(exit.signal)}});
        case model::ProcessExit::Kind::kStoppedByHeddle:
            return ui.tr("status.stopped");
    }
    return {};
}

// What there is to say when the event at the playhead has no sentence of its own.
std::string quiet_text(const widgets::Ui& ui, const model::Snapshot& snapshot) {
    if (snapshot.status != model::RunStatus::kRunning && snapshot.status != model::RunStatus::kEnded) return {};
    if (snapshot.playhead == 0) return ui.tr(snapshot.playing ? "status.starts" : "status.before");
    const bool over = snapshot.status == model::RunStatus::kEnded && snapshot.playhead >= snapshot.log.size();
    return over ? ui.tr("status.over") : std::string();
}

// As large as it fits: in one line, else in two, else what is left of it in one.
void draw_telling(const std::string& text, canvas::TextStyle style, widgets::Ui& ui, Rect line) {
    const Theme& theme = ui.theme();
    canvas::Canvas& canvas = ui.canvas();
    ui.interact("sentence.text", line, false);
    if (canvas.measure(text, style) > line.w) style = style.sized(theme.size.body);
    if (canvas.measure(text, style) <= line.w) return canvas.text(line, text, style);
    style = style.sized(theme.size.small);
    const float height = canvas.paragraph(line, text, style, false);
    if (height <= line.h) {
        line.y += std::floor((line.h - height) / 2);
        canvas.paragraph(line, text, style);
        return;
    }
    canvas.text(line, text, style);
    ui.tooltip("sentence.text", line, {text, ""});
}

}  // namespace

std::string sentence_text(const widgets::Ui& ui, const model::Sentence& sentence) {
    return ui.texts().tr(sentence.key, sentence.arguments);
}

std::string status_text(const widgets::Ui& ui, const model::Snapshot& snapshot) {
    switch (snapshot.status) {
        case model::RunStatus::kNone:
            return {};
        case model::RunStatus::kBuilding:
            return ui.tr("status.building");
        case model::RunStatus::kRunning:
            return ui.tr("status.running");
        case model::RunStatus::kEnded:
            return end_text(ui, snapshot.exit);
        case model::RunStatus::kFailed:
            return ui.tr("status.failed");
    }
    return {};
}

void draw_sentence_bar(const model::Snapshot& snapshot, widgets::Ui& ui, Rect rect) {
    const Theme& theme = ui.theme();
    const model::Number who = snapshot.sentence.thread;
    const bool told = !snapshot.sentence.empty();
    ui.canvas().tag("sentence", rect);
    ui.canvas().fill(rect, told && who != model::kNobody ? theme.thread(who).tint : theme.color.raised, theme.size.radius);
    ui.canvas().stroke(rect, told && who != model::kNobody ? theme.thread(who).fill : theme.color.border, 1, theme.size.radius);
    Rect line = rect.inset(theme.size.pad, 0);

    const bool bad = snapshot.status == model::RunStatus::kFailed ||
                     snapshot.exit.kind == model::ProcessExit::Kind::kSignaled ||
                     snapshot.exit.kind == model::ProcessExit::Kind::kStoppedByHeddle;
    const std::string status = status_text(ui, snapshot);
    std::string place;
    const std::uint64_t events = snapshot.log.size();
    if (events > 0)
        place = ui.tr("status.place", {{"event", Texts::number(static_cast<long long>(snapshot.playhead))},
                                       {"events", Texts::number(static_cast<long long>(events))}});
    const canvas::TextStyle dim = theme.dim().at(canvas::Align::kRight);
    // As wide as it will get, so that the sentence's room does not change from event to event.
    const float place_width = std::ceil(ui.canvas().measure(place, dim) / 48) * 48;
    const canvas::TextStyle status_style = dim.in(bad ? theme.color.error_text : theme.color.text_dim);
    const float status_width = ui.canvas().measure(status, status_style) + 2;
    ui.canvas().text(line.take_right(status_width, theme.size.gap), status, status_style);
    const std::string text = told ? sentence_text(ui, snapshot.sentence) : std::string();
    // What happened comes before where in the run it did.
    const float least = std::max(320.F, ui.canvas().measure(text, theme.strong()) + 2 * theme.size.large);
    if (!place.empty() && line.w - place_width - theme.size.gap > std::min(least, line.w))
        ui.canvas().text(line.take_right(place_width, theme.size.gap), place, dim);
    if (!told) {
        ui.canvas().text(line, quiet_text(ui, snapshot), theme.body().in(theme.color.text_dim));
        return;
    }
    canvas::TextStyle style = theme.large().strong();
    if (who != model::kNobody) {
        style = style.in(theme.thread(who).text);
        const float radius = std::round(theme.size.large * 0.5F);
        const Rect mark = line.take_left(2 * radius, theme.size.gap_small + 4);
        canvas::draw_shape(ui.canvas(), theme.thread_shape(who), mark.center(), radius, theme.thread(who).fill);
    }
    draw_telling(text, style, ui, line);
}

}  // namespace heddle::shell
