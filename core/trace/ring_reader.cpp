#include "core/trace/ring_reader.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace heddle::trace {

namespace {

constexpr std::uint64_t kRecordsPerCopy = 4096;
// A counter read on another core may be a little ahead of the anchor's.
constexpr std::uint64_t kTickSlack = 1'000'000;
// Nanoseconds. Two readings of the clocks tell their rate only from afar: each may have been held up, and on another CPU.
constexpr std::int64_t kLeastSpan = 1'000'000;

bool has_payload(Kind kind) {
    return kind == Kind::kThreadName || kind == Kind::kFrameBytes;
}

bool from_hook(Kind kind) {
    return kind > Kind::kNone && kind < Kind::kPayload;
}

std::uint64_t payload_records_of(const Record& record) {
    if (has_other_value(record.kind(), record.detail())) return is_wide(record.detail()) ? 1 : 0;
    return has_payload(record.kind()) ? (record.value + kPayloadBytesPerRecord - 1) / kPayloadBytesPerRecord : 0;
}

// The payload of `bytes` bytes in the continuation records from `first` on.
std::string payload_of(const Record* first, std::uint64_t bytes) {
    std::string text(bytes, '\0');
    for (std::uint64_t done = 0; done < bytes; done += kPayloadBytesPerRecord, ++first) {
        std::memcpy(text.data() + done, first, std::min(kPayloadBytesPerRecord, bytes - done));
    }
    return text;
}

}  // namespace

RingReader::RingReader(Arena& arena, EventLog& log)
    : arena_(arena),
      log_(log),
      previous_(arena.start()),
      now_(arena.start()),
      slots_(arena.options().slots),
      samples_(slots_.size()) {
    converter_.add(arena.start());
}

void RingReader::sample() {
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        const ThreadSlot& theirs = arena_.slot(i);
        // In this order: an owner that ended publishes nothing more, so the head is its last. And a drop counted by now
        // happened before this head, so a ring that is not full here was full where the last drain ended.
        samples_[i].state = theirs.state.load(std::memory_order_acquire);
        samples_[i].dropped = theirs.dropped.load(std::memory_order_acquire);
        samples_[i].head = theirs.head.load(std::memory_order_acquire);
    }
}

bool RingReader::begin(std::optional<TickConverter::Anchor> given) {
    sample();
    const TickConverter::Anchor now = given ? *given : TickConverter::read_anchor(arena_.options().tick_source);
    if (now.tick > now_.tick && now.nanoseconds > now_.nanoseconds) {
        if (now.nanoseconds - now_.nanoseconds >= kLeastSpan) converter_.add(previous_ = now_);
        now_ = now;
        nanoseconds_per_tick_ =
            static_cast<double>(now_.nanoseconds - previous_.nanoseconds) / static_cast<double>(now_.tick - previous_.tick);
    }
    budget_ = kMostRecordsPerDrain;
    return now_.tick != previous_.tick;  // before time has passed there is nothing to convert by
}

void RingReader::drain(std::vector<PackedEvent>& out, std::optional<TickConverter::Anchor> now) {
    if (!begin(now)) return;
    events_.swap(out);
    const std::vector<Execution> executed = std::exchange(executed_, {});
    // Each time another slot goes first, so that a flood in one cannot starve the others of the budget.
    const auto count = static_cast<std::uint32_t>(slots_.size());
    first_slot_ = (first_slot_ + 1) % count;
    for (std::uint32_t i = 0; i < count; ++i) drain_slot((i + first_slot_) % count);
    for (const Execution& execution : executed) {
        for (std::uint32_t i = 0; i < count; ++i) {
            const Slot& mine = slots_[i];
            const bool old = mine.condition == Condition::kBound && mine.pid == execution.pid && mine.since < execution.time;
            if (old && i != execution.slot) finish(i, true);
        }
    }
    report_of_no_thread();
    events_.swap(out);
}

