#include "core/session/step_player.h"

#include <algorithm>
#include <utility>

#include "core/kernel/thread_now.h"
#include "core/model/naming.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using trace::Kind;
using trace::kMostFibers;

constexpr Nanoseconds kMostPatience = 300ms;    // with a thread that comes to no step
constexpr Nanoseconds kMostWait = 5ms;          // of the session's thread, for a step
constexpr std::uint32_t kFastSteps = 250;       // at full speed, between two looks
constexpr std::uint32_t kMostMoreSteps = 5000;  // of one press

trace::Follow follow_of(model::StepPolicy policy) {
    switch (policy) {
        case model::StepPolicy::kRunOn:
            return trace::Follow::kSame;
        case model::StepPolicy::kTurns:
            return trace::Follow::kTurns;
        case model::StepPolicy::kRandom:
            return trace::Follow::kRandom;
        case model::StepPolicy::kPriorities:
            return trace::Follow::kPriorities;
    }
    return trace::Follow::kSame;
}

// Wall time between two steps, by the speed chosen: 0 is event by event.
Nanoseconds pace(double speed) {
    if (speed <= 0) return 700ms;
    if (speed < 0.005) return 250ms;
    if (speed < 0.05) return 80ms;
    if (speed < 0.5) return 30ms;
    return 0ms;
}

}  // namespace

StepPlayer::StepPlayer(Gate& gate, RunDocument& document, Playback& playback, sched::Schedule schedule)
    : gate_(gate), document_(document), playback_(playback), schedule_(std::move(schedule)) {}

bool StepPlayer::can_step() const {
    return stage_ == Stage::kFree && gate_.controller().stands() && !gate_.controller().ended();
}

void StepPlayer::begin() {
    sched::Course course;
    course.pause_at = 1;
    if (!schedule_.blocks.empty()) {
        course.follow = trace::Follow::kBlocks;
        course.blocks = schedule_.blocks;
        course.pause_at = trace::kAfterBlocks;
    }
    stage_ = Stage::kReplay;
    gate_.go(course);
}

void StepPlayer::step_live(std::optional<std::uint32_t> fiber, std::uint32_t count) {
    if (!can_step()) return;
    const sched::Standing standing = gate_.controller().standing();
    sched::Course course;
    course.pause_at = static_cast<std::uint32_t>(made()) + count;
    trace::Block block{};
    if (fiber) {
        if (*fiber >= kMostFibers || (standing.enabled >> *fiber & 1) == 0) return;
        block.thread = static_cast<std::uint8_t>(*fiber);
        block.last_tick = standing.pending[*fiber].tick;
        course.follow = trace::Follow::kBlocks;
        course.blocks = {&block, 1};
    } else {
        course.follow = follow_of(manner_.policy);
    }
    awaiting_ = true;
    gate_.go(course);
    gate_.controller().await(kMostWait);
}

void StepPlayer::step(std::optional<std::uint32_t> fiber) {
    const std::size_t now = step_at(playback_.playhead());
    if (now < made() && fiber) {
        sched::Schedule way = schedule_until(now);
        if (const trace::Step* next = next_of(*fiber, now)) {
            way.blocks.push_back({next->operation.tick, static_cast<std::uint8_t>(*fiber), 0, 0});
        } else if (gate_.controller().stands()) {
            way.blocks.push_back({gate_.controller().standing().pending[*fiber].tick, static_cast<std::uint8_t>(*fiber), 0, 0});
        }
        other_way_ = std::move(way);
        return;
    }
    if (!can_step()) return;
    const std::uint32_t mover = fiber.value_or(made() > 0 ? gate_.controller().steps().back().step.thread : 0);
    const sched::Standing standing = gate_.controller().standing();
    press(fiber, manner_.granularity == model::Granularity::kLine);
    line_from_ = document_.place_of(number_of(mover), standing.pending[mover], standing.callers[mover]);
    step_live(fiber);
}

void StepPlayer::press(std::optional<std::uint32_t> fiber, bool to_next_line) {
    mover_ = fiber;
    to_next_line_ = to_next_line;
    more_steps_ = 0;
}

bool StepPlayer::is_stop(std::uint32_t fiber, const trace::Operation& operation) const {
    const bool plain = operation.kind == trace::OperationKind::kRead || operation.kind == trace::OperationKind::kWrite;
    if (!plain || (operation.flags & trace::operation_flags::kAtomic) != 0) return true;
    return document_.is_user_code(operation.pc) && !document_.is_on_stack_of(number_of(fiber), operation.object);
}

bool StepPlayer::is_stop(std::size_t step) const {
    const trace::Step& made = gate_.controller().steps()[step].step;
    return is_stop(made.thread, made.operation);
}

