// The functions the interposers stand in front of: the next definition in the program's search order (man 3 dlsym, RTLD_NEXT).
// Resolved all at once, at the first interposed call; before that, and for what a libc lacks, a pointer is null.
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// clang-format off
#define HEDDLE_REAL_FUNCTIONS(X) \
    X(pthread_create) X(pthread_join) X(pthread_tryjoin_np) X(pthread_timedjoin_np) X(pthread_clockjoin_np) \
    X(pthread_detach) X(pthread_exit) X(pthread_setname_np) X(prctl) X(sched_yield) \
    X(pthread_mutex_init) X(pthread_mutex_destroy) X(pthread_mutex_lock) X(pthread_mutex_trylock) \
    X(pthread_mutex_timedlock) X(pthread_mutex_clocklock) X(pthread_mutex_unlock) \
    X(pthread_rwlock_init) X(pthread_rwlock_destroy) X(pthread_rwlock_rdlock) X(pthread_rwlock_tryrdlock) \
    X(pthread_rwlock_timedrdlock) X(pthread_rwlock_clockrdlock) X(pthread_rwlock_wrlock) X(pthread_rwlock_trywrlock) \
    X(pthread_rwlock_timedwrlock) X(pthread_rwlock_clockwrlock) X(pthread_rwlock_unlock) \
    X(pthread_spin_init) X(pthread_spin_destroy) X(pthread_spin_lock) X(pthread_spin_trylock) X(pthread_spin_unlock) \
    X(pthread_cond_init) X(pthread_cond_destroy) X(pthread_cond_wait) X(pthread_cond_timedwait) \
    X(pthread_cond_clockwait) X(pthread_cond_signal) X(pthread_cond_broadcast) \
    X(pthread_barrier_init) X(pthread_barrier_destroy) X(pthread_barrier_wait) X(pthread_once) \
    X(sem_init) X(sem_destroy) X(sem_open) X(sem_close) X(sem_wait) X(sem_trywait) X(sem_timedwait) X(sem_clockwait) X(sem_post) \
    X(syscall) \
    X(malloc) X(calloc) X(realloc) X(reallocarray) X(free) X(memalign) X(aligned_alloc) X(posix_memalign) X(valloc) X(pvalloc) \
    X(mmap) X(mmap64) X(munmap) X(brk) X(sbrk) X(shmget) X(shmat) X(shmdt) \
    X(fork) X(_Fork) X(posix_spawn) X(posix_spawnp) X(execve) X(execv) X(execvp) X(execvpe) X(fexecve) X(execveat) \
    X(wait) X(waitpid) X(waitid) X(wait3) X(wait4) X(exit) X(_exit) X(_Exit) X(quick_exit) \
    X(kill) X(raise) X(pthread_kill) X(sigaction) X(pthread_sigmask) X(sigprocmask) X(sigwait) X(sigwaitinfo) \
    X(sigtimedwait) X(sigsuspend) X(pause) \
    X(sleep) X(usleep) X(nanosleep) X(clock_nanosleep) \
    X(open) X(open64) X(openat) X(openat64) X(creat) X(creat64) X(close) X(close_range) X(closefrom) X(read) X(readv) X(pread) \
    X(pread64) X(write) X(writev) X(pwrite) X(pwrite64) X(pipe) X(pipe2) X(dup) X(dup2) X(dup3) X(poll) X(ppoll) X(select) X(pselect) \
    X(epoll_wait) X(epoll_pwait) X(socket) X(socketpair) X(connect) X(accept) X(accept4) X(send) X(sendto) X(sendmsg) X(recv) \
    X(recvfrom) X(recvmsg) X(fsync) X(fdatasync) \
    X(memcpy) X(memmove) X(memset)
// clang-format on

namespace heddle::runtime::real {

#define HEDDLE_DECLARE(name) extern decltype(&::name) name;
HEDDLE_REAL_FUNCTIONS(HEDDLE_DECLARE)
#undef HEDDLE_DECLARE

void resolve();
extern bool g_resolved;

// What is null before `resolve`, for the memory functions that the dynamic linker itself calls early.
inline void ensure() {
    if (__builtin_expect(!g_resolved, 0)) resolve();
}

}  // namespace heddle::runtime::real
