#include "core/model/access_value.h"

#include "core/model/process_memory.h"
#include "core/symbols/render.h"

namespace heddle::model {

std::string raw_value(std::uint64_t value, std::uint64_t size) {
    const unsigned shift = size >= 8 ? 0 : static_cast<unsigned>(64 - 8 * size);
    return std::to_string(static_cast<std::int64_t>(value << shift) >> shift);
}

std::string value_text(const World& now, const ProcessWorld& process, const Program* program,
                       const trace::MemoryAccess& access, const NamedPlace& place) {
    if (program && place.type != symbols::kVoidType) {
        const symbols::Type& type = program->image().type(program->image().strip(place.type));
        if (type.size == access.size && type.members.empty()) {
            ProcessMemory memory(now, process, program);
            const symbols::Value value =
                symbols::render(program->image(), program->bias(), place.type, access.address, memory);
            if (value.note != symbols::ValueNote::kUnreadable) return value.text;
        }
    }
    return raw_value(access.value, access.size);
}

}  // namespace heddle::model
