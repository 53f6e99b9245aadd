#include "core/model/access_value.h"

#include <cstring>

#include "core/model/naming.h"
#include "core/model/process_memory.h"
#include "core/symbols/render.h"

namespace heddle::model {

std::string raw_value(std::uint64_t value, std::uint64_t size) {
    // Where a program's memory lies on the machines that Linux runs on: more likely a pointer than a number.
    if (size == 8 && value >= 0x1'0000'0000 && value < 0x8000'0000'0000) return hex_text(value);
    const unsigned shift = size >= 8 ? 0 : static_cast<unsigned>(64 - 8 * size);
    return std::to_string(static_cast<std::int64_t>(value << shift) >> shift);
}

namespace {

// The memory with a value put at one address.
class MemoryWithValue : public symbols::MemoryReader {
public:
    MemoryWithValue(symbols::MemoryReader& memory, std::uint64_t address, std::uint64_t value)
        : memory_(memory), address_(address), value_(value) {}

    bool read(std::uint64_t address, void* out, std::size_t bytes) override {
        if (address != address_ || bytes > sizeof value_) return memory_.read(address, out, bytes);
        std::memcpy(out, &value_, bytes);
        return true;
    }

private:
    symbols::MemoryReader& memory_;
    std::uint64_t address_, value_;
};

std::string text_of(symbols::MemoryReader& memory, std::uint64_t value, const Program* program,
                    const trace::MemoryAccess& access, const NamedPlace& place) {
    if (program && place.type != symbols::kVoidType) {
        const symbols::Type& type = program->image().type(program->image().strip(place.type));
        if (type.size == access.size && type.members.empty()) {
            const symbols::Value shown = symbols::render(program->image(), program->bias(), place.type, access.address, memory);
            if (shown.note != symbols::ValueNote::kUnreadable) return shown.text;
        }
    }
    return raw_value(value, access.size);
}

}  // namespace

std::string value_text(const World& now, const ProcessWorld& process, const Program* program, const trace::MemoryAccess& access,
                       const NamedPlace& place) {
    ProcessMemory memory(now, process, program);
    return text_of(memory, access.value, program, access, place);
}

std::string other_value_text(const World& now, const ProcessWorld& process, const Program* program,
                             const trace::MemoryAccess& access, const NamedPlace& place) {
    ProcessMemory memory(now, process, program);
    MemoryWithValue with_other(memory, access.address, access.other);
    return text_of(with_other, access.other, program, access, place);
}

}  // namespace heddle::model
