// A program made of literal operations, carried out by an executor of its own: threads that read, write, lock and unlock, all
// there from the start; atomic ones with their memory order. For tests of the search without a process.
#pragma once

#include <map>
#include <vector>

#include "core/explore/execution.h"
#include "core/explore/memory_model.h"
#include "core/explore/memory_order.h"
#include "core/trace/dependence.h"

namespace heddle::explore {

class ToyProgram final : public Executor {
public:
    using Thread = std::vector<Operation>;
    explicit ToyProgram(std::vector<Thread> threads) : threads_(std::move(threads)) {}

    static Operation read(std::uint64_t variable) { return on(OperationKind::kRead, variable * 8, 8); }
    static Operation write(std::uint64_t variable) { return on(OperationKind::kWrite, variable * 8, 8); }
    static Operation lock(std::uint64_t mutex) { return on(OperationKind::kLock, 0x1000 + mutex * 8, 0); }
    static Operation unlock(std::uint64_t mutex) { return on(OperationKind::kUnlock, 0x1000 + mutex * 8, 0); }

    static Operation load(std::uint64_t variable, int order) { return atomic(OperationKind::kRead, variable, order); }
    static Operation store(std::uint64_t variable, int order) { return atomic(OperationKind::kWrite, variable, order); }
    static Operation update(std::uint64_t variable, int order) { return atomic(OperationKind::kUpdate, variable, order); }
    static Operation fence(int order) {
        Operation operation = atomic(OperationKind::kFence, 0, order);
        operation.object = operation.bytes = 0;
        return operation;
    }

    // A load also returns an older store where it could as well have come earlier.
    void return_every_store() { every_store_ = true; }

    // Every write stores what its thread last read, plus one; an atomic store a value of its own; an update adds 100. The end
    // is told by all values and by all that was read from atomic objects.
    Result<Execution> run(const Request& request) override {
        std::vector<std::size_t> at(threads_.size(), 0);
        std::map<std::uint64_t, std::uint64_t> memory;
        std::map<std::uint64_t, std::uint8_t> holders;
        std::vector<std::uint64_t> last_read(threads_.size(), 0);
        std::uint64_t asleep = request.asleep;
        std::map<std::size_t, std::uint64_t> in_part;
        for (const PartlyAsleep& each : request.asleep_in_part) in_part[each.thread] = each.choices;
        std::vector<std::uint64_t> loads(threads_.size(), 7);
        model_.begin(static_cast<std::uint32_t>(threads_.size()));
        std::uint8_t current = 0;
        steps_.clear();
        Execution execution;
        for (;;) {
            std::uint64_t enabled = 0;
            for (std::size_t t = 0; t < threads_.size(); ++t) {
                if (at[t] == threads_[t].size()) continue;
                const Operation& next = threads_[t][at[t]];
                if (next.kind != OperationKind::kLock || !holders.contains(next.object)) enabled |= std::uint64_t{1} << t;
            }
            const std::size_t step = steps_.size();
            if (step < request.prefix.size()) {
                current = request.prefix[step].thread;
                if ((enabled >> current & 1) == 0) {
                    execution.ending = Ending::kDiverged;
                    break;
                }
            } else {
                if (enabled == 0) break;
                std::uint64_t awake = enabled & ~asleep;
                for (const auto& [thread, tried] : in_part) {
                    if ((awake >> thread & 1) != 0 && first_untried(tried) >= choices(thread, threads_[thread][at[thread]]))
                        awake &= ~(std::uint64_t{1} << thread);
                }
                if (awake == 0) {
                    execution.ending = Ending::kRedundant;
                    break;
                }
                if ((awake >> current & 1) == 0) current = static_cast<std::uint8_t>(__builtin_ctzll(awake));
            }
            Operation operation = threads_[current][at[current]++];
            if (is_atomic(operation) && trace::is_access(operation.kind)) model_.meet(operation, memory[operation.object]);
            if (operation.kind == OperationKind::kRead && trace::is_sequential(operation) &&
                model_.has_weak_stores(operation.object)) {
                operation.flags |= trace::operation_flags::kSettles;
            }
            const std::uint32_t ways = choices(current, operation);
            std::uint8_t choice = 0;
            if (step < request.prefix.size()) {
                choice = request.prefix[step].choice;
            } else if (in_part.contains(current)) {
                choice = static_cast<std::uint8_t>(first_untried(in_part[current]));
            }
            if (choice >= ways) {
                --at[current];
                execution.ending = Ending::kDiverged;
                break;
            }
            if (is_atomic(operation)) {
                do_atomic(operation, current, choice, memory[operation.object], loads[current],
                          1000 * (current + 1) + at[current]);
            } else {
                if (operation.kind == OperationKind::kRead) last_read[current] = memory[operation.object];
                if (operation.kind == OperationKind::kWrite) memory[operation.object] = last_read[current] + 1;
            }
            if (operation.kind == OperationKind::kLock) holders[operation.object] = current;
            if (operation.kind == OperationKind::kUnlock) holders.erase(operation.object);
            if (step >= request.sleep_from) {
                for (std::size_t t = 0; t < threads_.size(); ++t) {
                    const bool sleeps = (asleep >> t & 1) != 0 || in_part.contains(t);
                    if (sleeps && (t == current || trace::dependent(threads_[t][at[t]], operation))) {
                        asleep &= ~(std::uint64_t{1} << t);
                        in_part.erase(t);
                    }
                }
            }
            Step done{};
            done.operation = operation;
            done.enabled = enabled;
            done.thread = current;
            done.choice = choice;
            done.choices = static_cast<std::uint8_t>(ways);
            steps_.push_back(done);
            model_.take(steps_);
        }
        execution.threads = static_cast<std::uint32_t>(threads_.size());
        pending_.assign(kMostThreads, {});
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            if (at[t] == threads_[t].size()) continue;
            execution.alive |= std::uint64_t{1} << t;
            pending_[t] = threads_[t][at[t]];
        }
        if (execution.ending == Ending::kNone) execution.ending = execution.alive == 0 ? Ending::kFinished : Ending::kDeadlock;
        for (const auto& [variable, value] : memory) execution.digest = execution.digest * 1'000'003 + variable * 31 + value;
        for (const std::uint64_t seen : loads) execution.digest = execution.digest * 1'000'003 + seen;
        execution.steps = steps_;
        execution.pending = pending_;
        return execution;
    }
    bool visible(const Operation&) const override { return true; }

private:
    static Operation on(OperationKind kind, std::uint64_t object, std::uint8_t bytes) {
        Operation operation;
        operation.kind = kind;
        operation.object = object;
        operation.bytes = bytes;
        return operation;
    }

