// FreedBlocks: heap blocks that were given back and not handed out again, so that whoever still uses one can be told. Fed by
// RaceDetector in the order of the log; pure.
#pragma once

#include <cstdint>
#include <map>

#include "core/race/place.h"
#include "core/race/shadow_memory.h"

namespace heddle::race {

class FreedBlocks {
public:
    // free: how it was given back. No more are kept than `most`.
    void add(const Place& block, const ShadowAccess& free, std::size_t most);
    // The block that any of these bytes lies in; null: none.
    const ShadowAccess* find(const Place& first, std::uint64_t bytes) const;
    void forget(const Place& first, std::uint64_t bytes);  // the memory is used anew
    void forget_space(std::uint32_t space);

private:
    std::map<Place, ShadowAccess> blocks_;  // by where they begin; they do not overlap
};

}  // namespace heddle::race
