// Image::allocation_site: which line asked for a heap block, and of what type it is as far as that can be told.
#include <algorithm>
#include <string>

#include "core/symbols/image.h"
#include "core/symbols/image_data.h"

namespace heddle::symbols {
namespace {

// "std::make_unique<Node, int>" with prefix "std::make_unique<" → "Node".
std::string first_argument(std::string_view name, std::string_view prefix) {
    const std::size_t at = name.find(prefix);
    if (at == std::string_view::npos) return {};
    int depth = 0;
    const std::string_view rest = name.substr(at + prefix.size());
    for (std::size_t i = 0; i < rest.size(); ++i) {
        if (depth == 0 && (rest[i] == ',' || rest[i] == '>')) return std::string(rest.substr(0, i));
        if (rest[i] == '<' || rest[i] == '(') ++depth;
        if (rest[i] == '>' || rest[i] == ')') --depth;
    }
    return {};
}

// The allocating functions of libstdc++ name the type as a template argument.
std::string type_from_function(std::string_view name) {
    for (const std::string_view prefix : {"std::make_unique<", "new_allocator<", "std::allocator<"}) {
        std::string type = first_argument(name, prefix);
        // The node classes of containers are named by what they hold: "std::_Sp_counted_ptr_inplace<Node, …>".
        for (const std::string_view node : {"std::_Sp_counted_ptr_inplace<", "std::_List_node<", "std::_Rb_tree_node<",
                                            "std::__detail::_Hash_node<", "std::_Fwd_list_node<"}) {
            if (type.starts_with(node)) type = first_argument(type, node);
        }
        if (type.ends_with("[]")) type.resize(type.size() - 2);
        if (!type.empty()) return type;
    }
    return {};
}

// What a variable of this type owns or points to: "Node" for Node*, std::unique_ptr<Node>, std::vector<Node>.
std::string type_owned_by(const Image& image, TypeId id) {
    const Type& type = image.type(image.strip(id));
    if (type.kind == TypeKind::kPointer) return image.type(type.target).name;
    for (const std::string_view prefix :
         {"std::unique_ptr<", "std::shared_ptr<", "std::vector<", "std::deque<", "std::list<"}) {
        if (!type.name.starts_with(prefix) || type.arguments.empty()) continue;
        std::string name = image.type(type.arguments[0]).name;
        if (name.ends_with("[]")) name.resize(name.size() - 2);
        return name;
    }
    return type.name == "std::string" ? "char" : "";
}

}  // namespace

AllocationSite Image::allocation_site(std::span<const std::uint64_t> call_sites) const {
    AllocationSite site;
    for (const std::uint64_t pc : call_sites) {
        const std::optional<LineInfo> line = lookup_line(pc, PcKind::kReturnAddress);
        if (!line) continue;
        if (site.type.empty() && line->function != nullptr) site.type = type_from_function(line->function->name);
        if (!line->is_user_code) continue;
        site.file = line->file;
        site.line = line->line;
        site.label = line->file->path.substr(line->file->path.rfind('/') + 1) + ":" + std::to_string(line->line);
        if (line->function == nullptr) return site;
        const Local* declared = nullptr;
        for (const Local& local : line->function->locals) {
            const bool here = local.line == line->line && &data_->files[local.file] == line->file && !local.is_parameter;
            if (!here || type_owned_by(*this, local.type).empty()) continue;
            if (declared != nullptr) return site;  // two candidates: say nothing
            declared = &local;
        }
        if (declared != nullptr) {
            site.variable = declared->name;
            if (site.type.empty()) site.type = type_owned_by(*this, declared->type);
        }
        return site;
    }
    return site;
}

}  // namespace heddle::symbols
