// Threads: create, join, detach, exit.
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include "core/fibers/carrier.h"
#include "core/fibers/library_access.h"
#include "core/fibers/synchronization.h"
#include "core/trace/c11_threads.h"
#include "core/trace/stored_calls.h"

namespace heddle::fibers {
namespace {

using trace::Ending;

int create(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument, std::uint64_t pc) {
    Operation operation;
    operation.kind = OperationKind::kCreate;
    operation.pc = pc;
    perform(operation);
    const std::uint32_t number = add_fiber(routine, argument);
    last_step().operation.object = number;
    if (g_on_threads) {
        if (const int error = start_thread(number, out, attributes); error != 0) return error;
    } else {
        *out = g_fibers[number].thread_pointer;
    }
    int detached = PTHREAD_CREATE_JOINABLE;
    if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &detached);
    g_fibers[number].detached = detached == PTHREAD_CREATE_DETACHED;
    made_progress();
    return 0;
}

int join(pthread_t thread, void** result, std::uint64_t pc) {
    const std::uint32_t number = fiber_of(thread);
    if (number == trace::kMostFibers) return ESRCH;
    Fiber& target = g_fibers[number];
    if (target.joined || target.detached) end_execution(Ending::kMisuse, 0, pc, ending_text::kJoinedTwice.words);
    Operation operation;
    operation.kind = OperationKind::kJoin;
    operation.object = number;
    operation.pc = pc;
    perform(operation);
    target.joined = true;
    --g_unjoined;
    made_progress();
    if (g_on_threads) return HEDDLE_REAL(pthread_join)(thread, result);
    if (result != nullptr) *result = target.result;
    return 0;
}

int detach(pthread_t thread) {
    const std::uint32_t number = fiber_of(thread);
    if (number == trace::kMostFibers) return ESRCH;
    g_fibers[number].detached = true;
    return g_on_threads ? HEDDLE_REAL(pthread_detach)(thread) : 0;
}

[[noreturn]] void end_thread(void* result, std::uint64_t pc) {
    if (!g_on_threads) end_fiber(result, pc);
    HEDDLE_REAL(pthread_exit)(result);  // its last step comes with its last destructors
    __builtin_unreachable();
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;
using namespace heddle::trace::stores;

// libc stores the thread's name before the thread begins.
HEDDLE_EXPORT int pthread_create(pthread_t* out, const pthread_attr_t* attributes, void* (*routine)(void*), void* argument) {
    if (!g_exploring) return HEDDLE_REAL(pthread_create)(out, attributes, routine, argument);
    auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));
    stores(access, out);
    HEDDLE_PASS_HOOK();
    return create(out, attributes, routine, argument, HEDDLE_CALLER);
}
HEDDLE_EXPORT int pthread_join(pthread_t thread, void** result) {
    if (!g_exploring) return HEDDLE_REAL(pthread_join)(thread, result);
    auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));
    HEDDLE_PASS_HOOK();
    void* value = nullptr;
    const int error = join(thread, &value, HEDDLE_CALLER);
    if (error != 0 || result == nullptr) return error;
    stores(access, result);
    *result = value;
    return 0;
}
HEDDLE_EXPORT int pthread_detach(pthread_t thread) {
    return g_exploring ? detach(thread) : HEDDLE_REAL(pthread_detach)(thread);
}
HEDDLE_EXPORT void pthread_exit(void* result) {
    if (!g_exploring) HEDDLE_REAL(pthread_exit)(result);
    HEDDLE_PASS_HOOK();
    end_thread(result, HEDDLE_CALLER);
}
HEDDLE_EXPORT int pthread_cancel(pthread_t thread) {
    if (!g_exploring) return HEDDLE_REAL(pthread_cancel)(thread);
    unsupported("pthread_cancel", HEDDLE_CALLER);
}
HEDDLE_CALL(int, sched_yield, () noexcept, (), 0)

// The same for the threads of ISO C.
namespace c11 = heddle::trace::c11;

HEDDLE_CALL(int, thrd_create, (thrd_t * out, thrd_start_t function, void* argument), (out, function, argument),
            c11::status_of(create(out, nullptr, c11::routine_of(function), argument, HEDDLE_CALLER)))
HEDDLE_EXPORT int thrd_join(thrd_t thread, int* result) {
    if (!g_exploring) return HEDDLE_REAL(thrd_join)(thread, result);
    HEDDLE_PASS_HOOK();
    void* value = nullptr;
    const int error = join(thread, &value, HEDDLE_CALLER);
    if (error == 0 && result != nullptr) *result = c11::result_of(value);
    return c11::status_of(error);
}
HEDDLE_EXPORT int thrd_detach(thrd_t thread) {
    return g_exploring ? c11::status_of(detach(thread)) : HEDDLE_REAL(thrd_detach)(thread);
}
HEDDLE_EXPORT void thrd_exit(int result) {
    if (!g_exploring) HEDDLE_REAL(thrd_exit)(result);
    HEDDLE_PASS_HOOK();
    end_thread(c11::value_of(result), HEDDLE_CALLER);
}
HEDDLE_EXPORT void thrd_yield() {
    if (!g_exploring) HEDDLE_REAL(thrd_yield)();
}
