// Schedule: who moves when, as plain data with a text short enough to paste in a chat. A block is a thread's run of operations
// up to the one with this number ("tick"), counted so that the text means the same whatever else is watched. Pure.
//
//   text:  h1:1.12,2.5,1.14!1      thread 1 up to its tick 12, thread 2 up to its tick 5, thread 1 up to its tick 14, where the
//                                  last operation comes out in its second way (which waiter a signal wakes)
//
// Threads are counted through all processes: the one that a fork's child begins with gets the next number, as a new thread
// does.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/trace/board.h"

namespace heddle::sched {

struct Schedule {
    std::vector<trace::Block> blocks;  // threads counted from 0
    bool operator==(const Schedule& other) const;
};

// Leads to step `second` before step `first`, which another thread makes and nothing orders (a race), with as much as possible
// of what came before. Empty where another thread may have needed what is left out.
Schedule other_order(std::span<const trace::Step> steps, std::uint32_t first, std::uint32_t second);
Schedule schedule_of(std::span<const trace::Step> steps);
std::string to_text(const Schedule& schedule);
// An Error says at which character, and what was expected.
Result<Schedule> parse_schedule(std::string_view text);

// The text of a growing execution's schedule, up to any of its steps.
class ScheduleText {
public:
    void add(const trace::Step& step);
    std::size_t steps() const { return steps_.size(); }
    std::string up_to(std::size_t steps) const;

private:
    // Where its text begins, and its first step.
    struct Begin {
        std::size_t text, step;
    };
    std::string text_;  // of all blocks but the last, each followed by a comma
    std::vector<Begin> begins_;
    std::vector<trace::Block> steps_;  // each as if it ended its block
};

// How often a thread that could have gone on was made to stand still.
int preemptions_of(std::span<const trace::Step> steps);

}  // namespace heddle::sched
