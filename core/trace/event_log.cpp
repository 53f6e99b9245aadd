#include "core/trace/event_log.h"

#include <cstring>
#include <iterator>
#include <optional>
#include <unordered_map>

#include "core/base/check.h"
#include "core/trace/blob_store.h"
#include "core/trace/sort_runs.h"

namespace heddle::trace {

namespace {

struct Chunk {
    std::shared_ptr<PackedEvent[]> events;
    std::size_t visible = 0;  // the first so many events may be read by a view: they must never change
};

// One life of a tid. A live one has no end.
struct Life {
    ThreadIndex index;
    Nanoseconds latest;
    std::optional<Nanoseconds> end;
};

}  // namespace

std::uint64_t EventLogView::first_at_or_after(Nanoseconds time) const {
    std::uint64_t low = 0;
    std::uint64_t high = size_;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        if (packed(middle).nanoseconds < time.count()) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

Event EventLogView::event(std::uint64_t index) const {
    const PackedEvent& event = packed(index);
    return decode(event, blob(event.extra));
}

std::string_view EventLogView::blob(std::uint32_t extra) const {
    return blobs_ ? blobs_->get(extra) : std::string_view{};
}

std::uint32_t EventLogView::blob_count() const {
    return blobs_ ? blobs_->count() : 0;
}

struct EventLog::Impl {
    std::vector<Chunk> chunks;
    std::uint64_t size = 0;
    std::shared_ptr<std::vector<ThreadInfo>> threads = std::make_shared<std::vector<ThreadInfo>>();
    bool threads_visible = false;
    std::unordered_map<ThreadId, std::vector<Life>> lives;  // oldest first
    std::vector<PackedEvent> sorting_room;
    BlobStore blobs;
    std::shared_ptr<const BlobSnapshot> blob_snapshot;

    std::vector<ThreadInfo>& writable_threads() {
        if (threads_visible) threads = std::make_shared<std::vector<ThreadInfo>>(*threads);
        threads_visible = false;
        return *threads;
    }

    const PackedEvent& at(std::uint64_t index) const {
        return chunks[index / kEventsPerChunk].events[static_cast<std::ptrdiff_t>(index % kEventsPerChunk)];
    }

    std::span<PackedEvent> room() {
        const std::size_t used = size % kEventsPerChunk;
        if (used == 0 && size / kEventsPerChunk == chunks.size()) {
            chunks.push_back({std::make_shared_for_overwrite<PackedEvent[]>(kEventsPerChunk), 0});
        }
        return {chunks.back().events.get() + used, kEventsPerChunk - used};
    }

    void append(std::span<const PackedEvent> events) {
        while (!events.empty()) {
            const auto space = room();
            const std::size_t count = std::min(space.size(), events.size());
            std::memcpy(space.data(), events.data(), count * sizeof(PackedEvent));
            size += count;
            events = events.subspan(count);
        }
    }

    // Forgets the events from `index` on; what a view can see of them stays with that view.
    void truncate(std::uint64_t index) {
        const std::size_t kept = index % kEventsPerChunk;
        chunks.resize((index + kEventsPerChunk - 1) / kEventsPerChunk);
        size = index;
        if (kept == 0 || chunks.back().visible <= kept) return;
        auto copy = std::make_shared_for_overwrite<PackedEvent[]>(kEventsPerChunk);
        std::memcpy(copy.get(), chunks.back().events.get(), kept * sizeof(PackedEvent));
        chunks.back() = {std::move(copy), 0};
    }

    // The first event later than `time`; found fast when it is near the end.
    std::uint64_t first_after(std::int64_t time) const {
        std::uint64_t step = 1;
        std::uint64_t high = size;
        while (high > 0 && at(size - std::min(step, size)).nanoseconds > time) {
            high = size - std::min(step, size);
            step *= 2;
        }
        std::uint64_t low = size - std::min(step, size);
        while (low < high) {
            const std::uint64_t middle = low + (high - low) / 2;
            if (at(middle).nanoseconds > time) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
};

EventLog::EventLog() : impl_(std::make_unique<Impl>()) {}
EventLog::~EventLog() = default;
EventLog::EventLog(EventLog&&) noexcept = default;
EventLog& EventLog::operator=(EventLog&&) noexcept = default;

ThreadIndex EventLog::thread(ThreadId tid, ProcessId pid, Nanoseconds time) {
    auto& lives = impl_->lives[tid];
    for (auto life = lives.rbegin(); life != lives.rend(); ++life) {
        const ThreadInfo& info = (*impl_->threads)[life->index.value];
        const bool same_process = info.pid == pid || pid.value == 0;
        const bool older_fits = std::next(life) != lives.rend() && time < info.first_seen && time <= *std::next(life)->end;
        if (!same_process || older_fits || (life->end && time > *life->end)) continue;
        if (time < info.first_seen) impl_->writable_threads()[life->index.value].first_seen = time;
        life->latest = std::max(life->latest, time);
        return life->index;
    }
    if (!lives.empty() && !lives.back().end) lives.back().end = lives.back().latest;
    auto& threads = impl_->writable_threads();
    const ThreadIndex index{static_cast<std::uint32_t>(threads.size())};
    threads.push_back({tid, pid, time});
    lives.push_back({index, time, std::nullopt});
    return index;
}

void EventLog::end_thread(ThreadId tid) {
    const auto found = impl_->lives.find(tid);
    if (found != impl_->lives.end()) end_thread(tid, found->second.back().latest);
}

void EventLog::end_thread(ThreadId tid, Nanoseconds time) {
    const auto found = impl_->lives.find(tid);
    if (found == impl_->lives.end() || found->second.back().end) return;
    found->second.back().end = time;
}

std::uint32_t EventLog::add_blob(std::string_view bytes) {
    return impl_->blobs.add(bytes);
}

std::uint64_t EventLog::insert(std::vector<PackedEvent>&& batch) {
    if (batch.empty()) return impl_->size;
    sort_runs(batch, impl_->sorting_room);
    const std::uint64_t first = impl_->first_after(batch.front().nanoseconds);
    if (first == impl_->size) {
        impl_->append(batch);
        return first;
    }
    std::vector<PackedEvent> late;
    late.reserve(impl_->size - first);
    for (std::uint64_t i = first; i < impl_->size; ++i) late.push_back(impl_->at(i));
    std::vector<PackedEvent> merged(late.size() + batch.size());
    // Of equal times the event that was there first stays first.
    std::merge(late.begin(), late.end(), batch.begin(), batch.end(), merged.begin(), earlier);
    impl_->truncate(first);
    impl_->append(merged);
    return first;
}

std::uint64_t EventLog::size() const {
    return impl_->size;
}

std::uint32_t EventLog::thread_count() const {
    return static_cast<std::uint32_t>(impl_->threads->size());
}

EventLogView EventLog::view() const {
    EventLogView view;
    view.chunks_.reserve(impl_->chunks.size());
    for (std::size_t i = 0; i < impl_->chunks.size(); ++i) {
        Chunk& chunk = impl_->chunks[i];
        const std::uint64_t begin = static_cast<std::uint64_t>(i) * kEventsPerChunk;
        chunk.visible = static_cast<std::size_t>(std::min<std::uint64_t>(kEventsPerChunk, impl_->size - begin));
        view.chunks_.push_back(chunk.events);
    }
    view.size_ = impl_->size;
    view.threads_ = impl_->threads;
    impl_->threads_visible = true;
    if (!impl_->blob_snapshot || impl_->blob_snapshot->count() != impl_->blobs.count()) {
        impl_->blob_snapshot = std::make_shared<const BlobSnapshot>(impl_->blobs.snapshot());
    }
    view.blobs_ = impl_->blob_snapshot;
    return view;
}

std::span<PackedEvent> EventLog::room() {
    return impl_->room();
}

void EventLog::append_room(std::size_t count) {
    CHECK(count <= impl_->room().size());
    impl_->size += count;
}

void EventLog::set_threads(std::vector<ThreadInfo> threads) {
    CHECK(impl_->size == 0);
    impl_->lives.clear();
    for (std::uint32_t i = 0; i < threads.size(); ++i) {
        auto& lives = impl_->lives[threads[i].tid];
        if (!lives.empty()) lives.back().end = threads[i].first_seen;
        lives.push_back({ThreadIndex{i}, threads[i].first_seen, std::nullopt});
    }
    impl_->threads = std::make_shared<std::vector<ThreadInfo>>(std::move(threads));
    impl_->threads_visible = false;
}

}  // namespace heddle::trace
