// Causality: which steps of one execution happen before which, in every execution that is equivalent to it, and which pairs of
// steps could be turned around. Vector clocks over steps (Abdulla, Aronis, Jonsson, Sagonas: Optimal Dynamic Partial Order
// Reduction, POPL 2014; the treatment of what blocks is ours). Belongs to one search on one thread; reused from execution to
// execution.
#pragma once

#include <cstdint>
#include <vector>

#include "core/explore/execution.h"
#include "core/explore/histories.h"

namespace heddle::explore {

// Two steps that could come the other way round: `first` by its index, `second` by its index or, when it is kPending, the
// operation that `thread` never came to do.
struct ReversibleRace {
    static constexpr std::uint32_t kPending = UINT32_MAX;
    std::uint32_t first = 0, second = 0;
    std::uint32_t thread = 0;  // of the second
    std::uint32_t end = 0;     // what is pending could have been done before this step
};

class Causality {
public:
    // Works out the clocks of all steps and the reversible races. known: so many steps are the same as those of the execution
    // that was analyzed last; races among them are left out.
    void analyze(const Execution& execution, std::uint32_t known = 0);
    // The clocks alone, step by step: an execution that is under way. The last of the steps is new. fences: whether a seq_cst
    // fence is to be reckoned with; all_threads: a step that trace::concerns_all_threads.
    void begin(std::uint32_t threads, bool fences, bool all_threads, std::uint32_t known = 0);
    void take(std::span<const Step> steps);
    // Whether step a happens before whatever the thread does next.
    bool before_next(std::uint32_t a, std::uint32_t thread) const;

    const std::vector<ReversibleRace>& races() const { return races_; }
    // Since the last call: accesses overlapped that had been taken for different parts of memory. What was analyzed before may
    // lack races; from now on they are one part.
    bool found_overlap() { return histories_.found_overlap(); }
    // a < b, indices of steps.
    bool happens_before(std::uint32_t a, std::uint32_t b) const { return clock(b)[thread_of(a)] >= ordinal_[a]; }
    // The same for what `thread` has pending at the end.
    bool before_pending(std::uint32_t a, std::uint32_t thread) const {
        return pending_clocks_[thread * threads_ + thread_of(a)] >= ordinal_[a];
    }
    // Of two steps of one thread: whether the same steps of others happen before them.
    bool same_past_of_others(std::uint32_t a, std::uint32_t b) const;

private:
    static constexpr std::uint32_t kNone = History::kNone;
    enum Role : std::uint8_t { kShared, kExclusive, kRelease, kTry };
    static constexpr unsigned bit(unsigned role) { return 1U << role; }
    static constexpr Role kSequentialRead = kRelease, kSettlingRead = kTry;  // of memory, which knows neither of those
    std::uint32_t thread_of(std::uint32_t step) const { return steps_[step].thread; }
    const std::uint32_t* clock(std::uint32_t step) const { return &clocks_[step * threads_]; }
    void join(std::uint32_t step);
    void join_roles(const History& history, unsigned roles);
    void collect(const History& history, unsigned roles, std::uint32_t thread);
    void add(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void collect_spun(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void record(History& history, Role role, std::uint32_t step, std::uint32_t thread);
    void on_access(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_sequential(bool fence, bool reversible, std::uint32_t step, std::uint32_t thread);
    void let_go(std::uint64_t mutex, std::uint32_t step, std::uint32_t thread);
    void try_lock(std::uint64_t mutex, std::uint32_t step, std::uint32_t thread);
    void on_lock(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_permit(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_channel(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_pipe_end(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void tell_of_pipe_end(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void collect_on_channel(const Operation& operation, Role role, std::uint32_t thread);
    void on_exit(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_child(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_all_threads(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void drop_impossible(std::size_t from, std::uint32_t step, std::uint32_t thread, bool by_others);
    void on_free(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void on_freed_memory(const Operation& operation, std::uint32_t thread);
    void on_other(const Operation& operation, std::uint32_t step, std::uint32_t thread);
    void report(std::uint32_t step, std::uint32_t thread);
    void take_and_report(const Execution& execution, std::uint32_t step);
    bool add_pending(const Operation& operation, std::uint32_t thread);
    bool end_cuts_off(std::uint32_t thread, Ending ending) const;

    std::span<const Step> steps_;
    std::uint32_t threads_ = 0;
    std::vector<std::uint32_t> ordinal_, clocks_, pending_clocks_;
    std::vector<std::uint32_t> now_;     // of the operation at work: joined so far
    std::vector<std::uint32_t> before_;  // of its thread, before it
    std::vector<std::uint32_t> latest_;  // last step of each thread
    std::vector<std::uint32_t> candidates_;
    std::vector<std::uint32_t> counts_;  // steps of each thread so far
    std::vector<std::uint32_t> created_by_, ended_at_;
    Histories histories_;
    Journal journal_;
    std::vector<ReversibleRace> races_;
    JournaledList<std::uint32_t> frees_;  // steps that freed a block
    std::vector<std::uint32_t> idle_;     // looks of idle rounds
    bool fences_ = false;                 // the execution has seq_cst fences
    bool all_threads_ = false;            // or steps that concern all threads of a process
};

}  // namespace heddle::explore
