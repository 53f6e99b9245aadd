#include "core/explore/search.h"

#include <algorithm>

#include "core/trace/dependence.h"

namespace heddle::explore {

// The first leaf of what is planned, as choices.
void Search::choose_from(std::vector<WakeupNode> path) {
    for (const std::vector<WakeupNode>* level = &path; !level->empty(); level = &level->front().children) {
        tail_.push_back({level->front().move.thread, level->front().move.choice});
    }
    planned_ = std::move(path);
}

// What was tried from the frame just now. Returns in which ways that thread's step was tried so far.
std::uint64_t Search::put_to_sleep(Frame& frame) {
    const Move& taken = frame.taken;
    auto sleeper = std::find_if(frame.asleep.begin(), frame.asleep.end(),
                                [&](const Sleeper& each) { return each.move.thread == taken.thread; });
    if (sleeper == frame.asleep.end()) sleeper = frame.asleep.insert(sleeper, {taken, 0});
    sleeper->move.operation.flags |= taken.operation.flags;
    sleeper->choices |= choice_bit(taken);
    const std::uint64_t all = taken.choices >= 64 ? kEveryChoice : (std::uint64_t{1} << taken.choices) - 1;
    if ((sleeper->choices & all) == all) sleeper->choices = kEveryChoice;
    return sleeper->choices;
}

// The frame's next move, when it has one: another way for the same step to come out, then what waits.
bool Search::advance(Frame& frame) {
    planned_.clear();
    if (!frame.impossible) {
        const std::uint64_t tried = put_to_sleep(frame);
        if (frame.every_choice && tried != kEveryChoice) {
            frame.taken.choice = static_cast<std::uint8_t>(__builtin_ctzll(~tried));
            tail_.push_back({frame.taken.thread, frame.taken.choice});
            return true;
        }
    }
    frame.impossible = false;
    if (frame.waiting.empty()) return false;
    WakeupNode node = std::move(frame.waiting.front());
    frame.waiting.erase(frame.waiting.begin());
    frame.taken = node.move;
    frame.every_choice = node.is_leaf();
    tail_.push_back({node.move.thread, node.move.choice});
    choose_from(std::move(node.children));
    return true;
}

std::optional<Request> Search::next() {
    prefix_.clear();
    Request request;
    if (!started_) {
        started_ = true;
        fixed_ = 0;
        planned_.clear();
        request.prefix = prefix_;
        return request;
    }
    tail_.clear();
    while (!frames_.empty() && !advance(frames_.back())) frames_.pop_back();
    if (frames_.empty()) return std::nullopt;
    fixed_ = frames_.size();
    for (std::size_t i = 0; i + 1 < fixed_; ++i) prefix_.push_back({frames_[i].taken.thread, frames_[i].taken.choice});
    prefix_.insert(prefix_.end(), tail_.begin(), tail_.end());
    request.sleep_from = static_cast<std::uint32_t>(fixed_ - 1);
    for (const Sleeper& sleeper : frames_.back().asleep) {
        if (sleeper.choices == kEveryChoice) {
            request.asleep |= std::uint64_t{1} << sleeper.move.thread;
        } else {
            request.asleep_in_part.push_back({sleeper.move.thread, sleeper.choices});
        }
    }
    request.prefix = prefix_;
    return request;
}

void Search::restart() {
    frames_.clear();
    planned_.clear();
    started_ = false;
    impossible_ = redundant_ = 0;
}

void Search::begin_frame(const Step& step, std::vector<WakeupNode>& planned) {
    Frame frame;
    frame.taken = {step.thread, step.choice, step.choices, step.operation};
    if (!frames_.empty()) {
        const Frame& before = frames_.back();
        for (const Sleeper& sleeper : before.asleep) {
            if (sleeper.move.thread != before.taken.thread &&
                !trace::dependent(sleeper.move.operation, before.taken.operation)) {
                frame.asleep.push_back(sleeper);
            }
        }
    }
    std::vector<WakeupNode> follows;
    if (!planned.empty()) {
        frame.every_choice = planned.front().is_leaf();
        follows = std::move(planned.front().children);
        planned.erase(planned.begin());
        frame.waiting = std::move(planned);
    }
    planned = std::move(follows);
    frames_.push_back(std::move(frame));
}

namespace {

// What the first path leads to.
const Operation& last_move(const Move& first, const std::vector<WakeupNode>& then) {
    const Operation* last = &first.operation;
    for (const std::vector<WakeupNode>* level = &then; !level->empty(); level = &level->front().children) {
        last = &level->front().move.operation;
    }
    return *last;
}

bool needs_more(const Operation& operation) {
    return trace::is_channel_operation(operation.kind) || operation.kind == OperationKind::kWaitChild ||
           trace::looks_also_at(operation) != 0;
}

// Strikes out the first path to a leaf. True when something is left.
bool drop_first_path(WakeupNode& node) {
    if (!node.children.empty() && !drop_first_path(node.children.front())) node.children.erase(node.children.begin());
    return !node.children.empty();
}

}  // namespace

// What was planned cannot be followed to its end: only that path is struck out, and its first move is not put to sleep.
void Search::drop_impossible(std::size_t step) {
    if (frames_.empty()) {
        ++impossible_;
        return;
    }
    Frame& frame = frames_.back();
    if (step + 1 != prefix_.size() || !needs_more(last_move(frame.taken, planned_))) ++impossible_;
    WakeupNode node{frame.taken, std::move(planned_)};
    planned_.clear();
    frame.impossible = true;
    if (drop_first_path(node)) frame.waiting.insert(frame.waiting.begin(), std::move(node));
}

void Search::take(const Execution& execution) {
    if (execution.ending == Ending::kDiverged) return drop_impossible(static_cast<std::size_t>(execution.value));
    if (execution.ending == Ending::kRedundant) ++redundant_;
    if (fixed_ > 0 && fixed_ <= execution.steps.size()) {
        Frame& frame = frames_[fixed_ - 1];
        const Step& step = execution.steps[fixed_ - 1];
        frame.taken = {step.thread, step.choice, step.choices, step.operation};
    }
    for (std::size_t i = fixed_; i < execution.steps.size(); ++i) begin_frame(execution.steps[i], planned_);
    causality_.analyze(execution, known_steps());
    add_races(execution);
}

void Search::add_races(const Execution& execution) {
    for (const ReversibleRace& race : causality_.races()) {
        if (race.first < frames_.size()) plan(execution, race);
    }
}

// The second step, and what does not depend on the first, before the first.
void Search::plan(const Execution& execution, const ReversibleRace& race) {
    const bool pending = race.second == ReversibleRace::kPending;
    const std::uint32_t end = pending ? race.end : race.second;
    const Operation& second = pending ? execution.pending[race.thread] : execution.steps[race.second].operation;
    // The end of a spin is possible right there; what came in between might make it impossible again.
    const bool at_once = (second.flags & trace::operation_flags::kSpun) != 0;
    chosen_.clear();
    for (std::uint32_t i = race.first + 1; i < end && !at_once; ++i) {
        if (!causality_.happens_before(race.first, i)) chosen_.push_back(i);
    }
    const std::size_t count = chosen_.size() + 1;
    MoveSequence& sequence = sequence_;
    sequence.reset(count);
    for (const std::uint32_t i : chosen_) {
        const Step& step = execution.steps[i];
        sequence.moves.push_back({step.thread, step.choice, step.choices, step.operation});
    }
    sequence.moves.push_back({static_cast<std::uint8_t>(race.thread), 0, 1, second});  // in which ways, will be seen there
    for (std::size_t i = 0; i + 1 < count; ++i) {
        for (std::size_t j = i + 1; j + 1 < count; ++j) {
            if (causality_.happens_before(chosen_[i], chosen_[j])) sequence.set_after(i, j);
        }
        const bool before_last =
            pending ? causality_.before_pending(chosen_[i], race.thread) : causality_.happens_before(chosen_[i], race.second);
        if (before_last) sequence.set_after(i, count - 1);
    }
    offer(frames_[race.first], sequence);
}

// Adds the sequence to what waits at the frame, but for what was searched from there already.
void Search::offer(Frame& frame, MoveSequence& sequence) {
    for (const Sleeper& sleeper : frame.asleep) {
        std::size_t found = 0;
        if (!is_weak_initial(sequence, sleeper.move, found)) continue;
        if (found < sequence.moves.size()) {
            if ((choice_bit(sequence.moves[found]) & ~sleeper.choices) == 0) return;
            continue;
        }
        // That thread's step is still to come, in the ways that were not tried.
        Move move = sleeper.move;
        for (move.choice = 0; sleeper.choices != kEveryChoice && move.choice < move.choices; ++move.choice) {
            if ((choice_bit(move) & sleeper.choices) != 0) continue;
            MoveSequence longer = sequence.following(move);
            offer(frame, longer);
        }
        return;
    }
    insert(frame.waiting, sequence);
}

}  // namespace heddle::explore
