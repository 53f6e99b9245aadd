#include "core/session/shared_names.h"

#include <algorithm>
#include <array>

namespace heddle::session {
namespace {

constexpr int kMostLooks = 64;  // for what nothing points to

class ProcessMemory final : public symbols::MemoryReader {
public:
    ProcessMemory(std::uint32_t thread, const SharedNames::Read& read) : thread_(thread), read_(&read) {}
    bool read(std::uint64_t address, void* out, std::size_t bytes) override { return (*read_)(thread_, address, out, bytes); }

private:
    std::uint32_t thread_;
    const SharedNames::Read* read_;
};

}  // namespace

void SharedNames::look(const symbols::Image& image, std::uint64_t bias, std::span<const trace::SharedMapping> mappings,
                       const Read& read) {
    const bool all_known = std::all_of(mappings.begin(), mappings.end(), [&](const trace::SharedMapping& mapping) {
        const auto known = known_.find(mapping.name);
        return known != known_.end() && known->second.by_value && known->second.bytes == mapping.bytes;
    });
    if (all_known || looks_ == kMostLooks) return;
    ++looks_;
    for (const trace::SharedMapping& mapping : mappings) {
        Known& known = known_[mapping.name];
        ProcessMemory memory(static_cast<std::uint32_t>(mapping.thread), read);
        symbols::PointedMemory pointed(image, bias, mapping.start, mapping.bytes, memory);
        std::array<symbols::CallPlace, trace::SharedMapping::kMostCalls> calls;
        for (std::size_t i = 0; i < calls.size(); ++i) calls[i] = {mapping.sites[i], mapping.frames[i]};
        std::vector<symbols::PointerInto> pointers = pointed.by_value(calls);
        const bool by_value = !pointers.empty();
        if (!by_value) pointers = pointed.by_text(calls);
        if (by_value || !known.by_value) known = {mapping.bytes, by_value, std::move(pointers)};
    }
}

std::string SharedNames::find(const symbols::Image& image, std::uint64_t object) const {
    auto mapping = known_.upper_bound(object);
    if (mapping == known_.begin()) return {};
    --mapping;
    const std::uint64_t offset = object - mapping->first;
    if (offset >= mapping->second.bytes) return {};
    return symbols::name_in(image, mapping->second.pointers, mapping->second.bytes, offset);
}

}  // namespace heddle::session
