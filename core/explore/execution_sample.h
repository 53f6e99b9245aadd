// The first executions of a search, written down on the board beside it (ExecutionSample) and read from there (SampleReader).
// A search goes from one execution to one that begins like it, so only what differs is kept. Each belongs to one thread, and
// the reader reads while the search stands still.
#pragma once

#include <functional>
#include <vector>

#include "core/explore/execution.h"

namespace heddle::explore {

class ExecutionSample {
public:
    explicit ExecutionSample(trace::Sample& into) : into_(into) { begin(); }
    // All that was written is void.
    void begin();
    void take(const Execution& execution, std::uint64_t outcome);

private:
    trace::Sample& into_;
    std::vector<Choice> before_;  // the execution written last
    std::uint64_t walked_ = 0;    // steps of all executions, those shared too
};

// What it reads is untrusted: numbers that make no sense end the reading.
class SampleReader {
public:
    struct Sink {
        std::function<void()> begin;  // what was handed on before is void
        std::function<void(std::span<const Step> steps, std::uint64_t outcome, Ending ending)> take;
    };
    // Hands on what is new; false: nothing is.
    bool read(const trace::Sample& sample, const Sink& sink);
    bool closed() const { return closed_; }

private:
    std::vector<Step> steps_;  // of the execution read last
    std::uint32_t generation_ = 0, executions_ = 0, read_steps_ = 0;
    bool closed_ = false;
};

}  // namespace heddle::explore
