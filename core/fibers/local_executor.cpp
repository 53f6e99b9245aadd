#include "core/fibers/local_executor.h"

#include <string.h>

#include "core/fibers/memory.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

Result<explore::Execution> LocalExecutor::run(const explore::Request& request) {
    trace::Board& board = *g_board;
    board.prefix_length = static_cast<std::uint32_t>(request.prefix.size());
    if (board.prefix_length > trace::kMostSteps) return fail("the beginning of an execution is too long");
    memcpy(board.prefix, request.prefix.data(), request.prefix.size_bytes());
    board.sleep_from = request.sleep_from;
    board.asleep = request.asleep;
    board.step_limit = request.step_limit;
    board.follow = request.follow;
    board.seed = request.seed;
    board.every_access = request.every_access ? 1 : 0;
    board.spurious = request.spurious_wakeups ? 1 : 0;
    return run_as_asked();
}

explore::Execution LocalExecutor::run_as_asked() {
    restore_memory(used_);
    run_execution(entry_);
    used_ = g_board->thread_count;
    return explore::execution_on(*g_board);
}

bool LocalExecutor::visible(const trace::Operation& access) const {
    return trace::is_visible(*g_board, access.object, access.bytes);
}

}  // namespace heddle::fibers
