#include "core/symbols/pointed_memory.h"

namespace heddle::symbols {
namespace {

constexpr RenderLimits kLimits{3, 16, 1, 400};
constexpr std::uint64_t kPage = 4096;

std::uint64_t size_of(const Image& image, TypeId type) {
    return image.type(image.strip(type)).size;
}

std::string spelled(const Image& image, const PointerInto& pointer, std::uint64_t bytes, std::uint64_t offset) {
    const std::uint64_t size = size_of(image, pointer.type), inside = offset - pointer.to, index = inside / size;
    const std::string rest = image.path_into("", pointer.type, inside % size).path;
    // A mapping of whole pages may be meant for one.
    const bool several = bytes >= 2 * size && bytes % kPage != 0 && bytes % size == 0;
    if (pointer.is_reference) return pointer.path + rest;
    if (index > 0 || several) return pointer.path + "[" + std::to_string(index) + "]" + rest;
    if (rest.empty()) return "*" + pointer.path;
    return rest[0] == '.' ? pointer.path + "->" + rest.substr(1) : "(*" + pointer.path + ")" + rest;
}

}  // namespace

std::vector<PointerInto> PointedMemory::by_value(std::span<const CallPlace> calls) {
    for (const Global& global : image_.globals()) {
        const bool variable = global.region == Region::kData || global.region == Region::kBss;
        if (global.is_user && variable && global.has_debug_info)
            look_at(global.qualified_name, global.type, global.address + bias_);
    }
    for (std::size_t i = calls.size(); i-- > 0;) {
        const Function* const function = function_of(calls[i]);
        if (function == nullptr || calls[i].frame == 0) continue;
        const LocationContext context{bias_, calls[i].frame, std::nullopt, &memory_};
        for (const auto& [local, address] : image_.locals_at(*function, calls[i].site - bias_ - 1, context))
            if (address && !local->is_artificial) look_at(local->name, local->type, *address);
    }
    return std::move(found_);
}

std::vector<PointerInto> PointedMemory::by_text(std::span<const CallPlace> calls) {
    for (std::size_t i = 0; i < calls.size() && found_.empty(); ++i) {
        const Function* const function = function_of(calls[i]);
        const auto line = image_.lookup_line(calls[i].site - bias_, PcKind::kReturnAddress);
        if (function == nullptr || !line || !line->is_user_code) continue;
        for (const Local& local : function->locals) {
            const Type& type = image_.type(image_.strip(local.type));
            const bool points = type.kind == TypeKind::kPointer || type.kind == TypeKind::kReference;
            if (local.line == line->line && !local.is_parameter && points)
                add({local.name, type.target, type.kind == TypeKind::kReference, start_});
        }
    }
    return std::move(found_);
}

const Function* PointedMemory::function_of(const CallPlace& call) const {
    if (call.site == 0) return nullptr;
    const Function* const function = image_.lookup_function(call.site - bias_, PcKind::kReturnAddress);
    return function != nullptr && function->is_user ? function : nullptr;
}

void PointedMemory::look_at(const std::string& path, TypeId type, std::uint64_t address) {
    walk(path, type, render(image_, bias_, type, address, memory_, kLimits));
}

void PointedMemory::walk(const std::string& path, TypeId type, const Value& value) {
    if (value.pointee)
        return add({path, value.pointee_type, image_.type(image_.strip(type)).kind == TypeKind::kReference, *value.pointee});
    for (const Child& child : value.children)
        walk(path + (child.name.starts_with('[') ? "" : ".") + child.name, child.type, child.value);
}

void PointedMemory::add(PointerInto pointer) {
    if (pointer.to < start_ || pointer.to - start_ >= bytes_) return;
    if (size_of(image_, pointer.type) == 0) return;  // void, or not known
    pointer.to -= start_;
    found_.push_back(std::move(pointer));
}

std::string name_in(const Image& image, std::span<const PointerInto> pointers, std::uint64_t bytes, std::uint64_t offset) {
    const PointerInto *best = nullptr, *array = nullptr;
    for (const PointerInto& pointer : pointers) {
        if (pointer.to > offset) continue;
        const bool inside = offset - pointer.to < size_of(image, pointer.type);
        if (inside && (best == nullptr || pointer.to > best->to)) best = &pointer;
        if (!inside && !pointer.is_reference && (array == nullptr || pointer.to < array->to)) array = &pointer;
    }
    if (best == nullptr) best = array;
    return best != nullptr ? spelled(image, *best, bytes, offset) : std::string();
}

}  // namespace heddle::symbols
