#include "tests/app/panels/scenes.h"

#include <memory>

#include "app/panels/code_panel.h"
#include "app/panels/cpus_panel.h"
#include "app/panels/interleavings_panel.h"
#include "app/panels/memory_panel.h"
#include "app/panels/pages_panel.h"
#include "app/panels/pcb_panel.h"
#include "app/panels/stack_panel.h"
#include "app/panels/states_panel.h"
#include "app/panels/sync_panel.h"
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
    return {{"states", sample_states()},
            {"race", sample_race()},
            {"fork", sample_fork()},
            {"crowd", sample_crowd()},
            {"locks", sample_locks()},
            {"empty", sample_empty()}};
}

// What a stage shows at 1600 × 1000 and at 1280 × 720, without rail and lesson: three panels above the timeline.
Scene stage(const std::string& name, SnapshotPtr snapshot, bool wide) {
    struct All {
        panels::MemoryState memory;
        panels::StatesState states;
        panels::PcbState pcb;
        panels::CodeState code;
        panels::PagesState pages;
        panels::StackState stack;
        panels::CpusState cpus;
        panels::TimelineState timeline;
    };
    auto state = std::make_shared<All>();
    const Vec2 size = wide ? Vec2{1016, 944} : Vec2{696, 664};
    return {"stage-" + name, size, [=](widgets::Ui& ui, std::vector<model::PlaybackCommand>& commands) {
                panels::Context context{ui, commands};
                Rect page{0, 0, size.x, size.y};
                panels::draw_timeline(*snapshot, state->timeline, context, page.take_bottom(wide ? 248 : 216));
                page = page.inset(12);
                Rect left = page.take_left(page.w * (name == "states" ? 0.4f : 0.48f), 12),
                     top = page.take_top(page.h * 0.56f, 12);
                if (name == "states") {
                    panels::draw_memory(*snapshot, state->memory, context, left);
                    panels::draw_states(*snapshot, state->states, context, top);
                    panels::draw_pcb(*snapshot, state->pcb, context, page);
                } else if (name == "race") {
                    panels::draw_code(*snapshot, state->code, context, left.take_top(left.h * 0.56f, 12));
                    panels::draw_stack(*snapshot, state->stack, context, left);
                    panels::draw_memory(*snapshot, state->memory, context, top);
                    panels::draw_cpus(*snapshot, state->cpus, context, page);
                } else {
                    panels::draw_memory(*snapshot, state->memory, context, left);
                    panels::draw_pages(*snapshot, state->pages, context, top);
                    panels::draw_cpus(*snapshot, state->cpus, context, page);
                }
            }};
}

}  // namespace

std::vector<Scene> panel_scenes(bool wide) {
    std::vector<Scene> scenes;
    scenes.push_back(stage("states", sample_states(), wide));
    scenes.push_back(stage("race", sample_race(), wide));
    scenes.push_back(stage("fork", sample_fork(), wide));
    for (const Sample& sample : samples()) {
        const Vec2 column = wide ? Vec2{480, 660} : Vec2{340, 420};
        scenes.push_back(scene<panels::MemoryState>("memory-" + sample.name, column, sample.snapshot, panels::draw_memory));
        const Vec2 box = wide ? Vec2{640, 400} : Vec2{420, 300};
        scenes.push_back(scene<panels::StatesState>("states-" + sample.name, box, sample.snapshot, panels::draw_states));
        scenes.push_back(scene<panels::PcbState>("pcb-" + sample.name, wide ? Vec2{640, 260} : Vec2{420, 260}, sample.snapshot,
                                                 panels::draw_pcb));
        scenes.push_back(scene<panels::CpusState>("cpus-" + sample.name, box, sample.snapshot, panels::draw_cpus));
        scenes.push_back(scene<panels::SyncState>("sync-" + sample.name, box, sample.snapshot, panels::draw_sync));
        scenes.push_back(scene<panels::PagesState>("pages-" + sample.name, box, sample.snapshot, panels::draw_pages));
        scenes.push_back(scene<panels::StackState>("stack-" + sample.name, box, sample.snapshot, panels::draw_stack));
        scenes.push_back(scene<panels::CodeState>("code-" + sample.name, wide ? Vec2{520, 420} : Vec2{340, 300},
                                                  sample.snapshot, panels::draw_code));
        const Vec2 strip = wide ? Vec2{1600, 248} : Vec2{1040, 232};
        scenes.push_back(
            scene<panels::TimelineState>("timeline-" + sample.name, strip, sample.snapshot, panels::draw_timeline));
    }
    const Vec2 beside = wide ? Vec2{760, 860} : Vec2{408, 560};
    for (const Sample& sample : {Sample{"bugs", sample_exploration()}, {"search", sample_search()}, {"empty", sample_empty()}})
        scenes.push_back(scene<panels::InterleavingsState>("interleavings-" + sample.name, beside, sample.snapshot,
                                                           panels::draw_interleavings));
    scenes.push_back(scene<panels::InterleavingsState>("interleavings-alone", wide ? Vec2{1280, 720} : Vec2{760, 560},
                                                       sample_exploration(), panels::draw_interleavings));
    return scenes;
}

}  // namespace heddle::test
