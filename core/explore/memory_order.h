// The C++ memory order of an operation, from its flags. Pure.
#pragma once

#include "core/trace/operation.h"

namespace heddle::explore {

enum Order : int { kRelaxed, kConsume, kAcquire, kRelease, kAcquireRelease, kSequential };

constexpr int order_of(const trace::Operation& operation) {
    return operation.flags >> trace::operation_flags::kOrderShift & 7;
}
constexpr bool acquires(int order) {
    return order == kAcquire || order == kConsume || order == kAcquireRelease || order == kSequential;
}
constexpr bool releases(int order) {
    return order == kRelease || order == kAcquireRelease || order == kSequential;
}
constexpr bool is_atomic(const trace::Operation& operation) {
    return (operation.flags & trace::operation_flags::kAtomic) != 0;
}
constexpr bool writes(const trace::Operation& operation) {
    return operation.kind == trace::OperationKind::kWrite ||
           (operation.kind == trace::OperationKind::kUpdate && (operation.flags & trace::operation_flags::kFailed) == 0);
}

}  // namespace heddle::explore
