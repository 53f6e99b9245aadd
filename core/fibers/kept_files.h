// Regular files in a search: what an execution makes, changes, renames or removes is behind it as it was before, so that the
// next one finds it so, too. What cannot be brought back is refused. Called on the program's threads, and behind an execution
// by the executor or the process that stands before main.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// Before the first execution. False: no memory.
bool prepare_kept_files();
// The program is about to change the file, or to make one there; folder: what a relative path begins at, as for openat.
void note_file_change(int folder, const char* path, std::uint64_t pc);
// Behind an execution.
void bring_back_files();

}  // namespace heddle::fibers
