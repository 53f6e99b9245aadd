// What a test must know of the program on the screen: where it is, its scenarios' names, and where a page puts its widgets.
#pragma once

#include <string>

#include "app/canvas/geometry.h"
#include "core/base/language.h"

namespace heddle::test {

std::string heddle_program();

std::string title_of(const std::string& id, Language language);

// Where the home page puts a widget when it is drawn here at the screen's size.
Vec2 place_on_home_page(const std::string& id);

}  // namespace heddle::test
