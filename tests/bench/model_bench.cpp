// What folding, jumping, resolving and drawing a long run costs: a made-up log of hooks and switches of 16 threads on 4 CPUs.
// Usage: heddle_bench_model [events, 1000000 by default] [events of the long run, 10000000]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <vector>

#include "core/model/conflict_report.h"
#include "core/model/observatory.h"

namespace {

using namespace heddle;
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Of this thread.
double cpu_milliseconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// 16 threads; one event in `switch_every` is a switch, the others are accesses, calls and function entries.
trace::EventLog make_log(std::uint64_t events, unsigned switch_every) {
    trace::EventLog log;
    constexpr std::uint32_t kThreads = 16;
    for (std::uint32_t i = 0; i < kThreads; ++i)
        log.thread(ThreadId{static_cast<int>(100 + i)}, ProcessId{100}, Nanoseconds(1));
    std::mt19937 random(7);
    std::vector<std::uint8_t> depth(kThreads, 1);
    std::vector<bool> on(kThreads, false);
    std::vector<trace::PackedEvent> batch;
    std::int64_t now = 1'000'000;
    for (std::uint64_t i = 0; i < events; ++i) {
        now += 20 + static_cast<std::int64_t>(random() % 200);
        const std::uint32_t thread = random() % kThreads;
        trace::Kind kind = trace::Kind::kWrite;
        std::uint8_t detail = 2;
        std::uint64_t address = 0x404000 + (random() % 4096) * 4, value = random() % 1000, pc = 0x401000 + random() % 4096;
        std::uint32_t extra = 0;
        const unsigned choice = random() % 100;
        if (random() % switch_every == 0) {
            kind = on[thread] ? trace::Kind::kSwitchOut : trace::Kind::kSwitchIn;
            detail = kind == trace::Kind::kSwitchOut && random() % 2;
            extra = thread % 4;
            on[thread] = !on[thread];
            address = value = pc = 0;
        } else if (choice < 40) {
            kind = trace::Kind::kRead;
        } else if (choice < 50) {
            kind = depth[thread] < 20 && random() % 2 ? trace::Kind::kFunctionEntry : trace::Kind::kFunctionExit;
            if (kind == trace::Kind::kFunctionExit && depth[thread] == 1) kind = trace::Kind::kFunctionEntry;
            detail = kind == trace::Kind::kFunctionEntry ? ++depth[thread] : depth[thread]--;
            address = 0x7ffe00000000 - detail * 64U;
            value = pc;
        } else if (choice < 55) {
            kind = choice < 53 ? trace::Kind::kCallBegin : trace::Kind::kCallEnd;
            detail = static_cast<std::uint8_t>(trace::CallId::kMutexLock);
            address = 0x405000;
            value = 0;
        }
        batch.push_back({now, address, value, trace::make_tail(kind, detail, pc), thread, extra});
        if (batch.size() == 65536) {
            log.insert(std::move(batch));
            batch.clear();
        }
    }
    log.insert(std::move(batch));
    return log;
}

void timeline_queries(const model::TimelineView& timeline, const char* name) {
    const auto span = (timeline.end() - timeline.start()).count();
    std::mt19937 random(3);
    std::vector<model::Bar> bars;
    std::vector<model::Tick> ticks;
    std::vector<model::WakeArrow> arrows;
    double worst = 0;
    for (double zoom = 1; zoom < 2e6; zoom *= 3) {
        double best = 1e9;
        std::size_t shown = 0;
        for (int round = 0; round < 40; ++round) {
            const auto width = static_cast<std::int64_t>(static_cast<double>(span) / zoom) + 1;
            const auto room = static_cast<std::uint64_t>(span - width) + 1;
            const Nanoseconds from =
                timeline.start() + Nanoseconds(static_cast<std::int64_t>(static_cast<double>(random()) / 4294967296.0 *
                                                                         static_cast<double>(room)));
            const double start = cpu_milliseconds();
            shown = 0;
            for (std::size_t lane = 0; lane < std::min<std::size_t>(timeline.lanes().size(), 20); ++lane) {
                timeline.bars(lane, from, from + Nanoseconds(width), 1600, bars);
                shown += bars.size();
                timeline.ticks(lane, from, from + Nanoseconds(width), 1600, ticks);
                shown += ticks.size();
            }
            timeline.wake_arrows(from, from + Nanoseconds(width), 500, arrows);
            best = std::min(best, cpu_milliseconds() - start);
        }
        worst = std::max(worst, best);
        std::printf("  %s zoom %10.0f: %.3f ms of CPU for %zu lanes x 1600 px, %zu pieces\n", name, zoom, best,
                    timeline.lanes().size(), shown);
    }
    std::printf("timeline.%s.worst_ms %.3f\n", name, worst);
}

void one_million(std::uint64_t events, unsigned switch_every, const char* name) {
    const trace::EventLog log = make_log(events, switch_every);
    model::Observatory observatory({});
    auto start = Clock::now();
    observatory.append(log.view(), 0);
    const double fold = milliseconds_since(start);
    std::printf("fold.%s %.1f ns/event (%.0f ms for %llu events)\n", name, fold * 1e6 / static_cast<double>(events), fold,
                static_cast<unsigned long long>(events));
    std::mt19937_64 random(5);
    std::vector<double> jumps;
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t to = random() % events;
        start = Clock::now();
        observatory.at(to);
        jumps.push_back(milliseconds_since(start));
    }
    std::sort(jumps.begin(), jumps.end());
    std::printf("jump.%s median %.2f ms, worst of 200 %.2f ms\n", name, jumps[100], jumps.back());
    std::vector<double> snapshots;
    model::Transport transport;
    for (std::uint64_t i = 0; i < 200; ++i) {
        transport.playhead = events / 2 + i;
        start = Clock::now();
        const auto snapshot = observatory.snapshot(transport);
        snapshots.push_back(milliseconds_since(start));
    }
    std::sort(snapshots.begin(), snapshots.end());
    std::printf("snapshot.%s median %.2f ms, worst of 200 steps %.2f ms\n", name, snapshots[100], snapshots.back());
    timeline_queries(*observatory.timeline(), name);
}

