// MemoryReader: the memory of an observed process (or of a saved run) as symbols reads it. Implemented by whoever has the
// bytes; called on the thread that renders. Addresses come from untrusted memory: any value may be asked for.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::symbols {

class MemoryReader {
public:
    virtual ~MemoryReader() = default;
    // Copies [address, address + bytes) to out; false, and nothing promised about out, unless all of it is known.
    virtual bool read(std::uint64_t address, void* out, std::size_t bytes) = 0;
};

}  // namespace heddle::symbols
