#include "core/kernel/perf_registers.h"

#include <asm/perf_regs.h>

#include <array>
#include <bit>
#include <string_view>
#include <utility>

namespace heddle::kernel {
namespace {

using Named = std::pair<std::string_view, int>;

#if defined(__x86_64__)
constexpr std::array kRegisters = std::to_array<Named>({
    {"rax", PERF_REG_X86_AX},  {"rbx", PERF_REG_X86_BX},       {"rcx", PERF_REG_X86_CX},  {"rdx", PERF_REG_X86_DX},
    {"rsi", PERF_REG_X86_SI},  {"rdi", PERF_REG_X86_DI},       {"rbp", PERF_REG_X86_BP},  {"rsp", PERF_REG_X86_SP},
    {"rip", PERF_REG_X86_IP},  {"rflags", PERF_REG_X86_FLAGS}, {"cs", PERF_REG_X86_CS},   {"ss", PERF_REG_X86_SS},
    {"r8", PERF_REG_X86_R8},   {"r9", PERF_REG_X86_R9},        {"r10", PERF_REG_X86_R10}, {"r11", PERF_REG_X86_R11},
    {"r12", PERF_REG_X86_R12}, {"r13", PERF_REG_X86_R13},      {"r14", PERF_REG_X86_R14}, {"r15", PERF_REG_X86_R15},
});
#elif defined(__aarch64__)
constexpr std::array kRegisters = std::to_array<Named>({
    {"x0", 0},
    {"x1", 1},
    {"x2", 2},
    {"x3", 3},
    {"x4", 4},
    {"x5", 5},
    {"x6", 6},
    {"x7", 7},
    {"x8", 8},
    {"x9", 9},
    {"x10", 10},
    {"x11", 11},
    {"x12", 12},
    {"x13", 13},
    {"x14", 14},
    {"x15", 15},
    {"x16", 16},
    {"x17", 17},
    {"x18", 18},
    {"x19", 19},
    {"x20", 20},
    {"x21", 21},
    {"x22", 22},
    {"x23", 23},
    {"x24", 24},
    {"x25", 25},
    {"x26", 26},
    {"x27", 27},
    {"x28", 28},
    {"x29", 29},
    {"lr", PERF_REG_ARM64_LR},
    {"sp", PERF_REG_ARM64_SP},
    {"pc", PERF_REG_ARM64_PC},
});
#endif

constexpr std::uint64_t make_mask() {
    std::uint64_t mask = 0;
    for (const auto& [name, bit] : kRegisters) mask |= std::uint64_t{1} << bit;
    return mask;
}
constexpr std::uint64_t kMask = make_mask();

}  // namespace

std::uint64_t user_register_mask() {
    return kMask;
}

std::size_t user_register_count() {
    return std::popcount(kMask);
}

namespace {

// For each of trace::register_names(), its position among the values of a sample.
std::vector<std::size_t> make_positions() {
    std::vector<std::size_t> positions;
    for (const std::string_view wanted : trace::register_names()) {
        std::size_t position = SIZE_MAX;
        for (const auto& [name, bit] : kRegisters) {
            if (name == wanted) position = std::popcount(kMask & ((std::uint64_t{1} << bit) - 1));
        }
        positions.push_back(position);
    }
    return positions;
}

}  // namespace

trace::RegisterSet to_register_set(std::span<const std::uint64_t> values) {
    static const std::vector<std::size_t> positions = make_positions();
    trace::RegisterSet set;
    set.values.reserve(positions.size());
    for (const std::size_t position : positions) set.values.push_back(position < values.size() ? values[position] : 0);
    return set;
}

}  // namespace heddle::kernel
