// What a person does to a text with the keyboard, in a field of one line and in an area of several. Positions are bytes at the
// borders of code points, so Korean is edited letter by letter. Called by the two, inside of a frame.
#pragma once

#include <string>

#include "app/widgets/controls.h"

namespace heddle::widgets {

// Puts what was typed where the caret is, and does what Backspace, Delete, Left, Right and Ctrl+A do; true when the text is
// another one now.
bool edit_text(Ui& ui, TextFieldState& state, const std::string& typed);

// What was typed or pasted, for a field of one line and for an area of several: Enter is a newline in it.
std::string in_one_line(std::string typed);
std::string in_plain_lines(std::string typed);

}  // namespace heddle::widgets
