#include "core/session/playback.h"

#include <algorithm>
#include <cmath>

namespace heddle::session {
namespace {

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;  // clang before 17 needs to be told

}  // namespace

void Playback::seek(std::uint64_t playhead, const trace::EventLogView& log) {
    playhead_ = std::min(playhead, log.size());
    following_ = false;
    since_step_ = {};
    if (playhead_ > 0) {
        time_ = log.time(playhead_ - 1);
    } else if (!log.empty()) {
        time_ = log.time(0);
    }
}

void Playback::apply(const model::PlaybackCommand& command, const trace::EventLogView& log, const Steps& steps) {
    std::visit(Overloaded{
                   [&](const model::SeekEvent& to) { seek(to.playhead, log); },
                   [&](const model::SeekTime& to) {
                       seek(log.first_at_or_after(to.time), log);
                       time_ = to.time;
                   },
                   [&](const model::StepForward&) {
                       playing_ = false;
                       seek(steps.next(playhead_), log);
                   },
                   [&](const model::StepBack&) {
                       playing_ = false;
                       seek(steps.previous(playhead_), log);
                   },
                   [&](const model::GoToStart&) { seek(0, log); },
                   [&](const model::GoToLive&) {
                       seek(log.size(), log);
                       following_ = true;
                       playing_ = false;
                   },
                   [&](const model::Play&) {
                       if (playhead_ >= log.size()) seek(0, log);
                       following_ = false;
                       playing_ = true;
                   },
                   [&](const model::Pause&) {
                       playing_ = false;
                       following_ = false;
                   },
                   [&](const model::SetSpeed& to) {
                       if (std::isfinite(to.speed)) speed_ = std::clamp(to.speed, 0.0, 1000.0);
                   },
                   [&](const model::StopRun&) {},
                   [&](const model::StepThread&) {},
                   [&](const model::SetSpurious&) {},
                   [&](const model::SetPolicy&) {},
                   [&](const model::SetGranularity&) {},
               },
               command);
}

void Playback::advance(Nanoseconds elapsed, const trace::EventLogView& log, const Steps& steps, bool live) {
    if (following_) {
        playhead_ = log.size();
        if (playhead_ > 0) time_ = log.time(playhead_ - 1);
        return;
    }
    if (!playing_ || log.empty()) return;
    if (playhead_ == 0 && time_ < log.time(0)) time_ = log.time(0);
    if (speed_ == 0.0) {
        since_step_ += elapsed;
        if (since_step_ < kStepTime) return;
        since_step_ = {};
        playhead_ = std::min(steps.next(playhead_), log.size());
        time_ = log.time(playhead_ == 0 ? 0 : playhead_ - 1);
    } else {
        time_ += Nanoseconds(static_cast<std::int64_t>(static_cast<double>(elapsed.count()) * speed_));
        const Nanoseconds last = log.time(log.size() - 1);
        playhead_ = std::max(playhead_, log.first_at_or_after(time_ + Nanoseconds(1)));
        if (time_ >= last) time_ = last;
    }
    if (playhead_ >= log.size() && !live) playing_ = false;
}

void Playback::log_changed(std::uint64_t first_changed, const trace::EventLogView& log) {
    if (following_ || first_changed >= playhead_) return;
    playhead_ = log.first_at_or_after(time_ + Nanoseconds(1));
}

}  // namespace heddle::session
