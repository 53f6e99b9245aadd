// Values of threads, locks and semaphores, by glibc 2.36's layouts (sysdeps/nptl/bits/struct_mutex.h, struct_rwlock.h,
// bits/thread-shared-types.h, semaphore.h), which its ABI fixes; those of std:: begin with the same bytes.
#include <array>

#include "core/symbols/renderer.h"
#include "core/symbols/scalar_text.h"

namespace heddle::symbols {
namespace {

Value noted(ValueNote note, std::uint64_t number, std::string text) {
    Value value;
    value.note = note;
    value.number = number;
    value.text = std::move(text);
    return value;
}

}  // namespace

Value Renderer::locked_by(std::uint64_t tid) const {
    if (tid == 0) return noted(ValueNote::kLocked, 0, "locked");
    const std::string name = limits_.threads != nullptr ? limits_.threads->of_tid(tid) : "";
    return noted(ValueNote::kLocked, tid, "locked by " + (name.empty() ? std::to_string(tid) : name));
}

Value Renderer::mutex(const Type&, std::uint64_t address, int) {
    std::array<std::int32_t, 3> words{};  // lock, recursion count, owner
    if (!read(address, words)) return unreadable();
    if (words[0] == 0) return noted(ValueNote::kUnlocked, 0, "unlocked");
    return locked_by(words[2] > 0 ? static_cast<std::uint64_t>(words[2]) : 0);
}

Value Renderer::rwlock(const Type&, std::uint64_t address, int) {
    // readers (shifted by 3; bit 1: a writer holds it), writers waiting, two futex words, padding, owner of the write lock
    std::array<std::uint32_t, 7> words{};
    if (!read(address, words)) return unreadable();
    if (words[6] != 0) return locked_by(words[6]);
    const std::uint32_t readers = words[0] >> 3;
    if (readers == 0) return noted(ValueNote::kUnlocked, 0, "unlocked");
    return noted(ValueNote::kLockedShared, readers, "shared by " + std::to_string(readers));
}

Value Renderer::condition(const Type&, std::uint64_t address, int) {
    std::uint32_t references = 0;  // waiters in the bits above the flags
    if (!read(address + 36, references)) return unreadable();
    const std::uint32_t waiters = references >> 3;
    return noted(ValueNote::kWaiters, waiters, std::to_string(waiters) + " waiting");
}

// sem_t keeps its value in the low half of its first word, std::counting_semaphore in the first int.
Value Renderer::semaphore(const Type&, std::uint64_t address, int) {
    std::int32_t permits = 0;
    if (!read(address, permits)) return unreadable();
    return noted(ValueNote::kPermits, static_cast<std::uint64_t>(permits), std::to_string(permits));
}

Value Renderer::spin_lock(const Type&, std::uint64_t address, int) {
#if defined(__x86_64__)
    constexpr std::int32_t kFree = 1;
#else
    constexpr std::int32_t kFree = 0;
#endif
    std::int32_t word = 0;
    if (!read(address, word)) return unreadable();
    return word == kFree ? noted(ValueNote::kUnlocked, 0, "unlocked") : noted(ValueNote::kLocked, 0, "locked");
}

Value Renderer::barrier(const Type&, std::uint64_t address, int) {
    std::array<std::uint32_t, 3> words{};  // arrived in all, of them in earlier rounds, how many it is for
    if (!read(address, words)) return unreadable();
    return noted(ValueNote::kParties, words[2], "for " + std::to_string(words[2]));
}

Value Renderer::std_barrier(const Type& type, std::uint64_t address, int) {
    std::uint64_t offset = 0, parties = 0;
    TypeId inner;
    if (!find_member(type, "_M_expected", offset, inner) || !read(address + offset, parties)) return unreadable();
    return noted(ValueNote::kParties, parties, "for " + std::to_string(parties));
}

Value Renderer::latch(const Type&, std::uint64_t address, int) {
    std::int32_t missing = 0;
    if (!read(address, missing)) return unreadable();
    return noted(ValueNote::kToCome, static_cast<std::uint64_t>(missing), std::to_string(missing) + " to come");
}

Value Renderer::once(const Type&, std::uint64_t address, int) {
    constexpr std::uint32_t kDone = 2;  // above it a count of forks
    std::uint32_t word = 0;
    if (!read(address, word)) return unreadable();
    const bool done = (word & kDone) != 0;
    return noted(ValueNote::kDone, done ? 1 : 0, done ? "done" : "not done yet");
}

Value Renderer::std_thread(const Type&, std::uint64_t address, int) {
    std::uint64_t handle = 0;
    if (!read(address, handle)) return unreadable();
    if (handle == 0) return noted(ValueNote::kNoThread, 0, "no thread");
    const std::string name = limits_.threads != nullptr ? limits_.threads->of_handle(handle) : "";
    return noted(ValueNote::kThread, handle, name.empty() ? hex(handle) : name);
}

Value Renderer::std_jthread(const Type& type, std::uint64_t address, int depth) {
    std::uint64_t offset = 0;
    TypeId inner;
    if (!find_member(type, "_M_thread", offset, inner)) return unreadable();
    return std_thread(type, address + offset, depth);
}

}  // namespace heddle::symbols
