// The five states of a thread, and what moves it from one to another.
//
// The kernel's switch records decide where there are any: switched in is Running; switched out is Ready when it was preempted,
// else Waiting, for the call it is in. Without wake-up records, a thread that is switched in from Waiting was woken at that
// very instant, as far as we know. Without any record of the kernel, a thread runs from its first hook on, and waits while it
// is in a call that has to block.
#include <algorithm>

#include "core/model/wait_cause.h"
#include "core/model/world.h"

namespace heddle::model {
namespace {

// A hook that speaks this long after its thread left the CPU proves that a switch-in was lost (or only sampled).
constexpr Nanoseconds kSurelyRunning{200000};

}  // namespace

void World::set_state(ThreadWorld& thread, ThreadState to, Cause cause, const Context& context) {
    const ThreadState from = thread.state;
    if (context.time > thread.since) thread.time_in[static_cast<std::size_t>(from)] += context.time - thread.since;
    thread.state = to;
    thread.cause = cause;
    thread.since = std::max(context.time, thread.since);
    if (to != ThreadState::kWaiting) thread.waiting = {};
    ++edges_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
    ++by_cause_[static_cast<std::size_t>(cause)];
    const Transition transition{thread.number, from, to, cause, {}};
    if (!last_transition_ || thread.number == context.thread) last_transition_ = transition;
    if (context.sink) context.sink->transition(transition, thread.since, context.index);
}

void World::make_running(ThreadWorld& thread, const Context& context) {
    if (thread.state == ThreadState::kNew) {
        set_state(thread, ThreadState::kReady, Cause::kAdmitted, context);
        std::erase_if(newborn_, [&](const auto& born) { return born.first == thread.number; });
    }
    if (thread.state == ThreadState::kWaiting) set_state(thread, ThreadState::kReady, Cause::kWakeUp, context);
    if (thread.state == ThreadState::kReady) set_state(thread, ThreadState::kRunning, Cause::kDispatch, context);
}

// The creator went on, so that its call has put its child on a run queue.
void World::admit_children(Number creator, const Context& context) {
    if (newborn_.empty()) return;
    std::erase_if(newborn_, [&](const auto& born) {
        if (born.second != creator) return false;
        ThreadWorld& child = edit_thread(born.first);
        if (child.state == ThreadState::kNew) set_state(child, ThreadState::kReady, Cause::kAdmitted, context);
        return true;
    });
}

void World::terminate(ThreadWorld& thread, Cause cause, const Context& context) {
    if (thread.state == ThreadState::kTerminated) return;
    if (thread.state != ThreadState::kRunning && cause == Cause::kExit) make_running(thread, context);
    std::erase_if(newborn_, [&](const auto& born) { return born.first == thread.number; });
    std::erase_if(live_, [&](const LiveThread& live) { return live.number == thread.number; });
    set_state(thread, ThreadState::kTerminated, cause, context);
    thread.ended = thread.since;
    leave_cpu(thread, thread.cpu, context);
}

void World::leave_cpu(ThreadWorld& thread, CpuId id, const Context& context) {
    if (id == kNoCpu) return;
    CpuWorld& cpu = edit_cpu(id);
    if (cpu.running != thread.number) return;
    auto at = std::lower_bound(cpu.time_by_thread.begin(), cpu.time_by_thread.end(), thread.number,
                               [](const auto& entry, Number number) { return entry.first < number; });
    if (at == cpu.time_by_thread.end() || at->first != thread.number) at = cpu.time_by_thread.insert(at, {thread.number, {}});
    if (context.time > cpu.since) at->second += context.time - cpu.since;
    cpu.running = kNobody;
    cpu.since = context.time;
    if (context.sink) context.sink->cpu_runs(id, kNobody, context.time, context.index);
}

void World::start_waiting(ThreadWorld& thread, const Context& context) {
    Cause cause = Cause::kNone;
    Waiting waiting;
    if (const OpenCall* call = thread.open_call()) {
        cause = cause_of_call(call->call);
        if (cause == Cause::kYield) cause = Cause::kNone;
        if (cause != Cause::kNone) waiting = {call->call, call->object, call->argument, -1, {}};
    }
    set_state(thread, ThreadState::kWaiting, cause == Cause::kNone ? Cause::kOther : cause, context);
    thread.waiting = std::move(waiting);
}

ThreadWorld& World::hook_spoke(const Context& context) {
    ThreadWorld& thread = edit_thread(context.thread);
    ++thread.events;
    if (context.pc) thread.pc = context.pc;
    if (thread.state != ThreadState::kRunning && thread.state != ThreadState::kTerminated) {
        if (!kernel_seen_ || thread.state == ThreadState::kNew || context.time - thread.since > kSurelyRunning)
            make_running(thread, context);
    }
    if (!process(thread.process).hooked) edit_process(thread.process).hooked = true;
    return thread;
}

void World::on(const trace::SwitchIn& in, const Context& context) {
    kernel_seen_ = true;
    ThreadWorld& thread = edit_thread(context.thread);
    if (thread.state == ThreadState::kTerminated) return;
    if (thread.cpu != kNoCpu && in.cpu != thread.cpu) {
        ++thread.migrations;
        leave_cpu(thread, thread.cpu, context);  // its switch-out was lost
    }
    ++thread.dispatches;
    make_running(thread, context);
    thread.cpu = in.cpu;
    if (in.cpu == kNoCpu) return;
    if (const Number other = edit_cpu(in.cpu).running; other && other != thread.number)
        leave_cpu(edit_thread(other), in.cpu, context);
    CpuWorld& cpu = edit_cpu(in.cpu);
    if (cpu.running == thread.number) return;
    cpu.running = thread.number;
    cpu.since = context.time;
    ++cpu.switches;
    if (context.sink) context.sink->cpu_runs(in.cpu, thread.number, context.time, context.index);
}

void World::on(const trace::SwitchOut& out, const Context& context) {
    kernel_seen_ = true;
    ThreadWorld& thread = edit_thread(context.thread);
    leave_cpu(thread, out.cpu, context);
    if (thread.state == ThreadState::kTerminated) return;  // the last one of a thread that has exited
    make_running(thread, context);                         // its switch-in was lost, or happened before we looked
    if (thread.cpu == kNoCpu) thread.cpu = out.cpu;
    ++thread.switch_outs;
    if (out.preempted) {
        ++thread.preemptions;
        const OpenCall* call = thread.open_call();
        const bool yields = call && call->call == trace::CallId::kThreadYield;
        set_state(thread, ThreadState::kReady, yields ? Cause::kYield : Cause::kTimeOut, context);
    } else {
        ++thread.voluntary_switches;
        start_waiting(thread, context);
    }
    admit_children(context.thread, context);
}

void World::on(const trace::WakeUp& wake, const Context& context) {
    ThreadWorld& thread = edit_thread(context.thread);
    if (thread.state == ThreadState::kNew) {
        set_state(thread, ThreadState::kReady, Cause::kAdmitted, context);
        std::erase_if(newborn_, [&](const auto& born) { return born.first == thread.number; });
    } else if (thread.state == ThreadState::kWaiting) {
        set_state(thread, ThreadState::kReady, Cause::kWakeUp, context);
    } else {
        return;
    }
    if (context.sink) context.sink->woken(live_thread(wake.waker), thread.number, context.time, context.index);
}

void World::on(const trace::ProcessSampled& sampled, const Context& context) {
    auto decoded = trace::decode_process_sample(sampled.bytes);
    if (!decoded) return;
    auto sample = std::make_shared<const trace::ProcessSample>(std::move(*decoded));
    ProcessWorld& process = edit_process(thread(context.thread).process);
    const std::string before = process.sample ? process.sample->executable : std::string();
    if (!process.fresh_program && !before.empty() && !sample->executable.empty() && sample->executable != before)
        new_program(process);
    process.fresh_program = false;
    process.sample = sample;
    process.sample_event = context.index;
    if (!sample->mappings.empty()) process.mappings = sample;
    if (!sample->name.empty()) process.name = sample->name;
    if (process.parent_pid.value == 0) process.parent_pid = sample->parent;
    for (const trace::ThreadSample& thread : sample->threads) refine_waiting(thread, context);
}

// The switch record said that a thread waits; /proc may say for what.
void World::refine_waiting(const trace::ThreadSample& sample, const Context& context) {
    const Number number = live_thread(sample.tid);
    if (!number || thread(number).process != thread(context.thread).process) return;
    if (thread(number).state != ThreadState::kWaiting || thread(number).waiting.call != trace::CallId::kNone) return;
    if (sample.state == 'R' || sample.state == 'Z' || sample.state == 'X') return;  // it has gone on since
    Cause cause = cause_of_syscall(sample.syscall);
    if (cause == Cause::kNone) cause = cause_of_wait_channel(sample.wait_channel, sample.state);
    ThreadWorld& thread = edit_thread(number);
    thread.waiting.syscall = sample.syscall;
    thread.waiting.channel = sample.wait_channel;
    if (cause == Cause::kNone || cause == thread.cause) return;
    --by_cause_[static_cast<std::size_t>(thread.cause)];
    ++by_cause_[static_cast<std::size_t>(cause)];
    thread.cause = cause;
}

}  // namespace heddle::model
