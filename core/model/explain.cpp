#include "core/model/explain.h"

#include <sys/wait.h>

#include "core/model/access_value.h"
#include "core/model/explain_call.h"
#include "core/model/naming.h"

namespace heddle::model {
namespace {

using Arguments = std::map<std::string, std::string>;

class Explainer {
public:
    Explainer(const trace::EventLogView& log, std::uint64_t index, const World& before, const World& now,
              const Programs& programs)
        : log_(log), index_(index), before_(before), now_(now), event_(log.event(index)) {
        number_ = now.number_of(event_.thread);
        if (!number_) return;
        thread_ = &now.thread(number_);
        process_ = &now.process(thread_->process);
        program_ = programs.find(process_->program);
    }

    Sentence operator()(const trace::MemoryAccess& access) const;
    Sentence operator()(const trace::Fence&) const { return say("event.fence"); }
    Sentence operator()(const trace::FunctionEntry&) const { return function("event.enter"); }
    Sentence operator()(const trace::FunctionExit&) const { return say("event.leave"); }
    Sentence operator()(const trace::CallBegin& call) const {
        return explain_call_begin(call, before_, now_, number_, program_);
    }
    Sentence operator()(const trace::CallEnd& call) const { return explain_call_end(call, before_, now_, number_, program_); }
    Sentence operator()(const trace::ThreadStart&) const {
        return thread_->creator ? say("event.thread_start", {{"creator", thread_text(thread_->creator)}})
                                : say("event.thread_start_alone");
    }
    Sentence operator()(const trace::ThreadEnd&) const { return say("event.thread_end"); }
    Sentence operator()(const trace::ThreadNamed& named) const {
        return say("event.thread_named", {{"name", std::string(named.name)}});
    }
    Sentence operator()(const trace::ProcessStart& start) const {
        const Arguments arguments{{"process", process_text(process_->number)}, {"name", process_->name}};
        switch (start.start) {
            case trace::StartKind::kForked:
                return say("event.process_forked", arguments);
            case trace::StartKind::kExecuted:
                return say("event.process_executed", arguments);
            case trace::StartKind::kFirst:
                break;
        }
        return say("event.process_start", arguments);
    }
    Sentence operator()(const trace::ProcessEnd& end) const {
        return say("event.process_end", {{"process", process_text(process_->number)}, {"code", std::to_string(end.code)}});
    }
    Sentence operator()(const trace::FrameBytes&) const { return say("event.frame_bytes"); }
    Sentence operator()(const trace::PageState& page) const {
        const Arguments arguments{{"process", process_text(process_->number)}, {"page", hex_text(page.page)}};
        if (!page.present) return say("event.page_absent", arguments);
        if (!page.exclusive) return say("event.page_shared", arguments);
        const auto& pages = *process_->pages;
        const auto tracked = pages.find(page.page);
        return say(tracked != pages.end() && tracked->second.copied ? "event.page_copied" : "event.page_private", arguments);
    }
    Sentence operator()(const trace::SignalDelivered& signal) const {
        return say("event.signal", {{"signal", signal_text(signal.signal)}});
    }
    Sentence operator()(const trace::StackBounds& bounds) const {
        return say("event.stack_bounds", {{"address", hex_text(bounds.lowest)}});
    }
    Sentence operator()(const trace::SwitchIn& in) const;
    Sentence operator()(const trace::SwitchOut& out) const;
    Sentence operator()(const trace::WakeUp& wake) const;
    Sentence operator()(const trace::KernelFork& fork) const {
        if (!fork.new_thread && process_->parent) {
            return say("event.process_born",
                       {{"process", process_text(process_->number)}, {"parent", process_text(process_->parent)}});
        }
        return thread_->creator ? say("event.thread_born", {{"creator", thread_text(thread_->creator)}})
                                : say("event.thread_seen");
    }
    Sentence operator()(const trace::KernelExit&) const {
        return say(thread_->cause == Cause::kKilled ? "event.thread_killed" : "event.thread_exit");
    }
    Sentence operator()(const trace::KernelName& named) const {
        return say("event.kernel_name", {{"name", std::string(named.name)}});
    }
    Sentence operator()(const trace::Registers&) const { return say("event.registers"); }
    Sentence operator()(const trace::ProcessSampled&) const {
        return say("event.sample", {{"process", process_text(process_->number)}});
    }
    Sentence operator()(const trace::Output& output) const;
    Sentence operator()(const trace::ProcessReaped& reaped) const {
        const std::string process = process_text(process_->number);
        if (WIFSIGNALED(reaped.wait_status))
            return say("event.reaped_signal", {{"process", process}, {"signal", signal_text(WTERMSIG(reaped.wait_status))}});
        return say("event.reaped", {{"process", process}, {"code", std::to_string(WEXITSTATUS(reaped.wait_status))}});
    }
    Sentence operator()(const trace::Lost& lost) const { return say("event.lost", {{"n", std::to_string(lost.count)}}); }
    Sentence operator()(const trace::Note& note) const { return say("event.note", {{"text", std::string(note.text)}}); }

