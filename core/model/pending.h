// What a thread that stands at the gate is about to do, as a learner reads it: a key of the translated texts (pending.*) and
// its arguments, and whether it may. Pure, on the Observatory's thread.
#pragma once

#include "core/model/program.h"
#include "core/model/snapshot.h"
#include "core/trace/board.h"

namespace heddle::model {

// callers: where the functions that the operation lies in were called from, innermost first.
// number_of: the number on screen of the thread that the operation names.
PendingView describe_pending(Number thread, const trace::Operation& operation, const trace::Callers& callers, bool enabled,
                             const World& world, const Programs& programs,
                             const std::function<Number(std::uint64_t)>& number_of);

}  // namespace heddle::model
