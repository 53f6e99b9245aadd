#include "app/widgets/text_edit.h"

#include <algorithm>
#include <utility>

#include "app/canvas/fonts.h"

namespace heddle::widgets {
namespace {

std::size_t previous(const std::string& text, std::size_t at) {
    while (at > 0 && (static_cast<unsigned char>(text[--at]) & 0xc0) == 0x80) {
    }
    return at;
}

std::size_t next(const std::string& text, std::size_t at) {
    if (at < text.size()) canvas::next_code_point(text, at);
    return at;
}

void erase(TextFieldState& s, std::size_t from, std::size_t to) {
    s.text.erase(from, to - from), s.caret = from;
}

bool clear_selected(TextFieldState& s) {
    if (s.all_selected) erase(s, 0, s.text.size());
    return std::exchange(s.all_selected, false);
}

// Where the caret is, in place of what is selected.
void insert_text(TextFieldState& s, const std::string& text) {
    clear_selected(s);
    s.caret = std::min(s.caret, s.text.size());
    s.text.insert(s.caret, text);
    s.caret += text.size();
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

bool edit_text(Ui& ui, TextFieldState& s, const std::string& typed) {
    const std::string before = s.text;
    s.caret = std::min(s.caret, s.text.size());
    if (ui.take_key(Key::kA, true)) s.all_selected = true;
    while (ui.take_key(Key::kBackspace))
        if (!clear_selected(s)) erase(s, previous(s.text, s.caret), s.caret);
    while (ui.take_key(Key::kDelete))
        if (!clear_selected(s)) erase(s, s.caret, next(s.text, s.caret));
    while (ui.take_key(Key::kLeft)) s.caret = previous(s.text, s.caret), s.all_selected = false;
    while (ui.take_key(Key::kRight)) s.caret = next(s.text, s.caret), s.all_selected = false;
    if (!typed.empty()) insert_text(s, typed);
    return s.text != before;
}

std::string in_one_line(std::string typed) {
    while (!typed.empty() && typed.back() == '\n') typed.pop_back();
    std::replace(typed.begin(), typed.end(), '\n', ' ');
    std::replace(typed.begin(), typed.end(), '\t', ' ');
    std::erase_if(typed, is_control);
    return typed;
}

std::string in_plain_lines(std::string typed) {
    std::erase_if(typed, [](char c) { return is_control(c) && c != '\n' && c != '\t'; });
    return typed;
}

}  // namespace heddle::widgets
