// StepClock: the time of a run whose threads stand at the gate most of it. While all stand still and a person thinks, no time
// passes for the program: what is shown is the time without those pauses. Pure.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::session {

class StepClock {
public:
    // What came before is the program's start and Heddle's own looks at it: it is shown a thousand times shorter.
    void begin(std::int64_t at) { begin_ = at; }
    // All stood still from `from` to `to`, behind what was added before. Nanoseconds of CLOCK_MONOTONIC.
    void add_pause(std::int64_t from, std::int64_t to);
    // They stand still from `from` on; nothing is known of the end yet.
    void open_pause(std::int64_t from) { open_ = from; }
    void close_pause() { open_ = INT64_MAX; }

    // Without the pauses; an instant within one is its beginning.
    std::int64_t shown(std::int64_t time) const;

private:
    struct Pause {
        std::int64_t from, to;
        std::int64_t before;  // the pauses before it, in all
    };
    std::vector<Pause> pauses_;
    std::int64_t total_ = 0, open_ = INT64_MAX, begin_ = INT64_MIN;
};

}  // namespace heddle::session
