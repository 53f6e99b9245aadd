#include "core/fibers/exits.h"

#include <stdio.h>
#include <stdio_ext.h>

#include "core/fibers/carrier.h"
#include "core/fibers/channel_streams.h"
#include "core/fibers/channels.h"
#include "core/fibers/processes.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

bool has_other_threads() {
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (i != g_current && g_fibers[i].alive && is_mine(g_fibers[i])) return true;
    }
    return false;
}

namespace {

// What it does to those that go on (trace::exit_bits).
void describe(Operation& operation, bool flush) {
    namespace bits = trace::exit_bits;
    operation.object = bits::kOthersGoOn;
    if (flush && __fpending(stdout) > 0) operation.object |= bits::kPrints;
    if (has_channels()) operation.object |= bits::kCloses;
    if (has_other_threads()) operation.object |= bits::kThreads;
    operation.second = g_common.processes[g_process].first_thread + 1;
}

}  // namespace

void exit_program(int code, bool flush, std::uint64_t pc) {
    if (flush) flush_channel_streams(pc);
    Operation operation;
    operation.kind = OperationKind::kExit;
    operation.pc = pc;
    const bool others_go_on = g_on_threads && anybody_else_at_gate();
    if (others_go_on && g_searching) describe(operation, flush);
    // While others are alive it makes a difference when the process ends.
    if (others_go_on || has_other_threads()) perform(operation);
    if (flush && g_searching) HEDDLE_REAL(fflush)(g_on_threads ? nullptr : stdout);
    if (g_on_threads) return leave_gate(trace::Ending::kFinished, code & 0xff, pc);
    end_execution(trace::Ending::kFinished, code & 0xff, pc);
}

}  // namespace heddle::fibers
