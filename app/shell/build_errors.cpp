#include "app/shell/build_errors.h"

#include <algorithm>
#include <cmath>

#include "app/failure_text.h"
#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

using model::BuildMessage;

bool is_error(const BuildMessage& message) {
    return message.severity == "error" || message.severity == "fatal error";
}

bool is_about_flags(const BuildMessage& message) {
    return is_error(message) && message.line == 0;
}

std::string place_of(const panels::Context& context, const BuildMessage& message) {
    if (is_about_flags(message)) return context.tr("own.flags");
    std::string place(panels::file_name(message.file));
    if (message.line > 0) place += ":" + std::to_string(message.line);
    if (message.line > 0 && message.column > 0) place += ":" + std::to_string(message.column);
    return place;
}

std::string severity_text(const panels::Context& context, const BuildMessage& message) {
    return context.tr(is_error(message) ? "own.error" : message.severity == "warning" ? "own.warning" : "own.note");
}

// One message as a card to click; returns its height.
float draw_message(const model::Snapshot& snapshot, std::size_t index, panels::CodeState& code, panels::Context& context,
                   Commands& commands, Rect area) {
    canvas::Canvas& canvas = context.canvas();
    const Theme& theme = context.theme();
    const BuildMessage& message = snapshot.build_messages[index];
    const bool error = is_error(message);
    const float line = canvas.line_height(theme.small()), inner = area.w - 24;
    const float words = canvas.paragraph({0, 0, inner, 0}, message.text, theme.body(), false);
    const Rect card = area.take_top(words + line + 20);
    const std::string id = "errors." + std::to_string(index);
    const widgets::Response response = context.ui.interact(id, card);
    const Palette& p = theme.color;
    canvas.fill(card, response.hovered ? p.hover : error ? p.error_tint : p.raised, theme.size.radius);
    if (error) canvas.fill({card.x, card.y, 4, card.h}, p.error, 2);
    context.ui.focus_ring(id, card, theme.size.radius);
    Rect inside = card.inset(12, 8);
    Rect head = inside.take_top(line, 2);
    const std::string severity = severity_text(context, message);
    const canvas::TextStyle strong = theme.small().strong().in(error ? p.error_text : p.text_dim);
    canvas.text(head.take_left(canvas.measure(severity, strong) + 1, 10), severity, strong);
    canvas.text(head, place_of(context, message), is_about_flags(message) ? theme.small() : theme.code_small());
    canvas.paragraph(inside, message.text, theme.body());
    if (response.clicked && is_about_flags(message)) {
        commands.app.emplace_back(SetLaunchDialog{true});
    } else if (response.clicked) {
        panels::show_line(snapshot, message.file, message.line, code);
        context.ui.request_frame();
    }
    return card.h;
}

void draw_list(const model::Snapshot& snapshot, BuildErrorsState& state, panels::CodeState& code, panels::Context& context,
               Commands& commands, Rect rect) {
    const Theme& theme = context.theme();
    const auto errors = std::count_if(snapshot.build_messages.begin(), snapshot.build_messages.end(), is_error);
    widgets::CardSpec spec;
    spec.title = context.tr("own.errors_title", {{"n", std::to_string(errors)}});
    spec.edge = theme.color.error;
    const Rect content = widgets::card(context.ui, "errors", rect, spec).content;
    widgets::ScrollArea scroll(context.ui, "errors.scroll", content, state.scroll);
    Rect rows = scroll.content();
    const float top = rows.y;
    const std::string complaint = complaint_about_flags(snapshot);
    if (catalog::is_own_id(snapshot.run.scenario))
        rows.take_top(
            context.canvas().paragraph(rows, context.tr(complaint.empty() ? "own.save_again" : "own.mend_flags"), theme.dim()),
            12);
    for (std::size_t i = 0; i < snapshot.build_messages.size(); ++i)
        rows.take_top(draw_message(snapshot, i, code, context, commands, rows), 8);
    const bool hint = std::any_of(snapshot.build_messages.begin(), snapshot.build_messages.end(),
                                  [](const BuildMessage& message) { return message.line > 0; });
    // More than what stands there: what to do.
    const std::size_t said = complaint.empty() ? std::string::npos : snapshot.failure.find(complaint);
    if (!hint && (said == std::string::npos || snapshot.failure.find(". ", said + complaint.size()) != std::string::npos))
        rows.take_top(context.canvas().paragraph(rows, failure_text(context.ui.texts(), snapshot.failure), theme.body()), 8);
    scroll.end(rows.y - top);
}

}  // namespace

std::string complaint_about_flags(const model::Snapshot& snapshot) {
    const auto first = std::find_if(snapshot.build_messages.begin(), snapshot.build_messages.end(), is_about_flags);
    return first == snapshot.build_messages.end() ? std::string() : first->text;
}

void draw_build_errors(const model::Snapshot& snapshot, BuildErrorsState& state, panels::CodeState& code,
                       panels::Context& context, Commands& commands, Rect rect) {
    const auto first = std::find_if(snapshot.build_messages.begin(), snapshot.build_messages.end(), is_error);
    if (state.seen != snapshot.code.source && first != snapshot.build_messages.end()) {
        state.seen = snapshot.code.source, state.scroll = {};
        panels::show_line(snapshot, first->file, first->line, code);
    }
    const float gap = context.theme().size.gap_small + 4, scale = context.scale();
    Rect source = rect;
    const bool beside = rect.w >= 880 * scale;
    const Rect list =
        beside ? source.take_right(std::round(rect.w * 0.38f), gap) : source.take_bottom(std::round(rect.h * 0.42f), gap);
    if (snapshot.code.source) panels::draw_code(snapshot, code, context, source);
    draw_list(snapshot, state, code, context, commands, snapshot.code.source ? list : rect);
}

}  // namespace heddle::shell
