// The malloc family and memory mappings. The dynamic linker itself calls these before the library is initialized, and libc
// calls them on behalf of other calls; neither is recorded.
#include <stdarg.h>

#include "core/runtime/interpose.h"
#include "core/runtime/shared_objects.h"

using namespace heddle::runtime;

namespace {

bool is_scratch(const void* block) {
    const std::uintptr_t address = address_of(block);
    return address - address_of(g_blocks) < sizeof g_blocks;
}

void note_block(CallId id, const void* block, std::uint64_t bytes, std::uintptr_t pc) {
    call_end(id, address_of(block), block == nullptr ? -ENOMEM : static_cast<std::int64_t>(bytes), pc);
}

}  // namespace

HEDDLE_EXPORT void* malloc(std::size_t bytes) noexcept {
    real::ensure();
    ThreadState& thread = self();
    if (__builtin_expect(thread.scratch_allocation, 0) && bytes <= sizeof thread.block->scratch) return thread.block->scratch;
    void* block = real::malloc(bytes);
    note_block(CallId::kMalloc, block, bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void* calloc(std::size_t count, std::size_t bytes) noexcept {
    real::ensure();
    void* block = real::calloc(count, bytes);
    note_block(CallId::kCalloc, block, count * bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void* realloc(void* old, std::size_t bytes) noexcept {
    real::ensure();
    ThreadState& thread = self();
    if (__builtin_expect(thread.scratch_allocation, 0) && bytes <= sizeof thread.block->scratch) return thread.block->scratch;
    settle(thread);  // a write that waits for its value may be to the block that goes away
    if (old != nullptr) gate::before_free(old, HEDDLE_CALLER);
    void* block = real::realloc(old, bytes);
    if (old != nullptr && (block != nullptr || bytes == 0)) call_end(CallId::kFree, address_of(old), 0, HEDDLE_CALLER);
    if (block != nullptr || bytes != 0) note_block(CallId::kRealloc, block, bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void* reallocarray(void* old, std::size_t count, std::size_t bytes) noexcept {
    std::size_t total = 0;
    if (__builtin_mul_overflow(count, bytes, &total)) {
        errno = ENOMEM;
        return nullptr;
    }
    real::ensure();
    settle(self());
    if (old != nullptr) gate::before_free(old, HEDDLE_CALLER);
    void* block = real::realloc(old, total);
    if (old != nullptr && (block != nullptr || total == 0)) call_end(CallId::kFree, address_of(old), 0, HEDDLE_CALLER);
    if (block != nullptr || total != 0) note_block(CallId::kRealloc, block, total, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void free(void* block) noexcept {
    real::ensure();
    if (block == nullptr || is_scratch(block)) return;
    gate::before_free(block, HEDDLE_CALLER);
    // Recorded first: once it is free, another thread may be given the same block.
    call_end(CallId::kFree, address_of(block), 0, HEDDLE_CALLER);
    real::free(block);
}
HEDDLE_EXPORT void* memalign(std::size_t alignment, std::size_t bytes) noexcept {
    real::ensure();
    void* block = real::memalign(alignment, bytes);
    note_block(CallId::kAlignedAlloc, block, bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void* aligned_alloc(std::size_t alignment, std::size_t bytes) noexcept {
    real::ensure();
    void* block = real::aligned_alloc != nullptr ? real::aligned_alloc(alignment, bytes) : real::memalign(alignment, bytes);
    note_block(CallId::kAlignedAlloc, block, bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT int posix_memalign(void** out, std::size_t alignment, std::size_t bytes) noexcept {
    real::ensure();
    const int error = real::posix_memalign(out, alignment, bytes);
    if (error == 0) note_block(CallId::kAlignedAlloc, *out, bytes, HEDDLE_CALLER);
    return error;
}
HEDDLE_EXPORT void* valloc(std::size_t bytes) noexcept {
    real::ensure();
    void* block = real::valloc(bytes);
    note_block(CallId::kAlignedAlloc, block, bytes, HEDDLE_CALLER);
    return block;
}
HEDDLE_EXPORT void* pvalloc(std::size_t bytes) noexcept {
    real::ensure();
    void* block = real::pvalloc(bytes);
    note_block(CallId::kAlignedAlloc, block, bytes, HEDDLE_CALLER);
    return block;
}

namespace {

// The pages of a file, or of nothing (then they are new), are the same ones for all that map them as shared.
void note_object(int flags, int fd, off_t offset, const void* mapped, std::uintptr_t pc) {
    const int type = flags & MAP_TYPE;
    if (mapped == MAP_FAILED || (type != MAP_SHARED && type != MAP_SHARED_VALIDATE)) return;
    const bool new_pages = (flags & MAP_ANONYMOUS) != 0;
    const std::uint64_t object = new_pages ? new_object() : object_of_file(fd, nullptr);
    if (object != 0) call_end(CallId::kSharedObject, object, new_pages ? 0 : offset, pc);
}

void* map(decltype(&::mmap) function, void* hint, std::size_t bytes, int protection, int flags, int fd, off_t offset,
          std::uintptr_t pc) {
    settle(self());  // MAP_FIXED replaces what was there
    void* mapped = function(hint, bytes, protection, flags, fd, offset);
    note_object(flags, fd, offset, mapped, pc);
    call_end(CallId::kMmap, mapped == MAP_FAILED ? 0 : address_of(mapped),
             mapped == MAP_FAILED ? -static_cast<std::int64_t>(errno) : static_cast<std::int64_t>(bytes), pc);
    return mapped;
}

}  // namespace

HEDDLE_EXPORT void* mmap(void* hint, std::size_t bytes, int protection, int flags, int fd, off_t offset) noexcept {
    real::ensure();
    return map(real::mmap, hint, bytes, protection, flags, fd, offset, HEDDLE_CALLER);
}
HEDDLE_EXPORT void* mmap64(void* hint, std::size_t bytes, int protection, int flags, int fd, off64_t offset) noexcept {
    real::ensure();
    return map(real::mmap64, hint, bytes, protection, flags, fd, offset, HEDDLE_CALLER);
}
HEDDLE_EXPORT int munmap(void* low, std::size_t bytes) noexcept {
    settle(self());
    real::ensure();
    const int result = real::munmap(low, bytes);
    call_end(CallId::kMunmap, address_of(low),
             result == 0 ? static_cast<std::int64_t>(bytes) : -static_cast<std::int64_t>(errno), HEDDLE_CALLER);
    return result;
}
HEDDLE_EXPORT int shmget(key_t key, std::size_t bytes, int flags) noexcept {
    return errno_end_only(CallId::kShmGet,
                          reinterpret_cast<void*>(static_cast<std::uintptr_t>(static_cast<std::uint32_t>(key))), HEDDLE_CALLER,
                          [&] { return real::shmget(key, bytes, flags); });
}
HEDDLE_EXPORT void* shmat(int segment, const void* hint, int flags) noexcept {
    real::ensure();
    settle(self());  // SHM_REMAP replaces what was there
    void* const at = real::shmat(segment, hint, flags);
    if (at == MAP_FAILED) {
        call_end(CallId::kShmAttach, 0, -static_cast<std::int64_t>(errno), HEDDLE_CALLER);
        return at;
    }
    shmid_ds description{};
    const std::uint64_t bytes = ::shmctl(segment, IPC_STAT, &description) == 0 ? description.shm_segsz : 0;
    call_end(CallId::kSharedObject, object_of_segment(segment), 0, HEDDLE_CALLER);
    call_end(CallId::kShmAttach, address_of(at), static_cast<std::int64_t>(bytes), HEDDLE_CALLER);
    return at;
}
HEDDLE_EXPORT int shmdt(const void* at) noexcept {
    settle(self());
    return errno_end_only(CallId::kShmDetach, at, HEDDLE_CALLER, [&] { return real::shmdt(at); });
}
HEDDLE_EXPORT int brk(void* end) noexcept {
    settle(self());
    return errno_end_only(CallId::kBrk, end, HEDDLE_CALLER, [&] { return real::brk(end); });
}
HEDDLE_EXPORT void* sbrk(intptr_t step) noexcept {
    real::ensure();
    settle(self());
    void* before = real::sbrk(step);
    const bool bad = before == reinterpret_cast<void*>(-1);
    if (step != 0) call_end(CallId::kBrk, bad ? 0 : address_of(before), bad ? -ENOMEM : step, HEDDLE_CALLER);
    return before;
}
