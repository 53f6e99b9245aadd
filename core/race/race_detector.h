// RaceDetector: data races of a run, by happens-before (happens_before.h) over shadow memory (shadow_memory.h), as FastTrack
// finds them, but with both accesses of each. What it reports did happen unordered in this run; that it reports nothing says
// nothing of other schedules.
//
// A pair that looks unordered is judged only when the log is stamp_slack further: an order between the two may be logged that
// much too late (happens_before.h).
//
// Uses of a heap block that was freed before, in an order that the program itself made, are told apart from races (misuses()).
//
// Memory that is used anew forgets its history: a new heap block, a new mapping, the stack of a new thread. To free a block is
// a write to all of it, so that an unordered use before or after is a race. Memory of two processes is never the same unless
// SharedMemory says so. Fed by one thread at a time, in the order of the log; pure: no names, no system calls, trusts no event.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/race/freed_blocks.h"
#include "core/race/happens_before.h"
#include "core/race/shadow_memory.h"
#include "core/trace/event_log.h"

namespace heddle::race {

struct Access {
    std::uint64_t event = 0;  // index in the log
    trace::ThreadIndex thread;
    std::uint64_t pc = 0;
    std::uint64_t address = 0, size = 0;  // bytes; of a whole range or freed block
    std::uint64_t value = 0;              // as the event has it: of the first 8 bytes; 0 for ranges and frees
    bool writes = false, atomic = false;
    bool frees = false;       // it gave the block back to the heap
    bool value_known = true;  // false: the thread died inside it
};

struct Race {
    Access first, second;     // of the first occurrence, in the order of the log
    std::uint64_t count = 1;  // occurrences with these two pcs, either one first
};

struct RaceOptions {
    OrderOptions order;
    ShadowLimits shadow;
    std::size_t blocks = std::size_t{1} << 20;  // heap blocks whose size is known
    std::size_t races = 4096;
};

class RaceDetector {
public:
    explicit RaceDetector(RaceOptions options = {});

    // threads: of the log. index: the event's place in it.
    void add(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads);
    void message_sent(trace::ThreadIndex sender, std::uint64_t object) { order_.message_sent(sender, object); }
    void message_received(trace::ThreadIndex receiver, std::uint64_t object) { order_.message_received(receiver, object); }

    // In the order they were found. Decides about those within the last stamp_slack, too, as if no more events came.
    const std::vector<Race>& races();
    // Those that no later event can take back, while more events are still to come.
    const std::vector<Race>& settled_races() const { return races_; }
    // Uses of a freed block after its free, which comes first: by the same thread, or ordered. The second one may be a free,
    // too.
    const std::vector<Race>& misuses() const { return misuses_; }
    // False: a limit was reached, so that races may be missing; or records were lost, so that one may even be reported that a
    // lost record would have ordered.
    bool complete() const { return complete_ && shadow_.complete() && !order_.full(); }
    const HappensBefore& order() const { return order_; }

private:
    using Blocks = std::unordered_map<std::uint64_t, std::uint64_t>;  // address → bytes, of freed ones too
    using PcPair = std::pair<std::uint64_t, std::uint64_t>;           // ascending
    struct PcHash {
        std::size_t operator()(const PcPair& pair) const {
            return static_cast<std::size_t>((pair.first * 0x9e3779b97f4a7c15U ^ pair.second) * 0x9e3779b97f4a7c15U >> 20);
        }
    };
    struct Known {
        std::size_t race;
        std::uint64_t last_event;
    };

    void access(const trace::PackedEvent& event, std::uint64_t index, Epoch epoch);
    void check(ShadowAccess& access, bool known_only);
    void look_for_misuse(const Place& where, const ShadowAccess& access);
    void call_end(const trace::PackedEvent& event, std::uint64_t index, Epoch epoch);
    void process_start(const trace::PackedEvent& event, std::uint32_t old_space);
    void drop(std::uint32_t space);  // of a process or program that is gone
    void renew(trace::ThreadIndex thread, std::uint64_t address, std::uint64_t bytes);
    void allocated(trace::ThreadIndex thread, std::uint64_t address, std::uint64_t bytes);
    void settle(std::int64_t until);  // suspicions up to this time
    void report(const ShadowAccess& first, const ShadowAccess& second);

    RaceOptions options_;
    HappensBefore order_;
    ShadowMemory shadow_;
    std::map<std::uint32_t, Blocks> blocks_;  // by space
    std::size_t block_count_ = 0;
    FreedBlocks freed_;
    std::vector<ShadowAccess> racing_;
    struct Suspicion {
        ShadowAccess first, second;
        std::int64_t time;
    };
    std::deque<Suspicion> suspicions_;  // of the last stamp_slack
    std::unordered_map<PcPair, Known, PcHash> known_;
    std::vector<Race> races_, misuses_;
    std::int64_t now_ = 0;  // time of the event being added
    bool complete_ = true;
};

}  // namespace heddle::race