void RingReader::release_dead(ProcessId pid, std::vector<PackedEvent>& out, std::optional<TickConverter::Anchor> now) {
    if (!begin(now)) return;
    events_.swap(out);
    for (std::uint32_t i = 0; i < slots_.size(); ++i) {
        if (samples_[i].state == static_cast<std::uint32_t>(SlotState::kFree)) continue;
        const Slot& mine = slots_[i];
        const bool bound = mine.condition == Condition::kBound;
        const int owner = bound ? mine.pid.value : arena_.slot(i).pid.load(std::memory_order_relaxed);
        if (owner != pid.value || mine.condition == Condition::kQuarantined) continue;
        budget_ = arena_.options().ring_capacity + 1;
        drain_slot(i);
        // A slot that was marked ended is free by now, and may have its next owner.
        const bool was_live = samples_[i].state == static_cast<std::uint32_t>(SlotState::kLive);
        if (was_live && slots_[i].condition != Condition::kQuarantined) finish(i, true);
    }
    std::erase_if(executed_, [pid](const Execution& execution) { return execution.pid == pid; });
    report_of_no_thread();
    events_.swap(out);
}

void RingReader::drain_slot(std::uint32_t index) {
    Slot& mine = slots_[index];
    if (mine.condition == Condition::kQuarantined) return;
    const auto [raw_state, dropped, head] = samples_[index];
    const auto state = static_cast<SlotState>(raw_state);
    if (state == SlotState::kFree && mine.condition == Condition::kUnbound) return;
    if (state != SlotState::kLive && state != SlotState::kEnded) return quarantine(index, head - mine.tail);
    // Until its first record is published, its owner may still be writing down who it is.
    if (head == mine.tail && dropped == mine.dropped && state == SlotState::kLive) return;
    const std::uint64_t capacity = arena_.options().ring_capacity;
    const std::uint64_t newly_dropped = dropped - mine.dropped;
    const auto nanoseconds_so_far = static_cast<std::uint64_t>(now_.nanoseconds - arena_.start().nanoseconds);
    if (head - mine.tail > capacity || newly_dropped > nanoseconds_so_far + kTickSlack || !bind(index)) {
        return quarantine(index, head - mine.tail);
    }
    const bool lost_at_end = newly_dropped != 0 && head - mine.tail == capacity;
    mine.dropped = dropped;
    stats_.dropped += newly_dropped;
    if (newly_dropped != 0 && !lost_at_end) report_loss(mine, LostWhere::kRing, newly_dropped);
    take_records(index, head);
    if (mine.condition == Condition::kQuarantined) return;
    if (lost_at_end) report_loss(mine, LostWhere::kRing, newly_dropped);
    if (state == SlotState::kEnded && budget_ != 0) finish(index, false);
}

bool RingReader::bind(std::uint32_t index) {
    Slot& mine = slots_[index];
    if (mine.condition == Condition::kBound) return true;
    const ThreadSlot& theirs = arena_.slot(index);
    mine.pid = ProcessId{theirs.pid.load(std::memory_order_relaxed)};
    mine.tid = ThreadId{theirs.tid.load(std::memory_order_relaxed)};
    if (mine.pid.value <= 0 || mine.tid.value <= 0) return false;
    // Its first record says since when the thread is there; without one, since now.
    mine.since = now_.nanoseconds;
    if (samples_[index].head != mine.tail) {
        Record first;
        std::memcpy(&first, arena_.ring(index) + (mine.tail & (arena_.options().ring_capacity - 1)), sizeof(first));
        if (!plausible_tick(first.tick)) return false;
        mine.since = time_of(first.tick);
    }
    mine.latest = mine.since;
    mine.condition = Condition::kBound;
    mine.thread = log_.thread(mine.tid, mine.pid, Nanoseconds(mine.since));
    return true;
}

