// HeapMap: the heap blocks of one process by address. Copying is cheap: leaves of up to 64 blocks are shared until written.
// Keeps the last freed blocks too, so that a dangling pointer can be shown as one. Called by World on the session's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/model/snapshot.h"

namespace heddle::model {

struct HeapBlock {
    static constexpr std::size_t kSites = 7;
    std::uint64_t address = 0, size = 0;
    std::uint64_t event = 0;  // that allocated it
    Number owner = kNobody;
    std::array<std::uint64_t, kSites> sites{};  // the allocating call's pc, then the return addresses around it, inner to outer
};

struct FreedBlock : HeapBlock {
    Number freed_by = kNobody;
    std::uint64_t freed = 0;                       // the event
    std::array<std::uint64_t, kSites> freed_at{};  // as `sites`
};

class HeapMap {
public:
    static constexpr std::size_t kFreedKept = 64;

    void allocate(const HeapBlock& block);  // what was at that address before is gone
    // The block, which is to be told by whom and where it was freed; null: no such block.
    FreedBlock* free(std::uint64_t address);
    void clear();

    const HeapBlock* find(std::uint64_t address) const;        // the live block that begins there
    const HeapBlock* containing(std::uint64_t address) const;  // the live block that this byte lies in
    std::size_t size() const { return size_; }
    std::uint64_t bytes() const { return bytes_; }
    const std::vector<FreedBlock>& freed() const { return freed_; }  // oldest first

    template <class Visit>
    void for_each(Visit&& visit) const {  // ascending addresses
        for (const LeafRef& ref : leaves_)
            for (const HeapBlock& block : *ref.leaf) visit(block);
    }

private:
    using Leaf = std::vector<HeapBlock>;
    static constexpr std::size_t kLeaf = 64;
    struct LeafRef {
        std::uint64_t first;  // no block of this leaf lies below it
        std::shared_ptr<Leaf> leaf;
    };
    std::size_t leaf_of(std::uint64_t address) const;  // CHECKs that there is one
    Leaf& writable(std::size_t index);

    std::vector<LeafRef> leaves_;
    std::vector<FreedBlock> freed_;
    std::size_t size_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace heddle::model
