// Under which keys the histories of what is no memory location are kept. For the rules of Causality alone.
#pragma once

#include "core/explore/causality.h"

namespace heddle::explore {

// Odd; locations have even keys.
constexpr std::uint64_t key_of(std::uint64_t object, std::uint64_t kind) {
    return (object << 4 | kind << 1) | 1;
}
inline constexpr std::uint64_t kLockKey = 0, kConditionKey = 1, kPermitKey = 2, kBarrierKey = 3, kFutexKey = 4, kOutputKey = 5,
                               kHeapKey = 7,
                               kChannelKey = 7;  // of small numbers, which are no addresses
// What there is once.
inline constexpr std::uint64_t kFences = key_of(0, 6), kChildren = key_of(1, 6), kAllChannels = key_of(2, 6),
                               kAllThreads = key_of(3, 6);
inline constexpr unsigned kAnyRole = 0xf;

}  // namespace heddle::explore
