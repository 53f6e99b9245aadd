#include "core/session/explore_lab.h"

#include <linux/futex.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/base/clock.h"
#include "core/base/soon.h"
#include "core/session/open_ends.h"
#include "core/trace/ending_text.h"
#include "core/trace/segments.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kSearchTurn = 100ms;
constexpr Nanoseconds kPatience = 1s;  // with an execution under way, once the search is cancelled
constexpr std::uint64_t kDataLimit = std::uint64_t{8} << 30;

}  // namespace

Result<std::unique_ptr<ExploreLab>> ExploreLab::start(Options options) {
    std::error_code error;
    if (!options.input.empty() && !std::filesystem::is_regular_file(options.input, error))
        return fail("Explore must read the input again and again", options.input.string(), "put it into a file");
    std::unique_ptr<ExploreLab> lab(new ExploreLab(std::move(options), TRY(SharedBoard::create())));
    TRY(lab->spawn());
    return lab;
}

ExploreLab::~ExploreLab() {
    end_program();
}

void ExploreLab::end_program() {
    lab_.reset();
    trace::remove_segments(*board_);
}

Result<> ExploreLab::spawn() {
    end_program();
    controller_.reset();
    const bool again = std::exchange(board_->magic, trace::kBoardMagic) != 0;
    board_->bytes = sizeof(trace::Board);
    board_->asked.store(0);
    board_->answered.store(0);
    board_->library_waits.store(0);
    board_->heddle_waits.store(0);
    board_->ready = 0;
    board_->on_threads = board_->copies = 0;
    board_->claimed.store(0);
    board_->executions.store(0);
    board_->outcome_count = 0;
    ++board_->sample.generation;
    board_->sample.executions = board_->sample.steps = 0;
    board_->sampled = options_.sampled ? 1 : 0;
    if (again) {
        std::fill(std::begin(board_->granules), std::end(board_->granules), 0);
        board_->library_states = {};
    }
    if (!needed_threads_.empty()) {
        controller_.emplace(*board_);
        board_->copies = 1;
        board_->pause_at = trace::kMostSteps;  // never
        board_->asked.store(0);
    }
    LabOptions options;
    options.supervisor = options_.supervisor;
    options.preload = {options_.fibers};
    options.command = options_.command;
    options.input = options_.input;
    options.data_limit_bytes = kDataLimit;
    options.board_fd = memory_.fd();
    options.fixed_addresses = true;
    lab_.emplace(TRY(Lab::spawn(options)));
    board_->asked.store(1);  // first: where the program stands before main, it waits until it is asked for more than that
    TRY(lab_->let_go());
    if (!TRY(ask()) || board_->ready == 0) {
        const bool late = board_->ending == trace::Ending::kUnsupported;
        return fail(late ? "the program did not come to its main function" : "the program ended before main",
                    options_.command.front(), "run it by hand to see why");
    }
    if (board_->ready != 1) return fail("Explore is not possible here", std::string(board_->text));
    return {};
}

Result<> ExploreLab::go_on_threads() {
    needed_threads_ = board_->text;
    return spawn();
}

// What the execution's processes have printed so far; at its end they have written all of it.
void ExploreLab::take_output() {
    bool ended = false;
    for (std::string more = "."; !more.empty();) {
        more = read_available(lab_->stdout_fd(), trace::kOutputBytes, ended);
        output_ += more.substr(0, trace::kOutputBytes - output_.size());
    }
}

