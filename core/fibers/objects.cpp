#include "core/fibers/objects.h"

#include <string.h>
#include <sys/mman.h>

#include "core/fibers/carrier.h"
#include "core/fibers/memory.h"
#include "core/fibers/shared_memory.h"
#include "core/fibers/spin.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kSlots = 4096;

struct Table {
    Object slots[kSlots];
    std::uint16_t taken[kSlots / 2];  // slots, in the order in which they were
    // On threads, of each: its place, and how many mappings had been made when the kernel was asked for it.
    std::uint64_t places[kSlots];
    std::uint32_t asked_at[kSlots];
    std::uint32_t count;
    std::uint64_t tickets;
};
Table* g_table = nullptr;
Table* g_shared_table = nullptr;  // on threads: of all processes, by place

}  // namespace

bool prepare_objects() {
    g_table = static_cast<Table*>(restored_room(sizeof(Table)));
    if (!g_on_threads || g_table == nullptr) return g_table != nullptr;
    void* const at = HEDDLE_REAL(mmap)(nullptr, sizeof(Table), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED) g_shared_table = static_cast<Table*>(at);
    return g_shared_table != nullptr;
}

void forget_shared_objects() {
    memset(static_cast<void*>(g_shared_table), 0, sizeof(Table));
}

namespace {

std::uint32_t first_slot(std::uint64_t key) {
    return static_cast<std::uint32_t>((key >> 3) * 0x9e3779b1U) % kSlots;
}

const Object* known_object(std::uint64_t address) {
    std::uint32_t slot = first_slot(address);
    while (g_table->slots[slot].address != address) {
        if (g_table->slots[slot].address == 0) return nullptr;
        slot = (slot + 1) % kSlots;
    }
    return &g_table->slots[slot];
}

void take_slot(Table& table, std::uint32_t slot) {
    if (table.count == kSlots / 2) end_execution(trace::Ending::kUnsupported, 0, 0, ending_text::kManyObjects.words);
    table.taken[table.count++] = static_cast<std::uint16_t>(slot);
}

std::uint32_t slot_of(std::uint64_t address) {
    std::uint32_t slot = first_slot(address);
    while (g_table->slots[slot].address != address) {
        if (g_table->slots[slot].address == 0) {
            take_slot(*g_table, slot);
            g_table->slots[slot].address = address;
            g_table->asked_at[slot] = UINT32_MAX;
            break;
        }
        slot = (slot + 1) % kSlots;
    }
    return slot;
}

std::uint64_t place_of(std::uint32_t slot) {
    const std::uint32_t made = mappings_made();
    if (g_table->asked_at[slot] != made) {
        g_table->places[slot] = shared_place(g_table->slots[slot].address);
        g_table->asked_at[slot] = made;
    }
    return g_table->places[slot];
}

// address: by which it is called where it is new.
Object& shared_object(std::uint64_t place, std::uint64_t address) {
    Table& table = *g_shared_table;
    std::uint32_t slot = first_slot(place);
    while (table.places[slot] != place) {
        if (table.places[slot] == 0) {
            take_slot(table, slot);
            table.places[slot] = place;
            table.slots[slot].address = address;
            break;
        }
        slot = (slot + 1) % kSlots;
    }
    return table.slots[slot];
}

}  // namespace

Object& object_at(std::uint64_t address) {
    const std::uint32_t slot = slot_of(address);
    const std::uint64_t place = g_on_threads ? place_of(slot) : 0;
    return place == 0 ? g_table->slots[slot] : shared_object(place, address);
}

std::uint64_t own_identity(std::uint64_t address) {
    constexpr unsigned kProcessShift = 48;
    return g_on_threads ? address | std::uint64_t{g_process} << kProcessShift : address;
}

std::uint64_t identity_of(std::uint64_t address) {
    if (!g_on_threads) return address;
    const std::uint64_t place = place_of(slot_of(address));
    return place == 0 ? own_identity(address) : place;
}

bool is_shared(std::uint64_t identity) {
    return (identity & kSharedPlace) != 0;
}

Object& object_of(const Fiber& fiber) {
    if (is_shared(fiber.identity)) return shared_object(fiber.identity, fiber.pending.object);
    return object_at(fiber.pending.object);
}

namespace {

// Whose turn it is in a queue, and how often a barrier has opened, go up for ever and are left out.
std::uint64_t digest_of(const Table& table) {
    std::uint64_t digest = 0;
    for (std::uint32_t i = 0; i < table.count; ++i) {
        const Object& object = table.slots[table.taken[i]];
        digest = mix(digest, object.address);
        digest = mix(digest, static_cast<std::uint64_t>(object.owner) << 32 | static_cast<std::uint32_t>(object.depth));
        digest = mix(digest, static_cast<std::uint64_t>(object.permits));
        digest = mix(digest, object.readers);
        digest = mix(digest, object.arrived | (object.done ? 1ULL << 32 : 0) | (object.destroyed ? 1ULL << 33 : 0));
    }
    return digest;
}

}  // namespace

std::uint64_t digest_of_objects() {
    return digest_of(*g_table);
}

std::uint64_t digest_of_shared_objects() {
    return digest_of(*g_shared_table);
}

bool lock_is_free(const Object& object, std::uint32_t fiber, bool shared) {
    if (shared) return object.owner == 0;
    if (object.owner != 0) return object.recursive && object.owner == static_cast<std::int32_t>(fiber) + 1;
    return object.readers == 0;
}

bool stands_in_queue(const Fiber& fiber) {
    const bool condition = trace::is_after_wait(fiber.pending);
    return fiber.queue_ticket != 0 && (condition || fiber.pending.kind == OperationKind::kFutexResume);
}

std::uint32_t waiters_of(std::uint64_t identity, std::uint8_t (&out)[trace::kMostFibers]) {
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < trace::kMostFibers; ++i) {
        const Fiber& fiber = g_fibers[i];
        if (!fiber.alive || fiber.signalled || fiber.queue_ticket == 0 || fiber.queue != identity) continue;
        std::uint32_t at = count++;
        for (; at > 0 && g_fibers[out[at - 1]].queue_ticket > fiber.queue_ticket; --at) out[at] = out[at - 1];
        out[at] = static_cast<std::uint8_t>(i);
    }
    return count;
}

void hand_over_objects(std::uint32_t from, std::uint32_t to) {
    const std::uint64_t bit = std::uint64_t{1} << from;
    for (Object& object : g_table->slots) {
        if (object.owner == static_cast<std::int32_t>(from) + 1) object.owner = static_cast<std::int32_t>(to) + 1;
        if ((object.readers & bit) != 0) object.readers = (object.readers & ~bit) | std::uint64_t{1} << to;
    }
}

std::uint64_t held_lock_in(std::uint64_t address, std::uint64_t bytes) {
    constexpr std::uint64_t kMostBytes = 1 << 16;
    bool any = false;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) any = any || (g_fibers[i].alive && g_fibers[i].held_locks > 0);
    for (std::uint64_t at = address; any && at < address + bytes && at < address + kMostBytes; at += 8) {
        const Object* const object = known_object(at);
        if (object != nullptr && (object->owner != 0 || object->readers != 0)) return at;
    }
    return 0;
}

std::uint64_t next_ticket() {
    return g_on_threads ? ++g_common.tickets : ++g_table->tickets;
}

}  // namespace heddle::fibers
