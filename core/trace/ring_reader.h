// RingReader: takes what the lab's threads recorded out of the arena and makes events of it. Called by the session's thread
// alone, a few hundred times a second. The arena is untrusted: a record is copied before it is looked at, indices are checked
// against this reader's own, and a slot that makes no sense is reported once and never read again. Never blocks, and never
// takes more than kMostRecordsPerDrain records at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_set>
#include <vector>

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/trace/arena_host.h"
#include "core/trace/event_log.h"

namespace heddle::trace {

struct DrainStats {
    std::uint64_t records = 0;               // taken out of rings, ever
    std::uint64_t dropped = 0;               // not stored because a ring was full, ever
    std::uint64_t threads_without_slot = 0;  // not recorded because no slot was free, ever
    std::uint32_t damaged_slots = 0;         // quarantined
};

class RingReader {
public:
    static constexpr std::uint64_t kMostRecordsPerDrain = std::uint64_t{1} << 22;

    // arena and log must outlive the reader.
    RingReader(Arena& arena, EventLog& log);

    // The new events: ascending within each thread, threads one after the other (EventLog::insert sorts them). Each drop is a
    // kLost event at the place where it happened. Thread entries and blobs are added to the log; the events are not, so that
    // the caller can insert them together with the kernel's. Appended to `out`, whose memory serves again and again. now: not
    // before any record that is there; without it, read from the clocks.
    void drain(std::vector<PackedEvent>& out, std::optional<TickConverter::Anchor> now = {});

    // The process was reaped: takes what its threads left, an access they died in included, and frees their slots.
    void release_dead(ProcessId pid, std::vector<PackedEvent>& out, std::optional<TickConverter::Anchor> now = {});

    const DrainStats& stats() const { return stats_; }

private:
    enum class Condition { kUnbound, kBound, kQuarantined };

    // What the reader knows of a slot by itself.
    struct Slot {
        Condition condition = Condition::kUnbound;
        std::uint64_t tail = 0;
        std::uint64_t dropped = 0;
        ProcessId pid;
        ThreadId tid;
        ThreadIndex thread;
        std::int64_t since = 0;   // time of its first event
        std::int64_t latest = 0;  // time of its last event
    };

    // What a slot said when this drain began. The clocks are read after it, so that no record is later than they are.
    struct Sample {
        std::uint32_t state;
        std::uint64_t dropped, head;
    };

    // A process replaced its image: every slot of it from before then is dead.
    struct Execution {
        ProcessId pid;
        std::uint32_t slot;
        std::int64_t time;
    };

    struct Report {
        LostWhere where;
        std::uint64_t count;
    };

    void sample();
    bool begin(std::optional<TickConverter::Anchor> given);
    void drain_slot(std::uint32_t index);
    bool bind(std::uint32_t index);
    void take_records(std::uint32_t index, std::uint64_t head);
    std::uint64_t take_some(Slot& mine, const Record* records, std::uint64_t count, bool& damaged);
    bool take_one(Slot& mine, const Record* records, std::uint64_t payload_records);
    void take_pending(std::uint32_t index);
    void note_identity(Slot& mine, const Record& record);
    void finish(std::uint32_t index, bool process_died);
    void quarantine(std::uint32_t index, std::uint64_t unread);
    void report_loss(const Slot& mine, LostWhere where, std::uint64_t count);
    void report_of_no_thread();
    bool plausible_tick(std::uint64_t tick) const;
    std::int64_t time_of(std::uint64_t tick) const;  // of a plausible one

    Arena& arena_;
    EventLog& log_;
    TickConverter converter_;
    TickConverter::Anchor previous_;
    TickConverter::Anchor now_;
    double nanoseconds_per_tick_ = 1;  // between those two, which are far apart
    std::vector<Slot> slots_;
    std::vector<Sample> samples_;              // parallel to slots_
    std::vector<Record> copy_;                 // records of one ring, copied before anything is checked
    std::vector<PackedEvent> events_;          // the caller's, while he waits
    std::vector<Execution> executed_;          // seen in this drain, acted on in the next one
    std::unordered_set<std::uint32_t> ended_;  // entries of threads that said they ended
    std::vector<Report> reports_;              // losses of no thread in particular, until the log has a thread
    std::uint64_t budget_ = 0;
    std::uint32_t first_slot_ = 0;
    DrainStats stats_;
};

}  // namespace heddle::trace
