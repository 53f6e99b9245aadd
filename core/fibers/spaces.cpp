#include "core/fibers/spaces.h"

#include <stdio.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/common.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/spin.h"
#include "core/trace/ending_text.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kMostMappings = 256;

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

void add_named(std::uint64_t start, std::size_t bytes, const char* name, std::uint64_t offset) {
    std::uint64_t digest = 1;
    for (; *name != 0; ++name) digest = mix(digest, static_cast<unsigned char>(*name));
    add({start, start + bytes, (trace::spaces::address(digest) & ~std::uint64_t{0xffff'ffff}) + offset});
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

void note_outside_names(Fiber& fiber, const Operation& operation) {
    const bool in_memory = trace::is_in_memory(operation.kind) || operation.kind == OperationKind::kFree;
    const bool own = (operation.flags & trace::operation_flags::kOwnProcess) != 0 && !trace::is_access(operation.kind);
    fiber.outside_object = in_memory ? outside_name(operation.object) : operation.object;
    if (in_memory && own) fiber.outside_object = trace::spaces::of_process(g_process) | operation.object;
    fiber.outside_second = in_memory && operation.second != 0 ? outside_name(operation.second) : operation.second;
}

void note_mapping(const void* at, std::size_t bytes, bool shared, int file, std::uint64_t offset) {
    if (!has_several_spaces()) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    drop(start, start + bytes);
    if (!shared) return;
    char link[48], path[512] = {};
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    if (file >= 0 && ::readlink(link, path, sizeof path - 1) > 0) return add_named(start, bytes, path, offset);
    add({start, start + bytes, start});
}

void note_mapping_of(const void* at, std::size_t bytes, const char* name, std::uint64_t offset) {
    if (!has_several_spaces()) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    drop(start, start + bytes);
    add_named(start, bytes, name, offset);
}

}  // namespace heddle::fibers
