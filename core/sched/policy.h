// Policy: who of those that may go on does the next step. Used by whoever holds the threads (core/fibers), inside the observed
// program: a policy neither allocates nor throws, and decides by what it is told alone, so that the same run comes out again.
#pragma once

#include <cstdint>

#include "core/trace/board.h"

namespace heddle::sched {

inline constexpr std::uint32_t kNoThread = UINT32_MAX;

// Before a step.
struct Moment {
    std::uint64_t able = 0;        // who may be chosen, a bit a thread; never 0
    std::uint32_t current = 0;     // who did the last step
    std::uint32_t step = 0;        // its number
    std::uint32_t free_since = 0;  // the step from which on the policy alone decides
    std::uint64_t alive = 0;
    // By thread: the number (Operation::tick) of what it is about to do; of those not alive, of what they did last, or 0.
    const std::uint32_t* ticks = nullptr;
};

struct Move {
    std::uint32_t thread = kNoThread;  // kNoThread: the policy has nothing to say any more
    std::uint32_t choice = 0;          // in which of its ways the operation comes out (whom a signal wakes)
};

class Policy {
public:
    Policy() = default;
    Policy(const Policy&) = delete;
    Policy& operator=(const Policy&) = delete;

    // A new execution.
    virtual void begin(std::uint64_t seed) = 0;
    virtual Move next(const Moment& moment) = 0;

protected:
    ~Policy() = default;
};

inline bool holds(std::uint64_t threads, std::uint32_t thread) {
    return thread < trace::kMostFibers && (threads >> thread & 1) != 0;
}
// The first able thread behind `thread`, and from the beginning again.
inline std::uint32_t next_able(std::uint64_t able, std::uint32_t thread) {
    const std::uint64_t behind = thread < 63 ? able & ~((std::uint64_t{2} << thread) - 1) : 0;
    return static_cast<std::uint32_t>(__builtin_ctzll(behind != 0 ? behind : able));
}

// Marsaglia's xorshift; its whole state is the seed.
class Random {
public:
    void begin(std::uint64_t seed) { state_ = seed * 2 + 1; }
    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(next() % bound); }

private:
    std::uint64_t state_ = 1;
};

}  // namespace heddle::sched
