// The lines inside one region's box: variables, frames with their locals, heap blocks, folded mappings, and which of them are
// shown while there is not room for all. Pure; part of the memory layout.
#pragma once

#include <vector>

#include "app/layout/memory_layout.h"

namespace heddle::layout {

// Every line of the group, without places. all: also members and elements of a variable, and the mappings of a folded group.
std::vector<MemoryRow> all_rows(const RegionGroup& group, bool all);

// At most `most` lines: of a stack the innermost frames, else the first ones, but never without a line that just changed. What
// was left out is one line that counts it, so `most` includes that line.
std::vector<MemoryRow> shown_rows(const RegionGroup& group, std::vector<MemoryRow> rows, int most);

}  // namespace heddle::layout
