// Runs made by hand for the tests of core/race: one call per event. Every access has a pc of its own unless one is given.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/race/lock_order.h"
#include "core/race/race_detector.h"

namespace heddle::race::testing {

using trace::CallId;
using trace::Kind;
using trace::MemoryOrder;
using trace::ThreadIndex;

inline constexpr std::uint64_t kX = 0x404040, kY = 0x404048, kFlag = 0x405000, kMutex = 0x406000, kBlock = 0x501000;
inline constexpr std::uint64_t kA = 0x1000, kB = 0x2000, kC = 0x3000;  // locks

class Story {
public:
    ThreadIndex thread(int tid, int pid = 100) {
        for (std::uint32_t i = 0; i < threads_.size(); ++i)
            if (threads_[i].tid.value == tid && threads_[i].pid.value == pid) return ThreadIndex{i};
        threads_.push_back({ThreadId{tid}, ProcessId{pid}, Nanoseconds(1)});
        return ThreadIndex{static_cast<std::uint32_t>(threads_.size() - 1)};
    }
    // Two threads that main made, T1 and T2 of the tests, with nothing else between them.
    struct Two {
        ThreadIndex main, t1, t2;
    };
    Two two_threads() {
        const Two two{thread(100), thread(101), thread(102)};
        add(two.main, Kind::kThreadStart, 0, 0xa100);
        create(two.main, two.t1).create(two.main, two.t2);
        return two;
    }

    // The next event comes so many nanoseconds after the last; a microsecond otherwise.
    Story& after(std::int64_t nanoseconds) {
        step_ = nanoseconds;
        return *this;
    }
    Story& add(ThreadIndex who, Kind kind, std::uint8_t detail = 0, std::uint64_t address = 0, std::uint64_t value = 0,
               std::uint64_t pc = 0) {
        now_ += std::exchange(step_, 1000);
        events_.push_back({now_, address, value, trace::make_tail(kind, detail, pc), who.value, 0});
        return *this;
    }
    Story& read(ThreadIndex who, std::uint64_t address, unsigned log2 = 2, std::uint64_t pc = 0) {
        return add(who, Kind::kRead, static_cast<std::uint8_t>(log2), address, 0, pc != 0 ? pc : fresh_pc());
    }
    Story& write(ThreadIndex who, std::uint64_t address, unsigned log2 = 2, std::uint64_t pc = 0, std::uint64_t value = 0) {
        return add(who, Kind::kWrite, static_cast<std::uint8_t>(log2), address, value, pc != 0 ? pc : fresh_pc());
    }
    Story& atomic(ThreadIndex who, Kind kind, std::uint64_t address, std::uint64_t value, MemoryOrder order) {
        return add(who, kind, static_cast<std::uint8_t>(2 | static_cast<unsigned>(order) << 4), address, value, fresh_pc());
    }
    Story& store(ThreadIndex who, std::uint64_t value, MemoryOrder order, std::uint64_t address = kFlag) {
        return atomic(who, Kind::kAtomicStore, address, value, order);
    }
    Story& load(ThreadIndex who, std::uint64_t value, MemoryOrder order, std::uint64_t address = kFlag) {
        return atomic(who, Kind::kAtomicLoad, address, value, order);
    }
    Story& fence(ThreadIndex who, MemoryOrder order) {
        return add(who, Kind::kFence, static_cast<std::uint8_t>(static_cast<unsigned>(order) << 4));
    }
    Story& begin(ThreadIndex who, CallId call, std::uint64_t object = 0, std::uint64_t argument = 0) {
        return add(who, Kind::kCallBegin, static_cast<std::uint8_t>(call), object, argument, fresh_pc());
    }
    Story& end(ThreadIndex who, CallId call, std::uint64_t object = 0, std::int64_t result = 0) {
        return add(who, Kind::kCallEnd, static_cast<std::uint8_t>(call), object, static_cast<std::uint64_t>(result),
                   fresh_pc());
    }
    Story& call(ThreadIndex who, CallId call, std::uint64_t object = 0, std::uint64_t argument = 0, std::int64_t result = 0) {
        return begin(who, call, object, argument).end(who, call, object, result);
    }
    Story& lock(ThreadIndex who, std::uint64_t mutex = kMutex) { return call(who, CallId::kMutexLock, mutex); }
    Story& unlock(ThreadIndex who, std::uint64_t mutex = kMutex) { return call(who, CallId::kMutexUnlock, mutex); }

    std::uint64_t handle(ThreadIndex thread) const { return 0xa000 + static_cast<std::uint64_t>(tid(thread)); }
    Story& create_begins(ThreadIndex creator) { return begin(creator, CallId::kThreadCreate); }
    Story& create_ends(ThreadIndex creator, ThreadIndex child) {
        return end(creator, CallId::kThreadCreate, handle(child), tid(child));
    }
    Story& starts(ThreadIndex child, ThreadIndex creator) {
        return add(child, Kind::kThreadStart, 0, handle(child), static_cast<std::uint64_t>(tid(creator)));
    }
    Story& create(ThreadIndex creator, ThreadIndex child) {
        return create_begins(creator).create_ends(creator, child).starts(child, creator);
    }
    Story& ends(ThreadIndex who) { return add(who, Kind::kThreadEnd, 0, handle(who)); }
    Story& join(ThreadIndex who, ThreadIndex child, std::int64_t result = 0) {
        return call(who, CallId::kThreadJoin, handle(child), 0, result);
    }

    std::uint64_t last() const { return events_.size() - 1; }  // index of the latest event
    RaceDetector detect(RaceOptions options = {}) const {
        RaceDetector detector(std::move(options));
        for (std::uint64_t i = 0; i < events_.size(); ++i) detector.add(events_[i], i, threads_);
        return detector;
    }
    std::vector<Race> races() const { return detect().races(); }
    LockOrder lock_order() const {
        LockOrder order;
        for (std::uint64_t i = 0; i < events_.size(); ++i) order.add(events_[i], i, threads_);
        return order;
    }
    const std::vector<trace::PackedEvent>& events() const { return events_; }
    const std::vector<trace::ThreadInfo>& threads() const { return threads_; }

private:
    std::int32_t tid(ThreadIndex thread) const { return threads_[thread.value].tid.value; }
    std::uint64_t fresh_pc() { return 0x401000 + 16 * events_.size(); }

    std::vector<trace::PackedEvent> events_;
    std::vector<trace::ThreadInfo> threads_;
    std::int64_t now_ = 0, step_ = 1000;
};

}  // namespace heddle::race::testing
