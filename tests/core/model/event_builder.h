// Logs made by hand: one call per event, a millisecond apart unless said otherwise. For the tests of core/model.
#pragma once

#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/trace/event_log.h"

namespace heddle::model::testing {

class EventBuilder {
public:
    using Kind = trace::Kind;
    using CallId = trace::CallId;

    // The thread with this tid of this process (its own when 0).
    trace::ThreadIndex thread(int tid, int pid = 100) { return log_.thread(ThreadId{tid}, ProcessId{pid}, Nanoseconds(now_)); }

    EventBuilder& at(std::int64_t nanoseconds) {
        now_ = nanoseconds;
        return *this;
    }
    EventBuilder& add(trace::ThreadIndex who, Kind kind, std::uint8_t detail = 0, std::uint64_t address = 0,
                      std::uint64_t value = 0, std::uint64_t pc = 0, std::uint32_t extra = 0) {
        events_.push_back({now_, address, value, trace::make_tail(kind, detail, pc), who.value, extra});
        now_ += step_;
        return *this;
    }
    EventBuilder& fork(trace::ThreadIndex child, int parent_tid, bool new_thread = true) {
        return add(child, Kind::kFork, new_thread, 0, static_cast<std::uint64_t>(parent_tid));
    }
    EventBuilder& in(trace::ThreadIndex who, std::uint32_t cpu = 0) { return add(who, Kind::kSwitchIn, 0, 0, 0, 0, cpu); }
    EventBuilder& preempted(trace::ThreadIndex who, std::uint32_t cpu = 0) {
        return add(who, Kind::kSwitchOut, 1, 0, 0, 0, cpu);
    }
    EventBuilder& gives_up(trace::ThreadIndex who, std::uint32_t cpu = 0) {
        return add(who, Kind::kSwitchOut, 0, 0, 0, 0, cpu);
    }
    EventBuilder& woken(trace::ThreadIndex who, int waker) {
        return add(who, Kind::kWakeUp, 0, 0, static_cast<std::uint64_t>(waker));
    }
    EventBuilder& exits(trace::ThreadIndex who) { return add(who, Kind::kExit); }
    EventBuilder& write(trace::ThreadIndex who, std::uint64_t address, std::uint64_t value, std::uint64_t pc = 0) {
        return add(who, Kind::kWrite, 2, address, value, pc);
    }
    EventBuilder& read(trace::ThreadIndex who, std::uint64_t address, std::uint64_t value, std::uint64_t pc = 0) {
        return add(who, Kind::kRead, 2, address, value, pc);
    }
    EventBuilder& begin(trace::ThreadIndex who, CallId call, std::uint64_t object = 0, std::uint64_t argument = 0,
                        std::uint64_t pc = 0) {
        return add(who, Kind::kCallBegin, static_cast<std::uint8_t>(call), object, argument, pc);
    }
    EventBuilder& end(trace::ThreadIndex who, CallId call, std::uint64_t object = 0, std::int64_t result = 0,
                      std::uint64_t pc = 0) {
        return add(who, Kind::kCallEnd, static_cast<std::uint8_t>(call), object, static_cast<std::uint64_t>(result), pc);
    }
    EventBuilder& enter(trace::ThreadIndex who, std::uint8_t depth, std::uint64_t pc, std::uint64_t frame = 0,
                        std::uint64_t call_site = 0) {
        return add(who, Kind::kFunctionEntry, depth, frame, call_site, pc);
    }
    EventBuilder& leave(trace::ThreadIndex who, std::uint8_t depth) { return add(who, Kind::kFunctionExit, depth); }
    EventBuilder& blob(trace::ThreadIndex who, Kind kind, std::string bytes, std::uint8_t detail = 0,
                       std::uint64_t address = 0) {
        return add(who, kind, detail, address, bytes.size(), 0, log_.add_blob(bytes));
    }

    // Everything so far, inserted into the log.
    trace::EventLogView view() {
        log_.insert(std::move(events_));
        events_.clear();
        return log_.view();
    }
    trace::EventLog& log() { return log_; }
    std::vector<trace::PackedEvent>& pending() { return events_; }

    // The world after the first `until` events.
    World world(std::uint64_t until = ~std::uint64_t{0}, WorldSink* sink = nullptr) { return fold(view(), until, sink); }

    static World fold(const trace::EventLogView& log, std::uint64_t until = ~std::uint64_t{0}, WorldSink* sink = nullptr) {
        World world;
        for (std::uint64_t i = 0; i < std::min(until, log.size()); ++i)
            world.apply(log.packed(i), has_blob(log.packed(i).kind()) ? log.blob(log.packed(i).extra) : std::string_view{},
                        log.threads(), i, sink);
        return world;
    }
    static bool has_blob(Kind kind) {
        return kind == Kind::kThreadName || kind == Kind::kFrameBytes || kind == Kind::kName || kind == Kind::kRegisters ||
               kind == Kind::kProcessSample || kind == Kind::kOutput || kind == Kind::kNote;
    }

private:
    trace::EventLog log_;
    std::vector<trace::PackedEvent> events_;
    std::int64_t now_ = 1'000'000, step_ = 1'000'000;
};

}  // namespace heddle::model::testing
