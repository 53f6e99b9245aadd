#include "core/sched/controller.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "core/base/check.h"
#include "core/trace/process_stat.h"

namespace heddle::sched {

using trace::has_ended;
using trace::kMostFibers;
using trace::kMostSteps;

Controller::Controller(trace::Board& board) : board_(board) {
    board_.magic = trace::kBoardMagic;
    board_.bytes = sizeof(trace::Board);
    board_.on_threads = 1;
    board_.step_limit = kMostSteps;
    board_.task = trace::Task::kStep;
    board_.asked.store(1);  // to stand before main
}

bool Controller::stands() const {
    return gone() || board_.answered.load() == board_.asked.load();
}

bool Controller::await(Nanoseconds most) const {
    const Nanoseconds until = monotonic_now() + most;
    board_.heddle_waits.store(1);
    while (!stands()) {
        const Nanoseconds left = until - monotonic_now();
        if (left <= Nanoseconds(0)) break;
        const timespec pause{0, static_cast<long>(std::min<std::int64_t>(left.count(), 5'000'000))};
        const std::uint32_t answered = board_.answered.load();
        if (!stands()) ::syscall(SYS_futex, &board_.answered, FUTEX_WAIT, answered, &pause, nullptr, 0);
    }
    board_.heddle_waits.store(0);
    return stands();
}

void Controller::go(const Course& course) {
    CHECK(stands());
    const std::size_t count = std::min<std::size_t>(course.blocks.size(), kMostSteps);
    std::copy_n(course.blocks.begin(), count, board_.blocks);
    board_.block_count = static_cast<std::uint32_t>(count);
    board_.follow = course.follow;
    board_.seed = course.seed;
    board_.priority_changes = 3;
    board_.expected_steps = 64;
    board_.pause_at = course.pause_at;
    // A schedule may end within what is no step otherwise.
    board_.every_access = course.pause_at == trace::kAfterBlocks ? 1 : 0;
    board_.asked.fetch_add(1);
    ::syscall(SYS_futex, &board_.asked, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

void Controller::update() {
    const std::uint32_t written = std::atomic_ref(board_.step_count).load(std::memory_order_acquire);
    const std::uint32_t count = std::min(written, kMostSteps);
    for (auto i = static_cast<std::uint32_t>(steps_.size()); i < count; ++i) {
        MadeStep made{board_.steps[i], board_.times[i].arrived, board_.times[i].released};
        made.step.thread = static_cast<std::uint8_t>(made.step.thread % kMostFibers);
        const std::int64_t before = steps_.empty() ? 0 : steps_.back().released;
        made.arrived = std::max(made.arrived, before);
        made.released = std::max(made.released, made.arrived);
        steps_.push_back(made);
    }
    // What the latest step came to is written down while it is done.
    if (!steps_.empty() && steps_.size() <= count) {
        const std::uint8_t thread = steps_.back().step.thread;
        steps_.back().step = board_.steps[steps_.size() - 1];
        steps_.back().step.thread = thread;
    }
}

std::uint32_t Controller::threads() const {
    return std::min(board_.thread_count, kMostFibers);
}

std::int32_t Controller::tid(std::uint32_t thread) const {
    return thread < kMostFibers ? board_.tids[thread] : 0;
}

std::int32_t Controller::pid(std::uint32_t thread) const {
    return thread < kMostFibers ? board_.pids[thread] : 0;
}

std::uint32_t Controller::mover() const {
    return stands() || ended() ? kMostFibers : board_.mover.load();
}

void Controller::free_turn(bool give_up) {
    const std::uint32_t away = mover();
    const bool mover_gone = away < kMostFibers && (give_up || has_ended(pid(away)));
    if (ended() || !(mover_gone || has_ended(board_.chooser.load()))) return;
    board_.given_up.store(give_up ? away + 1 : 0);
    for (std::uint32_t thread = 0; thread < threads(); ++thread) {
        auto waits = static_cast<std::uint32_t>(trace::Turn::kWait);
        if (thread == away) continue;
        const auto take_over = static_cast<std::uint32_t>(trace::Turn::kTakeOver);
        if (!board_.turns[thread].compare_exchange_strong(waits, take_over)) continue;
        ::syscall(SYS_futex, &board_.turns[thread], FUTEX_WAKE, 1, nullptr, nullptr, 0);
    }
}

bool Controller::holds_anybody() const {
    const auto how = ended();
    if (how && standing().enabled != 0) return false;
    for (std::uint32_t thread = 0; thread < threads(); ++thread) {
        if ((board_.alive >> thread & 1) != 0 && pid(thread) > 0 && !has_ended(pid(thread))) return true;
    }
    return false;
}

Standing Controller::standing() const {
    constexpr int kMostTries = 100;  // the program may have scribbled over it
    Standing standing;
    for (int tries = 0; tries < kMostTries; ++tries) {
        const std::uint32_t before = described();
        standing.alive = gone() ? 0 : board_.alive;
        standing.enabled = board_.enabled & standing.alive;
        standing.arrived = board_.times[std::min(board_.step_count, kMostSteps - 1)].arrived;
        std::copy_n(board_.pending, kMostFibers, standing.pending);
        std::copy_n(board_.pending_callers, kMostFibers, standing.callers);
        if (before % 2 == 0 && described() == before) break;
    }
    return standing;
}

std::optional<Ended> Controller::ended() const {
    const trace::Ending told = trace::ending_of(board_), how = told != trace::Ending::kNone ? told : gone_;
    if (how == trace::Ending::kNone) return std::nullopt;
    return Ended{how,       board_.value,  board_.object,
                 board_.pc, board_.thread, {board_.text, std::find(board_.text, board_.text + trace::kBoardTextBytes, '\0')}};
}

}  // namespace heddle::sched
