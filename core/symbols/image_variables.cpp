// Image: address → variable, and the variables of a frame.
#include <algorithm>

#include "core/symbols/image.h"
#include "core/symbols/image_data.h"

namespace heddle::symbols {
namespace {

constexpr int kMaxPathSteps = 16;

bool contains(const Global& global, std::uint64_t address) {
    return address >= global.address && address - global.address < std::max<std::uint64_t>(global.size, 1);
}

// Library classes are one thing to their user: "queue", not "queue.c._M_impl._M_start".
bool is_opaque(const Type& type) {
    return type.name.starts_with("std::") && !type.name.starts_with("std::pair<");
}
bool is_std_array(const Type& type) {
    return type.name.starts_with("std::array<");
}

}  // namespace

const Global* Image::lookup_global(std::uint64_t address) const {
    const auto begin = data_->globals.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(data_->addressed_globals);
    auto next = std::upper_bound(begin, end, address, [](std::uint64_t a, const Global& g) { return a < g.address; });
    for (int tries = 0; tries < 4 && next != begin; ++tries) {
        --next;
        if (contains(*next, address)) return &*next;
    }
    return nullptr;
}

const Global* Image::lookup_thread_local(std::uint64_t offset) const {
    for (std::size_t i = data_->addressed_globals; i < data_->globals.size(); ++i) {
        const Global& global = data_->globals[i];
        if (global.is_thread_local() && contains(global, offset)) return &global;
    }
    return nullptr;
}

VariablePath Image::path_into(std::string name, TypeId id, std::uint64_t offset, TypeId whole) const {
    VariablePath result;
    result.path = std::move(name);
    result.type = id;
    for (int steps = 0; steps < kMaxPathSteps; ++steps) {
        const Type& current = type(strip(id));
        if (offset == 0 && whole != kVoidType && strip(id) == strip(whole)) break;
        if (current.kind == TypeKind::kArray) {
            const std::uint64_t size = type(current.target).size;
            if (size == 0) break;
            const std::uint64_t index = offset / size;
            if (index >= current.count) break;
            result.path += "[" + std::to_string(index) + "]";
            result.offset += index * size;
            offset -= index * size;
            id = current.target;
        } else if (current.kind == TypeKind::kRecord && !is_opaque(current)) {
            const auto member = std::find_if(current.members.begin(), current.members.end(), [&](const Member& m) {
                return offset >= m.offset && offset - m.offset < std::max<std::uint64_t>(type(m.type).size, m.is_base ? 0 : 1);
            });
            if (member == current.members.end()) break;
            if (!member->is_base && !member->name.empty()) result.path += "." + member->name;
            result.offset += member->offset;
            offset -= member->offset;
            id = member->type;
        } else if (current.kind == TypeKind::kRecord && is_std_array(current) && !current.members.empty()) {
            id = current.members.front().type;  // the plain array inside
            continue;
        } else {
            break;
        }
        result.type = id;
    }
    return result;
}

std::optional<VariablePath> Image::find_variable(std::uint64_t address, TypeId whole) const {
    const Global* global = lookup_global(address);
    if (global == nullptr) return std::nullopt;
    VariablePath result = path_into(global->qualified_name, global->type, address - global->address, whole);
    result.global = global;
    return result;
}

std::optional<VariablePath> Image::find_thread_local(std::uint64_t offset) const {
    const Global* global = lookup_thread_local(offset);
    if (global == nullptr) return std::nullopt;
    VariablePath result = path_into(global->qualified_name, global->type, offset - global->address);
    result.global = global;
    return result;
}

std::vector<Visible> Image::locals_at(const Function& function, std::uint64_t pc, const LocationContext& context) const {
    std::vector<Visible> visible;
    for (const Local& local : function.locals) {
        if (pc < local.scope_low || pc >= local.scope_high) continue;
        visible.push_back({&local, evaluate(local.location, context)});
    }
    return visible;
}

std::optional<VariablePath> Image::find_local(const Function& function, std::uint64_t pc, const LocationContext& context,
                                              std::uint64_t address) const {
    const std::vector<Visible> visible = locals_at(function, pc, context);
    // Inner blocks come last and hide what is around them.
    for (auto candidate = visible.rbegin(); candidate != visible.rend(); ++candidate) {
        const std::uint64_t size = type(candidate->local->type).size;
        if (!candidate->address || address < *candidate->address || address - *candidate->address >= size) continue;
        VariablePath result = path_into(candidate->local->name, candidate->local->type, address - *candidate->address);
        result.local = candidate->local;
        return result;
    }
    return std::nullopt;
}

}  // namespace heddle::symbols
