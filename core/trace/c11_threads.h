// The threads of ISO C (<threads.h>) are pthreads in glibc: the same objects under other names, other results. For the two
// libraries inside the program, which serve them as they serve pthreads.
#pragma once

#include <errno.h>
#include <pthread.h>
#include <threads.h>

#include <cstdint>

namespace heddle::trace::c11 {

inline pthread_mutex_t* mutex_of(mtx_t* mutex) {
    return reinterpret_cast<pthread_mutex_t*>(mutex);
}
inline pthread_cond_t* condition_of(cnd_t* condition) {
    return reinterpret_cast<pthread_cond_t*>(condition);
}
inline pthread_once_t* once_of(once_flag* flag) {
    return reinterpret_cast<pthread_once_t*>(flag);
}
static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t) && sizeof(cnd_t) == sizeof(pthread_cond_t));
static_assert(sizeof(once_flag) == sizeof(pthread_once_t) && sizeof(thrd_t) == sizeof(pthread_t));

// A thread's function gives an int, which is what is left of the pointer that a pthread's gives.
inline void* (*routine_of(thrd_start_t function))(void*) {
    return reinterpret_cast<void* (*)(void*)>(reinterpret_cast<void*>(function));
}
inline void* value_of(int result) {
    return reinterpret_cast<void*>(static_cast<std::intptr_t>(result));
}
inline int result_of(void* value) {
    return static_cast<int>(reinterpret_cast<std::intptr_t>(value));
}

// Of what pthreads say.
inline int status_of(int error) {
    switch (error) {
        case 0:
            return thrd_success;
        case EBUSY:
            return thrd_busy;
        case ETIMEDOUT:
            return thrd_timedout;
        case ENOMEM:
        case EAGAIN:
            return thrd_nomem;
        default:
            return thrd_error;
    }
}

}  // namespace heddle::trace::c11
