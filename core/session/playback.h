// Playback: where the playhead stands and how it moves. Pure: time and the log are handed in, so it is tested without a lab.
#pragma once

#include <cstdint>
#include <functional>

#include "core/base/clock.h"
#include "core/model/command.h"
#include "core/trace/event_log.h"

namespace heddle::session {

// The next and the previous event worth showing from a playhead; they answer the playhead itself when there is none.
struct Steps {
    std::function<std::uint64_t(std::uint64_t)> next, previous;
};

class Playback {
public:
    // Event by event, one step per this time.
    static constexpr Nanoseconds kStepTime = std::chrono::milliseconds(700);

    explicit Playback(bool following) : following_(following) {}

    // StopRun is not the playhead's business and changes nothing.
    void apply(const model::PlaybackCommand& command, const trace::EventLogView& log, const Steps& steps);
    // Lets `elapsed` of wall time pass. live: more events may come, so that the end is not the end yet.
    void advance(Nanoseconds elapsed, const trace::EventLogView& log, const Steps& steps, bool live);

    std::uint64_t playhead() const { return playhead_; }
    Nanoseconds time() const { return time_; }
    bool following() const { return following_; }
    bool playing() const { return playing_; }
    double speed() const { return speed_; }
    // Events from `first_changed` on are other events than before: the playhead keeps its time.
    void log_changed(std::uint64_t first_changed, const trace::EventLogView& log);

private:
    void seek(std::uint64_t playhead, const trace::EventLogView& log);

    std::uint64_t playhead_ = 0;
    Nanoseconds time_{};        // between the last event that happened and the next one
    Nanoseconds since_step_{};  // wall time since the last step, event by event
    double speed_ = 0.001;
    bool following_;
    bool playing_ = false;
};

}  // namespace heddle::session
