#include "core/fibers/local_executor.h"

#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/channels.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/kept_files.h"
#include "core/fibers/memory.h"
#include "core/fibers/older_values.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

Result<explore::Execution> LocalExecutor::run(const explore::Request& request) {
    if (!explore::write_request(request, *g_board)) return fail("the beginning of an execution is too long");
    return run_as_asked();
}

explore::Execution LocalExecutor::run_as_asked() {
    std::uint32_t newly_visible = 0;
    do {
        close_made_channels();
        if (resume_checkpoint()) {
            run_on_fibers(nullptr);
        } else {
            restore_memory(used_);
            if (has_outside_state()) ::lseek(STDIN_FILENO, 0, SEEK_SET);  // each execution reads the same
            run_on_fibers(entry_);
        }
        bring_back_files();
        used_ = g_board->thread_count;
        newly_visible += g_board->newly_visible;
    } while (must_carry_out_again());
    g_board->newly_visible = newly_visible;
    return explore::execution_on(*g_board);
}

bool LocalExecutor::visible(const trace::Operation& access) const {
    return trace::is_visible(*g_board, access.object, access.kind == trace::OperationKind::kFree ? access.value : access.bytes);
}

}  // namespace heddle::fibers
