// Semaphores, and the futexes that C++20's latch, barrier, semaphore and atomic::wait reach through syscall().
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <semaphore.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fibers/clock.h"
#include "core/fibers/named_objects.h"
#include "core/fibers/spaces.h"
#include "core/fibers/synchronization.h"

namespace heddle::fibers {
namespace {

namespace flags = trace::operation_flags;

// On threads the semaphore itself says so: another process may have taken some, or given some.
std::int64_t& permits_of(sem_t* semaphore) {
    Object& object = object_at(key(semaphore));
    if (!object.known_permits || g_on_threads) {
        int permits = 0;
        HEDDLE_REAL(sem_getvalue)(semaphore, &permits);
        object.permits = permits;
        object.known_permits = true;
    }
    return object.permits;
}

constexpr Wait kWithoutLimit{false, false, OnHandler::kFailsUnlessRestarted};
constexpr Wait kForSomeTime{false, true, OnHandler::kFails};

// wait: null where it does not. The semaphore cannot be had: `error` says what that comes to.
template <typename Error>
int acquire_permit(sem_t* semaphore, OperationKind kind, const Wait* wait, Error error, std::uint64_t pc) {
    const Operation operation = operation_on(kind, semaphore, pc);
    if (g_on_threads && wait != nullptr) {
        perform_when(operation, *wait, [semaphore] { return permits_of(semaphore) > 0; });
        if (fails_with_eintr()) return -1;
    } else {
        perform(operation);
    }
    std::int64_t& permits = permits_of(semaphore);
    last_step().operation.value = static_cast<std::uint64_t>(permits);
    if (permits <= 0) {
        last_step().operation.flags |= flags::kFailed;
        errno = error();
        return -1;
    }
    --permits;
    made_progress();
    return also(0, [&] { return HEDDLE_REAL(sem_trywait)(semaphore); });
}

Operation futex_operation(OperationKind kind, std::uint32_t* word, bool own_process, std::uint64_t pc) {
    Operation operation = operation_on(kind, word, pc);
    if (own_process) operation.flags |= flags::kOwnProcess;
    return operation;
}

// What a futex waits for: by FUTEX_WAIT so long, by FUTEX_WAIT_BITSET until then; for ever where it is null.
struct FutexTime {
    const timespec* time;
    bool is_moment;
};

long futex_wait(std::uint32_t* word, std::uint32_t expected, FutexTime most, bool own_process, std::uint64_t pc) {
    Operation wait = futex_operation(OperationKind::kFutexWait, word, own_process, pc);
    wait.value = expected;
    wait.bytes = 4;
    perform(wait);
    if (*word != expected) {
        last_step().operation.flags |= flags::kFailed;
        errno = EAGAIN;
        return -1;
    }
    Fiber& fiber = current();
    fiber.queue_ticket = next_ticket();
    fiber.queue = fiber.identity;
    fiber.signalled = false;
    fiber.timed = most.time != nullptr;
    fiber.wait.on_handler = fiber.timed ? OnHandler::kFails : OnHandler::kFailsUnlessRestarted;
    perform(futex_operation(OperationKind::kFutexResume, word, own_process, pc));
    fiber.wait = {};
    if (fails_with_eintr()) return -1;
    const bool woken = fiber.signalled;
    fiber.queue_ticket = 0;
    fiber.signalled = fiber.timed = false;
    made_progress();
    if (woken) return 0;
    if (most.time != nullptr && !most.is_moment) time_passes(*most.time);
    errno = timed_out(most.is_moment ? most.time : nullptr);
    return -1;
}

long futex_wake(std::uint32_t* word, std::uint32_t most, bool own_process, std::uint64_t pc) {
    Operation operation = futex_operation(OperationKind::kFutexWake, word, own_process, pc);
    operation.value = most;
    operation.bytes = 4;
    perform(operation);
    const std::uint32_t count = wake(0, most);
    return count < most ? count : most;
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int sem_init(sem_t* s, int shared, unsigned permits) noexcept {
    if (g_exploring) {
        forget(s);
        Object& object = object_at(key(s));
        object.permits = permits;
        object.known_permits = true;
    }
    return HEDDLE_REAL(sem_init)(s, shared, permits);
}
// One with a name lies in a mapping that libc has made.
HEDDLE_EXPORT sem_t* sem_open(const char* name, int flags, ...) noexcept {
    va_list more;
    va_start(more, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    const unsigned permits = (flags & O_CREAT) != 0 ? va_arg(more, unsigned) : 0;
    va_end(more);
    if (g_exploring) HEDDLE_PASS_HOOK();
    note_named_object(Named::kSemaphore, name, (flags & O_CREAT) != 0, HEDDLE_CALLER);
    sem_t* const semaphore = HEDDLE_REAL(sem_open)(name, flags, mode, permits);
    if (semaphore != SEM_FAILED) note_mapping_of(semaphore, sizeof(sem_t), name, HEDDLE_CALLER);
    return semaphore;
}
HEDDLE_CALL(int, sem_wait, (sem_t * s), (s),
            acquire_permit(
                s, (permits_of(s), OperationKind::kAcquirePermit), &kWithoutLimit, [] { return 0; }, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_trywait, (sem_t * s) noexcept, (s),
            acquire_permit(
                s, OperationKind::kTryAcquirePermit, nullptr, [] { return EAGAIN; }, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_timedwait, (sem_t * s, const timespec* t), (s, t),
            acquire_permit(
                s, OperationKind::kTryAcquirePermit, &kForSomeTime, [t] { return timed_out(t); }, HEDDLE_CALLER))
HEDDLE_CALL(int, sem_clockwait, (sem_t * s, clockid_t c, const timespec* t), (s, c, t),
            acquire_permit(
                s, OperationKind::kTryAcquirePermit, &kForSomeTime, [t] { return timed_out(t); }, HEDDLE_CALLER))
HEDDLE_EXPORT int sem_post(sem_t* s) noexcept {
    if (!g_exploring) return HEDDLE_REAL(sem_post)(s);
    HEDDLE_PASS_HOOK();
    std::int64_t& permits = permits_of(s);
    perform(operation_on(OperationKind::kReleasePermit, s, HEDDLE_CALLER));
    ++permits;
    made_progress();
    return also(0, [&] { return HEDDLE_REAL(sem_post)(s); });
}
HEDDLE_EXPORT int sem_getvalue(sem_t* s, int* out) noexcept {
    if (!g_exploring) return HEDDLE_REAL(sem_getvalue)(s, out);
    *out = static_cast<int>(permits_of(s));
    return 0;
}

HEDDLE_EXPORT long syscall(long number, ...) noexcept {
    va_list list;
    va_start(list, number);
    long a[6];
    for (long& argument : a) argument = va_arg(list, long);
    va_end(list);
    if (g_exploring && number == SYS_futex) {
        HEDDLE_PASS_HOOK();
        auto* word = reinterpret_cast<std::uint32_t*>(a[0]);
        const long command = a[1] & FUTEX_CMD_MASK;
        const bool own_process = (a[1] & FUTEX_PRIVATE_FLAG) != 0;
        if (command == FUTEX_WAIT || command == FUTEX_WAIT_BITSET) {
            const FutexTime most{reinterpret_cast<const timespec*>(a[3]), command == FUTEX_WAIT_BITSET};
            return futex_wait(word, static_cast<std::uint32_t>(a[2]), most, own_process, HEDDLE_CALLER);
        }
        if (command == FUTEX_WAKE || command == FUTEX_WAKE_BITSET) {
            return futex_wake(word, static_cast<std::uint32_t>(a[2]), own_process, HEDDLE_CALLER);
        }
        unsupported(ending_text::kFutex.words, HEDDLE_CALLER);
    }
    if (g_exploring && (number == SYS_clone || number == SYS_execve))
        unsupported(ending_text::kMakesProcess.words, HEDDLE_CALLER);
    return HEDDLE_REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
