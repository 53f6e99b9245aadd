#include "core/session/step_player.h"

#include "core/sched/waiting.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;
using trace::kMostFibers;

constexpr Nanoseconds kMostPatience = 300ms;    // with what a replay waits for
constexpr Nanoseconds kHandover = 20ms;         // of a turn, at most
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

// Whether nobody is held at the gate then, so that the program's processes end.
bool ends_by_itself(trace::Ending how) {
    return how == trace::Ending::kFinished || how == trace::Ending::kAssertion || how == trace::Ending::kCrash;
}

bool goes_elsewhere(const model::PlaybackCommand& command) {
    return std::holds_alternative<model::GoToStart>(command) || std::holds_alternative<model::SeekEvent>(command) ||
           std::holds_alternative<model::SeekTime>(command) || std::holds_alternative<model::StepBack>(command);
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

StepPlayer::StepPlayer(Gate& gate, RunDocument& document, Playback& playback, sched::Schedule schedule, bool a_step)
    : gate_(&gate), history_(gate, document), document_(document), playback_(playback), schedule_(std::move(schedule)) {
    others_stand_ = !schedule_.blocks.empty() && !a_step;
}

StepPlayer::StepPlayer(const StepSource& saved, RunDocument& document, Playback& playback)
    : history_(saved, document), document_(document), playback_(playback), stage_(Stage::kFree) {
    show_latest();
}

bool StepPlayer::can_step() const {
    return gate_ != nullptr && stage_ == Stage::kFree && gate_->controller().stands() && !gate_->controller().ended();
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
    gate_->go(course);
}

void StepPlayer::step_live(std::optional<std::uint32_t> fiber, std::uint32_t count, std::uint32_t choice) {
    if (!can_step()) return;
    const sched::Standing standing = gate_->controller().standing();
    sched::Course course;
    course.pause_at = static_cast<std::uint32_t>(history_.made()) + count;
    trace::Block block{};
    if (fiber) {
        if (*fiber >= kMostFibers) return;
        const bool may_wake = manner_.spurious && sched::awaits_signal(standing.pending[*fiber], history_.made());
        if ((standing.enabled >> *fiber & 1) == 0 && !may_wake) return;
        block.choice = static_cast<std::uint8_t>(choice);
        block.thread = static_cast<std::uint8_t>(*fiber);
        block.last_tick = standing.pending[*fiber].tick;
        course.follow = trace::Follow::kBlocks;
        course.blocks = {&block, 1};
    } else {
        course.follow = follow_of(manner_.policy);
    }
    awaiting_ = true;
    gate_->go(course);
    gate_->controller().await(kMostWait);
}

void StepPlayer::step(std::optional<std::uint32_t> fiber, std::uint32_t choice) {
    if (gate_ == nullptr) return;
    const std::size_t now = history_.step_at(playback_.playhead());
    const bool at_end = now == history_.made() && gate_->controller().ended();
    if (fiber && (now < history_.made() || at_end)) {
        const trace::Operation next = history_.next_operations(now)[*fiber];
        if (next.kind == trace::OperationKind::kNone) return;
        const bool may_wake = manner_.spurious && sched::awaits_signal(next, now);
        const bool may = !at_end && (history_.enabled(now) >> *fiber & 1) != 0;
        if (!may && !may_wake) return;
        sched::Schedule way = sched::schedule_of(history_.steps_until(now));
        way.blocks.push_back({next.tick, static_cast<std::uint8_t>(*fiber), static_cast<std::uint8_t>(choice), 0});
        other_way_ = std::move(way);
        return;
    }
    if (!can_step()) return;
    const std::uint32_t mover = fiber.value_or(history_.made() > 0 ? gate_->controller().steps().back().step.thread : 0);
    const sched::Standing standing = gate_->controller().standing();
    press(fiber, manner_.granularity == model::Granularity::kLine);
    line_from_ = document_.place_of(history_.number_of(mover), standing.pending[mover], standing.callers[mover]);
    step_live(fiber, 1, choice);
}

void StepPlayer::press(std::optional<std::uint32_t> fiber, bool to_next_line) {
    mover_ = fiber;
    others_stand_ = false;
    to_next_line_ = to_next_line;
    more_steps_ = 0;
    looks_elsewhere_ = false;
}

void StepPlayer::show(std::size_t step) {
    playback_.apply(model::SeekEvent{history_.mark(step)}, document_.log(), document_.steps());
}

void StepPlayer::show_latest() {
    shown_ = true;
    show(history_.made());
    latest_ = playback_.playhead();
}

void StepPlayer::forward() {
    const std::size_t now = history_.step_at(playback_.playhead());
    if (now >= history_.made()) return step({});
    show(history_.next_stop(now));
}

void StepPlayer::back() {
    show(history_.stop_before(history_.step_at(playback_.playhead())));
}

bool StepPlayer::apply(const model::PlaybackCommand& command) {
    if (goes_elsewhere(command)) looks_elsewhere_ = true;
    if (std::holds_alternative<model::StepForward>(command)) {
        manner_.playing = false;
        forward();
    } else if (std::holds_alternative<model::StepBack>(command)) {
        manner_.playing = false;
        back();
    } else if (const auto* thread = std::get_if<model::StepThread>(&command)) {
        manner_.playing = false;
        if (const auto fiber = history_.fiber_of(thread->thread)) step(*fiber, thread->choice);
    } else if (const auto* policy = std::get_if<model::SetPolicy>(&command)) {
        manner_.policy = policy->policy;
    } else if (const auto* granularity = std::get_if<model::SetGranularity>(&command)) {
        manner_.granularity = granularity->granularity;
    } else if (const auto* spurious = std::get_if<model::SetSpurious>(&command)) {
        manner_.spurious = spurious->on;
    } else if (std::holds_alternative<model::GoToLive>(command)) {
        manner_.playing = false;
        looks_elsewhere_ = false;
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

bool StepPlayer::advance(Nanoseconds elapsed) {
    if (stage_ == Stage::kBeforeMain) {
        if (!gate_->controller().stands()) return false;
        begin();
        return true;
    }
    const bool changed = gate_ != nullptr && watch_gate(elapsed);
    if (!manner_.playing || awaiting_ || stage_ != Stage::kFree) return changed;
    since_step_ += elapsed;
    if (since_step_ < pace(manner_.speed)) return changed;
    since_step_ = {};
    const bool at_end = history_.step_at(playback_.playhead()) >= history_.made();
    if (at_end && (gate_ == nullptr || gate_->controller().ended())) {
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

bool StepPlayer::has_arrived() const {
    if (gate_ == nullptr || !(stage_ == Stage::kReplay || awaiting_)) return false;
    // What a replay waits for outside may come soon; and while a turn is handed on, nobody has it for an instant.
    const bool waits = gate_->waited() && waited_ > (stage_ == Stage::kReplay ? kMostPatience : kHandover);
    return waits || gate_->stood() || gate_->controller().gone();
}

bool StepPlayer::rests(bool to_the_end) const {
    if (replaying() || awaiting_) return false;
    const auto ended = gate_ != nullptr ? gate_->controller().ended() : std::nullopt;
    return ended ? !ends_by_itself(ended->how) : !to_the_end;
}

void StepPlayer::log_changed(std::uint64_t first_changed) {
    history_.log_changed(first_changed);
    if (!has_arrived()) {
        // What a process does that is not at the gate, or has left it, comes behind the last step and belongs to it: whoever
        // looks at that step sees it to its end.
        if (shown_ && !awaiting_ && playback_.playhead() == latest_) show_latest();
        return;
    }
    stage_ = Stage::kFree;
    awaiting_ = false;
    const std::optional<std::uint32_t> next = goes_on();
    if (next && ++more_steps_ < kMostMoreSteps) return step_live(*next);
    if (!looks_elsewhere_) show_latest();
}

// Who goes on at once: through what is no stop, and to the end of a line where that is asked for.
std::optional<std::uint32_t> StepPlayer::goes_on() const {
    if (!can_step() || history_.made() == 0) return std::nullopt;
    const sched::Standing standing = gate_->controller().standing();
    const std::uint32_t last = gate_->controller().steps().back().step.thread;
    for (std::uint32_t fiber = 0; fiber < gate_->controller().threads(); ++fiber) {
        const trace::Operation& next = standing.pending[fiber];
        if ((standing.enabled >> fiber & 1) == 0 || history_.is_stop(fiber, next)) continue;
        if (!others_stand_ || fiber == last || !history_.concerns_others(fiber, next)) return fiber;
    }
    const bool may = (standing.enabled >> last & 1) != 0 && (!mover_ || *mover_ == last);
    return may && to_next_line_ && !is_new_line(last) ? std::optional(last) : std::nullopt;
}

bool StepPlayer::is_new_line(std::uint32_t fiber) const {
    const sched::Standing standing = gate_->controller().standing();
    const model::PendingView now =
        document_.place_of(history_.number_of(fiber), standing.pending[fiber], standing.callers[fiber]);
    return now.line != line_from_.line || now.file != line_from_.file;
}

void StepPlayer::add_other_orders(std::vector<model::Finding>& findings) {
    for (model::Finding& finding : findings) {
        if (finding.id == "data-race" && finding.places.size() == 2)
            finding.other_order = history_.other_order(finding.places[0].event, finding.places[1].event);
    }
}

std::optional<sched::Schedule> StepPlayer::take_other_way() {
    return std::exchange(other_way_, std::nullopt);
}

}  // namespace heddle::session
