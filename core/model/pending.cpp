#include "core/model/pending.h"

#include "core/model/naming.h"

namespace heddle::model {
namespace {

using trace::Operation;
using trace::OperationKind;

std::string key_of(const Operation& operation) {
    if (operation.kind == OperationKind::kNone) return "pending.nothing";
    if (operation.kind == OperationKind::kLock && operation.second != 0) return "pending.lock_again";
    return "pending." + std::string(trace::operation_name(operation.kind));
}

bool names_a_thread(OperationKind kind) {
    return kind == OperationKind::kJoin;
}

// Why it may not, as a key.
std::string obstacle_of(const Operation& operation, bool held) {
    if ((operation.flags & trace::operation_flags::kSpun) != 0) return "pending.spins";
    switch (operation.kind) {
        case OperationKind::kLock:
            if (!held && operation.second != 0) return "pending.not_signalled";
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
    view.what = {key_of(operation), {}, thread};
    const ProcessWorld& process = world.process(world.thread(thread).process);
    const Program* const program = programs.find(process.program);
    std::string name;
    if (names_a_thread(operation.kind)) {
        name = thread_text(number_of(operation.object));
    } else if (operation.object != 0) {
        name = name_address(world, process, program, operation.object).name;
    }
    view.what.arguments["name"] = name;
    if (operation.second != 0) view.what.arguments["second"] = name_address(world, process, program, operation.second).name;
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
