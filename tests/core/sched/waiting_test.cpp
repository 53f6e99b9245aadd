#include "core/sched/waiting.h"

#include <gmock/gmock-more-matchers.h>

namespace heddle::sched {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using trace::Operation;
using trace::OperationKind;
using trace::Step;

constexpr std::uint64_t kMutex = 0x100, kCondition = 0x200, kOther = 0x300;

Operation operation(OperationKind kind, std::uint64_t object, std::uint64_t second = 0, std::uint64_t value = 0) {
    Operation made;
    made.kind = kind, made.object = object, made.second = second, made.value = value;
    return made;
}

Step step(std::uint8_t thread, const Operation& done) {
    Step made{};
    made.thread = thread;
    made.operation = done;
    return made;
}

// Its place in the queue: what it does next once it is woken, by the step with this number counted from 1.
Operation lock_again(std::uint64_t woken_by = 0, std::uint64_t condition = kCondition) {
    return operation(OperationKind::kLock, kMutex, condition, woken_by);
}

const Operation kWaits = operation(OperationKind::kWait, kCondition, kMutex);

TEST(Waiting, TheLongestWaitingComesFirst) {
    const std::vector<Step> steps = {step(2, kWaits), step(1, kWaits), step(3, operation(OperationKind::kWait, kOther, kMutex)),
                                     step(0, operation(OperationKind::kLock, kMutex))};
    const std::vector<Operation> next = {operation(OperationKind::kSignal, kCondition), lock_again(), lock_again(),
                                         lock_again(0, kOther)};
    EXPECT_THAT(waiters_on(kCondition, steps, next), ElementsAre(2, 1));
    EXPECT_THAT(waiters_on(kOther, steps, next), ElementsAre(3));
    EXPECT_THAT(waiters_on(kMutex, steps, next), IsEmpty());
}

TEST(Waiting, WhoWasWokenWaitsNoMore) {
    const std::vector<Step> steps = {step(2, kWaits), step(1, kWaits), step(0, operation(OperationKind::kSignal, kCondition))};
    const std::vector<Operation> next = {operation(OperationKind::kUnlock, kMutex), lock_again(), lock_again(3)};
    EXPECT_THAT(waiters_on(kCondition, steps, next), ElementsAre(1));
    // Before that step it did.
    EXPECT_THAT(waiters_on(kCondition, std::span(steps).first(2), next), ElementsAre(2, 1));
}

TEST(Waiting, AMutexIsFreeOnceItWasLetGo) {
    const Step locks = step(1, operation(OperationKind::kLock, kMutex)), waits = step(1, kWaits);
    Step tries = step(2, operation(OperationKind::kTryLock, kMutex));
    EXPECT_TRUE(is_free(kMutex, {}));
    EXPECT_FALSE(is_free(kMutex, std::vector{locks}));
    EXPECT_TRUE(is_free(kOther, std::vector{locks}));
    EXPECT_TRUE(is_free(kMutex, std::vector{locks, waits}));
    EXPECT_TRUE(is_free(kMutex, std::vector{locks, step(1, operation(OperationKind::kUnlock, kMutex))}));
    EXPECT_FALSE(is_free(kMutex, std::vector{locks, waits, tries}));
    tries.operation.flags = trace::operation_flags::kFailed;
    EXPECT_TRUE(is_free(kMutex, std::vector{locks, waits, tries}));
}

}  // namespace
}  // namespace heddle::sched
