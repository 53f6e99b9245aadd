#include "app/panels/code_panel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "app/layout/code_layout.h"
#include "app/layout/units.h"

namespace heddle::panels {
namespace {

constexpr int kMostMarkers = 4;

Color token_color(const Palette& palette, layout::TokenKind kind) {
    switch (kind) {
        case layout::TokenKind::kPlain:
            return palette.text;
        case layout::TokenKind::kKeyword:
            return palette.code_keyword;
        case layout::TokenKind::kType:
            return palette.code_type;
        case layout::TokenKind::kNumber:
            return palette.code_number;
        case layout::TokenKind::kString:
            return palette.code_string;
        case layout::TokenKind::kComment:
            return palette.code_comment;
        case layout::TokenKind::kPreprocessor:
            return palette.code_preprocessor;
    }
    return palette.text;
}

// A tab is drawn as the spaces it stands for.
std::string without_tabs(std::string_view text, int column) {
    std::string out;
    for (const char c : text) {
        if (c != '\t') {
            out += c;
            continue;
        }
        const int at = column + layout::cells(out);
        out.append(static_cast<std::size_t>(4 - at % 4), ' ');
    }
    return out;
}

bool is_error(const model::BuildMessage& message) {
    return message.severity == "error" || message.severity == "fatal error";
}

class CodeFrame {
public:
    CodeFrame(const model::Snapshot& snapshot, const model::CodeView& code, CodeState& state, Context& context, Rect view,
              Rect content)
        : snapshot_(snapshot), code_(code), state_(state), context_(context), view_(view) {
        const Theme& theme = context.theme();
        cell_ = context.canvas().measure("0", theme.code());
        line_height_ = line_height(theme);
        const float scroll = view.y - content.y, marker = theme.size.small * 1.4f;
        layout_ = layout::code_layout(code, {content.x, view.y, content.w, view.h}, line_height_, cell_, marker,
                                      state.most_markers, scroll);
    }

    static float line_height(const Theme& theme) { return theme.size.body * 1.5f; }

    float draw() {
        for (const layout::CodeLine& line : layout_.lines) draw_line(line);
        return layout_.height;
    }

private:
    void draw_line(const layout::CodeLine& line) {
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const bool current = line.number == code_.current_line;
        const model::BuildMessage* const message = message_at(line.number);
        if (message != nullptr) canvas.fill(line.row, theme.color.error_tint, theme.size.radius_small);
        if (current) {
            const model::Number thread = code_.current_thread;
            canvas.fill(line.row, thread != model::kNobody ? theme.thread(thread).tint : theme.color.selected,
                        theme.size.radius_small);
        }
        const canvas::TextStyle number = theme.code_dim().at(canvas::Align::kRight);
        canvas.text(line.number_box, std::to_string(line.number), current ? number.in(theme.color.text) : number,
                    canvas::Fit::kOverflow);
        draw_markers(line);
        const float used = draw_tokens(line);
        if (message != nullptr) draw_message(*message, line, used);
    }

    // The first error of the line, else what else was said of it.
    const model::BuildMessage* message_at(int line) const {
        const model::BuildMessage* found = nullptr;
        for (const model::BuildMessage& each : snapshot_.build_messages) {
            if (each.line != line || each.file != code_.source->path) continue;
            if (is_error(each)) return &each;
            if (found == nullptr) found = &each;
        }
        return found;
    }

    // Behind the code, a mark below the place that is meant.
    void draw_message(const model::BuildMessage& message, const layout::CodeLine& line, float code_width) {
        const Theme& theme = context_.theme();
        const Color ink = is_error(message) ? theme.color.error_text : theme.color.text_dim;
        if (message.column > 0) {
            const std::string& text = code_.source->lines[static_cast<std::size_t>(line.number - 1)];
            const auto before = without_tabs(std::string_view(text).substr(0, static_cast<std::size_t>(message.column) - 1), 0);
            const float x = line.text.x + static_cast<float>(layout::cells(before)) * cell_;
            context_.canvas().fill({x, line.row.bottom() - 2, cell_, 2}, ink);
        }
        constexpr float kLeastCells = 12;
        Rect box = line.text;
        box.take_left(code_width + 3 * cell_);
        const bool room = box.w >= kLeastCells * cell_;  // else the list of errors and the tooltip have it
        if (!room) box = line.text;
        const std::string id = "code.message." + std::to_string(line.number);
        context_.ui.interact(id, box.intersect(view_), false);
        if (room) context_.canvas().text(box, message.text, theme.small().in(ink));
        context_.ui.tooltip(id, box, {message.text, ""});
    }

