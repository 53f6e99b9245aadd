#include "core/session/saved_steps.h"

#include "core/sched/schedule.h"
#include "core/trace/byte_codec.h"

namespace heddle::session {
namespace {

using trace::ByteReader;
using trace::ByteWriter;

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kOperationBytes = 40, kStepBytes = kOperationBytes + 8 + 3 + 8 * trace::Callers::kMost + 8;
constexpr std::int64_t kLatestTime = std::int64_t{1} << 60, kMostValue = std::int64_t{1} << 40;

tl::unexpected<Error> damaged() {
    return fail("the saved run is damaged (steps)", "", "Take another copy of the file");
}

void put(ByteWriter& out, const trace::Operation& operation) {
    out.put(static_cast<std::uint8_t>(operation.kind));
    out.put(operation.flags);
    out.put(operation.bytes);
    out.put(operation.older);
    out.put(operation.tick);
    for (const std::uint64_t word : {operation.object, operation.second, operation.value, operation.pc}) out.put(word);
}

// False: there is no such operation.
bool get(ByteReader& in, trace::Operation& operation) {
    std::uint8_t kind = 0;
    in.get(kind);
    operation.kind = static_cast<trace::OperationKind>(kind);
    in.get(operation.flags);
    in.get(operation.bytes);
    in.get(operation.older);
    in.get(operation.tick);
    for (std::uint64_t* const word : {&operation.object, &operation.second, &operation.value, &operation.pc}) in.get(*word);
    return kind == 0 || !trace::operation_name(operation.kind).empty();
}

void put(ByteWriter& out, const trace::Callers& callers) {
    for (const std::uint64_t site : callers.sites) out.put(site);
}

void get(ByteReader& in, trace::Callers& callers) {
    for (std::uint64_t& site : callers.sites) in.get(site);
}

std::string schedule_text(const StepRecord& record) {
    std::vector<trace::Step> steps;
    for (const sched::MadeStep& made : record.steps) steps.push_back(made.step);
    return sched::to_text(sched::schedule_of(steps));
}

void put_ended(ByteWriter& out, const std::optional<sched::Ended>& ended) {
    out.put(static_cast<std::uint32_t>(ended ? ended->how : trace::Ending::kNone));
    if (!ended) return;
    out.put(ended->value);
    out.put(ended->object);
    out.put(ended->pc);
    out.put(ended->thread);
    out.put(std::string_view(ended->text));
}

bool get_ended(ByteReader& in, std::optional<sched::Ended>& out) {
    std::uint32_t how = 0;
    in.get(how);
    if (how == 0) return true;
    sched::Ended ended{static_cast<trace::Ending>(how), 0, 0, 0, 0, {}};
    in.get(ended.value);
    in.get(ended.object);
    in.get(ended.pc);
    in.get(ended.thread);
    in.get(ended.text);
    out = std::move(ended);
    return !trace::ending_name(out->how).empty() && std::abs(out->value) < kMostValue && out->thread < trace::kMostFibers;
}

bool get_steps(ByteReader& in, StepRecord& record) {
    std::int64_t latest = 0;
    for (std::size_t left = in.get_count(kStepBytes); left != 0 && !in.failed(); --left) {
        sched::MadeStep made{};
        trace::Step& step = made.step;
        if (!get(in, step.operation) || step.operation.kind == trace::OperationKind::kNone) return false;
        in.get(step.enabled);
        in.get(step.thread);
        in.get(step.choice);
        in.get(step.choices);
        get(in, step.callers);
        std::int64_t time = 0;
        in.get(time);
        if (step.thread >= trace::kMostFibers || time < latest || time > kLatestTime) return false;
        made.arrived = made.released = latest = time;
        record.steps.push_back(made);
        record.times.emplace_back(time);
    }
    return record.steps.size() <= trace::kMostSteps;
}

bool get_threads(ByteReader& in, StepRecord& record) {
    sched::Standing& standing = record.standing;
    in.get(standing.alive);
    in.get(standing.enabled);
    const std::size_t threads = in.get_count(4 + kOperationBytes + sizeof(trace::Callers));
    if (threads > trace::kMostFibers) return false;
    for (std::size_t i = 0; i < threads; ++i) {
        in.get(record.tids.emplace_back());
        if (!get(in, standing.pending[i])) return false;
        get(in, standing.callers[i]);
    }
    return true;
}

}  // namespace

StepRecord record_of(const StepSource& source) {
    StepRecord record;
    record.steps = source.steps();
    for (std::size_t i = 0; i < record.steps.size(); ++i) record.times.push_back(source.step_time(i));
    for (std::uint32_t thread = 0; thread < source.threads(); ++thread) record.tids.push_back(source.tid(thread));
    record.standing = source.standing();
    record.ended = source.ended();
    return record;
}

std::string to_bytes(const StepRecord& record) {
    ByteWriter out;
    out.put(kVersion);
    out.put(std::string_view(schedule_text(record)));
    out.put(static_cast<std::uint32_t>(record.steps.size()));
    for (std::size_t i = 0; i < record.steps.size(); ++i) {
        const trace::Step& step = record.steps[i].step;
        put(out, step.operation);
        out.put(step.enabled);
        out.put(step.thread);
        out.put(step.choice);
        out.put(step.choices);
        put(out, step.callers);
        out.put(std::int64_t{record.times[i].count()});
    }
    out.put(record.standing.alive);
    out.put(record.standing.enabled);
    out.put(static_cast<std::uint32_t>(record.tids.size()));
    for (std::size_t i = 0; i < record.tids.size(); ++i) {
        out.put(record.tids[i]);
        put(out, record.standing.pending[i]);
        put(out, record.standing.callers[i]);
    }
    put_ended(out, record.ended);
    return out.take();
}

Result<StepRecord> from_bytes(std::string_view bytes) {
    ByteReader in(bytes);
    std::uint32_t version = 0;
    in.get(version);
    if (!in.failed() && version > kVersion) {
        return fail("the steps were saved by a newer Heddle (version " + std::to_string(version) + ", this one reads up to " +
                        std::to_string(kVersion) + ")",
                    "", "Update Heddle to open the run");
    }
    std::string schedule;
    in.get(schedule);
    StepRecord record;
    if (!get_steps(in, record) || !get_threads(in, record) || !get_ended(in, record.ended) || !in.complete()) return damaged();
    return schedule == schedule_text(record) ? Result<StepRecord>(std::move(record)) : damaged();
}

}  // namespace heddle::session
