// Who descends from whom, from a list of parent links. Pure; links read at different moments may contradict each other and
// even form a circle.
#pragma once

#include <span>
#include <vector>

#include "core/base/ids.h"

namespace heddle::kernel {

struct ParentLink {
    ProcessId process, parent;
};

// The roots that are among the links, then all that descend from any of the roots, each once, parents before children.
std::vector<ProcessId> descendants_in(std::span<const ParentLink> links, std::span<const ProcessId> roots);

}  // namespace heddle::kernel
