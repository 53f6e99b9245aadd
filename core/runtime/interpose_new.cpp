// operator new and delete, in front of libstdc++'s so that a block belongs to the program's own line. Memory comes from malloc,
// as libstdc++'s does; when there is none, libstdc++'s operator is asked, which calls the new-handler and throws.
#include <dlfcn.h>

#include <new>

#include "core/runtime/interpose.h"

using namespace heddle::runtime;

namespace {

using NewFunction = void* (*)(std::size_t);
using AlignedNewFunction = void* (*)(std::size_t, std::align_val_t);

// The C++ library's own operator, wherever it was loaded; null where there is none.
template <typename Function>
Function library_operator(const char* name) {
    if (void* next = dlsym(RTLD_NEXT, name)) return reinterpret_cast<Function>(next);
    void* library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);
    return library == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(library, name));
}

void* take(std::size_t bytes, std::uintptr_t pc) {
    real::ensure();
    void* block = real::malloc(bytes == 0 ? 1 : bytes);
    if (__builtin_expect(block == nullptr, 0)) {
        const auto fallback = library_operator<NewFunction>("_Znwm");
        if (fallback == nullptr) abort();
        block = fallback(bytes);
    }
    call_end(CallId::kNew, address_of(block), static_cast<std::int64_t>(bytes), pc);
    return block;
}

void* take_aligned(std::size_t bytes, std::align_val_t alignment, std::uintptr_t pc) {
    real::ensure();
    void* block = nullptr;
    const auto boundary = static_cast<std::size_t>(alignment);
    if (real::posix_memalign(&block, boundary < sizeof(void*) ? sizeof(void*) : boundary, bytes == 0 ? 1 : bytes) != 0) {
        const auto fallback = library_operator<AlignedNewFunction>("_ZnwmSt11align_val_t");
        if (fallback == nullptr) abort();
        block = fallback(bytes, alignment);
    }
    call_end(CallId::kNew, address_of(block), static_cast<std::int64_t>(bytes), pc);
    return block;
}

void* take_or_null(std::size_t bytes, std::size_t alignment, std::uintptr_t pc) {
    real::ensure();
    void* block = nullptr;
    if (alignment <= alignof(std::max_align_t)) {
        block = real::malloc(bytes == 0 ? 1 : bytes);
    } else if (real::posix_memalign(&block, alignment, bytes == 0 ? 1 : bytes) != 0) {
        block = nullptr;
    }
    call_end(CallId::kNew, address_of(block), block == nullptr ? -ENOMEM : static_cast<std::int64_t>(bytes), pc);
    return block;
}

void give_back(void* block, std::uintptr_t pc) {
    if (block == nullptr) return;
    real::ensure();
    gate::before_free(block, pc);
    call_end(CallId::kDelete, address_of(block), 0, pc);
    real::free(block);
}

}  // namespace

#define HEDDLE_VISIBLE __attribute__((visibility("default")))

HEDDLE_VISIBLE void* operator new(std::size_t bytes) {
    return take(bytes, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new[](std::size_t bytes) {
    return take(bytes, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new(std::size_t bytes, std::align_val_t a) {
    return take_aligned(bytes, a, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new[](std::size_t bytes, std::align_val_t a) {
    return take_aligned(bytes, a, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
    return take_or_null(bytes, 1, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
    return take_or_null(bytes, 1, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new(std::size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
    return take_or_null(bytes, static_cast<std::size_t>(a), HEDDLE_CALLER);
}
HEDDLE_VISIBLE void* operator new[](std::size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
    return take_or_null(bytes, static_cast<std::size_t>(a), HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p, std::size_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p, std::size_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p, std::align_val_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p, std::align_val_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p, std::size_t, std::align_val_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p, std::size_t, std::align_val_t) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p, const std::nothrow_t&) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p, const std::nothrow_t&) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete(void* p, std::align_val_t, const std::nothrow_t&) noexcept {
    give_back(p, HEDDLE_CALLER);
}
HEDDLE_VISIBLE void operator delete[](void* p, std::align_val_t, const std::nothrow_t&) noexcept {
    give_back(p, HEDDLE_CALLER);
}
