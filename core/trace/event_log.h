// EventLog: everything that was observed in one run, in the order of time. One thread writes (the session); any thread reads
// an EventLogView, an immutable picture of the log that stays valid while the log grows, at the cost of one shared_ptr per
// kEventsPerChunk events. Never changes an event a view can see.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/trace/event.h"

namespace heddle::trace {

struct ThreadInfo {
    ThreadId tid;
    ProcessId pid;
    Nanoseconds first_seen{};
    bool main() const { return tid.value == pid.value; }
};

inline constexpr std::size_t kEventsPerChunk = 52000;  // just under 2 MiB: a large page each (core/base/large_blocks.cpp)

class BlobSnapshot;  // blob_store.h

// Decodes one packed event; nullopt-free: an unknown kind becomes a Note saying so. blob: the bytes of its `extra`, if any.
Event decode(const PackedEvent& packed, std::string_view blob);

class EventLogView {
public:
    std::uint64_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const PackedEvent& packed(std::uint64_t index) const {  // index < size()
        return chunks_[index / kEventsPerChunk][index % kEventsPerChunk];
    }
    Event event(std::uint64_t index) const;
    Nanoseconds time(std::uint64_t index) const { return Nanoseconds(packed(index).nanoseconds); }
    std::uint64_t first_at_or_after(Nanoseconds time) const;  // size() when none
    const std::vector<ThreadInfo>& threads() const { return *threads_; }
    // The events [index, end of that chunk): for loops over many events without an index computation each.
    // for (std::uint64_t i = 0; i < view.size();) { const auto part = view.chunk_from(i); …; i += part.size(); }
    std::span<const PackedEvent> chunk_from(std::uint64_t index) const {  // empty for index >= size()
        if (index >= size_) return {};
        const std::uint64_t offset = index % kEventsPerChunk;
        const std::uint64_t count = std::min<std::uint64_t>(kEventsPerChunk - offset, size_ - index);
        return {&chunks_[index / kEventsPerChunk][static_cast<std::ptrdiff_t>(offset)], static_cast<std::size_t>(count)};
    }
    std::string_view blob(std::uint32_t extra) const;  // extra as stored: number + 1; empty for 0 or out of range
    std::uint32_t blob_count() const;

private:
    friend class EventLog;
    std::vector<std::shared_ptr<const PackedEvent[]>> chunks_;  // kEventsPerChunk each; the last may be part full
    std::uint64_t size_ = 0;
    std::shared_ptr<const std::vector<ThreadInfo>> threads_ = std::make_shared<const std::vector<ThreadInfo>>();
    std::shared_ptr<const BlobSnapshot> blobs_;
};

class EventLog {
public:
    EventLog();
    ~EventLog();
    EventLog(EventLog&&) noexcept;
    EventLog& operator=(EventLog&&) noexcept;

    // The entry of the thread that has this tid at this time; made on first sight. A tid is new again after end_thread, and
    // when another process has it; an event from before that end still finds the old entry.
    ThreadIndex thread(ThreadId tid, ProcessId pid, Nanoseconds time);
    // time: when the thread ended; without it, at the latest time thread() was asked about it.
    void end_thread(ThreadId tid);
    void end_thread(ThreadId tid, Nanoseconds time);

    std::uint32_t add_blob(std::string_view bytes);  // returns `extra`: number + 1

    // Events may arrive late by any amount; a batch need not be sorted. Returns the index of the first position whose content
    // changed (== old size() when the batch only appends): whoever folded events from there on must fold them again. Leaves the
    // batch's memory to the caller, its content in another order.
    std::uint64_t insert(std::vector<PackedEvent>&& batch);

    std::uint64_t size() const;
    std::uint32_t thread_count() const;
    EventLogView view() const;  // cheap; immutable

    // For readers of saved runs: fill room() in order of time, then append_room(count), without a copy in between.
    std::span<PackedEvent> room();  // never empty
    void append_room(std::size_t count);
    void set_threads(std::vector<ThreadInfo> threads);  // only while the log is empty

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace heddle::trace