// Waits for the answer to what was asked.
Result<bool> ExploreLab::ask(std::optional<Nanoseconds> pause_after) {
    const std::uint32_t number = board_->asked.load();
    if (board_->library_waits.load() != 0) ::syscall(SYS_futex, &board_->asked, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    if (comes_soon([&] { return board_->answered.load() == number; })) return true;
    const Nanoseconds asked_at = monotonic_now();
    std::uint64_t executions = board_->executions.load();
    Nanoseconds give_up =
        monotonic_now() + std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(options_.step_timeout_s));
    bool hurried = false;
    board_->heddle_waits.store(1);
    for (std::uint32_t answered = board_->answered.load(); answered != number; answered = board_->answered.load()) {
        const timespec pause{0, 20'000'000};
        ::syscall(SYS_futex, &board_->answered, FUTEX_WAIT, answered, &pause, nullptr, 0);
        for (const LabReport& report : lab_->read_reports()) {
            if (report.kind != LabReportKind::kReaped || report.pid != lab_->program().value) continue;
            board_->heddle_waits.store(0);
            board_->ending = WIFSIGNALED(report.value) ? trace::Ending::kCrash : trace::Ending::kFinished;
            board_->value = WIFSIGNALED(report.value) ? WTERMSIG(static_cast<int>(report.value))
                                                      : WEXITSTATUS(static_cast<int>(report.value));
            return false;
        }
        if (controller_) {
            controller_->free_turn(false);
            take_output();
        }
        const Nanoseconds now = monotonic_now();
        if (pause_after && now - asked_at > *pause_after) board_->pause.store(1);
        if (!hurried && options_.cancelled && options_.cancelled()) {
            hurried = true;
            board_->pause.store(1);
            give_up = std::min(give_up, now + kPatience);
        }
        if (const std::uint64_t latest = board_->executions.load(); latest != executions && !hurried) {
            executions = latest;
            give_up += now - asked_at;
        }
        if (now > give_up) {
            board_->heddle_waits.store(0);
            board_->ending = trace::Ending::kUnsupported;
            std::strcpy(board_->text, trace::ending_text::kNoHook.words);
            return false;
        }
    }
    board_->heddle_waits.store(0);
    return true;
}

// Whose open end of a pipe keeps whom waiting; the processes stand still.
void ExploreLab::note_blocked(const explore::Execution& execution) {
    blocked_.clear();
    if (!controller_ || execution.ending != trace::Ending::kDeadlock) return;
    const auto alive = [&](std::uint32_t thread) { return (execution.alive >> thread & 1) != 0; };
    for (std::uint32_t waiting = 0; waiting < execution.threads; ++waiting) {
        for (std::uint32_t other = 0; alive(waiting) && other < execution.threads; ++other) {
            if (alive(other) && has_other_end(controller_->pid(waiting), execution.pending[waiting], controller_->pid(other)))
                blocked_.push_back({waiting, other});
        }
    }
}

explore::Execution ExploreLab::answer() {
    // Copies: the board is written again, and the program may scribble on it.
    explore::Execution execution = explore::execution_on(*board_);
    pending_.assign(execution.pending.begin(), execution.pending.end());
    cut_off_.assign(execution.cut_off.begin(), execution.cut_off.end());
    execution.cut_off = cut_off_;
    pending_callers_.assign(execution.pending_callers.begin(), execution.pending_callers.end());
    execution.pending_callers = pending_callers_;
    steps_.assign(execution.steps.begin(), execution.steps.end());
    places_.assign(execution.places.begin(), execution.places.end());
    text_ = execution.text;
    if (controller_) {
        take_output();
        for (const char byte : output_)
            execution.digest = (execution.digest ^ static_cast<unsigned char>(byte)) * 0x9e3779b97f4a7c15ULL;
    } else {
        output_ = execution.output;
    }
    note_blocked(execution);
    execution.blocked = blocked_;
    execution.pending = pending_;
    execution.steps = steps_;
    execution.places = places_;
    execution.text = text_;
    execution.output = output_;
    return execution;
}

// The process is gone: what it had done by then is on the board; what other threads were about to do is not.
Result<explore::Execution> ExploreLab::last_words() {
    board_->alive = 0;
    board_->digest = 0;
    const explore::Execution last = answer();
    if (board_->ending != trace::Ending::kUnsupported) TRY(spawn());
    return last;
}

Result<explore::Execution> ExploreLab::run(const explore::Request& request) {
    if (!explore::write_request(request, *board_)) return fail("the beginning of an execution is too long");
    board_->priority_changes = 3;
    board_->expected_steps = 64;
    board_->task = trace::Task::kExecution;
    board_->asked.fetch_add(1);
    output_.clear();
    if (!TRY(ask())) return last_words();
    if (board_->ending != trace::Ending::kNeedsThreads || controller_) return answer();
    TRY(go_on_threads());
    return run(request);
}

