// The left rail: the name, the search field, and the chapters with their scenarios and how far the learner came. Main thread;
// queues commands.
#pragma once

#include <set>
#include <string>

#include "app/shell/command.h"
#include "app/shell/settings.h"
#include "app/widgets/controls.h"
#include "app/widgets/surfaces.h"
#include "core/catalog/catalog.h"

namespace heddle::shell {

struct RailState {
    widgets::TextFieldState search;
    widgets::ScrollState scroll;
    std::set<std::string> closed;  // chapters
};

// open: the id of the scenario that is open; empty: the home page.
void draw_rail(const catalog::Catalog& catalog, const Settings& settings, std::string_view open, RailState& state,
               widgets::Ui& ui, Commands& commands, Rect rect);

// Whether a scenario answers to what was typed: part of its title, summary or id, without regard to case.
bool matches_search(const catalog::Scenario& scenario, Language language, std::string_view typed);

}  // namespace heddle::shell
