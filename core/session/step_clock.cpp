#include "core/session/step_clock.h"

#include <algorithm>

namespace heddle::session {

void StepClock::add_pause(std::int64_t from, std::int64_t to) {
    if (to <= from) return;
    pauses_.push_back({from, to, total_});
    total_ += to - from;
}

std::int64_t StepClock::shown(std::int64_t time) const {
    constexpr std::int64_t kShorter = 1000;
    if (time < begin_) return begin_ - (begin_ - time) / kShorter;
    time = std::min(time, open_);
    const auto after = std::upper_bound(pauses_.begin(), pauses_.end(), time,
                                        [](std::int64_t t, const Pause& pause) { return t < pause.from; });
    if (after == pauses_.begin()) return time;
    const Pause& pause = *std::prev(after);
    return std::min(time, std::max(pause.from, time - (pause.to - pause.from))) - pause.before;
}

}  // namespace heddle::session
