// The sentences of locks, condition variables, semaphores, barriers, once and futexes: who holds, who waits, what a signal
// finds. Pure; parts of explain. program may be null.
#pragma once

#include <optional>
#include <string>

#include "core/model/program.h"
#include "core/model/snapshot.h"
#include "core/model/world.h"

namespace heddle::model {

// nullopt: the call is about none of them.
std::optional<Sentence> explain_sync_begin(const trace::CallBegin& call, const World& before, const World& now, Number thread,
                                           const Program* program);
std::optional<Sentence> explain_sync_end(const trace::CallEnd& call, const World& before, const World& now, Number thread,
                                         const Program* program);

// Who holds a lock that `thread` does not: "T1", "T1, T3" (readers); empty when nobody does.
std::string other_holders(const World& world, Number thread, std::uint64_t lock);

}  // namespace heddle::model
