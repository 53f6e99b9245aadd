#include "core/fibers/spaces.h"

#include "core/fibers/carrier.h"
#include "core/fibers/common.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kMostMappings = 256;

struct Mapping {
    std::uint64_t start, end;
};
Mapping g_shared[kMostMappings];
std::uint32_t g_shared_count = 0;

bool has_several_spaces() {
    return g_searching && g_on_threads;
}

void add(std::uint64_t start, std::uint64_t end) {
    if (g_shared_count < kMostMappings) {
        g_shared[g_shared_count++] = {start, end};
    } else if (g_exploring) {
        unsupported("more than 256 mappings of shared memory", 0);
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
        if (mapping.start < start) add(mapping.start, start);
        if (end < mapping.end) add(end, mapping.end);
    }
}

}  // namespace

std::uint64_t space_of(std::uint64_t address) {
    if (!has_several_spaces()) return 0;
    for (std::uint32_t i = 0; i < g_shared_count; ++i) {
        if (address >= g_shared[i].start && address < g_shared[i].end) return trace::spaces::kShared;
    }
    return trace::spaces::of_process(g_process);
}

void note_spaces(Fiber& fiber, const Operation& operation) {
    const bool in_memory = trace::is_in_memory(operation.kind) || operation.kind == OperationKind::kFree;
    fiber.space = in_memory ? space_of(operation.object) : 0;
    fiber.second_space = in_memory && operation.second != 0 ? space_of(operation.second) : 0;
}

void note_mapping(const void* at, std::size_t bytes, bool shared) {
    if (!has_several_spaces()) return;
    const auto start = reinterpret_cast<std::uint64_t>(at);
    drop(start, start + bytes);
    if (shared) add(start, start + bytes);
}

}  // namespace heddle::fibers
