#include "core/model/pending.h"

#include "core/model/naming.h"

namespace heddle::model {
namespace {

using trace::Operation;
using trace::OperationKind;

// What a descriptor stands for, as the keys spell it.
std::string channel_suffix(const Operation& operation) {
    switch (static_cast<trace::ChannelKind>(operation.bytes)) {
        case trace::ChannelKind::kPipe:
            return "_pipe";
        case trace::ChannelKind::kSocket:
            return "_socket";
        default:
            return "_descriptor";
    }
}

std::string key_of(const Operation& operation) {
    if (operation.kind == OperationKind::kNone) return "pending.nothing";
    if (trace::is_interrupted(operation)) return "pending.interrupted";
    if (trace::is_after_wait(operation)) return "pending.lock_again";
    std::string key = "pending." + std::string(trace::operation_name(operation.kind));
    const bool transfers = operation.kind == OperationKind::kReceive || operation.kind == OperationKind::kSend;
    if (transfers) key += channel_suffix(operation);
    if (operation.kind == OperationKind::kWaitChild && operation.object == 0) key += "_any";
    return key;
}

std::string name_of_process(const World& world, std::uint64_t pid) {
    for (auto number = static_cast<Number>(world.process_count()); number > 0; --number) {
        if (static_cast<std::uint64_t>(world.process(number).pid.value) == pid) return process_text(number);
    }
    return std::to_string(pid);
}

bool names_a_thread(OperationKind kind) {
    return kind == OperationKind::kJoin;
}

// Why it may not, as a key.
std::string obstacle_of(const Operation& operation, bool held) {
    if ((operation.flags & trace::operation_flags::kSpun) != 0) return "pending.spins";
    switch (operation.kind) {
        case OperationKind::kLock:
            if (!held && trace::is_after_wait(operation)) return "pending.not_signalled";
            return held ? "pending.held_by" : "pending.held";
        case OperationKind::kReadLock:
            return held ? "pending.held_by" : "pending.held";
        case OperationKind::kJoin:
            return "pending.still_alive";
        case OperationKind::kAcquirePermit:
            return "pending.no_permit";
        case OperationKind::kLeave:
            return "pending.not_all_there";
        case OperationKind::kFutexResume:
            return "pending.not_woken";
        case OperationKind::kOutside:
            return "pending.in_kernel";
        case OperationKind::kReceive:
            return "pending.nothing_there" + channel_suffix(operation);
        case OperationKind::kSend:
            return "pending.full" + channel_suffix(operation);
        case OperationKind::kAccept:
            return "pending.nobody_connects";
        case OperationKind::kPoll:
            return "pending.nothing_ready";
        case OperationKind::kWaitChild:
            return "pending.child_alive";
        default:
            return "pending.has_to_wait";
    }
}

}  // namespace

PendingView describe_pending(Number thread, const Operation& operation, const trace::Callers& callers, bool enabled,
                             const World& world, const Programs& programs,
                             const std::function<Number(std::uint64_t)>& number_of) {
    PendingView view;
    view.thread = thread;
    view.enabled = enabled;
    if (world.process_count() > 1) view.process = world.thread(thread).process;
    view.what = {key_of(operation), {}, thread};
    const ProcessWorld& process = world.process(world.thread(thread).process);
    const Program* const program = programs.find(process.program);
    std::string name;
    if (names_a_thread(operation.kind)) {
        name = thread_text(number_of(operation.object));
    } else if (trace::is_channel_operation(operation.kind)) {
        name = std::to_string(static_cast<std::int32_t>(operation.object));
    } else if (operation.kind == OperationKind::kWaitChild || operation.kind == OperationKind::kKill) {
        if (operation.object != 0) name = name_of_process(world, operation.object);
    } else if (operation.kind == OperationKind::kSleep) {
        name = duration_text(Nanoseconds(static_cast<std::int64_t>(operation.value)));
    } else if (operation.object != 0) {
        name = name_address(world, process, program, operation.object).name;
    }
    view.what.arguments["name"] = name;
    if (operation.second != 0 && !trace::is_channel_operation(operation.kind))
        view.what.arguments["second"] = name_address(world, process, program, operation.second).name;
    if (!enabled) {
        Number holder = kNobody;
        if (const auto lock = process.locks->find(operation.object); lock != process.locks->end()) holder = lock->second.owner;
        view.obstacle = {obstacle_of(operation, holder != kNobody), view.what.arguments, thread};
        view.obstacle.arguments["holder"] = thread_text(holder);
    }
    if (program == nullptr) return view;
    std::uint64_t pc = operation.pc;
    for (std::uint32_t next = 0; pc != 0; pc = next < trace::Callers::kMost ? callers.sites[next++] : 0) {
        const Place& place = program->place(pc);
        if (!place.user || place.file == nullptr) continue;
        view.file = place.file->path;
        view.line = place.line;
        break;
    }
    return view;
}

}  // namespace heddle::model
