// Search: which execution to try next, so that of each class of equivalent executions exactly one is carried out: optimal
// dynamic partial-order reduction with sleep sets and wakeup trees. Knows nothing of programs: it hands out requests and takes
// in executions. Belongs to one thread.
//
//   for (auto request = search.next(); request; request = search.next()) search.take(executor.run(*request));
#pragma once

#include <optional>
#include <vector>

#include "core/explore/causality.h"
#include "core/explore/wakeup_tree.h"

namespace heddle::explore {

class Search {
public:
    // nullopt: every class has been seen. The request's prefix is valid until take().
    std::optional<Request> next();
    void take(const Execution& execution);
    // From the beginning again, with what was learnt of how memory is used.
    void restart();
    // Executions taken so far may have been understood with too little of that: they are to be searched again.
    bool must_restart() { return causality_.found_overlap(); }

    // So many steps the execution that was asked for shares with the one before.
    std::uint32_t known_steps() const { return static_cast<std::uint32_t>(fixed_ > 0 ? fixed_ - 1 : 0); }

    std::size_t depth() const { return frames_.size(); }
    const Causality& causality() const { return causality_; }
    // Beginnings that turned out to be impossible, and executions that were equivalent to earlier ones: 0 where the theory
    // holds. That a call would wait in the kernel may be known only when it is tried: such beginnings do not count.
    std::uint64_t impossible() const { return impossible_; }
    std::uint64_t redundant() const { return redundant_; }

private:
    // A thread whose next step was tried already, in these ways.
    struct Sleeper {
        Move move;
        std::uint64_t choices;
    };
    // The state before one step of the present execution.
    struct Frame {
        Move taken;
        bool every_choice = true;  // the step is to come out in every way; otherwise only in the one that was planned
        std::vector<Sleeper> asleep;
        std::vector<WakeupNode> waiting;  // to be tried from here, the one under way not among them
        bool impossible = false;          // the move under way was planned but cannot be made
    };

    void begin_frame(const Step& step, std::vector<WakeupNode>& planned);
    void add_races(const Execution& execution);
    void plan(const Execution& execution, const ReversibleRace& race);
    static void offer(Frame& frame, MoveSequence& sequence);
    bool advance(Frame& frame);
    static std::uint64_t put_to_sleep(Frame& frame);
    void choose_from(std::vector<WakeupNode> path);
    void drop_impossible(std::size_t step);

    Causality causality_;
    std::vector<Frame> frames_;
    std::vector<Choice> prefix_, tail_;  // tail_: what follows the frames that stay
    std::vector<WakeupNode> planned_;    // what was to follow the frame that was advanced: one path first
    std::size_t fixed_ = 0;              // frames that the next execution shares with the present one
    std::vector<std::uint32_t> chosen_;  // of plan(): kept for its room
    MoveSequence sequence_;
    bool started_ = false;
    std::uint64_t impossible_ = 0, redundant_ = 0;
};

}  // namespace heddle::explore
