// CallStack: one thread's frames as its function entries and exits tell them. Copying is cheap however deep the recursion.
// Depths of events resynchronize it after lost events, exceptions and longjmp. Called by World on the session's thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace heddle::model {

struct Frame {
    std::uint64_t pc = 0;             // in the function
    std::uint64_t frame_address = 0;  // canonical frame address
    std::uint64_t call_site = 0;      // return address into the caller
    std::uint32_t depth = 0;          // as its entry said it; 255: that or more
};

class CallStack {
public:
    static constexpr std::uint32_t kSaturated = 255;

    void enter(const Frame& frame);
    // Leaves the function at this depth, and what lies deeper. Returns the call site it returns to, 0 when unknown.
    std::uint64_t leave(std::uint32_t depth);
    void clear();

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    const Frame& operator[](std::size_t index) const { return (*blocks_[index / kBlock])[index % kBlock]; }  // 0: outermost
    const Frame& top() const { return (*this)[size_ - 1]; }

private:
    static constexpr std::size_t kBlock = 64;
    using Block = std::array<Frame, kBlock>;
    void push(const Frame& frame);
    void pop() { --size_; }

    std::vector<std::shared_ptr<Block>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace heddle::model
