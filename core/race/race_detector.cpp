#include "core/race/race_detector.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace heddle::race {

using trace::CallId;
using trace::Kind;
using trace::ThreadIndex;

namespace {

constexpr std::uint64_t kWholeBlock = 64 << 10;  // a bigger block is freed only where something was accessed: its use is long

Access access_of(const ShadowAccess& shadow) {
    return {.event = shadow.event,
            .thread = ThreadIndex{shadow.epoch.thread},
            .pc = shadow.pc,
            .address = shadow.address,
            .size = shadow.size,
            .value = shadow.value,
            .writes = shadow.writes,
            .atomic = shadow.atomic,
            .frees = shadow.frees,
            .value_known = shadow.value_known};
}

}  // namespace

RaceDetector::RaceDetector(RaceOptions options)
    : options_(std::move(options)), order_(options_.order), shadow_(options_.shadow) {}

void RaceDetector::add(const trace::PackedEvent& event, std::uint64_t index, std::span<const trace::ThreadInfo> threads) {
    const Kind kind = event.kind();
    const ThreadIndex thread{event.thread};
    // An atomic happens after what it acquires and before its thread's next epoch: ordered by the clock after it, remembered
    // with the epoch before it.
    const Epoch epoch = order_.epoch(thread);
    const bool ends_program = kind == Kind::kProcessStart || kind == Kind::kProcessReaped;
    const std::uint32_t old_space =
        ends_program && order_.knows(thread) ? order_.threads().process_of(event.thread).space : kSharedSpace;
    now_ = event.nanoseconds;
    if (!suspicions_.empty()) settle(now_ - 1 - options_.order.stamp_slack.count());
    order_.add(event, threads);
    if (kind == Kind::kLost && event.detail() != static_cast<std::uint8_t>(trace::LostWhere::kKernelRing)) complete_ = false;
    if (!order_.knows(thread) || order_.full()) return;
    if (kind >= Kind::kRead && kind <= Kind::kAtomicCompareFailed) return access(event, index, epoch);
    switch (kind) {
        case Kind::kCallEnd:
            return call_end(event, index, epoch);
        case Kind::kStackBounds:
            return renew(thread, event.address, event.value);
        case Kind::kProcessStart:
            return process_start(event, old_space);
        case Kind::kProcessReaped:
            return drop(old_space);
        default:
            return;
    }
}

void RaceDetector::access(const trace::PackedEvent& event, std::uint64_t index, Epoch epoch) {
    const Kind kind = event.kind();
    ShadowAccess access{.event = index, .pc = event.pc(), .address = event.address, .epoch = epoch};
    if (kind == Kind::kReadRange || kind == Kind::kWriteRange) {
        access.size = event.value;
    } else {
        access.size = std::uint64_t{1} << std::min(event.detail() & trace::kSizeMask, 4);
        access.value = event.value;
    }
    access.writes =
        kind != Kind::kRead && kind != Kind::kReadRange && kind != Kind::kAtomicLoad && kind != Kind::kAtomicCompareFailed;
    access.atomic = kind >= Kind::kAtomicLoad;
    access.value_known = access.atomic || (event.detail() & trace::kValueUnknown) == 0;
    check(access, false);
}

void RaceDetector::check(ShadowAccess& access, bool known_only) {
    const ThreadIndex thread{access.epoch.thread};
    racing_.clear();
    const Place where = order_.place(thread, access.address);
    look_for_misuse(where, access);
    shadow_.access(where, access, order_.clock(thread), known_only, racing_);
    for (const ShadowAccess& other : racing_) suspicions_.push_back({other, access, now_});
}

// What nothing orders is a race.
void RaceDetector::look_for_misuse(const Place& where, const ShadowAccess& access) {
    constexpr std::size_t kMostMisuses = 64;
    const ShadowAccess* const free = freed_.find(where, access.size);
    if (free == nullptr || misuses_.size() == kMostMisuses) return;
    if (free->epoch.thread != access.epoch.thread && !order_.clock(ThreadIndex{access.epoch.thread}).covers(free->epoch))
        return;
    for (const Race& known : misuses_)
        if (known.first.pc == free->pc && known.second.pc == access.pc) return;
    misuses_.push_back({access_of(*free), access_of(access)});
}

