// The order of the stamps that two CPUs give: what acquires is stamped after what it saw was released.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/core/runtime/compilers.h"

namespace heddle::runtime_test {
namespace {

class Stamps : public Compilers {};
HEDDLE_BOTH_COMPILERS(Stamps);

struct Handover {
    std::uint64_t released = 0, acquired = 0;
};

// In the counter's own unit, as it is recorded. By the value that was handed over.
using Handovers = std::map<std::uint64_t, Handover>;

Handovers by_atomic(const Outcome& outcome) {
    const std::uint64_t turn = printed(outcome.out, "turn");
    Handovers found;
    for (const Tape& tape : outcome.tapes) {
        for (const Record& record : tape.records) {
            if (record.address != turn) continue;
            if (record.kind() == Kind::kAtomicStore) found[record.value].released = record.tick;
        }
    }
    for (const Tape& tape : outcome.tapes) {
        std::uint64_t own = 0;
        for (const Record& record : tape.records) {
            if (record.address != turn) continue;
            if (record.kind() == Kind::kAtomicStore) own = record.value;
            if (record.kind() != Kind::kAtomicLoad || record.value == own || !found.contains(record.value)) continue;
            Handover& handover = found[record.value];
            if (handover.acquired == 0) handover.acquired = record.tick;
        }
    }
    return found;
}

// The value that a thread wrote under the lock, its release of the lock after that, and the lock of the one who found it there.
Handovers by_mutex(const Outcome& outcome) {
    const std::uint64_t turn = printed(outcome.out, "protected_turn"), lock = printed(outcome.out, "lock");
    Handovers found;
    for (const Tape& tape : outcome.tapes) {
        std::uint64_t locked = 0, written = 0, own = 0;
        for (const Record& record : tape.records) {
            const bool of_lock = record.address == lock;
            if (of_lock && record.kind() == Kind::kCallEnd && record.detail() == static_cast<std::uint8_t>(CallId::kMutexLock))
                locked = record.tick;
            if (record.address == turn && record.kind() == Kind::kRead && record.value != own && locked != 0) {
                found[record.value].acquired = found[record.value].acquired == 0 ? locked : found[record.value].acquired;
                locked = 0;
            }
            if (record.address == turn && record.kind() == Kind::kWrite) own = written = record.value;
            if (of_lock && record.kind() == Kind::kCallBegin &&
                record.detail() == static_cast<std::uint8_t>(CallId::kMutexUnlock) && written != 0) {
                found[written].released = record.tick;
                written = 0;
            }
        }
    }
    return found;
}

struct Count {
    std::size_t seen = 0, early = 0;
    std::uint64_t worst = 0;
};

Count count(const Handovers& handovers, Count so_far) {
    for (const auto& [value, handover] : handovers) {
        if (handover.released == 0 || handover.acquired == 0) continue;
        ++so_far.seen;
        if (handover.acquired >= handover.released) continue;
        ++so_far.early;
        so_far.worst = std::max(so_far.worst, handover.released - handover.acquired);
    }
    return so_far;
}

TEST_P(Stamps, AnAcquireIsNeverStampedBeforeTheReleaseItFollows) {
    for (const std::string how : {"atomic", "mutex"}) {
        Count total;
        for (int times = 0; times < 8; ++times) {
            const Outcome outcome = run({program(GetParam(), "handover"), how, "60"}, {.slots = 4, .ring_capacity = 1 << 18});
            ASSERT_TRUE(outcome.clean_exit()) << outcome.err;
            total = count(how == "atomic" ? by_atomic(outcome) : by_mutex(outcome), total);
        }
        RecordProperty(how, std::to_string(total.seen));
        EXPECT_GE(total.seen, 20u) << how;
        EXPECT_EQ(total.early, 0u) << how << ": of " << total.seen << ", the worst by " << total.worst << " ticks";
    }
}

}  // namespace
}  // namespace heddle::runtime_test
