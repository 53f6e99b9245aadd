// Calls that may keep a thread in the kernel for long. On threads it gives its turn away meanwhile, so that it does not keep
// the others from moving; when it comes back it waits for its turn. What such calls mean for one another only the kernel knows:
// in Explore there are none of them, but for reading a file.
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/memory.h"
#include "core/fibers/scheduler.h"

using namespace heddle::fibers;

#define HEDDLE_MAY_BLOCK(type, name, parameters, arguments)                                   \
    HEDDLE_EXPORT type name parameters {                                                      \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                                 \
        if (!g_on_threads) unsupported(#name, HEDDLE_CALLER);                                 \
        return outside(HEDDLE_CALLER, [&]() -> type { return HEDDLE_REAL(name) arguments; }); \
    }

HEDDLE_EXPORT ssize_t read(int fd, void* out, std::size_t bytes) {
    if (g_exploring && g_on_threads) return outside(HEDDLE_CALLER, [&] { return HEDDLE_REAL(read)(fd, out, bytes); });
    if (g_exploring) {
        note_outside_state();
        touch(out, bytes);
    }
    return HEDDLE_REAL(read)(fd, out, bytes);
}
HEDDLE_MAY_BLOCK(ssize_t, recv, (int f, void* b, std::size_t n, int o), (f, b, n, o))
HEDDLE_MAY_BLOCK(ssize_t, recvfrom, (int f, void* b, std::size_t n, int o, sockaddr* a, socklen_t* l), (f, b, n, o, a, l))
HEDDLE_MAY_BLOCK(ssize_t, recvmsg, (int f, msghdr* m, int o), (f, m, o))
HEDDLE_MAY_BLOCK(ssize_t, send, (int f, const void* b, std::size_t n, int o), (f, b, n, o))
HEDDLE_MAY_BLOCK(ssize_t, sendto, (int f, const void* b, std::size_t n, int o, const sockaddr* a, socklen_t l),
                 (f, b, n, o, a, l))
HEDDLE_MAY_BLOCK(int, accept, (int f, sockaddr* a, socklen_t* l), (f, a, l))
HEDDLE_MAY_BLOCK(int, accept4, (int f, sockaddr* a, socklen_t* l, int o), (f, a, l, o))
HEDDLE_MAY_BLOCK(int, connect, (int f, const sockaddr* a, socklen_t l), (f, a, l))
HEDDLE_MAY_BLOCK(int, poll, (pollfd * f, nfds_t n, int t), (f, n, t))
HEDDLE_MAY_BLOCK(int, ppoll, (pollfd * f, nfds_t n, const timespec* t, const sigset_t* s), (f, n, t, s))
HEDDLE_MAY_BLOCK(int, select, (int n, fd_set* r, fd_set* w, fd_set* e, timeval* t), (n, r, w, e, t))
HEDDLE_MAY_BLOCK(int, epoll_wait, (int f, epoll_event* e, int n, int t), (f, e, n, t))
HEDDLE_MAY_BLOCK(pid_t, wait, (int* s), (s))
HEDDLE_MAY_BLOCK(pid_t, waitpid, (pid_t p, int* s, int o), (p, s, o))
HEDDLE_MAY_BLOCK(pid_t, wait4, (pid_t p, int* s, int o, rusage* u) noexcept, (p, s, o, u))
HEDDLE_MAY_BLOCK(int, waitid, (idtype_t k, id_t i, siginfo_t* s, int o), (k, i, s, o))
HEDDLE_MAY_BLOCK(int, sigwait, (const sigset_t* s, int* o), (s, o))
HEDDLE_MAY_BLOCK(ssize_t, mq_receive, (mqd_t q, char* b, std::size_t n, unsigned* p), (q, b, n, p))
HEDDLE_MAY_BLOCK(int, mq_send, (mqd_t q, const char* b, std::size_t n, unsigned p), (q, b, n, p))
HEDDLE_MAY_BLOCK(ssize_t, msgrcv, (int q, void* b, std::size_t n, long t, int o), (q, b, n, t, o))