    static Operation atomic(OperationKind kind, std::uint64_t variable, int order) {
        Operation operation = on(kind, variable * 8, 8);
        operation.flags =
            static_cast<std::uint8_t>(trace::operation_flags::kAtomic | order << trace::operation_flags::kOrderShift);
        return operation;
    }
    static std::uint32_t first_untried(std::uint64_t tried) {
        return ~tried == 0 ? 64 : static_cast<std::uint32_t>(__builtin_ctzll(~tried));
    }
    MemoryModel::Readable readable(std::size_t thread, const Operation& load) const {
        auto found = model_.readable(static_cast<std::uint32_t>(thread), load);
        if (every_store_) found.last = found.latest;
        return found;
    }
    std::uint32_t choices(std::size_t thread, const Operation& operation) const {
        if (operation.kind != OperationKind::kRead || !is_atomic(operation)) return 1;
        return readable(thread, operation).choices();
    }
    void do_atomic(Operation& operation, std::uint8_t thread, std::uint8_t choice, std::uint64_t& memory, std::uint64_t& loads,
                   std::uint64_t own) {
        const std::uint64_t before = memory;
        if (operation.kind == OperationKind::kWrite) memory = operation.value = own;
        if (operation.kind == OperationKind::kUpdate) memory = operation.value = memory + 100;
        if (operation.kind == OperationKind::kRead) {
            const auto found = readable(thread, operation);
            operation.value = model_.value(operation.object, found.store(choice));
            operation.older = static_cast<std::uint8_t>(found.latest - found.store(choice));
        }
        const bool reads = operation.kind == OperationKind::kRead || operation.kind == OperationKind::kUpdate;
        if (reads) loads = loads * 31 + (operation.kind == OperationKind::kRead ? operation.value : before);
    }

    std::vector<Thread> threads_;
    bool every_store_ = false;
    MemoryModel model_;
    std::vector<Step> steps_;
    std::vector<Operation> pending_;
};

}  // namespace heddle::explore
