// What memory that processes can share is, by a number that is the same for all of them. Called from the interposed functions.
#pragma once

#include <cstdint>

namespace heddle::runtime {

std::uint64_t new_object();  // pages that nobody else has yet
// An open file, or, with a path, the one there; 0: there is none.
std::uint64_t object_of_file(int fd, const char* path);
std::uint64_t object_of_segment(int id);              // of System V shared memory
std::uint64_t object_of_semaphore(const char* name);  // man 7 sem_overview

}  // namespace heddle::runtime
