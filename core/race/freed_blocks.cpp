#include "core/race/freed_blocks.h"

#include <limits>

namespace heddle::race {

void FreedBlocks::add(const Place& block, const ShadowAccess& free, std::size_t most) {
    forget(block, free.size);
    if (blocks_.size() < most) blocks_.emplace(block, free);
}

const ShadowAccess* FreedBlocks::find(const Place& first, std::uint64_t bytes) const {
    if (blocks_.empty()) return nullptr;
    auto after = blocks_.lower_bound({first.space, first.address + (bytes == 0 ? 1 : bytes)});
    if (after == blocks_.begin()) return nullptr;
    --after;
    const auto& [begin, free] = *after;
    return begin.space == first.space && first.address < begin.address + free.size ? &free : nullptr;
}

void FreedBlocks::forget(const Place& first, std::uint64_t bytes) {
    const std::uint64_t end = first.address + (bytes == 0 ? 1 : bytes);
    auto block = blocks_.lower_bound(first);
    if (block != blocks_.begin()) {
        const auto before = std::prev(block);
        if (before->first.space == first.space && before->first.address + before->second.size > first.address) block = before;
    }
    while (block != blocks_.end() && block->first.space == first.space && block->first.address < end)
        block = blocks_.erase(block);
}

void FreedBlocks::forget_space(std::uint32_t space) {
    blocks_.erase(blocks_.lower_bound({space, 0}), blocks_.upper_bound({space, std::numeric_limits<std::uint64_t>::max()}));
}

}  // namespace heddle::race
