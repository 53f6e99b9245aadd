// The larger parts of the lesson pane, one under the other: each draws at the top of `area` and returns the height it used.
// Main thread; called by the lesson pane only.
#pragma once

#include "app/shell/lesson_pane.h"

namespace heddle::shell {

// Whether what answers the question may be shown: the learner chose, asked to see it without, or there is no question.
bool may_reveal(const catalog::Scenario& scenario, const LessonState& state);

float draw_predict(const catalog::Scenario& scenario, const model::Snapshot& snapshot, LessonState& state,
                   panels::Context& context, Rect area);
float draw_record(const model::Snapshot& snapshot, LessonState& state, panels::Context& context, Rect area);

}  // namespace heddle::shell
