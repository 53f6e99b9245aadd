// The functions of libc behind the interposed ones (man 3 dlsym, RTLD_NEXT), for everything outside an execution.
#pragma once

#include <dlfcn.h>

#define HEDDLE_EXPORT extern "C" __attribute__((visibility("default")))
#define HEDDLE_CALLER (reinterpret_cast<std::uint64_t>(__builtin_return_address(0)))
// HEDDLE_REAL(pthread_join)(thread, result)
#define HEDDLE_REAL(name)                                     \
    ([]() -> decltype(&::name) {                              \
        static void* const found = ::dlsym(RTLD_NEXT, #name); \
        return reinterpret_cast<decltype(&::name)>(found);    \
    }())
