#include "core/explore/explorer.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <unordered_map>

#include "core/explore/bounded_search.h"
#include "core/explore/local_search.h"

namespace heddle::explore {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostPreemptionsShown = 3;
constexpr std::uint64_t kShortenExecutions = 30'000;
constexpr double kShortenSeconds = 1.5;
constexpr std::uint64_t kAskEvery = 256;
constexpr std::size_t kMostOutcomes = 100'000;

constexpr std::string_view kUnsupported = "not supported in Explore: ";

struct Obstacle {
    Incomplete kind = Incomplete::kNo;
    std::string words, detail;
};

// What keeps the search from being complete.
Obstacle obstacle(const Execution& execution) {
    switch (execution.ending) {
        case Ending::kStepLimit:
            return {Incomplete::kStepLimit, "an execution went on for more than the limit of steps", ""};
        case Ending::kUnsupported:
        case Ending::kNeedsThreads:
            return {Incomplete::kUnsupported, std::string(kUnsupported) + std::string(execution.text),
                    std::string(execution.text)};
        case Ending::kMemoryLimit:
        case Ending::kTooManyThreads:
            return {Incomplete::kTooLarge, std::string(execution.text), std::string(execution.text)};
        default:
            return {};
    }
}

std::string unseen(const std::string& place) {
    return std::string(kUnsupported) + "inline assembly" + (place.empty() ? "" : " at " + place) + ", which no hook sees";
}

class Exploration {
public:
    Exploration(Executor& executor, Searcher& searcher, const ExploreOptions& options, const ExploreHooks& hooks)
        : executor_(executor), searcher_(searcher), options_(options), hooks_(hooks), started_(Clock::now()) {}

    Result<ExploreReport> run() {
        if (options_.unseen) note_obstacle({Incomplete::kUnseen, unseen(*options_.unseen), *options_.unseen});
        TRY(search());
        finish();
        TRY(shorten());
        report_.seconds = elapsed();
        return std::move(report_);
    }

private:
    struct Known {
        std::size_t outcome, bug;  // bug: SIZE_MAX where it is none
    };

    double elapsed() const { return std::chrono::duration<double>(Clock::now() - started_).count(); }

    Result<> search() {
        if (options_.preemptions || options_.policy != SearchPolicy::kDpor) {
            Request rehearsal = base_request();  // to learn which memory is shared
            rehearsal.every_access = true;
            rehearsal.step_limit = trace::kMostSteps - 1;
            TRY(executor_.run(rehearsal));
            return options_.preemptions ? bounded() : sample();
        }
        while (!stopped_ && !exhausted_ && may_go_on()) {
            const std::uint64_t left = options_.limit - report_.executions;
            const SearchNews news = TRY(searcher_.search(options_.step_limit, options_.spurious_wakeups, left));
            report_.executions = news.executions;
            report_.redundant = news.redundant;
            report_.impossible = news.impossible;
            depth_ = news.depth;
            exhausted_ = news.exhausted;
            // Said first: whoever cancels a search may cut an execution off in its middle.
            if (hooks_.cancelled && hooks_.cancelled()) note_obstacle({Incomplete::kCancelled, "it was cancelled", ""});
            if (news.forgotten) forget();
            if (news.execution) take(*news.execution, news.race);
        }
        return {};
    }

    Result<> bounded() {
        BoundedSearch search(*options_.preemptions);
        for (auto request = search.next(); request && !stopped_ && may_go_on(); request = search.next()) {
            request->step_limit = options_.step_limit;
            request->spurious_wakeups = options_.spurious_wakeups;
            const Execution execution = TRY(executor_.run(*request));
            if (execution.ending == Ending::kDiverged) continue;
            search.take(execution);
            ++report_.executions;
            take(execution, race_of(execution));
            count(execution);
        }
        const std::string most = std::to_string(*options_.preemptions);
        note_obstacle({Incomplete::kPreemptions, "at most " + most + " preemptions were allowed", most});
        return {};
    }

    Request base_request() const {
        Request request;
        request.step_limit = options_.step_limit;
        request.spurious_wakeups = options_.spurious_wakeups;
        return request;
    }

    Result<> sample() {
        for (std::uint64_t seed = 1; !stopped_ && may_go_on(); ++seed) {
            Request request = base_request();
            request.follow = options_.policy == SearchPolicy::kPct ? trace::Follow::kPriorities : trace::Follow::kRandom;
            request.seed = seed;
            const Execution execution = TRY(executor_.run(request));
            ++report_.executions;
            take(execution, race_of(execution));
            count(execution);
        }
        note_obstacle({Incomplete::kRandom, "schedules were drawn at random", ""});
        return {};
    }

    bool may_go_on() {
        if (report_.executions >= options_.limit) {
            const std::string most = std::to_string(options_.limit);
            note_obstacle({Incomplete::kLimit, "the limit of " + most + " executions was reached", most});
            return false;
        }
        const double seconds = elapsed();
        if (seconds > options_.timeout_s) {
            note_obstacle({Incomplete::kTime, "the time was over", ""});
            return false;
        }
        if (!wanted(seconds)) {
            note_obstacle({Incomplete::kCancelled, "it was cancelled", ""});
            return false;
        }
        return true;
    }

