// Keys of thread-specific data and their destructors, which libc calls for a thread that ends, but not for a fiber.
#include <limits.h>
#include <pthread.h>

#include "core/fibers/carrier.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/thread_keys.h"

namespace heddle::fibers {
namespace {

using Destructor = void (*)(void*);
Destructor* g_destructors = nullptr;  // by key; brought back before each execution

}  // namespace

bool prepare_keys() {
    g_destructors = static_cast<Destructor*>(restored_room(sizeof(Destructor) * PTHREAD_KEYS_MAX));
    return g_destructors != nullptr;
}

void call_key_destructors() {
    bool again = true;
    for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
        again = false;
        for (pthread_key_t key = 0; key < PTHREAD_KEYS_MAX; ++key) {
            const Destructor destructor = g_destructors[key];
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
    if (error == 0 && g_destructors != nullptr && !g_on_threads && *key < PTHREAD_KEYS_MAX) g_destructors[*key] = destructor;
    return error;
}
HEDDLE_EXPORT int pthread_key_delete(pthread_key_t key) noexcept {
    if (g_destructors != nullptr && !g_on_threads && key < PTHREAD_KEYS_MAX) g_destructors[key] = nullptr;
    return HEDDLE_REAL(pthread_key_delete)(key);
}
