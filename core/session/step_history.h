// StepHistory: the steps that were made, as somebody sees them who goes back and forth between them: where in the log each
// stands, what each thread was about to do then, and how it ended. Makes no step itself. Belongs to the session's thread.
#pragma once

#include <optional>
#include <vector>

#include "core/model/snapshot.h"
#include "core/sched/schedule.h"
#include "core/session/run_document.h"
#include "core/session/step_source.h"

namespace heddle::session {

class StepHistory {
public:
    StepHistory(const StepSource& source, RunDocument& document) : source_(source), document_(document) {}

    std::size_t made() const { return source_.steps().size(); }
    // How many steps were made up to there, with what the library went on to do.
    std::size_t step_at(std::uint64_t playhead);
    // The playhead behind the first `step` steps, right before the next one.
    std::uint64_t mark(std::size_t step);
    // The log's events from first_changed on are other ones.
    void log_changed(std::uint64_t first_changed);
    // Of a playhead that stands right behind a step: the event that the step is known by.
    std::optional<std::uint64_t> focus(std::uint64_t playhead);

    // Plain accesses that the library makes within a line of the program, or to the thread's own stack, are no stops.
    bool is_stop(std::uint32_t fiber, const trace::Operation& operation) const;
    // Another thread made a step that this operation can come before or behind.
    bool concerns_others(std::uint32_t fiber, const trace::Operation& operation) const;
    // The stop behind the first `step` steps, one of those that were made, and the one before; a count of steps.
    std::size_t next_stop(std::size_t step) const;
    std::size_t stop_before(std::size_t step) const;

    std::vector<trace::Step> steps_until(std::size_t step) const;
    // Who may go on there, a bit a fiber.
    std::uint64_t enabled(std::size_t step) const;
    // What each does next from that step on, by fiber.
    std::vector<trace::Operation> next_operations(std::size_t step) const;
    model::Number number_of(std::uint64_t fiber) const;
    std::optional<std::uint32_t> fiber_of(model::Number number) const;

    // spurious: waits on condition variables may end without a signal.
    model::StepView view(std::uint64_t playhead, bool spurious);
    // A schedule in which the later of these events comes first; empty: they are no accesses of two steps that can be turned.
    std::string other_order(std::uint64_t first, std::uint64_t second);
    // How it ended, where that is a bug or an obstacle.
    std::vector<model::Finding> findings();

private:
    bool is_stop(std::size_t step) const;  // made, counted from 0
    std::size_t last_stop(std::size_t step) const;
    // The step that made this access; nullopt: none did, as of memory that nobody else was known to use.
    std::optional<std::size_t> step_of(std::uint64_t access);
    bool is_the_steps_own(std::size_t step, std::uint64_t event) const;
    std::optional<std::uint64_t> call_that_waits(std::size_t step, std::uint64_t first) const;
    const trace::Step* next_of(std::uint32_t fiber, std::size_t step) const;
    void add_pending(model::StepView& view, std::uint64_t playhead);

    const StepSource& source_;
    RunDocument& document_;
    struct Mark {
        std::uint64_t own, end;  // the event it is known by, and the playhead behind it
    };
    std::vector<Mark> marks_;
    sched::ScheduleText schedule_text_;
};

}  // namespace heddle::session
