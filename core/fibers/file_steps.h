// Using regular files: a step on the file, for threads that do it in another order may read or leave something else there.
// Called on the program's threads.
#pragma once

#include <stdio.h>

#include <cstdint>

namespace heddle::fibers {

// No step where it is no regular file, or standard input, of which each execution reads the same.
void announce_file(int fd, bool changes, std::uint64_t pc);
void announce_file(FILE* stream, bool changes, std::uint64_t pc);
// Opening the file at `path`, or taking it or its name away; folder: what a relative one begins at, as for openat.
enum class PathUse : std::uint8_t { kRead, kChange, kRemove };
void announce_path(int folder, const char* path, PathUse use, std::uint64_t pc);
// Looking for a name, or making or removing one.
void announce_names(bool changes, std::uint64_t pc);
bool is_regular_file(FILE* stream);

}  // namespace heddle::fibers
