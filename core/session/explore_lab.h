// ExploreLab: a program under the fibers library, which carries out one execution after the other on request: on fibers, with
// the search beside them; from the first call on that fibers cannot serve (it forks, it polls), on kernel threads, each
// execution in a copy of its process (core/fibers/copies.h), with the search here. Starts the program again when an execution
// took its process along. Belongs to the thread that explores. Its destructor ends the process.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/explore/execution.h"
#include "core/explore/local_search.h"
#include "core/sched/controller.h"
#include "core/session/lab.h"
#include "core/session/shared_board.h"

namespace heddle::session {

class ExploreLab final : public explore::Executor, public explore::Searcher {
public:
    struct Options {
        std::filesystem::path supervisor, fibers;  // heddle-lab, libheddle_fibers.so
        std::vector<std::string> command;          // program and arguments
        std::filesystem::path input;               // what it reads from its standard input; empty: nothing
        double step_timeout_s = 10;                // an execution that takes longer hangs where no hook is
        bool sampled = false;                      // the search's first executions are written down, for sample()
        std::function<bool()> cancelled = {};      // asked while it waits; true: it comes back soon
    };
    static Result<std::unique_ptr<ExploreLab>> start(Options options);
    ~ExploreLab() override;

    Result<explore::Execution> run(const explore::Request& request) override;
    Result<explore::SearchNews> search(std::uint32_t step_limit, bool spurious_wakeups, std::uint64_t most_executions) override;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> outcome_counts() const override;
    // The same execution once more, by its schedule; kDiverged where it does not fit the program.
    Result<explore::Execution> replay(const std::vector<trace::Block>& blocks, std::uint32_t step_limit, bool spurious_wakeups);
    bool visible(const trace::Operation& access) const override;

    // The first executions of the search under way.
    const trace::Sample& sample() const { return board_->sample; }

    // The program's memory as the latest execution left it; on threads that of a thread's process.
    bool read_memory(std::uint64_t address, void* out, std::size_t bytes, std::uint32_t thread = 0) const;
    // What its processes share.
    std::vector<trace::SharedMapping> shared_mappings() const;
    // What of libc's own lies there; empty: nothing.
    std::string_view library_state(std::uint64_t address) const {
        return trace::library_state_at(board_->library_states, address);
    }
    ProcessId program() const { return lab_->program(); }
    // The call that took the search from fibers to kernel threads; empty: none.
    const std::string& needed_threads() const { return needed_threads_; }

private:
    ExploreLab(Options options, SharedBoard memory)
        : options_(std::move(options)), memory_(std::move(memory)), board_(&memory_.board()) {}
    Result<> spawn();
    void end_program();
    Result<> go_on_threads();
    Result<explore::SearchNews> search_here(std::uint32_t step_limit, bool spurious_wakeups, std::uint64_t most_executions);
    void take_output();
    void note_blocked(const explore::Execution& execution);
    Result<bool> ask(std::optional<Nanoseconds> pause_after = {});  // false: the process is gone, or hangs
    explore::Execution answer();
    Result<explore::Execution> last_words();

    Options options_;
    SharedBoard memory_;
    trace::Board* board_;
    std::optional<Lab> lab_;
    std::vector<trace::Operation> pending_;
    std::vector<trace::Callers> pending_callers_;
    std::vector<trace::Step> steps_, places_;
    std::vector<explore::Blocked> blocked_;
    std::vector<std::uint32_t> cut_off_;
    std::string text_, output_, needed_threads_;
    std::optional<sched::Controller> controller_;  // on threads
    std::optional<explore::LocalSearch> here_;     // the same, once a search has begun
    std::uint64_t executions_before_ = 0;          // that search began
};

}  // namespace heddle::session