void RingReader::take_records(std::uint32_t index, std::uint64_t head) {
    Slot& mine = slots_[index];
    ThreadSlot& theirs = arena_.slot(index);
    const Record* const ring = arena_.ring(index);
    const std::uint64_t capacity = arena_.options().ring_capacity;
    constexpr std::uint64_t kLongest = kMostPayloadBytes / kPayloadBytesPerRecord + 2;
    while (mine.tail != head && budget_ != 0) {
        // A head record and its longest payload always fit into one copy.
        const std::uint64_t count = std::min({head - mine.tail, kRecordsPerCopy + kLongest, budget_});
        copy_.resize(count);
        const std::uint64_t at = mine.tail & (capacity - 1);
        const std::uint64_t before_wrap = std::min(count, capacity - at);
        std::memcpy(copy_.data(), ring + at, before_wrap * sizeof(Record));
        std::memcpy(copy_.data() + before_wrap, ring, (count - before_wrap) * sizeof(Record));
        bool damaged = false;
        const std::uint64_t taken = take_some(mine, copy_.data(), count, damaged);
        mine.tail += taken;
        stats_.records += taken;
        if (damaged) return quarantine(index, head - mine.tail);
        theirs.tail.store(mine.tail, std::memory_order_release);
        if (taken == 0 && count == budget_) budget_ = 0;  // a payload that the next drain has room for
        if (taken == 0) return;                           // a payload that is not complete yet
        budget_ -= taken;
    }
}

std::uint64_t RingReader::take_some(Slot& mine, const Record* records, std::uint64_t count, bool& damaged) {
    std::uint64_t taken = 0;
    while (taken < count) {
        const Record& record = records[taken];
        const bool too_long = has_payload(record.kind()) && record.value > kMostPayloadBytes;
        const std::uint64_t payload = too_long ? 0 : payload_records_of(record);
        damaged = too_long || payload + 1 > arena_.options().ring_capacity;
        if (damaged || taken + 1 + payload > count) break;
        damaged = !take_one(mine, &record, payload);
        if (damaged) break;
        taken += 1 + payload;
    }
    return taken;
}

bool RingReader::take_one(Slot& mine, const Record* records, std::uint64_t payload_records) {
    const Record& record = *records;
    if (!from_hook(record.kind()) || !plausible_tick(record.tick)) return false;
    for (std::uint64_t i = 1; i <= payload_records; ++i) {
        if (records[i].kind() != Kind::kPayload) return false;
    }
    // A signal handler's records may come before one that was begun earlier: the order is the ring's.
    mine.latest = std::max(mine.latest, time_of(record.tick));
    note_identity(mine, record);
    std::uint64_t tail = record.tail;
    if (record.kind() == Kind::kRead || record.kind() == Kind::kWrite) tail &= ~(std::uint64_t{kValueUnknown} << 56);
    std::uint64_t value = record.value;
    std::uint32_t extra = 0;
    if (!has_other_value(record.kind(), record.detail())) {
        if (payload_records != 0) extra = log_.add_blob(payload_of(records + 1, record.value));
    } else if (is_wide(record.detail())) {
        extra = log_.add_blob(payload_of(records + 1, sizeof(std::uint64_t)));
    } else {
        extra = static_cast<std::uint32_t>(value >> 32);
        value &= 0xffffffffU;
    }
    events_.push_back({mine.latest, record.address, value, tail, mine.thread.value, extra});
    return true;
}

// A tid that starts after it ended is another thread; a process that executed has one thread left.
void RingReader::note_identity(Slot& mine, const Record& record) {
    const Nanoseconds time(mine.latest);
    switch (record.kind()) {
        case Kind::kThreadStart:
            if (!ended_.contains(mine.thread.value)) return;
            log_.end_thread(mine.tid, time - Nanoseconds(1));
            mine.thread = log_.thread(mine.tid, mine.pid, time);
            return;
        case Kind::kThreadEnd:
            ended_.insert(mine.thread.value);
            return;
        case Kind::kProcessStart:
            if (record.detail() == static_cast<std::uint8_t>(StartKind::kExecuted))
                executed_.push_back({mine.pid, static_cast<std::uint32_t>(&mine - slots_.data()), mine.latest});
            return;
        default:
            return;
    }
}

