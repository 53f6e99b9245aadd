#include "core/fibers/spaces.h"

#include <stdio.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/common.h"
#include "core/fibers/pids.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spin.h"
#include "core/trace/ending_text.h"

namespace heddle::fibers {
namespace {

using trace::kMostMappings;

struct Mapping {
    std::uint64_t start, end;
    std::uint64_t name;  // of its first byte, among the addresses
};
Mapping g_shared[kMostMappings];
std::uint32_t g_shared_count = 0;

bool has_several_spaces() {
    return g_searching && g_on_threads;
}

void add(const Mapping& mapping) {
    if (g_shared_count < kMostMappings) {
        g_shared[g_shared_count++] = mapping;
    } else if (g_exploring) {
        unsupported(trace::ending_text::kManyMappings.words, 0);
    }
}

void drop(std::uint64_t start, std::uint64_t end) {
    for (std::uint32_t i = 0; i < g_shared_count;) {
        const Mapping mapping = g_shared[i];
        if (mapping.end <= start || end <= mapping.start) {
            ++i;
            continue;
        }
        g_shared[i] = g_shared[--g_shared_count];
        if (mapping.start < start) add({mapping.start, start, mapping.name});
        if (end < mapping.end) add({end, mapping.end, mapping.name + (end - mapping.start)});
    }
}

std::uint64_t name_of(const char* path, std::uint64_t offset) {
    std::uint64_t digest = 1;
    for (; *path != 0; ++path) digest = mix(digest, static_cast<unsigned char>(*path));
    return (trace::spaces::address(digest) & ~std::uint64_t{0xffff'ffff}) + offset;
}

// For whoever is to say how the program calls this memory.
void tell_of(const Mapping& mapping, std::uint64_t pc) {
    if (!g_exploring || g_board->mapping_count == kMostMappings) return;
    trace::SharedMapping& told = g_board->mappings[g_board->mapping_count++];
    const Fiber& fiber = current();
    std::uint32_t depth = fiber.call_depth < Fiber::kMostCalls ? fiber.call_depth : Fiber::kMostCalls;
    std::uintptr_t frame = fiber.user_stack;
    told = {};
    told.name = trace::spaces::kShared | trace::spaces::address(mapping.name);
    told.start = mapping.start;
    told.bytes = mapping.end - mapping.start;
    told.thread = g_current;
    for (std::uint32_t i = 0; i < trace::SharedMapping::kMostCalls && pc != 0; ++i) {
        told.sites[i] = pc;
        pc = depth > 0 ? fiber.calls[--depth] : 0;
        told.frames[i] = frame = pc != 0 ? above_return_address(frame, pc) : 0;
    }
}

void add_new(const Mapping& mapping, std::uint64_t pc) {
    add(mapping);
    tell_of(mapping, pc);
}

}  // namespace

std::uint64_t outside_name(std::uint64_t address) {
    if (!has_several_spaces()) return address;
    for (std::uint32_t i = 0; i < g_shared_count; ++i) {
        const Mapping& mapping = g_shared[i];
        if (address >= mapping.start && address < mapping.end)
            return trace::spaces::kShared | trace::spaces::address(mapping.name + (address - mapping.start));
    }
    return trace::spaces::of_process(g_process) | address;
}

std::uint32_t shared_spans() {
    return g_shared_count;
}

AddressSpan shared_span(std::uint32_t number) {
    return {g_shared[number].start, g_shared[number].end};
}

void note_outside_names(Fiber& fiber, const Operation& operation) {
    const bool in_memory = trace::is_in_memory(operation.kind) || operation.kind == OperationKind::kFree;
    const bool own = (operation.flags & trace::operation_flags::kOwnProcess) != 0 && !trace::is_access(operation.kind);
    fiber.outside_object = in_memory ? outside_name(operation.object) : operation.object;
    if (in_memory && own) fiber.outside_object = trace::spaces::of_process(g_process) | operation.object;
    fiber.outside_second = in_memory && operation.second != 0 ? outside_name(operation.second) : operation.second;
}

void note_mapping(const void* at, std::size_t bytes, bool shared, std::uint64_t pc, int file, std::uint64_t offset) {
    if (!has_several_spaces()) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    drop(start, start + bytes);
    if (!shared) return;
    char link[48], path[512] = {};
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const bool named = file >= 0 && ::readlink(link, path, sizeof path - 1) > 0;
    add_new({start, start + bytes, named ? name_of(path, offset) : start}, pc);
}

void note_mapping_of(const void* at, std::size_t bytes, const char* name, std::uint64_t pc) {
    if (!has_several_spaces()) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    drop(start, start + bytes);
    add_new({start, start + bytes, name_of(name, 0)}, pc);
}

// The kernel's number is another one in every execution: its place among those that its maker made is not.
void note_segment(int id) {
    if (!g_exploring || !has_several_spaces() || id < 0) return;
    if (g_board->segment_count == kMostMappings) unsupported(trace::ending_text::kManyMappings.words, 0);
    std::uint64_t before = 0;
    for (std::uint32_t i = 0; i < g_board->segment_count; ++i) before += g_board->segments[i].maker == own_pid() ? 1U : 0U;
    const std::uint64_t name = trace::spaces::address(mix(mix(2, g_process), before)) & ~std::uint64_t{0xffff'ffff};
    g_board->segments[g_board->segment_count++] = {id, own_pid(), name};
}

void note_attached(const void* at, int segment, std::uint64_t pc) {
    shmid_ds description{};
    if (!has_several_spaces() || HEDDLE_REAL(shmctl)(segment, IPC_STAT, &description) != 0) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    std::uint32_t number = 0;
    while (number < g_board->segment_count && g_board->segments[number].id != segment) ++number;
    if (number == g_board->segment_count && !g_exploring) return;
    if (number == g_board->segment_count) unsupported("shmat", pc);
    drop(start, start + description.shm_segsz);
    add_new({start, start + description.shm_segsz, g_board->segments[number].name}, pc);
}

}  // namespace heddle::fibers
