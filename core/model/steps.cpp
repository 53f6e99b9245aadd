#include "core/model/steps.h"

#include <string_view>

#include "core/model/wait_cause.h"

namespace heddle::model {
namespace {

const Place* place_of(const trace::PackedEvent& event, const World& world, const Programs& programs) {
    const Number thread = world.number_of(trace::ThreadIndex{event.thread});
    if (!thread || event.pc() == 0) return nullptr;
    const Program* program = programs.find(world.process(world.thread(thread).process).program);
    return program ? &program->place(event.pc()) : nullptr;
}

bool by_user(const trace::PackedEvent& event, const World& world, const Programs& programs) {
    const Place* place = place_of(event, world, programs);
    return place && place->user;
}

// The library's atomic operations are functions of their own at -O0; what they do is what the user's line does.
bool by_atomic(const trace::PackedEvent& event, const World& world, const Programs& programs) {
    const Place* place = place_of(event, world, programs);
    return place && !place->user && place->function && place->function->name.find("atomic") != std::string::npos;
}

}  // namespace

bool is_worth_showing(const trace::PackedEvent& event, const World& world, const Programs& programs) {
    using trace::Kind;
    switch (event.kind()) {
        case Kind::kRead:
        case Kind::kWrite:
        case Kind::kReadRange:
        case Kind::kWriteRange:
        case Kind::kFunctionEntry:
            return by_user(event, world, programs);
        case Kind::kAtomicLoad:
        case Kind::kAtomicStore:
        case Kind::kAtomicExchange:
        case Kind::kAtomicUpdate:
        case Kind::kAtomicCompareOk:
        case Kind::kAtomicCompareFailed:
        case Kind::kFence:
            return by_user(event, world, programs) || by_atomic(event, world, programs);
        case Kind::kCallBegin:
        case Kind::kCallEnd: {
            const auto call = static_cast<trace::CallId>(event.detail());
            if (call == trace::CallId::kSharedObject || call == trace::CallId::kLibraryState) return false;
            if (call == trace::CallId::kOnceRuns) return false;
            return is_allocation(call) || is_deallocation(call) ? by_user(event, world, programs) : true;
        }
        case Kind::kThreadStart:
        case Kind::kThreadEnd:
        case Kind::kProcessStart:
        case Kind::kProcessEnd:
        case Kind::kSignal:
        case Kind::kSwitchIn:
        case Kind::kSwitchOut:
        case Kind::kWakeUp:
        case Kind::kFork:
        case Kind::kExit:
        case Kind::kOutput:
        case Kind::kProcessReaped:
        case Kind::kLost:
            return true;
        case Kind::kNone:
        case Kind::kVptrWrite:
        case Kind::kFunctionExit:
        case Kind::kThreadName:
        case Kind::kFrameBytes:
        case Kind::kPageState:
        case Kind::kStackBounds:
        case Kind::kPayload:
        case Kind::kName:
        case Kind::kRegisters:
        case Kind::kProcessSample:
        case Kind::kNote:
            return false;
    }
    return false;  // a number that no kind has
}

}  // namespace heddle::model
