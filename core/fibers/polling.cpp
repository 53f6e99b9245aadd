// Waiting for several pipes, sockets and the like: an operation that may be chosen when the kernel would not let it wait, or
// would do so for some time only.
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "core/fibers/carrier.h"
#include "core/fibers/channel_calls.h"

namespace heddle::fibers {
namespace {

// How long a wait for several descriptors goes on: it does not wait at all, until nothing has to be ready any more, or for
// ever.
enum class Limit : std::uint8_t { kAtOnce, kSomeTime, kNone };

Limit limit_of(int milliseconds) {
    return milliseconds == 0 ? Limit::kAtOnce : milliseconds > 0 ? Limit::kSomeTime : Limit::kNone;
}
Limit limit_of(const timespec* span) {
    return span == nullptr ? Limit::kNone : span->tv_sec == 0 && span->tv_nsec == 0 ? Limit::kAtOnce : Limit::kSomeTime;
}
Limit limit_of(const timeval* span) {
    return span == nullptr ? Limit::kNone : span->tv_sec == 0 && span->tv_usec == 0 ? Limit::kAtOnce : Limit::kSomeTime;
}

// The signals that a call lets come while it waits.
class Mask {
public:
    explicit Mask(const sigset_t* during) : set_(during != nullptr && !g_searching) {
        if (set_) HEDDLE_REAL(pthread_sigmask)(SIG_SETMASK, during, &before_);
    }
    ~Mask() {
        if (set_) HEDDLE_REAL(pthread_sigmask)(SIG_SETMASK, &before_, nullptr);
    }
    Mask(const Mask&) = delete;
    Mask& operator=(const Mask&) = delete;

private:
    bool set_;
    sigset_t before_{};
};

// `call` does not wait.
template <typename Question, typename Call>
int on_several(int first, bool named, Limit limit, const sigset_t* mask, std::uint64_t pc, Question question, Call call) {
    Channel channel = channel_at(first);
    channel.key = 0;
    check_explored(OperationKind::kPoll, channel, true, pc);
    Operation operation = operation_at(OperationKind::kPoll, first, channel, pc);
    if (limit != Limit::kNone) operation.flags |= trace::operation_flags::kDoesNotWait;
    {
        const Mask during(mask);
        const bool limited = limit != Limit::kNone, waits = limit != Limit::kAtOnce;
        perform_when(operation, {named, limited, waits ? OnHandler::kFails : OnHandler::kGoesOn}, question);
    }
    if (fails_with_eintr()) return -1;
    const int result = call();
    note_outcome(result);
    return result;
}

bool any_leads_outside(const pollfd* fds, nfds_t count) {
    for (nfds_t i = 0; i < count; ++i) {
        if (fds[i].fd < 0) continue;
        const Channel channel = channel_at(fds[i].fd);
        if (channel.named || channel.kind == trace::ChannelKind::kNone) return true;
    }
    return false;
}

int poll_several(pollfd* fds, nfds_t count, Limit limit, const sigset_t* mask, std::uint64_t pc) {
    return on_several(
        count > 0 ? fds[0].fd : -1, count == 0 || any_leads_outside(fds, count), limit, mask, pc,
        [=] { return poll_at_once(fds, count) != 0; },
        [=] {
            const timespec at_once{};
            return HEDDLE_REAL(ppoll)(fds, count, &at_once, mask);
        });
}

struct Sets {
    fd_set *read, *write, *except;
};

int select_at_once(int count, const Sets& sets, const sigset_t* mask) {
    const timespec at_once{};
    return HEDDLE_REAL(pselect)(count, sets.read, sets.write, sets.except, &at_once, mask);
}

int select_several(int count, const Sets& sets, Limit limit, const sigset_t* mask, std::uint64_t pc) {
    int first = -1;
    bool named = false;
    for (int fd = count < FD_SETSIZE ? count : FD_SETSIZE; --fd >= 0;) {
        const auto has = [fd](const fd_set* set) { return set != nullptr && FD_ISSET(fd, set); };
        if (!has(sets.read) && !has(sets.write) && !has(sets.except)) continue;
        first = fd;
        named = named || any_leads_outside(std::initializer_list<pollfd>{{fd, 0, 0}}.begin(), 1);
    }
    return on_several(
        first, named || first < 0, limit, mask, pc,
        [&] {
            fd_set read, write, except;
            Sets copy{};
            if (sets.read != nullptr) read = *sets.read, copy.read = &read;
            if (sets.write != nullptr) write = *sets.write, copy.write = &write;
            if (sets.except != nullptr) except = *sets.except, copy.except = &except;
            return select_at_once(count, copy, nullptr) != 0;
        },
        [&] { return select_at_once(count, sets, mask); });
}

int epoll_several(int epoll, epoll_event* events, int most, Limit limit, const sigset_t* mask, std::uint64_t pc) {
    return on_several(
        epoll, true, limit, mask, pc, [=] { return is_ready(epoll, POLLIN); },
        [=] { return HEDDLE_REAL(epoll_pwait)(epoll, events, most, 0, mask); });
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;

#define HEDDLE_SEVERAL(name, parameters, arguments, action)   \
    HEDDLE_EXPORT int name parameters {                       \
        if (!g_exploring) return HEDDLE_REAL(name) arguments; \
        HEDDLE_PASS_HOOK();                                   \
        return action;                                        \
    }
HEDDLE_SEVERAL(poll, (pollfd * f, nfds_t n, int t), (f, n, t), poll_several(f, n, limit_of(t), nullptr, HEDDLE_CALLER))
HEDDLE_SEVERAL(ppoll, (pollfd * f, nfds_t n, const timespec* t, const sigset_t* s), (f, n, t, s),
               poll_several(f, n, limit_of(t), s, HEDDLE_CALLER))
HEDDLE_SEVERAL(select, (int n, fd_set* r, fd_set* w, fd_set* e, timeval* t), (n, r, w, e, t),
               select_several(n, {r, w, e}, limit_of(t), nullptr, HEDDLE_CALLER))
HEDDLE_SEVERAL(pselect, (int n, fd_set* r, fd_set* w, fd_set* e, const timespec* t, const sigset_t* s), (n, r, w, e, t, s),
               select_several(n, {r, w, e}, limit_of(t), s, HEDDLE_CALLER))
HEDDLE_SEVERAL(epoll_wait, (int f, epoll_event* e, int n, int t), (f, e, n, t),
               epoll_several(f, e, n, limit_of(t), nullptr, HEDDLE_CALLER))
HEDDLE_SEVERAL(epoll_pwait, (int f, epoll_event* e, int n, int t, const sigset_t* s), (f, e, n, t, s),
               epoll_several(f, e, n, limit_of(t), s, HEDDLE_CALLER))
