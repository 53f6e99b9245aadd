#include "core/trace/blob_store.h"

#include <cstring>

namespace heddle::trace {

constexpr std::uint32_t kBlobsPerBlock = 1024;
constexpr std::size_t kSlabBytes = 65536;

// A reader touches only the entries its snapshot counts; those are written before the snapshot is made and never again.
struct BlobBlock {
    std::array<std::string_view, kBlobsPerBlock> entries;
    std::vector<std::unique_ptr<char[]>> slabs;  // the adding thread's alone
};

std::string_view BlobSnapshot::get(std::uint32_t extra) const {
    if (extra == 0 || extra > count_) return {};
    return blocks_[(extra - 1) / kBlobsPerBlock]->entries[(extra - 1) % kBlobsPerBlock];
}

char* BlobStore::allocate(std::size_t bytes) {
    auto& slabs = blocks_.back()->slabs;
    if (bytes > kSlabBytes / 4) return slabs.emplace_back(new char[bytes]).get();
    if (bytes > free_bytes_) {
        free_ = slabs.emplace_back(new char[kSlabBytes]).get();
        free_bytes_ = kSlabBytes;
    }
    char* const at = free_;
    free_ += bytes;
    free_bytes_ -= bytes;
    return at;
}

std::uint32_t BlobStore::add(std::string_view bytes) {
    if (count_ == UINT32_MAX) return 0;
    if (count_ % kBlobsPerBlock == 0) {
        // Each block owns its own slabs, so that a snapshot of the first blocks keeps no later bytes alive.
        blocks_.push_back(std::make_shared<BlobBlock>());
        free_bytes_ = 0;
    }
    if (!bytes.empty()) {
        char* const at = allocate(bytes.size());
        std::memcpy(at, bytes.data(), bytes.size());
        blocks_.back()->entries[count_ % kBlobsPerBlock] = {at, bytes.size()};
    }
    return ++count_;
}

BlobSnapshot BlobStore::snapshot() const {
    BlobSnapshot result;
    result.blocks_.assign(blocks_.begin(), blocks_.end());
    result.count_ = count_;
    return result;
}

}  // namespace heddle::trace
