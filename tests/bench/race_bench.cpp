// What race detection and lock orders cost for each event of a made-up log, by what the log is made of.
#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "core/race/lock_order.h"
#include "core/race/race_detector.h"

namespace heddle::race {
namespace {

using trace::CallId;
using trace::Kind;

constexpr std::size_t kEvents = 1'000'000;

enum class Mix {
    kOwnMemory,   // each thread reads and writes its own 16 KiB
    kOneLock,     // short critical sections over the same 16 KiB
    kRacy,        // the same without the lock
    kAtomics,     // one in four is an atomic on one of 16 variables
    kAllocation,  // blocks of 64 bytes are made, filled and freed
};

struct MadeLog {
    std::vector<trace::ThreadInfo> threads;
    std::vector<trace::PackedEvent> events;
};

class Maker {
public:
    explicit Maker(std::uint32_t threads) {
        for (std::uint32_t i = 0; i < threads; ++i)
            log_.threads.push_back({ThreadId{static_cast<std::int32_t>(100 + i)}, ProcessId{100}, Nanoseconds(1)});
        log_.events.reserve(kEvents + 64);
        for (std::uint32_t i = 1; i < threads; ++i) {
            add(0, Kind::kCallBegin, static_cast<std::uint8_t>(CallId::kThreadCreate), 0, 0);
            add(0, Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kThreadCreate), 0xa000 + i, 100 + i);
            add(i, Kind::kThreadStart, 0, 0xa000 + i, 100);
        }
    }
    MadeLog make(Mix mix) {
        while (log_.events.size() < kEvents) add_turn(mix, random_() % static_cast<unsigned>(log_.threads.size()));
        return std::move(log_);
    }

private:
    void add(std::uint32_t thread, Kind kind, std::uint8_t detail, std::uint64_t address, std::uint64_t value) {
        const auto time = static_cast<std::int64_t>(log_.events.size() * 100);
        log_.events.push_back({time, address, value, trace::make_tail(kind, detail, 0x401000 + random_() % 512), thread, 0});
    }
    void call(std::uint32_t thread, CallId call, std::uint64_t object) {
        add(thread, Kind::kCallBegin, static_cast<std::uint8_t>(call), object, 0);
        add(thread, Kind::kCallEnd, static_cast<std::uint8_t>(call), object, 0);
    }
    void accesses(std::uint32_t thread, std::uint64_t base, unsigned words, int count) {
        for (int i = 0; i < count; ++i)
            add(thread, random_() % 3 != 0 ? Kind::kRead : Kind::kWrite, 2, base + 4 * (random_() % words), i);
    }
    // What one thread does before another comes.
    void add_turn(Mix mix, std::uint32_t thread) {
        constexpr std::uint64_t kShared = 0x404000, kMutex = 0x403000, kHeap = 0x600000;
        switch (mix) {
            case Mix::kOwnMemory:
                return accesses(thread, 0x10000000 + 0x100000 * std::uint64_t{thread}, 4096, 16);
            case Mix::kOneLock:
                call(thread, CallId::kMutexLock, kMutex);
                accesses(thread, kShared, 4096, 12);
                return call(thread, CallId::kMutexUnlock, kMutex);
            case Mix::kRacy:
                return accesses(thread, kShared, 4096, 16);
            case Mix::kAtomics:
                accesses(thread, 0x10000000 + 0x100000 * std::uint64_t{thread}, 4096, 12);
                for (int i = 0; i < 4; ++i)
                    add(thread, Kind::kAtomicUpdate, 2 | 4 << 4, kMutex + 8 * (random_() % 16), random_());
                return;
            case Mix::kAllocation:
                const std::uint64_t block = kHeap + 0x10000 * std::uint64_t{thread} + 64 * (random_() % 1024);
                add(thread, Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kMalloc), block, 64);
                accesses(thread, block, 16, 14);
                add(thread, Kind::kCallEnd, static_cast<std::uint8_t>(CallId::kFree), block, 0);
        }
    }

    MadeLog log_;
    std::mt19937 random_{7};
};

void detect_races(benchmark::State& state, Mix mix) {
    const MadeLog log = Maker(static_cast<std::uint32_t>(state.range(0))).make(mix);
    std::size_t races = 0;
    for (auto unused : state) {
        RaceDetector detector;
        for (std::size_t i = 0; i < log.events.size(); ++i) detector.add(log.events[i], i, log.threads);
        races = detector.races().size();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(log.events.size()));
    state.counters["races"] = static_cast<double>(races);
}
BENCHMARK_CAPTURE(detect_races, own_memory, Mix::kOwnMemory)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect_races, one_lock, Mix::kOneLock)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect_races, racy, Mix::kRacy)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect_races, atomics, Mix::kAtomics)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(detect_races, allocation, Mix::kAllocation)->Arg(4)->Arg(16)->Unit(benchmark::kMillisecond);

void follow_locks(benchmark::State& state) {
    const MadeLog log = Maker(16).make(Mix::kOneLock);
    for (auto unused : state) {
        LockOrder order;
        for (std::size_t i = 0; i < log.events.size(); ++i) order.add(log.events[i], i, log.threads);
        benchmark::DoNotOptimize(order.find());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(log.events.size()));
}
BENCHMARK(follow_locks)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace heddle::race

BENCHMARK_MAIN();
