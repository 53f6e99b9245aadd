// StallWatch: notices that nothing can go on any more in a run that nobody holds: every thread of every process of the lab
// stands in a wait without an end that only one of them could end. Never says so of what may only look like it. Belongs to the
// session's thread; reads /proc, and the log only once all have stood still for a while.
#pragma once

#include <span>
#include <vector>

#include "core/base/clock.h"
#include "core/kernel/standing_threads.h"
#include "core/trace/event_log.h"

namespace heddle::session {

class StallWatch {
public:
    bool is_due(Nanoseconds now);

    // Whether these processes' threads have stood where they stand for some looks, without a switch between.
    bool stood_still(std::span<const ProcessId> processes);
    // Then, of all processes there are, with all that was recorded: every thread is known, and is in a call that waits for
    // another thread of theirs.
    bool is_deadlock(std::span<const ProcessId> processes, const trace::EventLogView& log);

private:
    Nanoseconds next_{};
    std::vector<kernel::StandingThread> before_;
    int looks_ = 0, wanted_looks_ = 4;
};

}  // namespace heddle::session
