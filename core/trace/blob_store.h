// BlobStore: the byte strings that events point at (names, samples, output), append-only and never moved. One thread adds;
// any thread reads a BlobSnapshot. A blob lives as long as any snapshot or the store that holds it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace heddle::trace {

struct BlobBlock;

class BlobSnapshot {
public:
    std::uint32_t count() const { return count_; }
    std::string_view get(std::uint32_t extra) const;  // number + 1; empty for 0 or out of range

private:
    friend class BlobStore;
    std::vector<std::shared_ptr<const BlobBlock>> blocks_;
    std::uint32_t count_ = 0;
};

class BlobStore {
public:
    std::uint32_t add(std::string_view bytes);  // number + 1; 0 once 2^32 - 1 blobs are there
    std::uint32_t count() const { return count_; }
    BlobSnapshot snapshot() const;

private:
    char* allocate(std::size_t bytes);

    std::vector<std::shared_ptr<BlobBlock>> blocks_;
    std::uint32_t count_ = 0;
    char* free_ = nullptr;  // in the last slab of the last block
    std::size_t free_bytes_ = 0;
};

}  // namespace heddle::trace
