// The steps of a run as its .heddle file keeps them: each one's operation, who could go on, and when it began; then what each
// thread stood before, and how it ended. StepRecord to bytes and back is pure; SavedSteps gives a record to a StepHistory.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/session/step_source.h"

namespace heddle::session {

struct StepRecord {
    std::vector<sched::MadeStep> steps;
    std::vector<Nanoseconds> times;  // of the steps, in the log's time
    std::vector<std::int32_t> tids;  // by thread
    sched::Standing standing{};
    std::optional<sched::Ended> ended;
};

StepRecord record_of(const StepSource& source);
std::string to_bytes(const StepRecord& record);
// An Error tells what a newer Heddle wrote from what is damaged. What comes back is within bounds, like steps just made.
Result<StepRecord> from_bytes(std::string_view bytes);

class SavedSteps final : public StepSource {
public:
    explicit SavedSteps(StepRecord record) : record_(std::move(record)) {}

    const std::vector<sched::MadeStep>& steps() const override { return record_.steps; }
    Nanoseconds step_time(std::size_t i) const override { return record_.times[i]; }
    std::uint32_t threads() const override { return static_cast<std::uint32_t>(record_.tids.size()); }
    std::int32_t tid(std::uint32_t thread) const override { return thread < record_.tids.size() ? record_.tids[thread] : 0; }
    bool stands() const override { return true; }
    sched::Standing standing() const override { return record_.standing; }
    std::optional<sched::Ended> ended() const override { return record_.ended; }

private:
    StepRecord record_;
};

}  // namespace heddle::session
