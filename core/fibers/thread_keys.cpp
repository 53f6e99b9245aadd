// Keys of thread-specific data and their destructors, which libc calls for a thread that ends, but not for a fiber.
#include <limits.h>
#include <pthread.h>
#include <threads.h>

#include "core/fibers/carrier.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/thread_keys.h"

namespace heddle::fibers {
namespace {

using Destructor = void (*)(void*);
struct Keys {
    pthread_key_t end;  // behind the last that has a destructor
    Destructor destructors[PTHREAD_KEYS_MAX];
};
Keys* g_keys = nullptr;  // brought back before each execution

bool are_kept(pthread_key_t key) {
    return g_keys != nullptr && !g_on_threads && key < PTHREAD_KEYS_MAX;
}

void note_key(pthread_key_t key, Destructor destructor) {
    if (!are_kept(key)) return;
    g_keys->destructors[key] = destructor;
    if (destructor != nullptr && key >= g_keys->end) g_keys->end = key + 1;
}

}  // namespace

bool prepare_keys() {
    g_keys = static_cast<Keys*>(restored_room(sizeof(Keys)));
    return g_keys != nullptr;
}

void call_key_destructors() {
    bool again = true;
    for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
        again = false;
        for (pthread_key_t key = 0; key < g_keys->end; ++key) {
            const Destructor destructor = g_keys->destructors[key];
            void* const value = destructor != nullptr ? pthread_getspecific(key) : nullptr;
            if (value == nullptr) continue;
            pthread_setspecific(key, nullptr);
            destructor(value);
            again = true;
        }
    }
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) noexcept {
    const int error = HEDDLE_REAL(pthread_key_create)(key, destructor);
    if (error == 0) note_key(*key, destructor);
    return error;
}
HEDDLE_EXPORT int pthread_key_delete(pthread_key_t key) noexcept {
    if (are_kept(key)) g_keys->destructors[key] = nullptr;
    return HEDDLE_REAL(pthread_key_delete)(key);
}
// Those of ISO C.
HEDDLE_EXPORT int tss_create(tss_t* key, tss_dtor_t destructor) {
    const int status = HEDDLE_REAL(tss_create)(key, destructor);
    if (status == thrd_success) note_key(*key, destructor);
    return status;
}
HEDDLE_EXPORT void tss_delete(tss_t key) {
    if (are_kept(key)) g_keys->destructors[key] = nullptr;
    HEDDLE_REAL(tss_delete)(key);
}
