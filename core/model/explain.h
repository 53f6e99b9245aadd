// explain: one event as a sentence for a learner: a key of the translated texts (event.*) and its arguments. Pure, on the
// Observatory's thread. Says only what the events show: a lost update is named where another thread's value was overwritten by
// one computed from an older read.
#pragma once

#include "core/model/program.h"
#include "core/model/snapshot.h"
#include "core/model/world.h"

namespace heddle::model {

// Of event `index` of the log; before and now: the worlds just before and after it.
Sentence explain(const trace::EventLogView& log, std::uint64_t index, const World& before, const World& now,
                 const Programs& programs);

// The write of another thread whose value is lost by the write at `index`: that thread wrote the same place after this one had
// last read it. nullopt: none within the last 65,536 events.
std::optional<std::uint64_t> lost_update(const trace::EventLogView& log, std::uint64_t index);

}  // namespace heddle::model