    Sentence run() const {
        if (!number_ && !std::holds_alternative<trace::Lost>(event_.body) &&
            !std::holds_alternative<trace::Note>(event_.body) && !std::holds_alternative<trace::Output>(event_.body)) {
            return {};
        }
        return std::visit(*this, event_.body);
    }

private:
    Sentence say(std::string key, Arguments arguments = {}) const {
        if (number_) arguments.emplace("thread", thread_text(number_));
        return {std::move(key), std::move(arguments), number_};
    }
    Sentence function(std::string key) const {
        const Place* place = program_ && event_.pc ? &program_->place(event_.pc) : nullptr;
        if (!place || !place->function) return say(key + "_unknown");
        return say(std::move(key), {{"function", place->function->name}});
    }

    const trace::EventLogView& log_;
    std::uint64_t index_;
    const World& before_;
    const World& now_;
    trace::Event event_;
    Number number_ = kNobody;
    const ThreadWorld* thread_ = nullptr;
    const ProcessWorld* process_ = nullptr;
    const Program* program_ = nullptr;
};

Sentence Explainer::operator()(const trace::MemoryAccess& access) const {
    const NamedPlace place = name_address(now_, *process_, program_, access.address);
    Arguments arguments{{"name", place.name}};
    switch (access.access) {
        case trace::AccessKind::kReadRange:
        case trace::AccessKind::kWriteRange:
            arguments.emplace("n", std::to_string(access.size));
            return say(access.access == trace::AccessKind::kReadRange ? "event.read_range" : "event.write_range",
                       std::move(arguments));
        case trace::AccessKind::kVptrWrite:
            return say("event.vptr", std::move(arguments));
        default:
            break;
    }
    if (!access.value_known) return say(access.writes() ? "event.write_unknown" : "event.read_unknown", std::move(arguments));
    arguments.emplace("value", value_text(now_, *process_, program_, access, place));
    const std::string from = access.other_known ? "_from" : "";
    if (access.other_known) arguments.emplace("old", other_value_text(now_, *process_, program_, access, place));
    switch (access.access) {
        case trace::AccessKind::kAtomicLoad:
            return say("event.atomic_load", std::move(arguments));
        case trace::AccessKind::kAtomicStore:
            return say("event.atomic_store", std::move(arguments));
        case trace::AccessKind::kAtomicExchange:
            return say("event.atomic_exchange" + from, std::move(arguments));
        case trace::AccessKind::kAtomicUpdate:
            return say("event.atomic_update" + from, std::move(arguments));
        case trace::AccessKind::kAtomicCompareOk:
            return say("event.compare_ok" + from, std::move(arguments));
        case trace::AccessKind::kAtomicCompareFailed:
            return say("event.compare_failed" + from, std::move(arguments));
        case trace::AccessKind::kRead:
            return say("event.read", std::move(arguments));
        case trace::AccessKind::kWrite:
        case trace::AccessKind::kReadRange:
        case trace::AccessKind::kWriteRange:
        case trace::AccessKind::kVptrWrite:
            break;
    }
    if (const auto lost = lost_update(log_, index_)) {
        const trace::Event victim = log_.event(*lost);
        const auto& theirs = std::get<trace::MemoryAccess>(victim.body);
        if (const Number other = now_.number_of(victim.thread)) {
            arguments.emplace("other", thread_text(other));
            arguments.emplace("lost", raw_value(theirs.value, theirs.size));
            return say("event.write_lost", std::move(arguments));
        }
    }
    return say("event.write", std::move(arguments));
}

Sentence Explainer::operator()(const trace::SwitchIn& in) const {
    Arguments arguments{{"cpu", std::to_string(in.cpu.value)}};
    const bool known = number_ <= static_cast<Number>(before_.thread_count());
    if (!known) return say("event.dispatched", std::move(arguments));
    const ThreadWorld& was = before_.thread(number_);
    if (was.cpu != kNoCpu && was.cpu != in.cpu) {
        arguments.emplace("from", std::to_string(was.cpu.value));
        return say("event.migrated", std::move(arguments));
    }
    return say(was.state == ThreadState::kWaiting ? "event.woken_and_dispatched" : "event.dispatched", std::move(arguments));
}

Sentence Explainer::operator()(const trace::SwitchOut& out) const {
    Arguments arguments{{"cpu", std::to_string(out.cpu.value)}};
    if (thread_->state == ThreadState::kTerminated) return say("event.last_switch", std::move(arguments));
    const bool known = number_ <= static_cast<Number>(before_.thread_count());
    const Nanoseconds since = known ? before_.thread(number_).since : event_.time;
    arguments.emplace("duration", duration_text(event_.time - since));
    if (thread_->state == ThreadState::kReady)
        return say(thread_->cause == Cause::kYield ? "event.yields" : "event.preempted", std::move(arguments));
    return explain_waiting(now_, number_, program_, out.cpu);
}

Sentence Explainer::operator()(const trace::WakeUp& wake) const {
    for (Number number = 1; wake.waker.value > 0 && number <= static_cast<Number>(now_.thread_count()); ++number) {
        const ThreadWorld& waker = now_.thread(number);
        if (waker.tid == wake.waker && waker.state != ThreadState::kTerminated && number != number_)
            return say("event.woken_by", {{"waker", thread_text(number)}});
    }
    return say("event.woken");
}

Sentence Explainer::operator()(const trace::Output& output) const {
    constexpr std::size_t kMost = 80;
    return say(output.stream == 1 ? "event.output" : "event.error_output", {{"text", on_one_line(output.bytes, kMost)}});
}

}  // namespace

Sentence explain(const trace::EventLogView& log, std::uint64_t index, const World& before, const World& now,
                 const Programs& programs) {
    return Explainer(log, index, before, now, programs).run();
}

std::optional<std::uint64_t> lost_update(const trace::EventLogView& log, std::uint64_t index) {
    constexpr std::uint64_t kFarthest = 65536;
    const trace::PackedEvent& write = log.packed(index);
    const auto& threads = log.threads();
    const auto process_of = [&](std::uint32_t thread) { return thread < threads.size() ? threads[thread].pid : ProcessId{}; };
    if (write.kind() != trace::Kind::kWrite) return std::nullopt;
    std::optional<std::uint64_t> theirs;
    for (std::uint64_t at = index; at-- > 0 && index - at <= kFarthest;) {
        const trace::PackedEvent& event = log.packed(at);
        if (event.address != write.address || process_of(event.thread) != process_of(write.thread)) continue;
        if (event.kind() == trace::Kind::kWrite && event.detail() == write.detail()) {
            if (event.thread == write.thread)
                return std::nullopt;  // it wrote here since it last read: nothing was computed from that
            if (!theirs) theirs = at;
        } else if (event.kind() == trace::Kind::kRead && event.thread == write.thread) {
            return theirs;
        }
    }
    return std::nullopt;
}

}  // namespace heddle::model
