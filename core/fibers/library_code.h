// Functions of the C++ library's headers that are compiled into the program and that the scheduler knows, found by their
// symbols. Without these (an inlined one has none) they are code like any other.
#pragma once

#include "core/fibers/fiber.h"

namespace heddle::fibers {

enum class LibraryFunction : std::uint8_t {
    kAtomicSpin,    // std::__detail::__atomic_spin
    kLockOfSeveral  // std::lock
};

// Once, before main.
void find_library_functions();

// In how many calls the fiber was when it was in such a function itself; 0: it is in none.
std::uint32_t depth_in(LibraryFunction function, const Fiber& fiber);

}  // namespace heddle::fibers
