// The lesson beside the stage: the sentence of this instant, the question to answer before one sees, what to watch, what was
// found and verified in this run, and the text. Main thread. Queues SeekEvent for a finding; judges by the snapshot's
// right_answers only, and shows nothing that would answer the question before the learner has.
#pragma once

#include <string>
#include <vector>

#include "app/panels/panel.h"
#include "app/shell/command.h"
#include "app/shell/markdown.h"
#include "core/catalog/scenario.h"

namespace heddle::shell {

struct LessonState {
    std::string scenario;         // what the rest belongs to; another scenario begins anew
    int chosen = -1;              // answer of the predict question
    bool without_answer = false;  // the learner asked to see it without one
    bool all_output = false;
    bool show_sentence = true;  // false where the sentence already stands elsewhere in the window
    float sentence_lines = 2;   // room kept for the sentence, so that nothing jumps
    std::string text;           // the lesson that the blocks were made of
    std::vector<Block> intro, watch, rest;
    widgets::ScrollState scroll;
};

void draw_lesson(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state,
                 panels::Context& context, Commands& commands, Rect rect);

}  // namespace heddle::shell