    // Whether the caller wants to go on.
    bool wanted(double seconds) {
        if (!hooks_.progress) return true;
        return hooks_.progress(
            {report_.executions, seconds, depth_, report_.outcomes.size(), report_.bugs.size(), [this] { return counted(); }});
    }

    // The report as it is now.
    ExploreReport counted() const {
        ExploreReport now = report_;
        count_into(now);
        return now;
    }

    void note_obstacle(const Obstacle& obstacle) {
        if (report_.incomplete != Incomplete::kNo) return;
        report_.incomplete = obstacle.kind;
        report_.reason = obstacle.words;
        report_.detail = obstacle.detail;
    }

    void forget() {
        report_.forgotten = report_.executions;
        report_.outcomes.clear();
        report_.bugs.clear();
        known_.clear();
        races_ = RaceCheck();
    }

    std::optional<std::pair<std::uint32_t, std::uint32_t>> race_of(const Execution& execution) {
        const auto race = races_.find(execution);
        if (!race) return std::nullopt;
        return std::pair(race->first, race->second);
    }

    // An execution worth a look: its end or a race in it may be new.
    void take(const Execution& execution, const std::optional<std::pair<std::uint32_t, std::uint32_t>>& race) {
        const Obstacle found = obstacle(execution);
        note_obstacle(found);
        if (execution.ending == Ending::kUnsupported) stopped_ = true;
        if (execution.ending == Ending::kRedundant || found.kind != Incomplete::kNo) return;
        add_outcome(execution);
        if (!race) return;
        Bug& bug = add_bug("data-race", execution);
        bug.at = {race->first, race->second};
        bug.object = execution.steps[race->second].operation.object;
        stop_if_found("data-race");
    }

    void count(const Execution& execution) {
        ++counts_[outcome_key(execution)];
        if (hooks_.carried_out) hooks_.carried_out(execution);
    }

    void add_outcome(const Execution& execution) {
        const std::uint64_t key = outcome_key(execution);
        if (known_.contains(key)) return;
        if (known_.size() >= kMostOutcomes)
            return note_obstacle({Incomplete::kOutcomes, "more than 100,000 different outcomes", ""});
        std::string kind = kind_of(execution);
        ExploreHooks::Judgement judgement;
        if (hooks_.judge) judgement = hooks_.judge(execution);
        if (kind.empty() && judgement.wrong) kind = "wrong-result";
        const auto same = std::find_if(report_.outcomes.begin(), report_.outcomes.end(), [&](const Outcome& outcome) {
            return outcome.value == judgement.value && outcome.bug == kind;
        });
        const auto index = static_cast<std::size_t>(same - report_.outcomes.begin());
        if (same == report_.outcomes.end()) {
            report_.outcomes.push_back({judgement.value, 0, sched::schedule_of(execution.steps), kind});
        }
        Known known{index, SIZE_MAX};
        if (!kind.empty()) {
            const auto bug = std::find_if(report_.bugs.begin(), report_.bugs.end(),
                                          [&](const Bug& each) { return same_bug(each, kind, execution); });
            known.bug = static_cast<std::size_t>(bug - report_.bugs.begin());
            if (bug == report_.bugs.end()) {
                Bug& added = add_bug(kind, execution);
                if (kind == "wrong-result") added.text = *judgement.wrong;
            }
        }
        known_[key] = known;
        if (!kind.empty()) stop_if_found(kind);
    }

    bool same_bug(const Bug& bug, const std::string& kind, const Execution& execution) const {
        return bug.kind == kind && bug.pc == execution.pc;
    }

    Bug& add_bug(const std::string& kind, const Execution& execution) {
        Bug bug;
        bug.kind = kind;
        if (kind != "data-race") bug.text = execution.text;
        fill(bug, execution);
        bug.count = kind == "data-race" ? 1 : 0;  // the others are counted by their ends
        report_.bugs.push_back(std::move(bug));
        return report_.bugs.back();
    }

    static void fill(Bug& bug, const Execution& execution) {
        bug.schedule = sched::schedule_of(execution.steps);
        bug.preemptions = sched::preemptions_of(execution.steps);
        bug.steps.assign(execution.steps.begin(), execution.steps.end());
        bug.alive = execution.alive;
        bug.pending.assign(execution.pending.begin(), execution.pending.end());
        bug.pending_callers.assign(execution.pending_callers.begin(), execution.pending_callers.end());
        bug.pending_callers.resize(bug.pending.size());
        bug.blocked.assign(execution.blocked.begin(), execution.blocked.end());
        bug.places.assign(execution.places.begin(), execution.places.end());
        bug.thread = execution.thread;
        bug.object = execution.object;
        bug.pc = execution.pc;
        bug.value = execution.value;
    }

    void stop_if_found(const std::string& kind) {
        if (!options_.all && (options_.stop_at.empty() || options_.stop_at == kind)) stopped_ = true;
    }

