// How processes and threads come into a World and leave it.
#include <sys/wait.h>

#include <algorithm>
#include <csignal>

#include "core/model/lock_folding.h"
#include "core/model/world.h"

namespace heddle::model {
namespace {

// Events that speak of a thread without it having to exist.
bool makes_no_thread(trace::Kind kind) {
    return kind == trace::Kind::kLost || kind == trace::Kind::kNote || kind == trace::Kind::kOutput ||
           kind == trace::Kind::kProcessReaped || kind == trace::Kind::kExit || kind == trace::Kind::kNone ||
           kind == trace::Kind::kPayload;
}

bool ends_by_default(int signal) {
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGFPE || signal == SIGILL ||
           signal == SIGKILL;
}

}  // namespace

Number World::thread_of(trace::ThreadIndex index, std::span<const trace::ThreadInfo> threads, const trace::PackedEvent& packed,
                        const Context& context) {
    if (const Number known = number_of(index)) return known;
    if (index.value >= threads.size() || makes_no_thread(packed.kind())) return kNobody;
    const trace::ThreadInfo& info = threads[index.value];
    if (info.tid.value <= 0 || info.pid.value <= 0) return kNobody;
    // Of a process that was about to end, and had lost its thread.
    if (packed.kind() == trace::Kind::kProcessSample && live_process(info.pid)) return kNobody;

    const bool forked = packed.kind() == trace::Kind::kFork && (packed.detail() & trace::kNewThread) == 0;
    Number process = forked ? kNobody : live_process(info.pid);
    if (!process) process = add_process(info.pid, kNobody);

    ThreadWorld thread;
    thread.index = index;
    thread.number = static_cast<Number>(threads_.size()) + 1;
    thread.process = process;
    thread.tid = info.tid;
    thread.main = info.main();
    thread.born = thread.since = context.time;
    if (number_by_index_.size() <= index.value) number_by_index_.resize(index.value + 1, kNobody);
    number_by_index_[index.value] = thread.number;
    std::erase_if(live_, [&](const LiveThread& live) { return live.tid == info.tid; });
    live_.push_back({info.tid, thread.number});
    edit_process(process).threads.push_back(thread.number);
    threads_.emplace_back(std::move(thread));

    const Number number = static_cast<Number>(threads_.size());
    if (packed.kind() == trace::Kind::kFork) {
        Context born = context;
        born.thread = number;
        born_by_fork({ThreadId{static_cast<std::int32_t>(packed.value)}, (packed.detail() & trace::kNewThread) != 0}, born);
    }
    if (context.sink) context.sink->thread_born(this->thread(number), context.time, context.index);
    return number;
}

Number World::add_process(ProcessId pid, Number parent) {
    ProcessWorld process;
    process.number = static_cast<Number>(processes_.size()) + 1;
    process.parent = parent;
    process.pid = pid;
    process.program.process = process.number;
    if (parent) process.parent_pid = this->process(parent).pid;
    processes_.emplace_back(std::move(process));
    return static_cast<Number>(processes_.size());
}

Number World::live_process(ProcessId pid) const {
    for (std::size_t i = processes_.size(); i-- > 0;)
        if (processes_[i]->pid == pid) return processes_[i]->reaped ? kNobody : processes_[i]->number;
    return kNobody;
}

Number World::live_thread(ThreadId tid) const {
    for (std::size_t i = live_.size(); i-- > 0;)
        if (live_[i].tid == tid) return live_[i].number;
    return kNobody;
}

void World::born_by_fork(const trace::KernelFork& fork, const Context& context) {
    const Number creator = live_thread(fork.parent);
    if (!creator || creator == context.thread) return;
    edit_thread(context.thread).creator = creator;
    newborn_.emplace_back(context.thread, creator);
    if (!fork.new_thread) inherit(context.thread, creator);
}

// A new process begins as a copy of the one that forked it: memory (shared until written), heap, locks, and the frames of the
// thread that called fork.
void World::inherit(Number child_thread, Number parent_thread) {
    const ThreadWorld parent = thread(parent_thread);
    ThreadWorld& thread = edit_thread(child_thread);
    thread.stack = parent.stack;
    thread.pc = parent.pc;
    thread.handle = parent.handle;
    thread.stack_lowest = parent.stack_lowest;
    thread.stack_bytes = parent.stack_bytes;
    const ProcessWorld& from = process(parent.process);
    ProcessWorld& to = edit_process(thread.process);
    to.parent = from.number;
    to.parent_pid = from.pid;
    to.name = from.name;
    to.program = from.program;
    to.memory = from.memory;
    to.heap = from.heap;
    to.locks = from.locks;
    to.shared = from.shared;
    to.library_states = from.library_states;
    if (!to.locks->empty()) inherit_locks(to.locks.write(), *to.shared, parent_thread, child_thread);
    to.mappings = from.mappings;
}

void World::new_program(ProcessWorld& process) {
    process.program = {process.number, process.program.process == process.number ? process.program.generation + 1 : 1};
    process.memory.clear();
    process.heap.clear();
    process.pages = {};
    process.locks = {};
    process.shared = {};
    process.library_states = {};
    process.mappings = nullptr;
    for (const Number number : process.threads) {
        ThreadWorld& thread = edit_thread(number);
        thread.stack.clear();
        thread.pc = 0;
        thread.open_call_count = 0;
        thread.handle = thread.stack_lowest = thread.stack_bytes = 0;
        thread.name.clear();
    }
}

void World::on(const trace::ProcessStart& start, const Context& context) {
    const Number process = thread(context.thread).process;
    switch (start.start) {
        case trace::StartKind::kFirst:
        case trace::StartKind::kExecuted:
            new_program(edit_process(process));
            edit_process(process).fresh_program = true;
            break;
        case trace::StartKind::kForked:
            if (this->process(process).parent == kNobody) {  // the kernel did not tell
                const Number parent = live_process(start.parent);
                if (parent && parent != process) {
                    Number creator = this->process(parent).threads.front();
                    for (const Number number : this->process(parent).threads) {
                        const OpenCall* call = thread(number).open_call();
                        if (call && (call->call == trace::CallId::kFork || call->call == trace::CallId::kVfork))
                            creator = number;
                    }
                    edit_thread(context.thread).creator = creator;
                    inherit(context.thread, creator);
                }
            }
            break;
    }
    if (this->process(process).parent_pid.value == 0) edit_process(process).parent_pid = start.parent;
    hook_spoke(context);
}

void World::on(const trace::ProcessEnd& end, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    thread.ended_by_itself = true;
    ProcessWorld& process = edit_process(thread.process);
    process.exit = {ProcessExit::Kind::kExited, end.code, 0};
    if (!kernel_seen_) end_threads(process.number, Cause::kExit, context);
}

void World::on(const trace::ProcessReaped& reaped, const Context& context) {
    reap(thread(context.thread).process, reaped.wait_status, context);
}

// A process that a wait of the program's own collected: nobody else is told how it ended.
void World::reap_waited(ProcessId pid, int wait_status, const Context& context) {
    for (Number number = static_cast<Number>(processes_.size()); number >= 1; --number) {
        if (process(number).pid != pid) continue;
        edit_process(number).waited_for = true;
        reap(number, wait_status, context);
        return;
    }
}

void World::reap(Number number, int wait_status, const Context& context) {
    ProcessWorld& process = edit_process(number);
    if (process.reaped) return;
    process.reaped = true;
    if (WIFSIGNALED(wait_status)) {
        process.exit = {ProcessExit::Kind::kSignaled, 0, WTERMSIG(wait_status)};
    } else {
        process.exit = {ProcessExit::Kind::kExited, WEXITSTATUS(wait_status), 0};
    }
    const Cause cause = process.exit.kind == ProcessExit::Kind::kSignaled ? Cause::kKilled : Cause::kExit;
    for (const Number ended : process.threads) {
        const ThreadWorld& thread = this->thread(ended);
        if (cause == Cause::kKilled && thread.state == ThreadState::kTerminated && !thread.ended_by_itself)
            edit_thread(ended).cause = cause;
    }
    end_threads(number, cause, context);
}

void World::on(const trace::ThreadStart& start, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    thread.handle = start.handle;
    if (!thread.creator) thread.creator = live_thread(start.creator);
    if (thread.creator == thread.number) thread.creator = kNobody;
}

void World::on(const trace::ThreadEnd&, const Context& context) {
    ThreadWorld& thread = hook_spoke(context);
    thread.ended_by_itself = true;
    if (!kernel_seen_) terminate(thread, Cause::kExit, context);
}

void World::on(const trace::KernelExit&, const Context& context) {
    ThreadWorld& thread = edit_thread(context.thread);
    const bool killed =
        process(thread.process).exit.kind == ProcessExit::Kind::kSignaled || ends_by_default(thread.last_signal);
    terminate(thread, killed && !thread.ended_by_itself ? Cause::kKilled : Cause::kExit, context);
}

void World::end_threads(Number process, Cause cause, const Context& context) {
    const std::vector<Number> threads = this->process(process).threads;
    for (const Number number : threads) terminate(edit_thread(number), cause, context);
}

}  // namespace heddle::model
