// The functions of <string.h>, called from code with hooks: steps like any other access. Not where the runtime stands in front,
// which asks by its hooks for ranges.
#include "core/trace/string_calls.h"

#include "core/fibers/blocks.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

struct Accesses {
    std::uint64_t pc;  // 0: none of the program's
    explicit operator bool() const { return pc != 0; }
    void read(const void* pointer, std::size_t bytes) {
        if (!is_constant(pointer)) block_hook(false, pointer, bytes, pc);
    }
    void write(const void* pointer, std::size_t bytes) { block_hook(true, pointer, bytes, pc); }
};

Accesses hooks(const void* caller, void* frame) {
    const auto pc = reinterpret_cast<std::uint64_t>(caller);
    if (!g_exploring || !is_program_code(pc)) return {0};
    pass_hook(frame);
    return {pc};
}

HEDDLE_STRING_CALLS(HEDDLE_DEFINE_STRING_CALL)

}  // namespace
}  // namespace heddle::fibers