    void draw_markers(const layout::CodeLine& line) {
        if (line.threads.empty()) return;
        canvas::Canvas& canvas = context_.canvas();
        const Theme& theme = context_.theme();
        const std::size_t hidden = line.threads.size() - line.markers.size();
        for (std::size_t i = 0; i < line.markers.size(); ++i) {
            const Rect box = line.markers[i];
            if (hidden > 0 && i + 1 == line.markers.size()) {
                canvas.text(box, "+" + std::to_string(hidden + 1), theme.small().strong().at(canvas::Align::kCenter),
                            canvas::Fit::kOverflow);
                break;
            }
            const model::Number thread = line.threads[i];
            canvas::draw_shape(canvas, theme.thread_shape(thread), box.center(), box.w / 2, theme.thread(thread).fill);
            if (thread > 9) continue;
            const canvas::TextStyle style = theme.small().strong().in(theme.thread(thread).on_fill).at(canvas::Align::kCenter);
            canvas.fill(box.inset(box.w * 0.3f), theme.thread(thread).fill);  // what the digit stands on, in every shape
            canvas.text(box, std::to_string(thread), style, canvas::Fit::kOverflow);
        }
        const std::string id = "code.line." + std::to_string(line.number);
        const Rect hot{line.row.x, line.row.y, layout_.gutter, line.row.h};
        context_.ui.interact(id, hot.intersect(view_), false);
        context_.ui.tooltip(id, hot, {who_stands_here(line), ""});
    }

    std::string who_stands_here(const layout::CodeLine& line) const {
        std::string text;
        for (const model::Number number : line.threads) {
            const model::ThreadView* thread = snapshot_.thread(number);
            if (!thread) continue;
            if (!text.empty()) text += "\n";
            text += thread_label(snapshot_, number) + ": " + state_text(context_, thread->state);
        }
        return text;
    }

    // Returns the width of what it drew. What has no room ends in an ellipsis, also between two tokens.
    float draw_tokens(const layout::CodeLine& line) {
        const auto index = static_cast<std::size_t>(line.number - 1);
        if (index >= state_.tokens.size()) return 0;
        const std::string& text = code_.source->lines[index];
        const Theme& theme = context_.theme();
        const int room = static_cast<int>((line.text.w + 0.5f) / cell_);
        int column = 0;
        for (const layout::Token& token : state_.tokens[index]) {
            const std::string part = without_tabs(std::string_view(text).substr(token.begin, token.end - token.begin), column);
            const canvas::TextStyle style = theme.code().in(token_color(theme.color, token.kind));
            Rect box = line.text;
            box.take_left(static_cast<float>(column) * cell_);
            if (box.w <= 0) break;
            const bool last = token.end >= text.size();
            const int width = layout::cells(part), end = column + width;
            if (end > room || (end == room && !last)) {
                draw_cut(box, part, last, room - column, style);
                column = room;
                break;
            }
            column = end;
            const bool blank = part.find_first_not_of(' ') == std::string::npos;
            if (!blank) context_.canvas().text(box, part, style);
        }
        return static_cast<float>(column) * cell_;
    }

    // The token at which a line's room of so many cells ends.
    void draw_cut(Rect box, const std::string& part, bool last, int room, const canvas::TextStyle& style) {
        canvas::Canvas& canvas = context_.canvas();
        if (last && canvas.measure(part, style) <= box.w + 0.5f) return canvas.text(box, part, style);
        if (room <= 1) return canvas.text(box, "…", style, canvas::Fit::kOverflow);
        box.w = static_cast<float>(room) * cell_ + 0.5f;
        canvas.text(box, part + "…", style);
    }

