#include "core/sched/schedule.h"

#include <algorithm>
#include <charconv>

#include "core/trace/dependence.h"

namespace heddle::sched {
namespace {

constexpr std::string_view kPrefix = "h1:";

Error wrong(std::string_view text, std::size_t at, const std::string& expected) {
    return Error{"this is no schedule", "'" + std::string(text.substr(0, 60)) + "', character " + std::to_string(at + 1), 0,
                 "expected " + expected + "; a schedule looks like h1:1.12,2.5,1.14"};
}

// Reads a number at `at` and moves past it.
Result<std::uint32_t> number(std::string_view text, std::size_t& at, std::uint32_t most, const std::string& what) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc() || value > most) return tl::unexpected(wrong(text, at, what));
    at = static_cast<std::size_t>(end - text.data());
    return value;
}

}  // namespace

bool Schedule::operator==(const Schedule& other) const {
    return std::equal(blocks.begin(), blocks.end(), other.blocks.begin(), other.blocks.end(),
                      [](const trace::Block& a, const trace::Block& b) {
                          return a.thread == b.thread && a.last_tick == b.last_tick && a.choice == b.choice;
                      });
}

Schedule schedule_of(std::span<const trace::Step> steps) {
    Schedule schedule;
    bool ended = true;
    for (const trace::Step& step : steps) {
        if (ended || schedule.blocks.back().thread != step.thread) schedule.blocks.push_back({0, step.thread, 0, 0});
        schedule.blocks.back().last_tick = step.operation.tick;
        schedule.blocks.back().choice = step.choice;
        ended = step.choice != 0;
    }
    return schedule;
}

namespace {

// Whether the step may have needed what another thread did before.
bool may_need(const trace::Step& step, const trace::Operation& before) {
    using K = trace::OperationKind;
    const trace::Operation& operation = step.operation;
    switch (before.kind) {
        case K::kEnd:
            return operation.kind == K::kJoin && operation.object == before.object;
        case K::kCreate:
            return step.thread == before.object;
        case K::kUnlock:
        case K::kTryLock:
        case K::kWait:
        case K::kTimedWait:
        case K::kSignal:
        case K::kBroadcast:
        case K::kReleasePermit:
        case K::kArrive:
        case K::kFutexWake:
            return !trace::is_access(operation.kind) &&
                   (operation.object == before.object || operation.second == before.object ||
                    operation.object == before.second);
        default:
            return trace::is_channel_operation(before.kind) && trace::is_channel_operation(operation.kind) &&
                   trace::dependent(operation, before);
    }
}

}  // namespace

Schedule other_order(std::span<const trace::Step> steps, std::uint32_t first, std::uint32_t second) {
    if (first >= second || second >= steps.size()) return {};
    // Left out is what the first access's thread goes on to do, and who needs that.
    std::uint64_t late = std::uint64_t{1} << steps[first].thread;
    std::vector<trace::Step> order(steps.begin(), steps.begin() + first);
    std::vector<trace::Operation> left_out;
    for (std::uint32_t i = first + 1; i <= second; ++i) {
        const bool needs = std::any_of(left_out.begin(), left_out.end(),
                                       [&](const trace::Operation& before) { return may_need(steps[i], before); });
        if (needs) late |= std::uint64_t{1} << steps[i].thread;
        if ((late >> steps[i].thread & 1) != 0) {
            left_out.push_back(steps[i].operation);
        } else {
            order.push_back(steps[i]);
        }
    }
    if ((late >> steps[second].thread & 1) != 0) return {};
    order.push_back(steps[first]);
    return schedule_of(order);
}

namespace {

void append(std::string& text, const trace::Block& block) {
    text += std::to_string(block.thread + 1) + '.' + std::to_string(block.last_tick);
    if (block.choice != 0) text += '!' + std::to_string(block.choice);
}

}  // namespace

std::string to_text(const Schedule& schedule) {
    std::string text(kPrefix);
    for (const trace::Block& block : schedule.blocks) {
        if (text.size() > kPrefix.size()) text += ',';
        append(text, block);
    }
    return text;
}

void ScheduleText::add(const trace::Step& step) {
    const bool begins = steps_.empty() || steps_.back().choice != 0 || steps_.back().thread != step.thread;
    if (begins && !steps_.empty()) append(text_, steps_.back()), text_ += ',';
    if (begins) begins_.push_back({text_.size(), steps_.size()});
    steps_.push_back({step.operation.tick, step.thread, step.choice, 0});
}

std::string ScheduleText::up_to(std::size_t steps) const {
    steps = std::min(steps, steps_.size());
    std::string text(kPrefix);
    if (steps == 0) return text;
    const auto after = std::upper_bound(begins_.begin(), begins_.end(), steps - 1,
                                        [](std::size_t step, const Begin& begin) { return step < begin.step; });
    text.append(text_, 0, std::prev(after)->text);
    append(text, steps_[steps - 1]);
    return text;
}

Result<Schedule> parse_schedule(std::string_view text) {
    if (!text.starts_with(kPrefix)) return tl::unexpected(wrong(text, 0, "h1:"));
    Schedule schedule;
    for (std::size_t at = kPrefix.size(); at < text.size();) {
        if (schedule.blocks.size() == trace::kMostSteps) return tl::unexpected(wrong(text, at, "no more blocks than 65,536"));
        trace::Block block{};
        const std::uint32_t thread = TRY(number(text, at, trace::kMostFibers, "a thread from 1 to 64"));
        if (thread == 0) return tl::unexpected(wrong(text, at, "a thread from 1 to 64"));
        block.thread = static_cast<std::uint8_t>(thread - 1);
        if (at >= text.size() || text[at] != '.') return tl::unexpected(wrong(text, at, "'.'"));
        block.last_tick = TRY(number(text, ++at, UINT32_MAX, "a number of hooks"));
        if (at < text.size() && text[at] == '!') {
            block.choice = static_cast<std::uint8_t>(TRY(number(text, ++at, trace::kMostFibers, "which way, up to 64")));
        }
        if (at < text.size() && text[at] != ',') return tl::unexpected(wrong(text, at, "',' or the end"));
        if (++at == text.size()) return tl::unexpected(wrong(text, at, "another block after ','"));
        schedule.blocks.push_back(block);
    }
    return schedule;
}

int preemptions_of(std::span<const trace::Step> steps) {
    int count = 0;
    for (std::size_t i = 1; i < steps.size(); ++i) {
        const std::uint8_t before = steps[i - 1].thread;
        if (steps[i].thread != before && (steps[i].enabled >> before & 1) != 0) ++count;
    }
    return count;
}

}  // namespace heddle::sched
