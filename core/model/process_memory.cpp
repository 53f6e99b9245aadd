#include "core/model/process_memory.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace heddle::model {
namespace {

constexpr std::size_t kPart = 256;        // bytes at a time
constexpr std::uint64_t kLockBytes = 40;  // the largest lock whose words are known here: pthread_mutex_t

void put(std::uint64_t at, std::int32_t word, std::uint64_t address, std::byte* out, bool* known, std::size_t bytes) {
    const auto* from = reinterpret_cast<const std::byte*>(&word);
    for (std::uint64_t i = 0; i < sizeof(word); ++i) {
        if (at + i < address || at + i >= address + bytes) continue;
        out[at + i - address] = from[i];
        known[at + i - address] = true;
    }
}

}  // namespace

bool ProcessMemory::read(std::uint64_t address, void* out, std::size_t bytes) {
    if (bytes > ~std::uint64_t{0} - address) return false;
    auto* to = static_cast<std::byte*>(out);
    for (std::size_t done = 0; done < bytes;) {
        std::array<bool, kPart> known{};
        const std::size_t count = std::min(kPart, bytes - done);
        process_.memory.read(address + done, {to + done, count}, {known.data(), count});
        fill_in_locks(address + done, to + done, known.data(), count);
        if (std::find(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(count), false) !=
            known.begin() + static_cast<std::ptrdiff_t>(count)) {
            std::array<std::byte, kPart> initial;
            if (!program_ || !program_->image().read_initial(address + done - program_->bias(), initial.data(), count))
                return false;
            for (std::size_t i = 0; i < count; ++i)
                if (!known[i]) to[done + i] = initial[i];
        }
        done += count;
    }
    return true;
}

// glibc's layout (nptl/bits/pthreadtypes.h, 64 bits): a mutex is {int lock; unsigned count; int owner; …}, a semaphore's value
// its first word.
void ProcessMemory::fill_in_locks(std::uint64_t address, std::byte* out, bool* known, std::size_t bytes) const {
    const auto& locks = *process_.locks;
    for (auto at = locks.lower_bound(address >= kLockBytes ? address - kLockBytes : 0);
         at != locks.end() && at->first < address + bytes; ++at) {
        const LockWorld& lock = at->second;
        if (lock.kind == SyncKind::kMutex) {
            put(at->first, lock.owner ? 1 : 0, address, out, known, bytes);
            put(at->first + 8, lock.owner ? world_.thread(lock.owner).tid.value : 0, address, out, known, bytes);
        } else if (lock.kind == SyncKind::kSemaphore && lock.permits) {
            put(at->first, static_cast<std::int32_t>(std::max<std::int64_t>(0, *lock.permits)), address, out, known, bytes);
        }
    }
}

}  // namespace heddle::model
