// StepSource: the steps that were made and what each thread is about to do behind them, whether they are being made (Gate) or
// were kept in a file (SavedSteps). Belongs to the session's thread.
#pragma once

#include <optional>
#include <vector>

#include "core/base/clock.h"
#include "core/sched/controller.h"

namespace heddle::session {

class StepSource {
public:
    virtual ~StepSource() = default;

    virtual const std::vector<sched::MadeStep>& steps() const = 0;
    virtual Nanoseconds step_time(std::size_t i) const = 0;  // in the log's time: when step i began
    virtual std::uint32_t threads() const = 0;               // ever alive
    virtual std::int32_t tid(std::uint32_t thread) const = 0;
    virtual bool stands() const = 0;
    virtual sched::Standing standing() const = 0;           // behind the last step, while it stands
    virtual std::optional<sched::Ended> ended() const = 0;  // nothing can go on any more
};

}  // namespace heddle::session
