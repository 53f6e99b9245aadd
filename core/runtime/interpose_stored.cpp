// What functions of libc store for the program, called from code with hooks.
#include "core/runtime/library_access.h"
#include "core/trace/stored_calls.h"

namespace heddle::runtime {
namespace {

using namespace trace::stores;
namespace strings = trace::strings;
using trace::LibraryState;

HEDDLE_CLOCK_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_STORING_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)

}  // namespace
}  // namespace heddle::runtime

HEDDLE_EXPORT char* strtok(char* text, const char* between) noexcept {
    static auto* const real = reinterpret_cast<char* (*)(char*, const char*, char**)>(::dlsym(RTLD_NEXT, "strtok_r"));
    static char* state = nullptr;
    auto access = heddle::runtime::library_access(__builtin_return_address(0), nullptr);
    return heddle::trace::stores::next_token(access, real, text, between, &state);
}
