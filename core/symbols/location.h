// Where a variable lives, as a short list of steps of a stack machine: the part of DWARF's location expressions (DWARF 5,
// section 2.5) that -O0 code uses, with the frame base already turned into the canonical frame address (CFA).
// Plain values; evaluating is bounded by the number of steps.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/symbols/memory_reader.h"

namespace heddle::symbols {

enum class LocationStep : std::uint8_t {
    kAddress,      // push image address + load bias
    kThreadLocal,  // push offset in the image's thread-local block + that block's address
    kFrame,        // push CFA + number
    kConstant,     // push number
    kAddConstant,  // top += number
    kAdd,          // pop two, push their sum
    kDereference,  // top = the pointer stored there
};

struct LocationOp {
    LocationStep step;
    std::int64_t number = 0;
};

using Location = std::vector<LocationOp>;  // empty: in a register, optimized out, or not understood

struct LocationContext {
    std::uint64_t bias = 0;                     // load bias of the image
    std::optional<std::uint64_t> cfa;           // of the frame, for locals
    std::optional<std::uint64_t> thread_block;  // where this thread's copy of the image's TLS begins
    MemoryReader* memory = nullptr;             // for kDereference
};

// The run-time address, or nothing where the context lacks what a step needs.
std::optional<std::uint64_t> evaluate(const Location& location, const LocationContext& context);

}  // namespace heddle::symbols
