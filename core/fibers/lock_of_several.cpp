#include "core/fibers/lock_of_several.h"

#include "core/fibers/library_code.h"

namespace heddle::fibers {
namespace {

// A search over real runs takes each call as it is.
bool is_known() {
    return (!g_on_threads || !g_searching) && depth_in(LibraryFunction::kLockOfSeveral, current()) != 0;
}

}  // namespace

std::uint64_t announce_part(Operation& operation) {
    const LockOfSeveral& several = current().lock_of_several;
    const bool tries = operation.kind == OperationKind::kTryLock, again = several.wanted == operation.object;
    if ((!tries && !again) || !is_known()) return 0;
    if (!tries && !g_on_threads) operation.second = several.with, operation.flags |= trace::operation_flags::kWithSecond;
    if (tries && !g_on_threads) operation.second = several.first;
    return tries ? several.first : 0;
}

void note_taken(const Operation& operation) {
    const bool first = operation.kind == OperationKind::kLock && is_known();
    current().lock_of_several = {first ? operation.object : 0, 0, 0, 0};
}

void give_back(std::uint64_t mutex, const Operation& failed) {
    if (!g_on_threads) let_go(object_at(mutex), failed.pc);
    current().lock_of_several = {0, mutex, failed.object, mutex};
}

bool was_given_back(std::uint64_t mutex) {
    if (g_on_threads || current().lock_of_several.given_back != mutex) return false;
    note_released(mutex);
    next_tick(current());
    return true;
}

void note_released(std::uint64_t mutex) {
    std::uint64_t& given_back = current().lock_of_several.given_back;
    if (given_back == mutex) given_back = 0;
}

std::uint32_t gives_back() {
    for (std::uint32_t i = 0; g_on_threads && i < g_board->thread_count; ++i)
        if (g_fibers[i].alive && g_fibers[i].lock_of_several.given_back != 0) return i;
    return trace::kMostFibers;
}

}  // namespace heddle::fibers
