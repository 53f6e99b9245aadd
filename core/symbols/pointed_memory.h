// What a program calls memory that lies in none of its variables, such as what processes share: "shared->counter", "*counter",
// "table[3]", by a variable that points there. Pure but for the memory that is read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/symbols/image.h"
#include "core/symbols/memory_reader.h"
#include "core/symbols/render.h"

namespace heddle::symbols {

struct PointerInto {
    std::string path;  // of the variable, or a part of it
    TypeId type;       // of what it points to
    bool is_reference = false;
    std::uint64_t to = 0;  // from the memory's beginning
};

// A call under way: its return address, and the canonical frame address of the function that it lies in; 0: not known.
struct CallPlace {
    std::uint64_t site = 0, frame = 0;
};

class PointedMemory {
public:
    PointedMemory(const Image& image, std::uint64_t bias, std::uint64_t start, std::uint64_t bytes, MemoryReader& memory)
        : image_(image), bias_(bias), start_(start), bytes_(bytes), memory_(memory) {}

    // Globals first, then locals of the functions around the calls (innermost first), outermost first: those are alive longest.
    std::vector<PointerInto> by_value(std::span<const CallPlace> calls);
    // The variable that is declared in the line of the call that gave the memory, or in one that this is called from.
    std::vector<PointerInto> by_text(std::span<const CallPlace> calls);

private:
    const Function* function_of(const CallPlace& call) const;
    void look_at(const std::string& path, TypeId type, std::uint64_t address);
    void walk(const std::string& path, TypeId type, const Value& value);
    void add(PointerInto pointer);

    const Image& image_;
    const std::uint64_t bias_, start_, bytes_;
    MemoryReader& memory_;
    std::vector<PointerInto> found_;
};

// The byte at this offset of so many: by what points to something that it lies in, the innermost; else as an element of the
// array that begins lowest. Empty: nothing is known to point there.
std::string name_in(const Image& image, std::span<const PointerInto> pointers, std::uint64_t bytes, std::uint64_t offset);

}  // namespace heddle::symbols
