#include "core/model/wait_cause.h"

#include <sys/syscall.h>

#include <array>

namespace heddle::model {

using trace::CallId;

Cause cause_of_call(CallId call) {
    switch (call) {
        case CallId::kThreadJoin:
            return Cause::kJoin;
        case CallId::kMutexLock:
        case CallId::kMutexTimedLock:
        case CallId::kRwlockReadLock:
        case CallId::kRwlockTimedReadLock:
        case CallId::kRwlockWriteLock:
        case CallId::kRwlockTimedWriteLock:
        case CallId::kSpinLock:
            return Cause::kLock;
        case CallId::kCondWait:
        case CallId::kCondTimedWait:
            return Cause::kCondition;
        case CallId::kSemWait:
        case CallId::kSemTimedWait:
            return Cause::kSemaphore;
        case CallId::kBarrierWait:
            return Cause::kBarrier;
        case CallId::kOnce:
        case CallId::kGuardAcquire:
        case CallId::kFutexWait:
            return Cause::kFutex;
        case CallId::kVfork:
        case CallId::kSpawn:
        case CallId::kWait:
            return Cause::kChild;
        case CallId::kSigwait:
        case CallId::kPause:
            return Cause::kSignal;
        case CallId::kSleep:
            return Cause::kSleep;
        case CallId::kThreadYield:
            return Cause::kYield;
        case CallId::kLook:
            return Cause::kStopped;
        default:
            return is_io(call) ? Cause::kIo : Cause::kNone;
    }
}

bool is_io(CallId call) {
    return call >= CallId::kOpen && call <= CallId::kFsync;
}

bool is_allocation(CallId call) {
    return call == CallId::kMalloc || call == CallId::kCalloc || call == CallId::kRealloc || call == CallId::kAlignedAlloc ||
           call == CallId::kNew;
}

bool is_deallocation(CallId call) {
    return call == CallId::kFree || call == CallId::kDelete;
}

namespace {

struct BlockingSyscall {
    int number;
    std::string_view name;
    Cause cause;
};

constexpr BlockingSyscall kBlocking[] = {
    {SYS_read, "read", Cause::kIo},
    {SYS_write, "write", Cause::kIo},
    {SYS_readv, "readv", Cause::kIo},
    {SYS_writev, "writev", Cause::kIo},
    {SYS_pread64, "pread", Cause::kIo},
    {SYS_pwrite64, "pwrite", Cause::kIo},
    {SYS_ppoll, "ppoll", Cause::kIo},
    {SYS_pselect6, "pselect", Cause::kIo},
    {SYS_epoll_pwait, "epoll_pwait", Cause::kIo},
#ifdef SYS_poll
    {SYS_poll, "poll", Cause::kIo},
    {SYS_select, "select", Cause::kIo},
    {SYS_epoll_wait, "epoll_wait", Cause::kIo},
    {SYS_pause, "pause", Cause::kSignal},
#endif
    {SYS_accept, "accept", Cause::kIo},
    {SYS_accept4, "accept4", Cause::kIo},
    {SYS_connect, "connect", Cause::kIo},
    {SYS_recvfrom, "recvfrom", Cause::kIo},
    {SYS_recvmsg, "recvmsg", Cause::kIo},
    {SYS_sendto, "sendto", Cause::kIo},
    {SYS_sendmsg, "sendmsg", Cause::kIo},
    {SYS_flock, "flock", Cause::kIo},
    {SYS_fcntl, "fcntl", Cause::kIo},
    {SYS_openat, "openat", Cause::kIo},
    {SYS_fsync, "fsync", Cause::kIo},
    {SYS_fdatasync, "fdatasync", Cause::kIo},
    {SYS_mq_timedreceive, "mq_receive", Cause::kIo},
    {SYS_mq_timedsend, "mq_send", Cause::kIo},
    {SYS_msgrcv, "msgrcv", Cause::kIo},
    {SYS_msgsnd, "msgsnd", Cause::kIo},
    {SYS_semop, "semop", Cause::kSemaphore},
    {SYS_semtimedop, "semtimedop", Cause::kSemaphore},
    {SYS_futex, "futex", Cause::kFutex},
    {SYS_nanosleep, "nanosleep", Cause::kSleep},
    {SYS_clock_nanosleep, "clock_nanosleep", Cause::kSleep},
    {SYS_wait4, "wait4", Cause::kChild},
    {SYS_waitid, "waitid", Cause::kChild},
    {SYS_rt_sigsuspend, "sigsuspend", Cause::kSignal},
    {SYS_rt_sigtimedwait, "sigtimedwait", Cause::kSignal},
};

}  // namespace

Cause cause_of_syscall(int number) {
    for (const BlockingSyscall& call : kBlocking)
        if (call.number == number) return call.cause;
    return Cause::kNone;
}

std::string_view syscall_name(int number) {
    for (const BlockingSyscall& call : kBlocking)
        if (call.number == number) return call.name;
    return {};
}

Cause cause_of_wait_channel(std::string_view channel, char state) {
    struct Channel {
        std::string_view part;
        Cause cause;
    };
    static constexpr Channel kChannels[] = {
        {"futex", Cause::kFutex},
        {"pipe", Cause::kIo},
        {"nanosleep", Cause::kSleep},
        {"do_wait", Cause::kChild},
        {"poll", Cause::kIo},
        {"select", Cause::kIo},
        {"skb_", Cause::kIo},
        {"tty", Cause::kIo},
        {"sigsuspend", Cause::kSignal},
        {"sigtimedwait", Cause::kSignal},
        {"folio_wait", Cause::kPageFault},
        {"wait_on_page", Cause::kPageFault},
        {"fault", Cause::kPageFault},
        {"io_schedule", Cause::kIo},
    };
    for (const Channel& known : kChannels)
        if (channel.find(known.part) != std::string_view::npos) return known.cause;
    if (state == 'T' || state == 't') return Cause::kStopped;
    if (state == 'D') return Cause::kIo;
    return Cause::kNone;
}

}  // namespace heddle::model
