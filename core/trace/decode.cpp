#include <algorithm>
#include <cstring>

#include "core/trace/event_log.h"

namespace heddle::trace {

namespace {

MemoryOrder order_of(const PackedEvent& event) {
    return static_cast<MemoryOrder>(std::min<int>(order_of_detail(event.detail()), static_cast<int>(MemoryOrder::kSequential)));
}

CallId call_of(const PackedEvent& event) {
    return event.detail() < static_cast<std::uint8_t>(CallId::kCount) ? static_cast<CallId>(event.detail()) : CallId::kNone;
}

std::int32_t narrow(std::uint64_t value) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
}

CpuId cpu_of(const PackedEvent& event) {
    return CpuId{narrow(event.extra)};
}

MemoryAccess access_of(const PackedEvent& event, std::string_view blob) {
    const auto access =
        static_cast<AccessKind>(static_cast<std::uint8_t>(event.kind()) - static_cast<std::uint8_t>(Kind::kRead));
    MemoryAccess result{access, event.address, std::uint64_t{1} << (event.detail() & kSizeMask), event.value,
                        MemoryOrder::kRelaxed};
    switch (access) {
        case AccessKind::kReadRange:
        case AccessKind::kWriteRange:
            result.size = event.value;
            result.value = 0;
            break;
        case AccessKind::kRead:
        case AccessKind::kWrite:
        case AccessKind::kVptrWrite:
            result.value_known = (event.detail() & kValueUnknown) == 0;
            break;
        default:
            result.order = order_of(event);
            if (!has_other_value(event.kind(), event.detail())) break;
            if (!is_wide(event.detail())) {
                result.other = event.extra;
                result.other_known = true;
            } else if (blob.size() == sizeof result.other) {
                std::memcpy(&result.other, blob.data(), sizeof result.other);
                result.other_known = true;
            }
    }
    return result;
}

PageState page_of(const PackedEvent& event) {
    const std::uint64_t bits = event.value;
    return {event.address,
            std::uint64_t{1} << (event.detail() & 0x3f),
            (bits & page_bits::kPresent) != 0,
            (bits & page_bits::kExclusive) != 0,
            (bits & page_bits::kFile) != 0,
            bits >> page_bits::kFrameShift};
}

Body body_of(const PackedEvent& event, std::string_view blob) {
    const std::uint8_t detail = event.detail();
    switch (event.kind()) {
        case Kind::kRead:
        case Kind::kWrite:
        case Kind::kReadRange:
        case Kind::kWriteRange:
        case Kind::kVptrWrite:
        case Kind::kAtomicLoad:
        case Kind::kAtomicStore:
        case Kind::kAtomicExchange:
        case Kind::kAtomicUpdate:
        case Kind::kAtomicCompareOk:
        case Kind::kAtomicCompareFailed:
            return access_of(event, blob);
        case Kind::kFence:
            return Fence{order_of(event)};
        case Kind::kFunctionEntry:
            return FunctionEntry{event.address, event.value, detail};
        case Kind::kFunctionExit:
            return FunctionExit{detail};
        case Kind::kCallBegin:
            return CallBegin{call_of(event), event.address, event.value};
        case Kind::kCallEnd:
            return CallEnd{call_of(event), event.address, static_cast<std::int64_t>(event.value)};
        case Kind::kThreadStart:
            return ThreadStart{event.address, ThreadId{narrow(event.value)}};
        case Kind::kThreadEnd:
            return ThreadEnd{};
        case Kind::kThreadName:
            return ThreadNamed{blob};
        case Kind::kProcessStart:
            return ProcessStart{
                detail <= static_cast<std::uint8_t>(StartKind::kExecuted) ? static_cast<StartKind>(detail) : StartKind::kFirst,
                ProcessId{narrow(event.value)}};
        case Kind::kProcessEnd:
            return ProcessEnd{narrow(event.value)};
        case Kind::kFrameBytes:
            return FrameBytes{event.address, blob};
        case Kind::kPageState:
            return page_of(event);
        case Kind::kSignal:
            return SignalDelivered{detail, narrow(event.value), event.address};
        case Kind::kStackBounds:
            return StackBounds{event.address, event.value};
        case Kind::kSwitchIn:
            return SwitchIn{cpu_of(event)};
        case Kind::kSwitchOut:
            return SwitchOut{cpu_of(event), detail == 1};
        case Kind::kWakeUp:
            return WakeUp{cpu_of(event), ThreadId{narrow(event.value)}};
        case Kind::kFork:
            return KernelFork{ThreadId{narrow(event.value)}, (detail & kNewThread) != 0};
        case Kind::kExit:
            return KernelExit{};
        case Kind::kName:
            return KernelName{blob};
        case Kind::kRegisters:
            return Registers{blob};
        case Kind::kProcessSample:
            return ProcessSampled{blob};
        case Kind::kOutput:
            return Output{detail, blob};
        case Kind::kProcessReaped:
            return ProcessReaped{narrow(event.value)};
        case Kind::kLost:
            return Lost{static_cast<LostWhere>(detail), event.value};
        case Kind::kNote:
            return Note{blob};
        case Kind::kNone:
        case Kind::kPayload:
            break;
    }
    return Note{"an event of a kind this Heddle does not know"};
}

}  // namespace

Event decode(const PackedEvent& packed, std::string_view blob) {
    return {Nanoseconds(packed.nanoseconds), ThreadIndex{packed.thread}, packed.pc(), body_of(packed, blob)};
}

}  // namespace heddle::trace
