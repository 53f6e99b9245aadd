#include "core/model/heap_map.h"

#include <algorithm>

#include "core/base/check.h"

namespace heddle::model {
namespace {

bool below(const HeapBlock& block, std::uint64_t address) {
    return block.address < address;
}

}  // namespace

std::size_t HeapMap::leaf_of(std::uint64_t address) const {
    CHECK(!leaves_.empty());
    const auto after = std::upper_bound(leaves_.begin(), leaves_.end(), address,
                                        [](std::uint64_t a, const LeafRef& ref) { return a < ref.first; });
    return after == leaves_.begin() ? 0 : static_cast<std::size_t>(after - leaves_.begin()) - 1;
}

HeapMap::Leaf& HeapMap::writable(std::size_t index) {
    auto& leaf = leaves_[index].leaf;
    if (leaf.use_count() != 1) leaf = std::make_shared<Leaf>(*leaf);
    return *leaf;
}

void HeapMap::allocate(const HeapBlock& block) {
    std::erase_if(freed_, [&](const HeapBlock& old) {
        return old.address < block.address + std::max<std::uint64_t>(block.size, 1) &&
               block.address < old.address + std::max<std::uint64_t>(old.size, 1);
    });
    if (leaves_.empty()) leaves_.push_back({0, std::make_shared<Leaf>()});
    const std::size_t index = leaf_of(block.address);
    Leaf& leaf = writable(index);
    const auto at = std::lower_bound(leaf.begin(), leaf.end(), block.address, below);
    if (at != leaf.end() && at->address == block.address) {  // its free was lost, or realloc grew it in place
        bytes_ += block.size - at->size;
        *at = block;
        return;
    }
    leaf.insert(at, block);
    ++size_;
    bytes_ += block.size;
    if (leaf.size() > kLeaf) {
        const auto middle = leaf.begin() + static_cast<std::ptrdiff_t>(leaf.size() / 2);
        LeafRef right{middle->address, std::make_shared<Leaf>(middle, leaf.end())};
        leaf.erase(middle, leaf.end());
        leaves_.insert(leaves_.begin() + static_cast<std::ptrdiff_t>(index) + 1, std::move(right));
    }
}

FreedBlock* HeapMap::free(std::uint64_t address) {
    if (!find(address)) return nullptr;
    const std::size_t index = leaf_of(address);
    Leaf& leaf = writable(index);
    const auto at = std::lower_bound(leaf.begin(), leaf.end(), address, below);
    if (freed_.size() == kFreedKept) freed_.erase(freed_.begin());
    freed_.push_back({*at});
    bytes_ -= at->size;
    --size_;
    leaf.erase(at);
    if (leaf.empty() && index > 0) leaves_.erase(leaves_.begin() + static_cast<std::ptrdiff_t>(index));
    return &freed_.back();
}

void HeapMap::clear() {
    *this = HeapMap();
}

const HeapBlock* HeapMap::find(std::uint64_t address) const {
    const HeapBlock* block = containing(address);
    return block && block->address == address ? block : nullptr;
}

const HeapBlock* HeapMap::containing(std::uint64_t address) const {
    if (leaves_.empty()) return nullptr;
    std::size_t index = leaf_of(address);
    while (true) {
        const Leaf& leaf = *leaves_[index].leaf;
        const auto after = std::upper_bound(leaf.begin(), leaf.end(), address,
                                            [](std::uint64_t a, const HeapBlock& b) { return a < b.address; });
        if (after != leaf.begin()) {
            const HeapBlock& block = *std::prev(after);
            return address < block.address + std::max<std::uint64_t>(block.size, 1) ? &block : nullptr;
        }
        if (index == 0) return nullptr;
        --index;
    }
}

}  // namespace heddle::model
