// What a frame of the timeline costs over a million events: printed, never asserted. That the cost follows the pixels and not
// the events is asserted by counting what is asked for and drawn.
#include <gmock/gmock-more-matchers.h>
#include <time.h>

#include "app/panels/timeline_panel.h"
#include "core/model/timeline_builder.h"
#include "tests/app/panels/samples.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::test {
namespace {

using testing_support::UiDriver;

double cpu_milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// 8 threads on 4 CPUs, a million events: transitions, switches and hook events, a log that has as many.
std::shared_ptr<model::Snapshot> million(std::uint64_t events) {
    auto snapshot = sample_crowd();
    model::TimelineBuilder builder;
    trace::EventLog log;
    std::vector<trace::PackedEvent> packed;
    constexpr int kThreads = 8, kCpus = 4;
    std::array<model::ThreadState, kThreads> states{};
    for (model::Number n = 1; n <= kThreads; ++n) {
        model::ThreadWorld thread{};
        thread.number = n, thread.process = 1;
        builder.thread_born(thread, Nanoseconds(0), 0);
        log.thread(ThreadId(n), ProcessId(1), Nanoseconds(0));
    }
    std::int64_t time = 0;
    for (std::uint64_t event = 0; event < events; ++event) {
        time += 200 + static_cast<std::int64_t>(event * 7919 % 997);
        const auto who = static_cast<model::Number>(1 + event * 31 % kThreads);
        if (event % 3 == 0) {
            auto& state = states[static_cast<std::size_t>(who) - 1];
            const auto next = static_cast<model::ThreadState>(1 + (static_cast<int>(state) + 1) % 3);
            builder.transition({who, state, next, model::Cause::kTimeOut, {}}, Nanoseconds(time), event);
            state = next;
        } else if (event % 3 == 1) {
            builder.cpu_runs(CpuId(static_cast<int>(event % kCpus)), who, Nanoseconds(time), event);
        } else {
            builder.hook_event(who, Nanoseconds(time), event);
        }
        if (event % 50 == 0) builder.woken(who % kThreads + 1, who, Nanoseconds(time), event);
        packed.push_back(
            {time, 0x1000, 0, trace::make_tail(trace::Kind::kRead, 2, 0x40), static_cast<std::uint32_t>(who - 1), 0});
    }
    log.insert(std::move(packed));
    builder.set_range(Nanoseconds(0), Nanoseconds(time));
    snapshot->log = log.view();
    snapshot->timeline = builder.view();
    snapshot->playhead = events / 2;
    snapshot->playhead_time = Nanoseconds(time / 2), snapshot->live_time = Nanoseconds(time);
    return snapshot;
}

TEST(TimelineCost, FollowsThePixelsAtAnyZoom) {
    const auto snapshot = million(1'000'000);
    const Vec2 size{1600, 400};
    panels::TimelineState state;
    std::vector<model::PlaybackCommand> commands;
    UiDriver driver(size, [&](widgets::Ui& ui) {
        panels::Context context{ui, commands};
        panels::draw_timeline(*snapshot, state, context, Rect{0, 0, size.x, size.y});
    });
    for (const auto scale : {layout::TimeScale::kTime, layout::TimeScale::kEvents}) {
        state.scale = scale;
        const std::int64_t whole =
            scale == layout::TimeScale::kTime ? snapshot->live_time.count() : static_cast<std::int64_t>(snapshot->log.size());
        for (std::int64_t zoom = 1; whole / zoom > 100; zoom *= 10) {
            state.span() = layout::Span{whole / 2 - whole / zoom / 2, whole / 2 + whole / zoom / 2};
            driver.frame();
            constexpr int kFrames = 10;
            double least = 1e9;
            for (int i = 0; i < kFrames; ++i) {
                const double begin = cpu_milliseconds();
                driver.frame();
                least = std::min(least, cpu_milliseconds() - begin);
            }
            std::printf("%s scale, zoom %8lld: %.2f ms CPU, %zu fills\n", scale == layout::TimeScale::kTime ? "time " : "event",
                        static_cast<long long>(zoom), least, driver.log().fills.size());
            EXPECT_LT(driver.log().fills.size(), 60'000u);
        }
    }
}

}  // namespace
}  // namespace heddle::test