void long_run(std::uint64_t events) {
    const trace::EventLog log = make_log(events, 50);
    model::Observatory observatory({});
    const auto start = Clock::now();
    observatory.append(log.view(), 0);
    const double fold = milliseconds_since(start);
    const auto memory = observatory.memory();
    std::printf("long.fold %.1f ns/event (%.2f s for %llu events)\n", fold * 1e6 / static_cast<double>(events), fold / 1e3,
                static_cast<unsigned long long>(events));
    std::printf("long.bytes_per_event timeline %.1f, checkpoints at most %.1f (%zu of them), log 40\n",
                static_cast<double>(memory.timeline_bytes) / static_cast<double>(events),
                static_cast<double>(memory.checkpoint_bytes) / static_cast<double>(events), memory.checkpoints);
}

// Races and lock orders of a whole run, and their names.
void conflicts(std::uint64_t events) {
    const trace::EventLog log = make_log(events, 20);
    model::Observatory observatory({});
    observatory.append(log.view(), 0);
    const auto start = Clock::now();
    model::ConflictSearch search;
    search.look(log.view(), events);
    const double looked = milliseconds_since(start);
    model::ConflictReport report;
    report.finish(search, observatory);
    std::printf("conflicts of %llu events: %.0f ms, their names: %.0f ms (%zu findings)\n",
                static_cast<unsigned long long>(events), looked, milliseconds_since(start) - looked, report.findings().size());
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
    one_million(events, 20, "mixed");
    one_million(events, 1, "switches");
    conflicts(2'000'000);
    long_run(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 10'000'000);
}
