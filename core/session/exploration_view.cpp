#include "core/session/exploration_view.h"

#include <algorithm>
#include <utility>

#include "core/explore/local_search.h"
#include "core/model/explain_exploration.h"
#include "core/trace/ending_text.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kEvery = 100ms;
constexpr std::size_t kMostBugs = 100, kMostOutcomes = 1000;

// Why not all was tried.
model::Sentence sentence_of(const explore::ExploreReport& report) {
    using I = explore::Incomplete;
    const auto say = [](const std::string& reason, std::map<std::string, std::string> arguments = {}) {
        return model::Sentence{"explore.incomplete." + reason, std::move(arguments), model::kNobody};
    };
    const std::string suffix = trace::ending_text_suffix(report.detail);
    switch (report.incomplete) {
        case I::kNo:
            return {};
        case I::kStepLimit:
            return say("step_limit");
        case I::kUnsupported:
            return suffix.empty() ? say("call", {{"call", report.detail}}) : say("unsupported" + suffix);
        case I::kTooLarge:
            return say("too_large" + suffix);
        case I::kPreemptions:
            return say("preemptions", {{"count", report.detail}});
        case I::kRandom:
            return say("random");
        case I::kLimit:
            return say("limit", {{"count", model::grouped(std::stoull(report.detail))}});
        case I::kTime:
            return say("time");
        case I::kCancelled:
            return say("cancelled");
        case I::kOutcomes:
            return say("outcomes");
        case I::kImpossible:
            return say("impossible");
        case I::kUnseen:
            return report.detail.empty() ? say("unseen_plain") : say("unseen", {{"place", report.detail}});
    }
    return {};
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

void ExplorationView::take(const explore::Execution& execution) {
    if (taken_ == trace::Sample::kMostExecutions) taken_all_ = false;
    if (!taken_all_) return;
    ++taken_;
    taken_more_ = true;
    tree_.add(execution.steps, explore::outcome_key(execution), explore::is_obstacle(execution.ending),
              sched::to_text(sched::schedule_of(execution.steps)));
}

void ExplorationView::read_sample() {
    if (std::exchange(taken_more_, false)) shown_ = std::make_shared<model::InterleavingTree>(tree_.tree());
    if (taken_ > 0) return;
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
    view.tree_is_whole = !reader_.closed() && taken_all_;
    view.waits_for_signals = std::any_of(shown_->words.begin(), shown_->words.end(), [](const model::StepText& step) {
        return step.operation == "wait" || step.operation == "timed_wait";
    });
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
    view->incomplete = sentence_of(report);
    view->bugs = exploration.bugs;
    if (view->bugs.size() > kMostBugs) view->bugs.resize(kMostBugs);
    return view;
}

}  // namespace heddle::session
