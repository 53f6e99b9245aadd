// The calls whose end only the kernel knows, and that are no operations of their own. On threads their thread gives its turn
// away meanwhile, so that it does not keep the others from moving; when it comes back it waits for its turn. In Explore there
// are none.
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/socket.h>

#include "core/fibers/carrier.h"
#include "core/fibers/scheduler.h"

using namespace heddle::fibers;

#define HEDDLE_MAY_BLOCK(type, name, parameters, arguments)                                   \
    HEDDLE_EXPORT type name parameters {                                                      \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                 \
        if (g_searching) unsupported(#name, HEDDLE_CALLER);                                   \
        return outside(HEDDLE_CALLER, [&]() -> type { return HEDDLE_REAL(name) arguments; }); \
    }

HEDDLE_MAY_BLOCK(int, pthread_tryjoin_np, (pthread_t t, void** r) noexcept, (t, r))
HEDDLE_MAY_BLOCK(int, pthread_timedjoin_np, (pthread_t t, void** r, const timespec* u), (t, r, u))
HEDDLE_MAY_BLOCK(int, pthread_clockjoin_np, (pthread_t t, void** r, clockid_t c, const timespec* u), (t, r, c, u))
HEDDLE_MAY_BLOCK(int, sigwait, (const sigset_t* s, int* o), (s, o))
HEDDLE_MAY_BLOCK(int, sigwaitinfo, (const sigset_t* s, siginfo_t* o), (s, o))
HEDDLE_MAY_BLOCK(int, sigtimedwait, (const sigset_t* s, siginfo_t* o, const timespec* t), (s, o, t))
HEDDLE_MAY_BLOCK(int, sigsuspend, (const sigset_t* s), (s))
HEDDLE_MAY_BLOCK(ssize_t, mq_receive, (mqd_t q, char* b, std::size_t n, unsigned* p), (q, b, n, p))
HEDDLE_MAY_BLOCK(ssize_t, mq_timedreceive, (mqd_t q, char* b, std::size_t n, unsigned* p, const timespec* t), (q, b, n, p, t))
HEDDLE_MAY_BLOCK(int, mq_send, (mqd_t q, const char* b, std::size_t n, unsigned p), (q, b, n, p))
HEDDLE_MAY_BLOCK(int, mq_timedsend, (mqd_t q, const char* b, std::size_t n, unsigned p, const timespec* t), (q, b, n, p, t))
HEDDLE_MAY_BLOCK(ssize_t, msgrcv, (int q, void* b, std::size_t n, long t, int o), (q, b, n, t, o))
HEDDLE_MAY_BLOCK(int, msgsnd, (int q, const void* b, std::size_t n, int o), (q, b, n, o))
HEDDLE_MAY_BLOCK(int, semop, (int s, sembuf* o, std::size_t n) noexcept, (s, o, n))
HEDDLE_MAY_BLOCK(int, system, (const char* c), (c))
HEDDLE_MAY_BLOCK(FILE*, popen, (const char* c, const char* how), (c, how))
HEDDLE_MAY_BLOCK(int, pclose, (FILE * f), (f))
HEDDLE_MAY_BLOCK(int, flock, (int f, int how) noexcept, (f, how))
HEDDLE_MAY_BLOCK(int, lockf, (int f, int how, off_t n), (f, how, n))

namespace {
bool locks_a_file(int command) {
    return command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
}
}  // namespace
#define HEDDLE_CONTROLS_FILE(name)                                                                  \
    HEDDLE_EXPORT int name(int f, int command, ...) {                                               \
        va_list rest;                                                                               \
        va_start(rest, command);                                                                    \
        void* const argument = va_arg(rest, void*);                                                 \
        va_end(rest);                                                                               \
        if (!g_exploring || !locks_a_file(command)) return HEDDLE_REAL(name)(f, command, argument); \
        if (g_searching) unsupported(#name, HEDDLE_CALLER);                                         \
        return outside(HEDDLE_CALLER, [&] { return HEDDLE_REAL(name)(f, command, argument); });     \
    }
HEDDLE_CONTROLS_FILE(fcntl)
HEDDLE_CONTROLS_FILE(fcntl64)