// The latest of the first `step` steps that is a stop; 0: none.
std::size_t StepPlayer::last_stop(std::size_t step) const {
    while (step > 0 && !is_stop(step - 1)) --step;
    return step;
}

void StepPlayer::show(std::size_t step) {
    playback_.apply(model::SeekEvent{mark(step)}, document_.log(), document_.steps());
}

void StepPlayer::show_latest() {
    shown_ = true;
    show(made());
}

void StepPlayer::forward() {
    const std::size_t now = step_at(playback_.playhead());
    if (now >= made()) return step({});
    std::size_t next = now + 1;
    while (next < made() && !is_stop(next)) ++next;
    show(next);
}

void StepPlayer::back() {
    const std::size_t shown = last_stop(step_at(playback_.playhead()));
    show(shown > 0 ? shown - 1 : 0);
}

bool StepPlayer::apply(const model::PlaybackCommand& command) {
    if (std::holds_alternative<model::StepForward>(command)) {
        manner_.playing = false;
        forward();
    } else if (std::holds_alternative<model::StepBack>(command)) {
        manner_.playing = false;
        back();
    } else if (const auto* thread = std::get_if<model::StepThread>(&command)) {
        manner_.playing = false;
        if (const auto fiber = fiber_of(thread->thread)) step(*fiber);
    } else if (const auto* policy = std::get_if<model::SetPolicy>(&command)) {
        manner_.policy = policy->policy;
    } else if (const auto* granularity = std::get_if<model::SetGranularity>(&command)) {
        manner_.granularity = granularity->granularity;
    } else if (std::holds_alternative<model::GoToLive>(command)) {
        manner_.playing = false;
        show_latest();
    } else if (std::holds_alternative<model::Play>(command)) {
        manner_.playing = true;
        since_step_ = pace(manner_.speed);
    } else if (std::holds_alternative<model::Pause>(command)) {
        manner_.playing = false;
    } else if (const auto* speed = std::get_if<model::SetSpeed>(&command)) {
        manner_.speed = speed->speed;
        return false;
    } else {
        return false;
    }
    return true;
}

// Who comes to no step for long does not keep the others.
void StepPlayer::watch_mover(Nanoseconds elapsed) {
    sched::Controller& controller = gate_.controller();
    const std::uint32_t mover = controller.mover();
    const bool same = mover < kMostFibers && mover == watched_ && made() == watched_at_;
    watched_ = mover;
    watched_at_ = made();
    watched_for_ = same ? watched_for_ + elapsed : Nanoseconds(0);
    away_ = false;
    if (mover >= kMostFibers) return;
    // On a busy machine it may not have come to run yet.
    const kernel::ThreadNow now = kernel::thread_now(ThreadId(controller.tid(mover)));
    if (!same) ran_before_ = now.ran;
    away_ = watched_for_ > kMostPatience && (now.state != 'R' || now.ran - ran_before_ > kMostPatience / 2);
    controller.free_turn(away_);
}

bool StepPlayer::advance(Nanoseconds elapsed) {
    if (stage_ == Stage::kBeforeMain) {
        if (!gate_.controller().stands()) return false;
        begin();
        return true;
    }
    watch_mover(elapsed);
    waited_ = gate_.controller().waits() ? waited_ + elapsed : Nanoseconds(0);
    // What another process did may let somebody go on, or not any more.
    const std::uint64_t enabled = gate_.controller().standing().enabled;
    const bool changed = std::exchange(enabled_, enabled) != enabled;
    if (!manner_.playing || awaiting_ || stage_ != Stage::kFree) return changed;
    since_step_ += elapsed;
    if (since_step_ < pace(manner_.speed)) return changed;
    since_step_ = {};
    const bool at_end = step_at(playback_.playhead()) >= made();
    if (at_end && gate_.controller().ended()) {
        manner_.playing = false;
        return true;
    }
    if (at_end && pace(manner_.speed) == 0ns) {
        press({}, false);
        step_live({}, kFastSteps);
    } else {
        forward();
    }
    return true;
}

void StepPlayer::log_changed(std::uint64_t first_changed) {
    while (!marks_.empty() && marks_.back().end > first_changed) marks_.pop_back();
    // What a replay waits for outside may come soon.
    const bool waits = gate_.waited() && (stage_ != Stage::kReplay || waited_ > kMostPatience);
    if (!waits && !gate_.stood() && !gate_.controller().ended()) return;
    if (stage_ == Stage::kReplay) {
        stage_ = Stage::kFree;
        awaiting_ = true;
        press({}, false);
    }
    if (!awaiting_) return;
    awaiting_ = false;
    const std::optional<std::uint32_t> next = goes_on();
    if (next && ++more_steps_ < kMostMoreSteps) return step_live(*next);
    show_latest();
}

