#include "core/kernel/process_tree.h"

#include <unordered_map>
#include <unordered_set>

namespace heddle::kernel {

std::vector<ProcessId> descendants_in(std::span<const ParentLink> links, std::span<const ProcessId> roots) {
    std::unordered_map<ProcessId, std::vector<ProcessId>> children;
    std::unordered_set<ProcessId> there;
    for (const ParentLink& link : links) {
        children[link.parent].push_back(link.process);
        there.insert(link.process);
    }
    std::vector<ProcessId> found;
    std::unordered_set<ProcessId> seen;
    for (const ProcessId root : roots) {
        if (seen.insert(root).second) found.push_back(root);
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const ProcessId child : children[found[i]]) {
            if (seen.insert(child).second) found.push_back(child);
        }
    }
    std::erase_if(found, [&](ProcessId process) { return !there.contains(process); });
    return found;
}

}  // namespace heddle::kernel
