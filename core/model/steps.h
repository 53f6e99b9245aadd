// Which events are worth a stop of their own when a run is gone through event by event. Pure.
#pragma once

#include "core/model/program.h"
#include "core/model/world.h"

namespace heddle::model {

// world: any that knows the event's thread. True for accesses made by lines of the learner's own source and atomic operations
// called from them, calls, births, ends, and changes of state; false for the library's insides, samples and payloads.
bool is_worth_showing(const trace::PackedEvent& event, const World& world, const Programs& programs);

}  // namespace heddle::model