// Who goes on at once: through what is no stop, and to the end of a line where that is asked for.
std::optional<std::uint32_t> StepPlayer::goes_on() const {
    if (!can_step() || made() == 0) return std::nullopt;
    const sched::Standing standing = gate_.controller().standing();
    for (std::uint32_t fiber = 0; fiber < gate_.controller().threads(); ++fiber) {
        if ((standing.enabled >> fiber & 1) != 0 && !is_stop(fiber, standing.pending[fiber])) return fiber;
    }
    const std::uint32_t fiber = gate_.controller().steps().back().step.thread;
    const bool may = (standing.enabled >> fiber & 1) != 0 && (!mover_ || *mover_ == fiber);
    return may && to_next_line_ && !is_new_line(fiber) ? std::optional(fiber) : std::nullopt;
}

bool StepPlayer::is_new_line(std::uint32_t fiber) const {
    const sched::Standing standing = gate_.controller().standing();
    const model::PendingView now = document_.place_of(number_of(fiber), standing.pending[fiber], standing.callers[fiber]);
    return now.line != line_from_.line || now.file != line_from_.file;
}

std::optional<sched::Schedule> StepPlayer::take_other_way() {
    return std::exchange(other_way_, std::nullopt);
}

// The event that a step is known by: the first that its own thread's hooks recorded in it.
bool StepPlayer::is_the_steps_own(std::size_t step, std::uint64_t event) const {
    const trace::PackedEvent packed = document_.log().packed(event);
    const std::int32_t tid = gate_.controller().tid(gate_.controller().steps()[step].step.thread);
    return packed.kind() <= Kind::kLastHookKind && document_.log().threads()[packed.thread].tid.value == tid &&
           document_.worth_showing(event);
}

std::uint64_t StepPlayer::mark(std::size_t step) {
    const trace::EventLogView& log = document_.log();
    for (std::size_t i = marks_.size(); i < std::min(step, made()); ++i) {
        const std::uint64_t first = log.first_at_or_after(gate_.step_time(i));
        const std::uint64_t end = i + 1 < made() ? log.first_at_or_after(gate_.step_time(i + 1)) : log.size();
        std::uint64_t own = first;
        while (own < end && !is_the_steps_own(i, own)) ++own;
        marks_.push_back({own < end ? own : end > 0 ? end - 1 : 0, end});
    }
    if (step > 0 && !marks_.empty()) return marks_[std::min(step, marks_.size()) - 1].end;
    return made() > 0 ? log.first_at_or_after(gate_.step_time(0)) : 0;
}

std::size_t StepPlayer::step_at(std::uint64_t playhead) {
    mark(made());
    const auto after = std::upper_bound(marks_.begin(), marks_.end(), playhead,
                                        [](std::uint64_t at, const Mark& mark) { return at < mark.end; });
    auto step = static_cast<std::size_t>(after - marks_.begin());
    while (step < made() && !is_stop(step)) ++step;
    return step;
}

std::optional<std::uint64_t> StepPlayer::focus(std::uint64_t playhead) {
    const std::size_t step = step_at(playhead), stop = last_stop(step);
    if (stop == 0 || playhead < marks_[stop - 1].end || playhead > mark(step)) return std::nullopt;
    return marks_[stop - 1].own;
}

sched::Schedule StepPlayer::schedule_until(std::size_t step) const {
    std::vector<trace::Step> steps;
    for (std::size_t i = 0; i < std::min(step, made()); ++i) steps.push_back(gate_.controller().steps()[i].step);
    return sched::schedule_of(steps);
}

model::Number StepPlayer::number_of(std::uint64_t fiber) const {
    return document_.number_of(ThreadId(gate_.controller().tid(static_cast<std::uint32_t>(fiber))));
}

std::optional<std::uint32_t> StepPlayer::fiber_of(model::Number number) const {
    for (std::uint32_t fiber = 0; fiber < gate_.controller().threads(); ++fiber) {
        if (number != model::kNobody && number_of(fiber) == number) return fiber;
    }
    return std::nullopt;
}

// What this one did first, from that step on.
const trace::Step* StepPlayer::next_of(std::uint32_t fiber, std::size_t step) const {
    for (std::size_t i = step; i < made(); ++i) {
        const trace::Step& each = gate_.controller().steps()[i].step;
        if (each.thread == fiber) return &each;
    }
    return nullptr;
}

}  // namespace heddle::session
