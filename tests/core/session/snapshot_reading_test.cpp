// What a session has shown, read while it goes on. Under TSan, which sees where its thread and the front end's meet.
#include <vector>

#include "tests/core/session/session_fixture.h"

namespace heddle::session {
namespace {

using model::RunStatus;

// What the front end's thread draws of one snapshot: every lane of the timeline, and the log's times.
using Drawn = std::vector<std::int64_t>;

Drawn drawn(const model::Snapshot& snapshot) {
    Drawn times;
    const auto keep = [&](Nanoseconds time) { times.push_back(time.count()); };
    const model::TimelineView& timeline = *snapshot.timeline;
    std::vector<model::Bar> bars;
    std::vector<model::Tick> ticks;
    std::vector<model::WakeArrow> arrows;
    for (std::size_t lane = 0; lane < timeline.lanes().size(); ++lane) {
        timeline.bars(lane, timeline.start(), timeline.end(), 500, bars);
        timeline.ticks(lane, timeline.start(), timeline.end(), 500, ticks);
        for (const model::Bar& bar : bars) keep(bar.start), keep(bar.end);
        for (const model::Tick& tick : ticks) keep(tick.time);
    }
    timeline.wake_arrows(timeline.start(), timeline.end(), 500, arrows);
    for (const model::WakeArrow& arrow : arrows) keep(arrow.time);
    for (std::uint64_t i = 0; i < snapshot.log.size(); ++i) keep(snapshot.log.time(i));
    return times;
}

using SnapshotReading = SessionTest;

// The session's thread goes on with the log and the timeline whose views the front end's thread is reading.
TEST_F(SnapshotReading, IsDoneWhileTheRunGoesOnAndStaysAsItIs) {
    auto session = Session::start(program(R"(#include <chrono>
#include <mutex>
#include <thread>
std::mutex m;
int counter;
void work() {
    for (int i = 0; i < 400; ++i) {
        { std::lock_guard lock(m); ++counter; }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}
int main() { std::thread a(work), b(work); a.join(); b.join(); }
)"));
    ASSERT_TRUE(session);
    (*session)->on_new_snapshot([](void*) {}, nullptr);
    std::vector<std::pair<std::shared_ptr<const model::Snapshot>, Drawn>> seen;
    std::shared_ptr<const model::Snapshot> snapshot;
    do {
        snapshot = (*session)->snapshot();
        if (snapshot->status != RunStatus::kRunning || !snapshot->timeline) continue;
        if (seen.empty() || seen.back().first != snapshot) seen.emplace_back(snapshot, drawn(*snapshot));
        EXPECT_EQ(drawn(*snapshot), seen.back().second);
    } while (snapshot->status <= RunStatus::kRunning);
    ASSERT_GT(seen.size(), 1u) << "it is seen while it runs";
    EXPECT_GT(seen.back().first->log.size(), seen.front().first->log.size());
    for (const auto& [earlier, looked] : seen) EXPECT_EQ(drawn(*earlier), looked);
}

}  // namespace
}  // namespace heddle::session
