// What functions of libc store for the program, called from code with hooks. Those of the time: clock.cpp.
#include "core/fibers/stored_calls.h"

#include "core/fibers/library_access.h"
#include "core/trace/stored_calls.h"

namespace heddle::fibers {
namespace {

using namespace trace::stores;
namespace strings = trace::strings;
using trace::LibraryState;

HEDDLE_STORING_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)

struct State {
    char* token;          // strtok's
    std::uint32_t drawn;  // numbers, by rand and its like
};
State* g_state = nullptr;

}  // namespace

bool prepare_stored_calls() {
    g_state = static_cast<State*>(restored_room(sizeof *g_state));
    return g_state != nullptr;
}

void LibraryAccess::draws() {
    if (pc_ == 0) return;
    keeps(&g_state->drawn, LibraryState::kDraws);
    add_one(&g_state->drawn, pc_);
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT char* strtok(char* text, const char* between) noexcept {
    auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));
    return heddle::trace::stores::next_token(access, HEDDLE_REAL(strtok_r), text, between, &g_state->token);
}
