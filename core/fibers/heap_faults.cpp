#include "core/fibers/heap_faults.h"

#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/fibers/carrier.h"
#include "core/fibers/granules.h"
#include "core/fibers/memory.h"
#include "core/fibers/objects.h"
#include "core/fibers/real.h"
#include "core/fibers/spaces.h"

namespace heddle::fibers {

using trace::Ending;

std::uint32_t g_freed_blocks = 0;

namespace {

constexpr std::uint32_t kMostFreed = 1U << 15;  // more than an execution has steps
constexpr std::uint64_t kUnit = 16;             // blocks begin at multiples of this

struct Freed {
    std::uint64_t address, bytes, pc;
    trace::Callers callers;
    std::uint32_t thread;
};
Freed g_freed[kMostFreed];
std::uint8_t* g_is_freed = nullptr;  // of each unit of the heap

std::uint64_t unit_of(std::uint64_t address) {
    return (address - heap_start()) / kUnit;
}

bool has_marks() {
    if (g_is_freed != nullptr) return true;
    void* const at = HEDDLE_REAL(mmap)(nullptr, kHeapPerThread * trace::kMostFibers / kUnit, PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) g_is_freed = static_cast<std::uint8_t*>(at);
    return g_is_freed != nullptr;
}

void mark(const Freed& block, std::uint8_t freed) {
    const std::uint64_t first = unit_of(block.address), last = unit_of(block.address + block.bytes - 1);
    memset(g_is_freed + first, freed, last - first + 1);
}

const Freed* freed_block(std::uint64_t address) {
    for (std::uint32_t i = g_freed_blocks; i-- > 0;) {
        if (address >= g_freed[i].address && address < g_freed[i].address + g_freed[i].bytes) return &g_freed[i];
    }
    return nullptr;
}

trace::Step step_of(OperationKind kind, std::uint64_t object, std::uint64_t pc, std::uint32_t thread) {
    trace::Step step{};
    step.operation.kind = kind;
    step.operation.object = object;
    step.operation.pc = pc;
    step.thread = static_cast<std::uint8_t>(thread);
    return step;
}

// What was done now, to a block that was freed before.
[[noreturn]] void end_with(Ending ending, const Freed& block, const Operation& now) {
    trace::Step& before = g_board->places[0] = step_of(OperationKind::kFree, block.address, block.pc, block.thread);
    before.callers = block.callers;
    trace::Step& after = g_board->places[1] = step_of(now.kind, now.object, now.pc, g_current);
    write_callers(current(), after.callers);
    g_board->place_count = 2;
    g_board->object = now.object;
    end_execution(ending, 0, now.pc);
}

struct Code {
    std::uintptr_t start, end;
};

// The object that libc's free lies in.
Code find_libc() {
    Code span{reinterpret_cast<std::uintptr_t>(HEDDLE_REAL(free)), 0};
    ::dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            auto& found = *static_cast<Code*>(data);
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& header = info->dlpi_phdr[i];
                const std::uintptr_t start = info->dlpi_addr + header.p_vaddr;
                if (header.p_type != PT_LOAD || found.start < start || found.start >= start + header.p_memsz) continue;
                found = {start, start + header.p_memsz};
                return 1;
            }
            return 0;
        },
        &span);
    return span;
}

bool is_libc(std::uint64_t pc) {
    static const Code libc = find_libc();
    return pc >= libc.start && pc < libc.end;
}

}  // namespace

void keep_freed(std::uint32_t blocks) {
    for (; g_freed_blocks > blocks; --g_freed_blocks) mark(g_freed[g_freed_blocks - 1], 0);
}

void announce_free(void* block, std::uint64_t pc) {
    if (is_libc(pc)) return;
    const std::uint64_t bytes = g_searching ? block_bytes(block) : 0;
    Operation operation;
    operation.kind = OperationKind::kFree;
    operation.object = reinterpret_cast<std::uint64_t>(block);
    operation.value = bytes == 0 ? 1 : bytes;
    operation.pc = pc;
    const std::uint64_t object = outside_name(operation.object);
    const bool visible =
        !g_searching || (!is_alone() && (note_freed_granules(object, operation.value) || g_board->every_access != 0));
    if (!visible) {
        next_tick(current());
        return;
    }
    perform(operation);
    made_progress();
}

void note_freed(void* block, std::uint64_t bytes, std::uint64_t pc) {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    if (bytes == 0) bytes = 1;
    if (const std::uint64_t lock = held_lock_in(address, bytes); lock != 0) {
        g_board->object = lock;
        end_execution(Ending::kMisuse, 0, pc, ending_text::kFreedLocked.words);
    }
    if (g_freed_blocks == kMostFreed || !has_marks()) return;
    Freed& freed = g_freed[g_freed_blocks++];
    freed.address = address, freed.bytes = bytes, freed.pc = pc, freed.thread = g_current;
    write_callers(current(), freed.callers);
    mark(freed, 1);
}

void end_with_bad_free(void* block, std::uint64_t pc) {
    const Operation now = step_of(OperationKind::kFree, reinterpret_cast<std::uint64_t>(block), pc, g_current).operation;
    const Freed* const before = freed_block(now.object);
    if (before != nullptr && before->address == now.object) end_with(Ending::kDoubleFree, *before, now);
    g_board->object = now.object;
    end_execution(Ending::kInvalidFree, 0, pc);
}

void look_for_use_after_free(const Operation& access) {
    for (const std::uint64_t address : {access.object, access.object + (access.bytes == 0 ? 0 : access.bytes - 1U)}) {
        if (!in_heap(address) || g_is_freed[unit_of(address)] == 0) continue;
        if (const Freed* const block = freed_block(address)) end_with(Ending::kUseAfterFree, *block, access);
    }
}

}  // namespace heddle::fibers
