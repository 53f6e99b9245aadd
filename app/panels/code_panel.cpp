#include "app/panels/code_panel.h"

#include <algorithm>
#include <map>

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

class CodeFrame {
public:
    CodeFrame(const model::Snapshot& snapshot, CodeState& state, Context& context, Rect view, Rect content)
        : snapshot_(snapshot), state_(state), context_(context), view_(view) {
        const Theme& theme = context.theme();
        cell_ = context.canvas().measure("0", theme.code());
        line_height_ = line_height(theme);
        const float scroll = view.y - content.y, marker = theme.size.small * 1.4f;
        layout_ = layout::code_layout(snapshot.code, {content.x, view.y, content.w, view.h}, line_height_, cell_, marker,
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
        const bool current = line.number == snapshot_.code.current_line;
        if (current) {
            const model::Number thread = snapshot_.code.current_thread;
            canvas.fill(line.row, thread != model::kNobody ? theme.thread(thread).tint : theme.color.selected,
                        theme.size.radius_small);
        }
        const canvas::TextStyle number = theme.code_dim().at(canvas::Align::kRight);
        canvas.text(line.number_box, std::to_string(line.number), current ? number.in(theme.color.text) : number,
                    canvas::Fit::kOverflow);
        draw_markers(line);
        draw_tokens(line);
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

    void draw_tokens(const layout::CodeLine& line) {
        const auto index = static_cast<std::size_t>(line.number - 1);
        if (index >= state_.tokens.size()) return;
        const std::string& text = snapshot_.code.source->lines[index];
        const Theme& theme = context_.theme();
        int column = 0;
        for (const layout::Token& token : state_.tokens[index]) {
            const std::string part = without_tabs(std::string_view(text).substr(token.begin, token.end - token.begin), column);
            const int width = layout::cells(part);
            Rect box = line.text;
            box.take_left(static_cast<float>(column) * cell_);
            column += width;
            if (box.w <= 0) break;
            const bool blank = part.find_first_not_of(' ') == std::string::npos;
            if (!blank) context_.canvas().text(box, part, theme.code().in(token_color(theme.color, token.kind)));
            if (static_cast<float>(width) * cell_ > box.w) break;  // shortened: what follows has no room
        }
    }

    const model::Snapshot& snapshot_;
    CodeState& state_;
    Context& context_;
    Rect view_;
    float cell_ = 8, line_height_ = 20;
    layout::CodeLayout layout_;
};

void follow_run(const model::Snapshot& snapshot, CodeState& state) {
    if (state.source != snapshot.code.source) {
        state.source = snapshot.code.source;
        state.tokens = layout::lex_cpp(state.source->lines);
        state.most_markers = 2;
        state.shown_line = 0;
        state.scroll = {};
    }
    std::map<int, int> at;
    for (const model::CodeMarker& marker : snapshot.code.markers) {
        state.most_markers = std::clamp(++at[marker.line], state.most_markers, kMostMarkers);
    }
}

}  // namespace

void draw_code(const model::Snapshot& snapshot, CodeState& state, Context& context, Rect rect) {
    const std::string path = snapshot.code.source ? snapshot.code.source->path : std::string();
    const std::size_t slash = path.rfind('/');
    const std::size_t folder = slash == std::string::npos || slash == 0 ? std::string::npos : path.rfind('/', slash - 1);
    const Rect content =
        begin_panel(context, "code", folder == std::string::npos ? path : path.substr(folder + 1), snapshot.run.badge, rect);
    if (!snapshot.code.source) {
        if (!draw_empty(context, snapshot, content)) widgets::empty_note(context.ui, content, context.tr("code.no_source"));
        return;
    }
    follow_run(snapshot, state);
    const float line_height = CodeFrame::line_height(context.theme());
    state.scroll.content_height = static_cast<float>(state.source->lines.size()) * line_height;  // known before it is drawn
    if (snapshot.code.current_line != state.shown_line) {
        state.shown_line = snapshot.code.current_line;
        state.scroll.target =
            layout::calm_scroll(state.scroll.target, state.shown_line, state.source->lines.size(), line_height, content.h);
    }
    widgets::ScrollArea scroll(context.ui, "code.scroll", content, state.scroll);
    scroll.end(CodeFrame(snapshot, state, context, content, scroll.content()).draw());
}

}  // namespace heddle::panels
