// SharedNames: what an explored program calls the memory that its processes share (symbols/pointed_memory.h), wherever each
// process has it. Learns from the memory that executions leave. One exploration's own.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/symbols/pointed_memory.h"
#include "core/trace/board.h"

namespace heddle::session {

class SharedNames {
public:
    // A run-time address of a thread's process.
    using Read = std::function<bool(std::uint32_t thread, std::uint64_t address, void* out, std::size_t bytes)>;

    // What the latest execution has mapped; its processes stand still.
    void look(const symbols::Image& image, std::uint64_t bias, std::span<const trace::SharedMapping> mappings,
              const Read& read);
    // object: of an operation, in trace::spaces::kShared. Empty: nothing is known to point there.
    std::string find(const symbols::Image& image, std::uint64_t object) const;

private:
    struct Known {
        std::uint64_t bytes = 0;
        bool by_value = false;  // the pointers were seen to point there; otherwise the text says so
        std::vector<symbols::PointerInto> pointers;
    };

    std::map<std::uint64_t, Known> known_;  // by the name of its first byte
    int looks_ = 0;
};

}  // namespace heddle::session
