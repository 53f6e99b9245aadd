#include "core/session/shared_names.h"

#include <algorithm>

#include "core/symbols/render.h"

namespace heddle::session {
namespace {

using symbols::TypeId;
using symbols::TypeKind;

constexpr int kMostLooks = 64;  // for what nothing points to
constexpr symbols::RenderLimits kLimits{3, 16, 1, 400};
constexpr std::uint64_t kPage = 4096;

std::uint64_t size_of(const symbols::Image& image, TypeId type) {
    return image.type(image.strip(type)).size;
}

class ProcessMemory final : public symbols::MemoryReader {
public:
    ProcessMemory(std::uint32_t thread, const SharedNames::Read& read) : thread_(thread), read_(&read) {}
    bool read(std::uint64_t address, void* out, std::size_t bytes) override { return (*read_)(thread_, address, out, bytes); }

private:
    std::uint32_t thread_;
    const SharedNames::Read* read_;
};

}  // namespace

// Of variables that point into one mapping.
class SharedNames::Search {
public:
    Search(const symbols::Image& image, std::uint64_t bias, const trace::SharedMapping& mapping, const Read& read)
        : image_(image), bias_(bias), mapping_(mapping), memory_(static_cast<std::uint32_t>(mapping.thread), read) {}

    // Globals first, then locals of the functions around the call that mapped it, outermost first: those are alive longest.
    std::vector<Pointer> by_value() {
        for (const symbols::Global& global : image_.globals()) {
            const bool variable = global.region == symbols::Region::kData || global.region == symbols::Region::kBss;
            if (global.is_user && variable && global.has_debug_info)
                look_at(global.qualified_name, global.type, global.address + bias_);
        }
        for (std::size_t i = std::size(mapping_.sites); i-- > 0;) {
            const symbols::Function* const function = function_at(i);
            if (function == nullptr || mapping_.frames[i] == 0) continue;
            const symbols::LocationContext context{bias_, mapping_.frames[i], std::nullopt, &memory_};
            for (const auto& [local, address] : image_.locals_at(*function, mapping_.sites[i] - bias_ - 1, context))
                if (address && !local->is_artificial) look_at(local->name, local->type, *address);
        }
        return std::move(found_);
    }

    // The variable that is declared in the line of the call, or in one that this is called from.
    std::vector<Pointer> by_text() {
        for (std::size_t i = 0; i < std::size(mapping_.sites) && found_.empty(); ++i) {
            const symbols::Function* const function = function_at(i);
            const auto line = image_.lookup_line(mapping_.sites[i] - bias_, symbols::PcKind::kReturnAddress);
            if (function == nullptr || !line || !line->is_user_code) continue;
            for (const symbols::Local& local : function->locals) {
                const symbols::Type& type = image_.type(image_.strip(local.type));
                const bool points = type.kind == TypeKind::kPointer || type.kind == TypeKind::kReference;
                if (local.line == line->line && !local.is_parameter && points)
                    add({local.name, type.target, type.kind == TypeKind::kReference, mapping_.start});
            }
        }
        return std::move(found_);
    }

private:
    const symbols::Function* function_at(std::size_t call) const {
        if (mapping_.sites[call] == 0) return nullptr;
        const symbols::Function* const function =
            image_.lookup_function(mapping_.sites[call] - bias_, symbols::PcKind::kReturnAddress);
        return function != nullptr && function->is_user ? function : nullptr;
    }

    void look_at(const std::string& path, TypeId type, std::uint64_t address) {
        walk(path, type, symbols::render(image_, bias_, type, address, memory_, kLimits));
    }

    void walk(const std::string& path, TypeId type, const symbols::Value& value) {
        if (value.pointee)
            return add(
                {path, value.pointee_type, image_.type(image_.strip(type)).kind == TypeKind::kReference, *value.pointee});
        for (const symbols::Child& child : value.children)
            walk(path + (child.name.starts_with('[') ? "" : ".") + child.name, child.type, child.value);
    }

    void add(Pointer pointer) {
        if (pointer.to < mapping_.start || pointer.to - mapping_.start >= mapping_.bytes) return;
        if (size_of(image_, pointer.type) == 0) return;  // void, or not known
        pointer.to -= mapping_.start;
        found_.push_back(std::move(pointer));
    }

    const symbols::Image& image_;
    const std::uint64_t bias_;
    const trace::SharedMapping& mapping_;
    ProcessMemory memory_;
    std::vector<Pointer> found_;
};

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
        Search search(image, bias, mapping, read);
        std::vector<Pointer> pointers = search.by_value();
        const bool by_value = !pointers.empty();
        if (!by_value) pointers = search.by_text();
        if (by_value || !known.by_value) known = {mapping.bytes, by_value, std::move(pointers)};
    }
}

std::string SharedNames::spelled(const symbols::Image& image, const Known& known, const Pointer& pointer,
                                 std::uint64_t offset) {
    const std::uint64_t size = size_of(image, pointer.type), inside = offset - pointer.to, index = inside / size;
    const std::string rest = image.path_into("", pointer.type, inside % size).path;
    // A mapping of whole pages may be meant for one.
    const bool several = known.bytes >= 2 * size && known.bytes % kPage != 0 && known.bytes % size == 0;
    if (pointer.is_reference) return pointer.path + rest;
    if (index > 0 || several) return pointer.path + "[" + std::to_string(index) + "]" + rest;
    if (rest.empty()) return "*" + pointer.path;
    return rest[0] == '.' ? pointer.path + "->" + rest.substr(1) : "(*" + pointer.path + ")" + rest;
}

// By what points to something that it lies in, the innermost; else as an element of the array that begins lowest.
std::string SharedNames::find(const symbols::Image& image, std::uint64_t object) const {
    auto mapping = known_.upper_bound(object);
    if (mapping == known_.begin()) return {};
    --mapping;
    const Known& known = mapping->second;
    const std::uint64_t offset = object - mapping->first;
    if (offset >= known.bytes) return {};
    const Pointer *best = nullptr, *array = nullptr;
    for (const Pointer& pointer : known.pointers) {
        if (pointer.to > offset) continue;
        const bool inside = offset - pointer.to < size_of(image, pointer.type);
        if (inside && (best == nullptr || pointer.to > best->to)) best = &pointer;
        if (!inside && !pointer.is_reference && (array == nullptr || pointer.to < array->to)) array = &pointer;
    }
    if (best == nullptr) best = array;
    return best != nullptr ? spelled(image, known, *best, offset) : std::string();
}

}  // namespace heddle::session
