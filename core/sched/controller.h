// Controller: Heddle's side of the gate. Lets the threads of a program go on by a policy, up to a step, and reads what they
// did. The board is shared with the program: everything read from it is copied and held to its bounds. Belongs to the session's
// thread; only await() blocks.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/base/clock.h"
#include "core/trace/board.h"

namespace heddle::sched {

// How the threads are to go on.
struct Course {
    trace::Follow follow = trace::Follow::kSame;  // behind the blocks
    std::span<const trace::Block> blocks;         // followed first
    std::uint64_t seed = 1;
    std::uint32_t pause_at = 0;  // the step before which all stand still again
};

// One step that was made.
struct MadeStep {
    trace::Step step;
    std::int64_t arrived, released;  // trace::Board::times
};

// What each thread is about to do, while all stand still.
struct Standing {
    std::uint64_t alive = 0, enabled = 0;
    std::int64_t arrived = 0;  // since when
    trace::Operation pending[trace::kMostFibers];
    trace::Callers callers[trace::kMostFibers];
};

struct Ended {
    trace::Ending how;
    std::int64_t value;
    std::uint64_t object, pc;
    std::uint32_t thread;
    std::string text;
};

class Controller {
public:
    // board: of a program that has not started yet.
    explicit Controller(trace::Board& board);

    // All stand at the gate: before main, before a step, or for ever (ended()).
    bool stands() const;
    bool await(Nanoseconds most) const;  // stands()
    void go(const Course& course);       // stands() before
    // The program's process is gone: nothing moves any more, and it ended in this way where it had no time to say so.
    void note_gone(trace::Ending how) { gone_ = how; }
    bool gone() const { return gone_ != trace::Ending::kNone; }
    // Who is on the way to its next step; kMostFibers: nobody.
    std::uint32_t mover() const;
    // Another thread chooses who goes on, where the one that is to choose, or the mover, is gone with its process, killed for
    // one, or (give_up) the mover comes to no hook, computes or waits in the kernel, and is not to keep the others.
    void free_turn(bool give_up);
    // Some process has threads at the gate, and is not gone.
    bool holds_anybody() const;
    // Nobody can go on before something comes from where nobody at the gate stands.
    bool waits() const { return !stands() && !ended() && board_.mover.load() >= trace::kMostFibers; }
    // Reads the steps that are new.
    void update();

    const std::vector<MadeStep>& steps() const { return steps_; }
    std::uint32_t threads() const;  // ever alive
    std::int32_t tid(std::uint32_t thread) const;
    std::int32_t pid(std::uint32_t thread) const;                        // of its process
    Standing standing() const;                                           // while stands()
    std::uint32_t described() const { return board_.described.load(); }  // another number: it may be another one
    std::optional<Ended> ended() const;                                  // nothing can go on any more

private:
    trace::Board& board_;
    std::vector<MadeStep> steps_;
    trace::Ending gone_ = trace::Ending::kNone;
};

}  // namespace heddle::sched
