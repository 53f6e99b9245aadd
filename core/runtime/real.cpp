#include "core/runtime/real.h"

#include <dlfcn.h>

#include <cstring>

extern "C" {
void* __libc_malloc(size_t) noexcept;
void* __libc_calloc(size_t, size_t) noexcept;
void* __libc_realloc(void*, size_t) noexcept;
void* __libc_memalign(size_t, size_t) noexcept;
void __libc_free(void*) noexcept;
}

namespace heddle::runtime::real {

#define HEDDLE_DEFINE(name) decltype(&::name) name;
HEDDLE_REAL_FUNCTIONS(HEDDLE_DEFINE)
#undef HEDDLE_DEFINE

bool g_resolved;

namespace {

// Symbols whose oldest version behaves differently, and the version that programs are linked to today.
struct Versioned {
    const char* name;
    const char* version;
};
constexpr Versioned kVersioned[] = {
#if defined(__x86_64__)
    {"pthread_cond_init", "GLIBC_2.3.2"},
    {"pthread_cond_destroy", "GLIBC_2.3.2"},
    {"pthread_cond_wait", "GLIBC_2.3.2"},
    {"pthread_cond_timedwait", "GLIBC_2.3.2"},
    {"pthread_cond_signal", "GLIBC_2.3.2"},
    {"pthread_cond_broadcast", "GLIBC_2.3.2"},
    {"posix_spawn", "GLIBC_2.15"},
    {"posix_spawnp", "GLIBC_2.15"},
    {"clock_nanosleep", "GLIBC_2.17"},
#endif
    {nullptr, nullptr},
};

void* find(const char* name) {
    // The gate's own, which have no version, come first where it stands in between (core/runtime/gate.h).
    static const bool gate = dlsym(RTLD_NEXT, "heddle_caller") != nullptr;
    for (const Versioned* row = kVersioned; !gate && row->name != nullptr; ++row) {
        if (std::strcmp(row->name, name) != 0) continue;
        if (void* found = dlvsym(RTLD_NEXT, name, row->version)) return found;
    }
    return dlsym(RTLD_NEXT, name);
}

}  // namespace

void resolve() {
    // dlsym may allocate: until it is done, memory comes from libc directly.
    if (malloc == nullptr) {
        malloc = __libc_malloc;
        calloc = __libc_calloc;
        realloc = __libc_realloc;
        memalign = __libc_memalign;
        free = __libc_free;
    } else {
        return;  // this thread is resolving further up the stack
    }
#define HEDDLE_FIND(name) \
    if (void* found = find(#name)) name = reinterpret_cast<decltype(&::name)>(found);
    HEDDLE_REAL_FUNCTIONS(HEDDLE_FIND)
#undef HEDDLE_FIND
    g_resolved = true;
}

}  // namespace heddle::runtime::real
