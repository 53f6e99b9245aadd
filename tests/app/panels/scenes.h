// Draws one panel with one hand-made snapshot, for pictures and checks: the shell's part of a frame, without a shell.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/panels/panel.h"

namespace heddle::test {

struct Scene {
    std::string name;
    Vec2 size;
    // State lives in the closure: a scene that is drawn again goes on.
    std::function<void(widgets::Ui&, std::vector<model::PlaybackCommand>&)> draw;
};

// Every panel with every sample that says something about it, at the size it has on a stage of this width.
std::vector<Scene> panel_scenes(bool wide);

}  // namespace heddle::test
