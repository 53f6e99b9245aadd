// What the log costs: inserting events, draining a full ring, opening a saved run of ten million events (time, and memory per
// event). Run it from the release build; figures are of this machine.

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "core/trace/arena_host.h"
#include "core/trace/ring_reader.h"
#include "core/trace/run_file.h"

namespace heddle::trace {
namespace {

PackedEvent write_at(std::int64_t time) {
    return {time, 0x5000, static_cast<std::uint64_t>(time), make_tail(Kind::kWrite, 2, 0x401000), 0, 0};
}

std::vector<PackedEvent> events_from(std::int64_t time, std::size_t count) {
    std::vector<PackedEvent> events;
    for (std::size_t i = 0; i < count; ++i) events.push_back(write_at(time + static_cast<std::int64_t>(i)));
    return events;
}

// Batches as a session makes them; every batch begins `late` events before the log's end, and a view is taken after each.
void insert(benchmark::State& state) {
    constexpr std::size_t kBatch = 10'000;
    const std::int64_t late = state.range(0);
    const auto batch = events_from(0, kBatch);
    for (auto unused : state) {
        EventLog log;
        for (int round = 0; round < 100; ++round) {
            auto events = batch;
            const std::int64_t start = round * static_cast<std::int64_t>(kBatch) - late;
            for (auto& event : events) event.nanoseconds += start;
            log.insert(std::move(events));
            benchmark::DoNotOptimize(log.view());
        }
    }
    state.SetItemsProcessed(state.iterations() * 100 * static_cast<std::int64_t>(kBatch));
}
BENCHMARK(insert)->Arg(0)->Arg(1'000)->Unit(benchmark::kMillisecond);

void drain_full_ring(benchmark::State& state) {
    EventLog log;
    Arena arena = Arena::create().value();
    RingReader reader(arena, log);
    ThreadSlot& slot = arena.slot(0);
    slot.pid = slot.tid = 100;
    slot.state = static_cast<std::uint32_t>(SlotState::kLive);
    const std::uint64_t capacity = arena.options().ring_capacity;
    auto* const ring = const_cast<Record*>(arena.ring(0));
    std::vector<PackedEvent> events;
    for (auto unused : state) {
        state.PauseTiming();
        events.clear();
        for (std::uint64_t i = 0; i < capacity; ++i) {
            ring[i] = {read_ticks(arena.options().tick_source), 0x5000, i, make_tail(Kind::kWrite, 2, 0x401000)};
        }
        slot.head += capacity;
        state.ResumeTiming();
        reader.drain(events);
        benchmark::DoNotOptimize(events.data());
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(reader.stats().records));
}
BENCHMARK(drain_full_ring)->Unit(benchmark::kMillisecond);

std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// Every hundredth event has a blob, as register sets and samples have.
void save_ten_million(const std::string& path, std::size_t count) {
    EventLog log;
    log.thread(ThreadId{100}, ProcessId{100}, Nanoseconds(0));
    for (std::size_t done = 0; done < count; done += 100'000) {
        auto events = events_from(static_cast<std::int64_t>(done), 100'000);
        for (std::size_t i = 0; i < events.size(); i += 100) events[i].extra = log.add_blob(std::string(196, 'r'));
        log.insert(std::move(events));
    }
    RunFile run;
    run.log = log.view();
    const auto saved = save_run(path, run);
    if (!saved) std::fprintf(stderr, "%s\n", saved.error().message().c_str());
}

void open_ten_million(benchmark::State& state) {
    constexpr std::size_t kEvents = 10'000'000;
    const std::string path = "/tmp/heddle-bench-" + std::to_string(::getpid()) + ".heddle";
    save_ten_million(path, kEvents);
    ::malloc_trim(0);
    const std::size_t before = resident_bytes();
    std::size_t after = before;
    for (auto unused : state) {
        const auto run = open_run(path);
        if (!run || run->log.size() != kEvents) state.SkipWithError("the run did not open");
        state.PauseTiming();
        after = std::max(after, resident_bytes());
        state.ResumeTiming();
    }
    ::unlink(path.c_str());
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kEvents));
    state.counters["bytes_per_event"] = static_cast<double>(after - before) / static_cast<double>(kEvents);
}
BENCHMARK(open_ten_million)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace heddle::trace

BENCHMARK_MAIN();