// Ordered after all: the second's thread knows of the first by now; or the first's knows of the second, which was logged too
// late.
void RaceDetector::settle(std::int64_t until) {
    for (; !suspicions_.empty() && suspicions_.front().time <= until; suspicions_.pop_front()) {
        const auto& [first, second, time] = suspicions_.front();
        if (order_.clock(ThreadIndex{second.epoch.thread}).covers(first.epoch)) continue;
        if (order_.clock(ThreadIndex{first.epoch.thread}).covers(second.epoch)) continue;
        report(first, second);
    }
}

const std::vector<Race>& RaceDetector::races() {
    settle(std::numeric_limits<std::int64_t>::max());
    return races_;
}

void RaceDetector::call_end(const trace::PackedEvent& event, std::uint64_t index, Epoch epoch) {
    const ThreadIndex thread{event.thread};
    const auto result = static_cast<std::int64_t>(event.value);
    switch (static_cast<CallId>(event.detail())) {
        case CallId::kMalloc:
        case CallId::kCalloc:
        case CallId::kRealloc:
        case CallId::kAlignedAlloc:
        case CallId::kNew:
            if (event.address != 0 && result >= 0) allocated(thread, event.address, event.value);
            return;
        case CallId::kMmap:
        case CallId::kShmAttach:
        case CallId::kBrk:
            if (event.address != 0 && result > 0) renew(thread, event.address, event.value);
            return;
        case CallId::kFree:
        case CallId::kDelete:
            break;
        default:
            return;
    }
    const Place where = order_.place(thread, event.address);
    const Blocks& blocks = blocks_[where.space];
    const auto block = blocks.find(where.address);
    if (block == blocks.end()) return;
    ShadowAccess access{.event = index, .pc = event.pc(), .address = event.address, .size = block->second, .epoch = epoch};
    access.writes = access.frees = true;
    check(access, block->second > kWholeBlock);
    freed_.add(where, access, options_.blocks);
}

void RaceDetector::allocated(ThreadIndex thread, std::uint64_t address, std::uint64_t bytes) {
    renew(thread, address, bytes);
    const Place where = order_.place(thread, address);
    Blocks& blocks = blocks_[where.space];
    const auto known = blocks.find(where.address);
    if (known != blocks.end()) {
        known->second = bytes;
    } else if (block_count_ < options_.blocks) {
        blocks.emplace(where.address, bytes);
        ++block_count_;
    } else {
        complete_ = false;
    }
}

// Memory shared with another process keeps its history: the other may have used it already.
void RaceDetector::renew(ThreadIndex thread, std::uint64_t address, std::uint64_t bytes) {
    const Place where = order_.place(thread, address);
    if (where.space == kSharedSpace) return;
    shadow_.forget(where, bytes);
    freed_.forget(where, bytes);
    order_.forget(where, bytes);
}

// A forked process has copies of its parent's heap blocks; a new program has nothing.
void RaceDetector::process_start(const trace::PackedEvent& event, std::uint32_t old_space) {
    const std::uint32_t space = order_.threads().process_of(event.thread).space;
    if (old_space != space) drop(old_space);
    if (event.detail() != static_cast<std::uint8_t>(trace::StartKind::kForked)) return;
    const auto parents = order_.threads().threads_of(ProcessId{static_cast<std::int32_t>(event.value)});
    if (parents.empty()) return;
    const auto inherited = blocks_.find(order_.threads().process_of(parents.front()).space);
    if (inherited == blocks_.end() || inherited->first == space || blocks_.contains(space)) return;
    if (block_count_ + inherited->second.size() > options_.blocks) {
        complete_ = false;
        return;
    }
    block_count_ += inherited->second.size();
    const Blocks copy = inherited->second;
    blocks_.emplace(space, copy);
}

void RaceDetector::drop(std::uint32_t space) {
    if (space == kSharedSpace) return;
    shadow_.forget_space(space);
    freed_.forget_space(space);
    if (const auto old = blocks_.extract(space)) block_count_ -= old.mapped().size();
}

void RaceDetector::report(const ShadowAccess& first, const ShadowAccess& second) {
    const PcPair pair = std::minmax(first.pc, second.pc);
    const auto known = known_.find(pair);
    if (known != known_.end()) {
        if (known->second.last_event == second.event) return;  // the same two, or another of its granules
        known->second.last_event = second.event;
        ++races_[known->second.race].count;
    } else if (races_.size() < options_.races) {
        known_.emplace(pair, Known{races_.size(), second.event});
        races_.push_back({access_of(first), access_of(second)});
    } else {
        complete_ = false;
    }
}

}  // namespace heddle::race
