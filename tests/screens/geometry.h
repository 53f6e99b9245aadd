// Where the elements of a screen are, by their ids: what holds whatever draws the letters. Pure.
#pragma once

#include <map>
#include <string>

#include "app/canvas/layout_log.h"

namespace heddle::test {

using Geometry = std::map<std::string, Rect>;

// The visible part of each element in whole pixels; what is scrolled out of sight is left out.
Geometry geometry_of(const canvas::LayoutLog& log);

// "x y w h id" a line.
std::string to_text(const Geometry& geometry);
Geometry geometry_from(const std::string& text);

// Which elements are missing, new, or somewhere else by more than letters of another shape would move them; a line for each.
std::string moved(const Geometry& reference, const Geometry& actual);

}  // namespace heddle::test
