// A call that may keep a thread in the kernel for long. On threads it gives its turn away meanwhile, so that it does not keep
// the others from moving; when it comes back it waits for its turn. What such calls mean for one another only the kernel knows.
#pragma once

#include <errno.h>

#include "core/fibers/carrier.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {

template <typename Call>
auto outside(std::uint64_t pc, Call call) {
    if (g_exploring) note_outside_state();
    if (!g_exploring || !g_on_threads) return call();
    go_outside(pc);
    const auto result = call();
    const int error = errno;
    come_back(pc);
    errno = error;
    return result;
}

}  // namespace heddle::fibers

// In Explore there are no such calls.
#define HEDDLE_MAY_BLOCK(type, name, parameters, arguments)                                   \
    HEDDLE_EXPORT type name parameters {                                                      \
        using namespace ::heddle::fibers;                                                     \
        if (g_exploring && !g_on_threads) unsupported(#name, HEDDLE_CALLER);                  \
        return outside(HEDDLE_CALLER, [&]() -> type { return HEDDLE_REAL(name) arguments; }); \
    }