Result<explore::SearchNews> ExploreLab::search(std::uint32_t step_limit, bool spurious_wakeups, std::uint64_t most_executions) {
    if (controller_) return search_here(step_limit, spurious_wakeups, most_executions);
    board_->task = trace::Task::kSearch;
    board_->step_limit = std::min(step_limit, trace::kMostSteps);
    board_->spurious = spurious_wakeups ? 1 : 0;
    board_->most_executions = board_->executions.load() + most_executions;
    board_->pause.store(0);
    board_->asked.fetch_add(1);
    explore::SearchNews news;
    const bool answered = TRY(ask(kSearchTurn));
    news.executions = board_->executions.load();
    news.redundant = board_->redundant.load();
    news.impossible = board_->impossible.load();
    news.depth = board_->depth;
    if (!answered) {
        if (board_->ending != trace::Ending::kUnsupported) {
            return fail("the explored program's process was ended from outside", options_.command.front(), "explore it again");
        }
        news.obstacle = true;
        news.execution = TRY(last_words());
        news.exhausted = true;
        return news;
    }
    news.exhausted = board_->news == trace::News::kExhausted;
    news.forgotten = board_->news == trace::News::kForgotten;
    news.obstacle = board_->news == trace::News::kObstacle;
    if (news.obstacle && board_->ending == trace::Ending::kNeedsThreads) {
        executions_before_ = news.executions;
        TRY(go_on_threads());
        news.obstacle = false;
        news.forgotten = true;
        return news;
    }
    if (news.obstacle || board_->news == trace::News::kExecution || board_->news == trace::News::kRace)
        news.execution = answer();
    if (board_->news == trace::News::kRace && board_->race_second < steps_.size() && board_->race_first < board_->race_second) {
        news.race = std::pair(board_->race_first, board_->race_second);
    }
    return news;
}

Result<explore::SearchNews> ExploreLab::search_here(std::uint32_t step_limit, bool spurious_wakeups,
                                                    std::uint64_t most_executions) {
    using Why = explore::SearchStop::Why;
    if (!here_)
        here_.emplace(
            *this, explore::LocalSearch::Options{step_limit, spurious_wakeups, options_.sampled ? &board_->sample : nullptr});
    const Nanoseconds until = monotonic_now() + kSearchTurn;
    const explore::SearchStop stop = here_->go_on(most_executions, [&](const explore::LocalSearch&) {
        return monotonic_now() > until || (options_.cancelled && options_.cancelled());
    });
    if (here_->failure()) return tl::unexpected(*here_->failure());
    explore::SearchNews news;
    news.executions = executions_before_ + here_->executions();
    news.redundant = here_->redundant();
    news.impossible = here_->impossible();
    news.depth = here_->depth();
    news.exhausted = stop.why == Why::kExhausted;
    news.forgotten = stop.why == Why::kForgotten;
    news.obstacle = stop.why == Why::kObstacle;
    if (news.obstacle || stop.why == Why::kOutcome || stop.why == Why::kRace) news.execution = stop.execution;
    if (stop.why == Why::kRace) news.race = std::pair(stop.race.first, stop.race.second);
    return news;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> ExploreLab::outcome_counts() const {
    if (here_) return {here_->outcomes().begin(), here_->outcomes().end()};
    std::vector<std::pair<std::uint64_t, std::uint64_t>> counts;
    const std::uint32_t count = std::min(board_->outcome_count, trace::kMostOutcomes);
    for (std::uint32_t i = 0; i < count; ++i) counts.emplace_back(board_->outcomes[i].key, board_->outcomes[i].executions);
    return counts;
}

Result<explore::Execution> ExploreLab::replay(const std::vector<trace::Block>& blocks, std::uint32_t step_limit,
                                              bool spurious_wakeups) {
    if (blocks.size() > trace::kMostSteps) return fail("the schedule is too long");
    std::copy(blocks.begin(), blocks.end(), board_->blocks);
    board_->block_count = static_cast<std::uint32_t>(blocks.size());
    explore::Request request;
    request.follow = trace::Follow::kBlocks;
    request.every_access = true;
    request.first_cycle = true;
    request.spurious_wakeups = spurious_wakeups;
    request.step_limit = step_limit;
    return run(request);
}

bool ExploreLab::visible(const trace::Operation& access) const {
    return trace::is_visible(*board_, access.object, access.kind == trace::OperationKind::kFree ? access.value : access.bytes);
}

bool ExploreLab::read_memory(std::uint64_t address, void* out, std::size_t bytes, std::uint32_t thread) const {
    iovec here{out, bytes};
    iovec there{reinterpret_cast<void*>(address), bytes};
    const pid_t pid = controller_ ? board_->pids[thread % trace::kMostFibers] : lab_->program().value;
    return ::process_vm_readv(pid, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes);
}

std::vector<trace::SharedMapping> ExploreLab::shared_mappings() const {
    const std::size_t count = controller_ ? std::min(board_->mapping_count, trace::kMostMappings) : 0;
    return {board_->mappings, board_->mappings + count};
}

}  // namespace heddle::session
