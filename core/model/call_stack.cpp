#include "core/model/call_stack.h"

namespace heddle::model {

void CallStack::push(const Frame& frame) {
    const std::size_t block = size_ / kBlock;
    if (block == blocks_.size()) {
        blocks_.push_back(std::make_shared<Block>());
    } else if (blocks_[block].use_count() != 1) {
        blocks_[block] = std::make_shared<Block>(*blocks_[block]);
    }
    (*blocks_[block])[size_ % kBlock] = frame;
    ++size_;
}

void CallStack::enter(const Frame& frame) {
    if (frame.depth < kSaturated) {
        while (!empty() && top().depth >= frame.depth) pop();
    } else {
        // Depths no longer tell them apart: a frame below the new one's address is dead, stacks grow down.
        while (!empty() && top().depth == kSaturated && frame.frame_address != 0 && top().frame_address <= frame.frame_address)
            pop();
    }
    push(frame);
}

std::uint64_t CallStack::leave(std::uint32_t depth) {
    while (!empty() && top().depth > depth) pop();
    if (empty() || top().depth != depth) return 0;
    const std::uint64_t back_to = top().call_site;
    pop();
    return back_to;
}

void CallStack::clear() {
    blocks_.clear();
    size_ = 0;
}

}  // namespace heddle::model
