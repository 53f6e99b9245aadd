// What a library call does to the locks of its process: who holds which, who waits in which order, permits and rounds. Parts of
// World's fold. Pure; trusts no event.
#pragma once

#include <cstdint>

#include "core/model/world.h"

namespace heddle::model {

// A call that begins and ends with the functions below.
bool is_sync(trace::CallId call, std::uint64_t object);

void lock_begins(Locks& locks, Number thread, const trace::CallBegin& call);
// begun: the call's begin; an empty one where it was not seen.
void lock_ends(Locks& locks, Number thread, const trace::CallEnd& call, const OpenCall& begun);

// The locks of a forked process: the copy of the thread that forked holds what that one held, and nobody waits; but for those
// in memory that the two share.
void inherit_locks(Locks& locks, const trace::SharedMappings& shared, Number parent, Number child);

}  // namespace heddle::model
