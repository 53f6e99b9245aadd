// A program made of literal operations, carried out by an executor of its own: threads that read, write, lock and unlock, all
// there from the start. For tests of the search without a process.
#pragma once

#include <map>
#include <vector>

#include "core/explore/execution.h"

namespace heddle::explore {

class ToyProgram final : public Executor {
public:
    using Thread = std::vector<Operation>;
    explicit ToyProgram(std::vector<Thread> threads) : threads_(std::move(threads)) {}

    static Operation read(std::uint64_t variable) { return on(OperationKind::kRead, variable * 8, 8); }
    static Operation write(std::uint64_t variable) { return on(OperationKind::kWrite, variable * 8, 8); }
    static Operation lock(std::uint64_t mutex) { return on(OperationKind::kLock, 0x1000 + mutex * 8, 0); }
    static Operation unlock(std::uint64_t mutex) { return on(OperationKind::kUnlock, 0x1000 + mutex * 8, 0); }

    // Every write stores what its thread last read, plus one; the end is told by all values.
    Result<Execution> run(const Request& request) override {
        std::vector<std::size_t> at(threads_.size(), 0);
        std::map<std::uint64_t, std::uint64_t> memory;
        std::map<std::uint64_t, std::uint8_t> holders;
        std::vector<std::uint64_t> last_read(threads_.size(), 0);
        std::uint64_t asleep = request.asleep;
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
                const std::uint64_t awake = enabled & ~asleep;
                if (awake == 0) {
                    execution.ending = Ending::kRedundant;
                    break;
                }
                if ((awake >> current & 1) == 0) current = static_cast<std::uint8_t>(__builtin_ctzll(awake));
            }
            Operation operation = threads_[current][at[current]++];
            if (operation.kind == OperationKind::kRead) last_read[current] = memory[operation.object];
            if (operation.kind == OperationKind::kWrite) memory[operation.object] = last_read[current] + 1;
            if (operation.kind == OperationKind::kLock) holders[operation.object] = current;
            if (operation.kind == OperationKind::kUnlock) holders.erase(operation.object);
            if (step >= request.sleep_from) {
                for (std::size_t t = 0; t < threads_.size(); ++t) {
                    if ((asleep >> t & 1) != 0 && (t == current || trace::dependent(threads_[t][at[t]], operation))) {
                        asleep &= ~(std::uint64_t{1} << t);
                    }
                }
            }
            Step done{};
            done.operation = operation;
            done.enabled = enabled;
            done.thread = current;
            done.choices = 1;
            steps_.push_back(done);
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

    std::vector<Thread> threads_;
    std::vector<Step> steps_;
    std::vector<Operation> pending_;
};

}  // namespace heddle::explore
