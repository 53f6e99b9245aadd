// A program under the learner's hand. For the tests of Step.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "core/session/exploration.h"
#include "tests/core/session/session_fixture.h"

namespace heddle::session {

using SnapshotPtr = std::shared_ptr<const model::Snapshot>;

class StepTest : public SessionTest {
protected:
    // Starts it, standing where main begins, or at the end of the schedule.
    SnapshotPtr start(const std::string& source, const std::string& schedule = {}) {
        RunRequest request = program(source);
        request.schedule = schedule;
        return start(std::move(request));
    }
    SnapshotPtr start(RunRequest request) {
        build_beforehand(request.scenario);
        request.mode = model::Mode::kStep;
        auto session = Session::start(std::move(request));
        EXPECT_TRUE(session) << session.error().message();
        session_ = std::move(*session);
        session_->on_new_snapshot([](void*) {}, nullptr);
        return session_->wait();
    }

    // What Explore finds first in it, of this kind; the same when its schedule is followed there again.
    FoundBug explored(const std::string& source, const std::string& kind) {
        start(source);  // builds it
        ExplorationRequest request;
        request.program = session_->snapshot()->run.program;
        request.options.timeout_s = 60;
        session_.reset();
        const auto found = explore_program(request);
        EXPECT_TRUE(found) << found.error().message();
        if (!found || found->bugs.size() != 1 || found->bugs.front().kind != kind) {
            ADD_FAILURE() << "no " << kind << " alone";
            return {};
        }
        const auto again = replay_schedule(request, found->bugs.front().schedule, 2);
        EXPECT_TRUE(again) << again.error().message();
        EXPECT_EQ(again.value_or(std::vector<std::string>()), (std::vector<std::string>{kind, kind}));
        return found->bugs.front();
    }

    // Follows the schedule of every outcome that a search of it has, each to the program's very end. How many those are.
    std::size_t follow_outcomes(RunRequest request,
                                const std::function<void(const explore::Outcome&, const model::Snapshot& end)>& each = {}) {
        ExplorationRequest exploration;
        exploration.program = start(request)->run.program;  // builds it
        exploration.arguments = request.scenario.arguments;
        exploration.options.all = true;
        session_.reset();
        const auto found = explore_program(exploration);
        EXPECT_TRUE(found) << found.error().message();
        if (!found) return 0;
        for (const explore::Outcome& outcome : found->report.outcomes) {
            request.schedule = sched::to_text(outcome.schedule);
            SCOPED_TRACE(request.schedule);
            const SnapshotPtr end = start(request);
            EXPECT_EQ(end->step->over, "step.over_finished");
            if (each) each(outcome, *end);
        }
        return found->report.outcomes.size();
    }

    SnapshotPtr wait_for(const std::function<bool(const model::Snapshot&)>& there) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        SnapshotPtr snapshot = session_->snapshot();
        while (!there(*snapshot) && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(std::chrono::microseconds(100));
            snapshot = session_->snapshot();
        }
        return snapshot;
    }

    // One more step by this thread, once it can go on; the snapshot after it.
    SnapshotPtr step(model::Number thread) {
        wait_for([&](const model::Snapshot& now) {
            const model::PendingView* const next = now.step ? pending(now, thread) : nullptr;
            return next == nullptr || next->enabled || next->may_wake || !now.step->over.empty();
        });
        const std::size_t before = session_->snapshot()->step->step;
        session_->post(model::StepThread{thread});
        const auto came = [&](const model::Snapshot& now) {
            return now.step && now.step->standing && (now.step->step > before || now.status == model::RunStatus::kEnded);
        };
        const SnapshotPtr after = wait_for(came);
        EXPECT_TRUE(came(*after)) << "T" << thread << " makes no step; about to " << about_to(*after, thread) << ", step "
                                  << after->step->step << " of " << after->step->steps
                                  << (after->step->standing ? "" : ", moves");
        return after;
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

    std::unique_ptr<Session> session_;
};

}  // namespace heddle::session
