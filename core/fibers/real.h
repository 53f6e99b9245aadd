// The functions of libc behind the interposed ones (man 3 dlsym, RTLD_NEXT), for everything outside an execution.
#pragma once

#include <dlfcn.h>

#include <cstdint>

// Set by the runtime, where it stands before this library (Step): where in the program the call came from; 0: it did not come
// through the runtime.
extern "C" __attribute__((visibility("default"))) std::uint64_t heddle_caller;

namespace heddle::fibers {
inline std::uint64_t called_from(const void* return_address) {
    return heddle_caller != 0 ? heddle_caller : reinterpret_cast<std::uint64_t>(return_address);
}
}  // namespace heddle::fibers

#define HEDDLE_EXPORT extern "C" __attribute__((visibility("default")))
#define HEDDLE_CALLER (::heddle::fibers::called_from(__builtin_return_address(0)))
// HEDDLE_REAL(pthread_join)(thread, result)
#define HEDDLE_REAL(name)                                     \
    ([]() -> decltype(&::name) {                              \
        static void* const found = ::dlsym(RTLD_NEXT, #name); \
        return reinterpret_cast<decltype(&::name)>(found);    \
    }())
