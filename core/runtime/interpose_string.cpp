// The functions of <string.h>, called from code with hooks: accesses like any other.
#include <dlfcn.h>

#include "core/runtime/hooked_block.h"
#include "core/trace/string_calls.h"

namespace heddle::runtime {
namespace {

struct Accesses {
    std::uintptr_t pc;  // 0: none of the program's
    explicit operator bool() const { return pc != 0; }
    void read(const void* pointer, std::size_t bytes) {
        if (!g_hooked_code.is_constant(address_of(pointer))) range_hook(trace::Kind::kReadRange, pointer, bytes, pc);
    }
    void write(const void* pointer, std::size_t bytes) { range_hook(trace::Kind::kWriteRange, pointer, bytes, pc); }
};

Accesses hooks(const void* caller, const void*) {
    return {g_hooked_code.holds(address_of(caller)) ? address_of(caller) : 0};
}

HEDDLE_STRING_CALLS(HEDDLE_DEFINE_STRING_CALL)

}  // namespace
}  // namespace heddle::runtime
