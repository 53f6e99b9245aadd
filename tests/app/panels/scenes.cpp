#include "tests/app/panels/scenes.h"

#include <memory>

#include "app/panels/memory_panel.h"
#include "app/panels/timeline_panel.h"
#include "tests/app/panels/samples.h"

namespace heddle::test {
namespace {

using SnapshotPtr = std::shared_ptr<const model::Snapshot>;

template <class State, class Draw>
Scene scene(std::string name, Vec2 size, SnapshotPtr snapshot, Draw draw) {
    auto state = std::make_shared<State>();
    return {std::move(name), size, [=](widgets::Ui& ui, std::vector<model::PlaybackCommand>& commands) {
                panels::Context context{ui, commands};
                draw(*snapshot, *state, context, Rect{0, 0, size.x, size.y});
            }};
}

struct Sample {
    std::string name;
    SnapshotPtr snapshot;
};

std::vector<Sample> samples() {
    return {{"states", sample_states()}, {"race", sample_race()}, {"fork", sample_fork()}, {"crowd", sample_crowd()}, {"empty", sample_empty()}};
}

}  // namespace

std::vector<Scene> panel_scenes(bool wide) {
    std::vector<Scene> scenes;
    for (const Sample& sample : samples()) {
        const Vec2 column = wide ? Vec2{480, 660} : Vec2{340, 420};
        scenes.push_back(scene<panels::MemoryState>("memory-" + sample.name, column, sample.snapshot, panels::draw_memory));
        const Vec2 strip = wide ? Vec2{1600, 248} : Vec2{1040, 232};
        scenes.push_back(scene<panels::TimelineState>("timeline-" + sample.name, strip, sample.snapshot, panels::draw_timeline));
    }
    return scenes;
}

}  // namespace heddle::test
