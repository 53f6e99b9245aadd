// Below the stage: what the event at the playhead did, in one sentence and in the colour of its thread, and how the run
// stands. Main thread; draws a snapshot.
#pragma once

#include "app/widgets/ui.h"
#include "core/model/snapshot.h"

namespace heddle::shell {

void draw_sentence_bar(const model::Snapshot& snapshot, widgets::Ui& ui, Rect rect);
std::string sentence_text(const widgets::Ui& ui, const model::Sentence& sentence);
// "running, 1,234 events", "ended with exit code 0", …
std::string status_text(const widgets::Ui& ui, const model::Snapshot& snapshot);

}  // namespace heddle::shell
