#include <gtest/gtest.h>
#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <thread>

#include "core/session/session.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using SnapshotPtr = std::shared_ptr<const model::Snapshot>;

class StepTest : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/heddle-step-XXXXXX";
        folder_ = ::mkdtemp(name);
    }
    void TearDown() override {
        session_.reset();
        std::filesystem::remove_all(folder_);
    }

    // Starts it, standing where main begins, or at the end of the schedule.
    SnapshotPtr start(const std::string& source, const std::string& schedule = {}) {
        std::ofstream(folder_ / "main.cpp") << source;
        RunRequest request;
        request.scenario.id = "test/program";
        request.scenario.folder = folder_;
        request.scenario.variants = {{"main", {"Main", "Main"}, folder_ / "main.cpp"}};
        request.mode = model::Mode::kStep;
        request.schedule = schedule;
        auto session = Session::start(std::move(request));
        EXPECT_TRUE(session) << session.error().message();
        session_ = std::move(*session);
        session_->on_new_snapshot([](void*) {}, nullptr);
        return session_->wait();
    }

    SnapshotPtr wait_for(const std::function<bool(const model::Snapshot&)>& there) {
        const auto until = std::chrono::steady_clock::now() + 10s;
        SnapshotPtr snapshot = session_->snapshot();
        while (!there(*snapshot) && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(100us);
            snapshot = session_->snapshot();
        }
        return snapshot;
    }

    // One more step by this thread; the snapshot after it.
    SnapshotPtr step(model::Number thread) {
        const std::size_t before = session_->snapshot()->step->step;
        session_->post(model::StepThread{thread});
        return wait_for([&](const model::Snapshot& now) {
            return now.step && now.step->standing && (now.step->step > before || now.status == model::RunStatus::kEnded);
        });
    }

    static const model::PendingView* pending(const model::Snapshot& snapshot, model::Number thread) {
        for (const model::PendingView& each : snapshot.step->pending) {
            if (each.thread == thread) return &each;
        }
        return nullptr;
    }
    static std::string about_to(const model::Snapshot& snapshot, model::Number thread) {
        const model::PendingView* const view = pending(snapshot, thread);
        if (view == nullptr) return "nothing";
        const auto name = view->what.arguments.find("name");
        return view->what.key + (name == view->what.arguments.end() || name->second.empty() ? "" : " " + name->second);
    }
    // Steps a thread until it is about to do this.
    SnapshotPtr until(model::Number thread, const std::string& operation) {
        SnapshotPtr now = session_->snapshot();
        for (int i = 0; i < 300 && about_to(*now, thread) != operation; ++i) now = step(thread);
        return now;
    }
    static std::string value_of(const model::Snapshot& snapshot, const std::string& name) {
        for (const model::RegionView& region : snapshot.processes.front().regions) {
            for (const model::VariableView& variable : region.variables) {
                if (variable.name == name) return variable.value;
            }
        }
        return "?";
    }

    std::filesystem::path folder_;
    std::unique_ptr<Session> session_;
};

constexpr char kLostUpdate[] = R"(
#include <thread>
int counter = 0;
void work() { counter++; }
int main() {
    std::thread a(work), b(work);
    a.join();
    b.join();
    return counter;
}
)";

TEST_F(StepTest, MakesAnUpdateGetLost) {
    SnapshotPtr now = start(kLostUpdate);
    ASSERT_TRUE(now->step) << now->failure;
    EXPECT_EQ(now->run.badge, model::Badge::kControlled);
    now = until(1, "pending.join T2");
    EXPECT_FALSE(pending(*now, 1)->enabled);
    ASSERT_EQ(now->threads.size(), 3u);
    now = until(2, "pending.read counter");
    now = until(3, "pending.read counter");
    now = step(2);
    EXPECT_EQ(now->sentence.key, "event.read");
    EXPECT_EQ(about_to(*now, 2), "pending.write counter");
    now = step(3);
    EXPECT_EQ(about_to(*now, 3), "pending.write counter");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kReady);
    EXPECT_EQ(now->threads[2].state, model::ThreadState::kRunning);
    EXPECT_EQ(now->threads[0].state, model::ThreadState::kWaiting);
    now = step(2);
    EXPECT_EQ(value_of(*now, "counter"), "1");
    now = step(3);
    EXPECT_EQ(now->sentence.key, "event.write_lost");
    EXPECT_EQ(value_of(*now, "counter"), "1");
    until(2, "nothing");
    until(3, "nothing");
    until(1, "nothing");
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return s.status == model::RunStatus::kEnded; });
    EXPECT_EQ(end->exit.code, 1);
}

TEST_F(StepTest, GoesBackAndAnotherWay) {
    start(kLostUpdate);
    until(1, "pending.join T2");
    until(2, "pending.write counter");
    SnapshotPtr now = until(3, "pending.write counter");
    const std::size_t there = now->step->step;
    session_->post(model::StepBack{});
    now = wait_for([&](const model::Snapshot& s) { return s.step->step < there; });
    EXPECT_EQ(about_to(*now, 3), "pending.read counter");
    EXPECT_EQ(about_to(*now, 2), "pending.write counter");
    // From here on the other way: T2 finishes first.
    session_->post(model::StepThread{2});
    now = wait_for(
        [&](const model::Snapshot& s) { return s.step && !s.step->replaying && about_to(s, 2) != "pending.write counter"; });
    EXPECT_EQ(about_to(*now, 3), "pending.read counter");
    EXPECT_EQ(value_of(*now, "counter"), "1");
    until(3, "pending.write counter");
    now = step(3);
    EXPECT_EQ(value_of(*now, "counter"), "2");
    // The same schedule leads to the same place.
    const std::string schedule = now->step->schedule;
    now = start(kLostUpdate, schedule);
    EXPECT_TRUE(now->step->schedule.starts_with(schedule)) << now->step->schedule;
    EXPECT_EQ(value_of(*now, "counter"), "2");
}

TEST_F(StepTest, NamesADeadlock) {
    start(R"(
#include <mutex>
#include <thread>
std::mutex a, b;
void one() { std::scoped_lock first(a); std::scoped_lock second(b); }
void two() { std::scoped_lock first(b); std::scoped_lock second(a); }
int main() {
    std::thread x(one), y(two);
    x.join();
    y.join();
}
)");
    until(1, "pending.join T2");
    until(2, "pending.lock b");
    SnapshotPtr now = until(3, "pending.lock a");
    EXPECT_FALSE(pending(*now, 2)->enabled);
    EXPECT_EQ(pending(*now, 2)->obstacle.key, "pending.held_by");
    EXPECT_EQ(pending(*now, 2)->obstacle.arguments.at("holder"), "T3");
    EXPECT_EQ(now->threads[1].state, model::ThreadState::kWaiting);
    now = wait_for([](const model::Snapshot& s) { return s.step && !s.step->over.empty(); });
    EXPECT_EQ(now->step->over, "step.over_deadlock");
    ASSERT_FALSE(now->findings.empty());
    EXPECT_EQ(now->findings.back().id, "deadlock");
}

}  // namespace
}  // namespace heddle::session
