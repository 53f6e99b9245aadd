#include "core/session/exploration_view.h"

#include "core/explore/local_search.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kEvery = 100ms;
constexpr std::size_t kMostBugs = 100, kMostOutcomes = 1000;

std::string_view key_of(explore::Incomplete reason) {
    using I = explore::Incomplete;
    switch (reason) {
        case I::kNo:
            return "";
        case I::kStepLimit:
            return "explore.incomplete.step_limit";
        case I::kUnsupported:
            return "explore.incomplete.unsupported";
        case I::kTooLarge:
            return "explore.incomplete.too_large";
        case I::kPreemptions:
            return "explore.incomplete.preemptions";
        case I::kRandom:
            return "explore.incomplete.random";
        case I::kLimit:
            return "explore.incomplete.limit";
        case I::kTime:
            return "explore.incomplete.time";
        case I::kCancelled:
            return "explore.incomplete.cancelled";
        case I::kOutcomes:
            return "explore.incomplete.outcomes";
        case I::kImpossible:
            return "explore.incomplete.impossible";
    }
    return "";
}

model::ExploreVerdict verdict_of(explore::VerdictKind verdict) {
    switch (verdict) {
        case explore::VerdictKind::kBug:
            return model::ExploreVerdict::kBug;
        case explore::VerdictKind::kNoneComplete:
            return model::ExploreVerdict::kNoneComplete;
        case explore::VerdictKind::kNoneBounded:
            return model::ExploreVerdict::kNoneBounded;
    }
    return model::ExploreVerdict::kNone;
}

}  // namespace

ExplorationView::ExplorationView(const ExploreLab& lab, ExploredProgram& program)
    : lab_(lab), program_(program), tree_([&program](const trace::Step& step) { return program.words(step); }) {}

bool ExplorationView::is_due() const {
    return monotonic_now() - last_ >= std::max(kEvery, 10 * cost_);
}

void ExplorationView::read_sample() {
    explore::SampleReader::Sink sink;
    sink.begin = [this] { tree_.begin(); };
    sink.take = [this](std::span<const trace::Step> steps, std::uint64_t outcome, trace::Ending ending) {
        tree_.add(steps, outcome, explore::is_obstacle(ending), sched::to_text(sched::schedule_of(steps)));
    };
    if (reader_.read(lab_.sample(), sink)) shown_ = std::make_shared<model::InterleavingTree>(tree_.tree());
}

model::ExploreSnapshot ExplorationView::make(const explore::ExploreReport& report) {
    read_sample();
    model::ExploreSnapshot view;
    view.executions = report.executions - std::min(report.forgotten, report.executions);
    view.real_runs = !lab_.needed_threads().empty();
    view.distinct_outcomes = report.outcomes.size();
    for (const explore::Outcome& outcome : report.outcomes) {
        if (view.outcomes.size() == kMostOutcomes) break;
        view.outcomes.push_back({outcome.value, outcome.count, sched::to_text(outcome.schedule), outcome.bug});
    }
    view.tree = shown_;
    for (const std::uint64_t key : shown_->outcomes) {
        const auto place = report.outcome_of.find(key);
        view.outcome_places.push_back(place != report.outcome_of.end() ? static_cast<std::uint32_t>(place->second)
                                                                       : UINT32_MAX);
    }
    view.tree_is_whole = !reader_.closed();
    return view;
}

std::shared_ptr<const model::ExploreSnapshot> ExplorationView::so_far(const explore::Progress& progress) {
    const Nanoseconds from = monotonic_now();
    const explore::ExploreReport report = progress.report();
    auto view = std::make_shared<model::ExploreSnapshot>(make(report));
    view->status = model::ExploreStatus::kExploring;
    view->seconds = progress.seconds;
    if (bugs_.size() > report.bugs.size()) bugs_.clear();  // the search began anew
    while (bugs_.size() < std::min(report.bugs.size(), kMostBugs)) {
        bugs_.push_back(in_words(report.bugs[bugs_.size()], program_));
    }
    for (std::size_t i = 0; i < bugs_.size(); ++i) bugs_[i].count = report.bugs[i].count;
    view->bugs = bugs_;
    last_ = monotonic_now();
    cost_ = last_ - from;
    return view;
}

std::shared_ptr<const model::ExploreSnapshot> ExplorationView::at_end(const Exploration& exploration) {
    const explore::ExploreReport& report = exploration.report;
    auto view = std::make_shared<model::ExploreSnapshot>(make(report));
    const bool cancelled = report.incomplete == explore::Incomplete::kCancelled;
    view->status = cancelled ? model::ExploreStatus::kCancelled : model::ExploreStatus::kEnded;
    view->seconds = report.seconds;
    view->verdict = verdict_of(report.verdict);
    if (report.incomplete != explore::Incomplete::kNo) {
        view->incomplete.key = key_of(report.incomplete);
        const std::size_t colon =
            report.incomplete == explore::Incomplete::kUnsupported ? report.reason.find(": ") : std::string::npos;
        view->incomplete.arguments = {{"detail", colon == std::string::npos ? report.reason : report.reason.substr(colon + 2)}};
    }
    view->bugs = exploration.bugs;
    if (view->bugs.size() > kMostBugs) view->bugs.resize(kMostBugs);
    return view;
}

}  // namespace heddle::session