void RingReader::take_pending(std::uint32_t index) {
    Slot& mine = slots_[index];
    ThreadSlot& theirs = arena_.slot(index);
    if (theirs.pending.load(std::memory_order_acquire) != 1) return;
    Record record;
    std::memcpy(&record, arena_.ring(index) + (mine.tail & (arena_.options().ring_capacity - 1)), sizeof(record));
    const Kind kind = record.kind();
    const bool access = kind == Kind::kRead || kind == Kind::kWrite;
    if (!access || !plausible_tick(record.tick)) return;
    mine.latest = std::max(mine.latest, time_of(record.tick));
    const std::uint64_t tail = record.tail | (std::uint64_t{kValueUnknown} << 56);
    events_.push_back({mine.latest, record.address, 0, tail, mine.thread.value, 0});
}

// Nothing more comes from this slot's owner: it goes to the next one. What is left in the ring is a payload cut short.
void RingReader::finish(std::uint32_t index, bool process_died) {
    Slot& mine = slots_[index];
    ThreadSlot& theirs = arena_.slot(index);
    const std::uint64_t head = theirs.head.load(std::memory_order_acquire);
    if (head - mine.tail > arena_.options().ring_capacity) return quarantine(index, 0);
    if (mine.condition == Condition::kBound && (process_died || head == mine.tail)) {
        mine.tail = head;
        take_pending(index);
    }
    mine.tail = head;
    mine.dropped = theirs.dropped.load(std::memory_order_relaxed);
    mine.condition = Condition::kUnbound;
    theirs.pending.store(0, std::memory_order_relaxed);
    theirs.tail.store(head, std::memory_order_relaxed);
    theirs.state.store(static_cast<std::uint32_t>(SlotState::kFree), std::memory_order_release);
}

void RingReader::quarantine(std::uint32_t index, std::uint64_t unread) {
    Slot& mine = slots_[index];
    const std::uint64_t count = unread <= arena_.options().ring_capacity ? unread : 0;
    if (mine.condition == Condition::kBound) {
        report_loss(mine, LostWhere::kDamagedArena, count);
    } else {
        reports_.push_back({LostWhere::kDamagedArena, count});
    }
    mine.condition = Condition::kQuarantined;
    ++stats_.damaged_slots;
}

void RingReader::report_loss(const Slot& mine, LostWhere where, std::uint64_t count) {
    events_.push_back(
        {mine.latest, 0, count, make_tail(Kind::kLost, static_cast<std::uint8_t>(where), 0), mine.thread.value, 0});
}

void RingReader::report_of_no_thread() {
    const std::uint64_t total = arena_.header().threads_without_slot.load(std::memory_order_relaxed);
    // The kernel has at most 2^22 threads (man 5 proc, threads-max): a number out of all reason is garbage.
    const std::uint64_t newly = total - stats_.threads_without_slot;
    if (newly != 0 && newly <= (std::uint64_t{1} << 22)) {
        stats_.threads_without_slot = total;
        reports_.push_back({LostWhere::kNoSlot, newly});
    }
    if (log_.thread_count() == 0) return;
    Slot first;
    first.latest = now_.nanoseconds;
    for (const Report& report : std::exchange(reports_, {})) report_loss(first, report.where, report.count);
}

bool RingReader::plausible_tick(std::uint64_t tick) const {
    return tick + kTickSlack >= arena_.start().tick && tick <= now_.tick + kTickSlack;
}

std::int64_t RingReader::time_of(std::uint64_t tick) const {
    // Nearly all records are from since the last drain; within so short a span a double is exact to far below 1 ns.
    if (tick < previous_.tick && previous_.tick != arena_.start().tick) return converter_.to_monotonic(tick).count();
    const auto since = static_cast<std::int64_t>(tick - previous_.tick);
    return previous_.nanoseconds + static_cast<std::int64_t>(static_cast<double>(since) * nanoseconds_per_tick_);
}

}  // namespace heddle::trace
