// The home page: what Heddle is in a sentence, a recorded lost update that plays, and every scenario as a card to click. Main
// thread. Queues OpenScenario; plays nothing itself: the shell moves the playhead of `demo`.
#pragma once

#include <string>

#include "app/panels/panel.h"
#include "app/shell/command.h"
#include "app/shell/settings.h"
#include "core/catalog/catalog.h"

namespace heddle::shell {

struct HomeState {
    widgets::ScrollState scroll;
    std::string focus;  // the card that was last scrolled into sight
    panels::Pulse pulse;
};

// demo: a run of races/lost-update; null while it is being recorded.
void draw_home(const catalog::Catalog& catalog, const Settings& settings, const model::Snapshot* demo, HomeState& state,
               panels::Context& context, Commands& commands, Rect rect);

}  // namespace heddle::shell
