// The sentences of library calls and of waiting. Pure; parts of explain. program may be null.
#pragma once

#include "core/model/program.h"
#include "core/model/snapshot.h"
#include "core/model/world.h"

namespace heddle::model {

Sentence explain_call_begin(const trace::CallBegin& call, const World& before, const World& now, Number thread,
                            const Program* program);
Sentence explain_call_end(const trace::CallEnd& call, const World& before, const World& now, Number thread,
                          const Program* program);

// Why this thread, which has just given up its CPU, waits.
Sentence explain_waiting(const World& now, Number thread, const Program* program, CpuId cpu);

}  // namespace heddle::model