    const model::Snapshot& snapshot_;
    const model::CodeView& code_;
    CodeState& state_;
    Context& context_;
    Rect view_;
    float cell_ = 8, line_height_ = 20;
    layout::CodeLayout layout_;
};

void follow_run(const model::CodeView& code, CodeState& state) {
    if (state.source != code.source) {
        state.source = code.source;
        state.tokens = layout::lex_cpp(state.source->lines);
        state.most_markers = 2;
        state.shown_line = 0;
        state.scroll = {};
    }
    std::map<int, int> at;
    for (const model::CodeMarker& marker : code.markers) {
        state.most_markers = std::clamp(++at[marker.line], state.most_markers, kMostMarkers);
    }
}

// Where the thread of the current line stands now: what it did last may be lines away.
int place_of_actor(const model::CodeView& code) {
    for (const model::CodeMarker& marker : code.markers)
        if (marker.thread == code.current_thread) return marker.line;
    return 0;
}

// The run's own file, or the chosen one with the threads that stand in it.
model::CodeView shown_code(const model::Snapshot& snapshot, CodeState& state) {
    if (state.chosen_at != snapshot.code.source) state.chosen.clear(), state.chosen_at = snapshot.code.source;
    if (state.chosen.empty() || (snapshot.code.source && state.chosen == snapshot.code.source->path)) return snapshot.code;
    model::CodeView code;
    for (const auto& source : snapshot.code.sources)
        if (source->path == state.chosen) code.source = source;
    if (!code.source) return snapshot.code;
    for (const model::ThreadView& thread : snapshot.threads) {
        if (thread.line > 0 && thread.file == state.chosen && thread.state != model::ThreadState::kTerminated)
            code.markers.push_back({thread.number, thread.line});
    }
    return code;
}

// A row of the program's files; returns the rest.
Rect draw_files(const model::Snapshot& snapshot, const model::CodeView& code, CodeState& state, Context& context,
                Rect content) {
    const auto& sources = snapshot.code.sources;
    if (sources.size() < 2) return content;
    std::vector<Chip> chips;
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (sources[i]->path == code.source->path) chosen = i;
        chips.push_back({std::string(file_name(sources[i]->path))});
    }
    const Rect row = content.take_top(context.theme().size.control_small, context.theme().size.gap_small);
    if (draw_chips(context, "code.file", row, chips, chosen)) {
        state.chosen = sources[chosen]->path;
        context.ui.request_frame();
    }
    return content;
}

}  // namespace

void show_line(const model::Snapshot& snapshot, const std::string& file, int line, CodeState& state) {
    state.chosen = file, state.chosen_at = snapshot.code.source;
    const model::CodeView code = shown_code(snapshot, state);
    if (!code.source) return;
    follow_run(code, state);
    state.wanted_line = line;
}

void draw_code(const model::Snapshot& snapshot, CodeState& state, Context& context, Rect rect) {
    const model::CodeView code = shown_code(snapshot, state);
    const std::string path = code.source ? code.source->path : std::string();
    const std::size_t slash = path.rfind('/');
    const std::size_t folder = slash == std::string::npos || slash == 0 ? std::string::npos : path.rfind('/', slash - 1);
    Rect content =
        begin_panel(context, "code", folder == std::string::npos ? path : path.substr(folder + 1), shown_badge(snapshot), rect);
    if (!code.source) {
        if (!draw_empty(context, snapshot, content)) widgets::empty_note(context.ui, content, context.tr("code.no_source"));
        return;
    }
    content = draw_files(snapshot, code, state, context, content);
    follow_run(code, state);
    const float line_height = CodeFrame::line_height(context.theme());
    if (content.h >= line_height) content.h = std::floor(content.h / line_height) * line_height;  // no line is cut in half
    state.scroll.step = line_height;
    state.scroll.content_height = static_cast<float>(state.source->lines.size()) * line_height;  // known before it is drawn
    const int line = state.wanted_line > 0 ? std::exchange(state.wanted_line, 0) : code.current_line;
    if (line != state.shown_line && (line > 0 || state.chosen.empty())) {
        state.shown_line = line;
        state.scroll.target =
            layout::calm_scroll(state.scroll.target, line, state.source->lines.size(), line_height, content.h);
        if (line == code.current_line)
            state.scroll.target =
                layout::scroll_to_both(state.scroll.target, line, place_of_actor(code), line_height, content.h);
    }
    widgets::ScrollArea scroll(context.ui, "code.scroll", content, state.scroll);
    scroll.end(CodeFrame(snapshot, code, state, context, content, scroll.content()).draw());
}

}  // namespace heddle::panels
