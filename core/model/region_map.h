// The address space of a process as regions, the textbook's kinds: from the mappings of /proc, split where the program file and
// the threads' stacks say more, libraries that lie together folded into one. Pure, but for the symbols it asks.
#pragma once

#include <vector>

#include "core/model/program.h"
#include "core/model/world.h"

namespace heddle::model {

// Ascending addresses, without the kernel's. program may be null. Without mappings (no sample yet): what the program file, the
// stack bounds and the heap blocks seen tell.
std::vector<RegionView> map_regions(const World& world, const ProcessWorld& process, const Program* program);

// The part of the address space that belongs to the kernel: there, and not readable.
RegionView kernel_region();

}  // namespace heddle::model