    // The counts, and the outcomes in their order.
    void count_into(ExploreReport& report) const {
        auto counts = counts_;
        for (const auto& [key, executions] : searcher_.outcome_counts()) counts[key] += executions;
        for (const auto& [key, known] : known_) {
            report.outcomes[known.outcome].count += counts[key];
            if (known.bug != SIZE_MAX) report.bugs[known.bug].count += counts[key];
        }
        std::vector<std::size_t> order(report.outcomes.size()), place(report.outcomes.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](std::size_t a, std::size_t b) { return report.outcomes[a].count > report.outcomes[b].count; });
        std::vector<Outcome> sorted;
        for (const std::size_t outcome : order) {
            place[outcome] = sorted.size();
            sorted.push_back(std::move(report.outcomes[outcome]));
        }
        report.outcomes = std::move(sorted);
        for (const auto& [key, known] : known_) report.outcome_of[key] = place[known.outcome];
    }

    void finish() {
        count_into(report_);
        const bool found = std::any_of(report_.bugs.begin(), report_.bugs.end(), [&](const Bug& bug) {
            return options_.stop_at.empty() || options_.stop_at == bug.kind;
        });
        if (exhausted_ && report_.impossible > 0)
            note_obstacle({Incomplete::kImpossible, "some orders could not be followed", ""});
        const bool complete = exhausted_ && report_.incomplete == Incomplete::kNo;
        report_.verdict = found ? VerdictKind::kBug : complete ? VerdictKind::kNoneComplete : VerdictKind::kNoneBounded;
    }

    // For each bug the schedule with fewest preemptions.
    Result<> shorten() {
        const auto from = Clock::now();
        for (Bug& bug : report_.bugs) {
            // A livelock's circle lies deep: first from where its threads are in it.
            if (bug.kind == "livelock") TRY(shorten(bug, BoundedSearch::behind(bug.steps, kMostPreemptionsShown), from));
            if (bug.preemptions == 0) continue;
            TRY(shorten(bug, BoundedSearch(std::min(bug.preemptions - 1, kMostPreemptionsShown)), from));
        }
        return {};
    }

    Result<> shorten(Bug& bug, BoundedSearch search, Clock::time_point from) {
        RaceCheck races;
        std::uint64_t tried = 0;
        for (auto request = search.next(); request; request = search.next()) {
            if (++tried > kShortenExecutions || std::chrono::duration<double>(Clock::now() - from).count() > kShortenSeconds)
                break;
            if (tried % kAskEvery == 0 && hooks_.cancelled && hooks_.cancelled()) return {};
            request->step_limit = options_.step_limit;
            request->spurious_wakeups = options_.spurious_wakeups;
            request->first_cycle = bug.kind == "livelock";
            const Execution execution = TRY(executor_.run(*request));
            if (execution.ending == Ending::kDiverged) continue;
            // What goes on for very long is given turns, which are preemptions that nobody asked for.
            const bool as_asked = sched::preemptions_of(execution.steps) <= search.preemptions();
            if (as_asked && shows(bug, execution, races)) break;
            search.take(execution);
        }
        return {};
    }

    // Whether this execution has the same bug; the bug's schedule is this one then.
    bool shows(Bug& bug, const Execution& execution, RaceCheck& races) {
        if (bug.kind == "data-race") {
            while (const auto race = races.find(execution)) {
                const auto place = [&](std::uint32_t step) { return execution.steps[step].operation.pc; };
                const std::uint64_t a = bug.steps[bug.at[0]].operation.pc, b = bug.steps[bug.at[1]].operation.pc;
                if (!((place(race->first) == a && place(race->second) == b) ||
                      (place(race->first) == b && place(race->second) == a)))
                    continue;
                const std::uint64_t object = bug.object;
                fill(bug, execution);
                bug.at = {race->first, race->second};
                bug.object = object;
                return true;
            }
            return false;
        }
        if (bug.kind == "wrong-result") {
            if (execution.ending != Ending::kFinished || !hooks_.judge) return false;
            const auto judgement = hooks_.judge(execution);
            if (!judgement.wrong) return false;
            fill(bug, execution);
            bug.text = *judgement.wrong;
            return true;
        }
        if (!same_bug(bug, kind_of(execution), execution)) return false;
        fill(bug, execution);
        return true;
    }

    Executor& executor_;
    Searcher& searcher_;
    const ExploreOptions& options_;
    const ExploreHooks& hooks_;
    Clock::time_point started_;
    ExploreReport report_;
    std::unordered_map<std::uint64_t, Known> known_;           // by outcome_key
    std::unordered_map<std::uint64_t, std::uint64_t> counts_;  // the same
    RaceCheck races_;
    std::size_t depth_ = 0;
    bool stopped_ = false, exhausted_ = false;
};

}  // namespace

Result<ExploreReport> explore(Executor& executor, Searcher& searcher, const ExploreOptions& options,
                              const ExploreHooks& hooks) {
    return Exploration(executor, searcher, options, hooks).run();
}

}  // namespace heddle::explore
