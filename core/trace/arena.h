// The arena: one shared memory file between Heddle and every process of the lab. Heddle creates it (Arena), the lab inherits
// its descriptor across fork and exec, and the runtime maps it. Layout only, shared by both sides; every field is untrusted
// once the lab runs.
//
//   ArenaHeader | ThreadSlot[slot_count] | ring of slot 0 | ring of slot 1 | …      (each ring: ring_capacity Records)
//
// A thread claims a slot (kFree → kLive, compare-and-swap), is the only producer of its ring, and marks the slot kEnded; the
// reader drains what is left and frees it. The file is sparse: an untouched ring costs no memory.
//
// Order that the reader relies on: pid, tid and generation are stored before the first record is published (head, release);
// head, tail and dropped count on across the owners of a slot, nobody resets them; dropped is raised (release) only after the
// ring was found full, so a drop's place is known; a full ring drops a payload's head record and continuations together.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/base/clock.h"
#include "core/trace/record.h"

namespace heddle::trace {

inline constexpr std::uint64_t kArenaMagic = 0x454c444445480001;  // "\1\0HEDDLE"
inline constexpr std::uint32_t kArenaVersion = 2;

// How the runtime finds the arena: HEDDLE_ARENA="<fd>" names the inherited descriptor (a high number, so that the program's
// own descriptors are numbered as they would be without Heddle).
inline constexpr char kArenaVariable[] = "HEDDLE_ARENA";
inline constexpr int kArenaDescriptor = 1000;

enum class SlotState : std::uint32_t { kFree = 0, kLive = 1, kEnded = 2 };

struct alignas(64) ThreadSlot {
    // Set by the owner when it claims the slot.
    std::atomic<std::uint32_t> state;  // SlotState
    std::atomic<std::uint32_t> generation;  // counts the owners of this slot
    std::atomic<std::int32_t> pid;
    std::atomic<std::int32_t> tid;
    // A thread asks Heddle to look at its process in /proc while there is something to see (raises look_wanted) and waits on the
    // futex look_done, not for long, until it has the same value.
    std::atomic<std::uint32_t> look_wanted;
    std::atomic<std::uint32_t> look_done;
    std::uint64_t unused0[5];

    // Producer's line.
    alignas(64) std::atomic<std::uint64_t> head;  // records published, ever; index = head % ring_capacity
    // 1 while the record at `head` is complete but for its value (an access under way): a crashed thread's last access.
    std::atomic<std::uint64_t> pending;
    std::atomic<std::uint64_t> dropped;  // records not stored because the ring was full
    std::uint64_t unused1[5];

    // Consumer's line.
    alignas(64) std::atomic<std::uint64_t> tail;  // records consumed, ever
    std::uint64_t unused2[7];
};
static_assert(sizeof(ThreadSlot) == 192);

struct alignas(64) ArenaHeader {
    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t header_bytes;   // sizeof(ArenaHeader)
    std::uint32_t slot_count;
    std::uint32_t slot_bytes;     // sizeof(ThreadSlot)
    std::uint64_t ring_capacity;  // records per ring, a power of two
    std::uint64_t rings_offset;   // of slot 0's ring from the start of the file, page-aligned
    std::uint64_t total_bytes;
    TickSource tick_source;
    std::uint32_t process_limit;  // fork fails with EAGAIN beyond it
    std::atomic<std::int32_t> live_processes;  // hooked processes alive
    std::atomic<std::uint32_t> slots_used;     // high-water mark: slots at or above it were never claimed
    std::atomic<std::uint64_t> threads_without_slot;
};

constexpr std::uint64_t rings_offset_for(std::uint32_t slot_count) {
    constexpr std::uint64_t kPage = 4096;
    return (sizeof(ArenaHeader) + slot_count * sizeof(ThreadSlot) + kPage - 1) / kPage * kPage;
}

constexpr std::uint64_t arena_bytes(std::uint32_t slot_count, std::uint64_t ring_capacity) {
    return rings_offset_for(slot_count) + slot_count * ring_capacity * sizeof(Record);
}

}  // namespace heddle::trace
