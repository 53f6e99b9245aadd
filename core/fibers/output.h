// What the program prints: a step on its stream, for another order of it is another output. In Explore it goes to the board.
// Called on the program's threads.
#pragma once

#include <sys/uio.h>

#include <cstdint>

namespace heddle::fibers {

// Bytes for a descriptor; false: they are still to be written.
bool print(int fd, const iovec* parts, int count, std::uint64_t pc);

}  // namespace heddle::fibers
