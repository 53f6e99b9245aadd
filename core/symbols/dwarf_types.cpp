#include "core/symbols/dwarf_types.h"

#include <algorithm>

#include "core/symbols/names.h"

namespace heddle::symbols {
namespace {

constexpr int kMaxTypeNesting = 24;  // of pointers to arrays of pointers to …
constexpr std::size_t kMaxTypes = 200'000;

bool is_class_tag(int tag) {
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

TypeKind base_kind(std::uint64_t encoding) {
    switch (encoding) {
        case DW_ATE_boolean:
            return TypeKind::kBool;
        case DW_ATE_signed:
            return TypeKind::kSigned;
        case DW_ATE_signed_char:
        case DW_ATE_unsigned_char:
        case DW_ATE_UTF:
            return TypeKind::kChar;
        case DW_ATE_float:
            return TypeKind::kFloat;
        default:
            return TypeKind::kUnsigned;
    }
}

bool has_call_operator(Dwarf_Die die) {
    bool found = false;
    for_each_child(
        die, [&](Dwarf_Die child) { found |= dwarf_tag(&child) == DW_TAG_subprogram && die_name(child) == "operator()"; });
    return found;
}

// libstdc++ classes with a constructor inside the library: Clang only declares them.
std::uint64_t known_size(std::string_view name) {
    if (name == "std::string" || name == "std::wstring") return 32;
    if (name == "std::condition_variable") return 48;
    return 0;
}

}  // namespace

void DwarfTypes::note(Dwarf_Die die, int tag, const std::string& scope) {
    if (!scope.empty()) {
        const auto [entry, is_new] = scope_ids_.try_emplace(scope, static_cast<std::uint32_t>(scopes_.size()));
        if (is_new) scopes_.push_back(scope);
        scope_of_[die.addr] = entry->second;
    }
    if (is_class_tag(tag) && !flag_attribute(die, DW_AT_declaration)) {
        const std::string_view name = die_name(die);
        if (!name.empty()) definitions_.try_emplace(scope + std::string(name), die);
    }
}

std::string DwarfTypes::scoped_name(Dwarf_Die die) {
    const std::string_view name = die_name(die);
    if (name.empty()) return {};
    const auto scope = scope_of_.find(die.addr);
    return (scope == scope_of_.end() ? std::string() : scopes_[scope->second]) + std::string(name);
}

TypeId DwarfTypes::type_of(Dwarf_Die die, int nesting) {
    const auto target = reference(die, DW_AT_type, true);
    return target ? convert(*target, nesting) : kVoidType;
}

TypeId DwarfTypes::convert(Dwarf_Die die, int nesting) {
    if (const auto known = ids_.find(die.addr); known != ids_.end()) return known->second;
    if (nesting > kMaxTypeNesting || data_.types.size() >= kMaxTypes) return kVoidType;
    const int tag = dwarf_tag(&die);
    if (is_class_tag(tag) && flag_attribute(die, DW_AT_declaration)) {
        const auto definition = definitions_.find(scoped_name(die));
        if (definition != definitions_.end() && definition->second.addr != die.addr) {
            const TypeId id = convert(definition->second, nesting + 1);
            ids_[die.addr] = id;
            return id;
        }
    }
    const TypeId id{static_cast<std::uint32_t>(data_.types.size())};
    data_.types.emplace_back();
    ids_[die.addr] = id;
    fill(id, die, tag, nesting);
    return id;
}

// The type is built aside: converting what it mentions may move data_.types.
void DwarfTypes::fill(TypeId id, Dwarf_Die die, int tag, int nesting) {
    if (tag == DW_TAG_array_type) return fill_array(id, die, nesting);
    Type type;
    type.size = unsigned_attribute(die, DW_AT_byte_size).value_or(0);
    if (is_class_tag(tag)) {
        const std::string name = scoped_name(die);
        type.kind = tag == DW_TAG_union_type ? TypeKind::kUnion : TypeKind::kRecord;
        type.is_declaration = flag_attribute(die, DW_AT_declaration);
        type.is_lambda = name.find("<lambda") != std::string::npos || (name.empty() && has_call_operator(die));
        type.name = type.is_lambda ? "lambda" : simplify_type_name(name);
        if (type.size == 0 && type.is_declaration) type.size = known_size(type.name);
        data_.types[id.value] = std::move(type);
        pending_.push_back({id, die});
        return;
    }
    switch (tag) {
        case DW_TAG_base_type:
            type.kind = base_kind(unsigned_attribute(die, DW_AT_encoding).value_or(0));
            type.name = base_type_name(die_name(die));
            break;
        case DW_TAG_enumeration_type:
            type.kind = TypeKind::kEnum;
            type.name = simplify_type_name(scoped_name(die));
            type.target = type_of(die, nesting + 1);
            for_each_child(die, [&](Dwarf_Die child) {
                if (dwarf_tag(&child) != DW_TAG_enumerator) return;
                type.enumerators.push_back(
                    {std::string(die_name(child)), signed_attribute(child, DW_AT_const_value).value_or(0)});
            });
            break;
        case DW_TAG_unspecified_type:
            type.name = base_type_name(die_name(die));
            break;
        default:
            fill_alias(type, die, tag, nesting);
            break;
    }
    data_.types[id.value] = std::move(type);
}

void DwarfTypes::fill_alias(Type& type, Dwarf_Die die, int tag, int nesting) {
    if (tag == DW_TAG_subroutine_type) {
        type.kind = TypeKind::kFunction;
        type.target = type_of(die, nesting + 1);
        const std::string result = type.target == kVoidType ? "void" : data_.types[type.target.value].name;
        std::string parameters;
        for_each_child(die, [&](Dwarf_Die child) {
            if (dwarf_tag(&child) != DW_TAG_formal_parameter) return;
            parameters += (parameters.empty() ? "" : ", ") + data_.types[type_of(child, nesting + 1).value].name;
        });
        type.name = result + " (" + parameters + ")";
        return;
    }
    type.target = type_of(die, nesting + 1);
    const Type& target = data_.types[type.target.value];
    const std::string target_name = type.target == kVoidType ? "void" : target.name;
    const bool to_function = target.kind == TypeKind::kFunction;
    const auto pointer_name = [&](const char* mark) {
        const std::size_t space = target_name.find(" (");
        if (!to_function || space == std::string::npos) return target_name + mark;
        return target_name.substr(0, space + 1) + "(" + mark + ")" + target_name.substr(space + 1);
    };
    const auto alias = [&](std::string name) {
        type.kind = TypeKind::kAlias;
        type.size = target.size;
        type.name = std::move(name);
    };
    // "const char* const": what qualifies a pointer is written after it.
    const bool after = target.kind == TypeKind::kPointer;
    switch (tag) {
        case DW_TAG_pointer_type:
        case DW_TAG_reference_type:
        case DW_TAG_rvalue_reference_type:
            type.kind = tag == DW_TAG_pointer_type ? TypeKind::kPointer : TypeKind::kReference;
            type.size = 8;
            type.name = pointer_name(tag == DW_TAG_pointer_type ? "*" : tag == DW_TAG_reference_type ? "&" : "&&");
            break;
        case DW_TAG_const_type:
            if (!after && target_name.starts_with("const ")) {  // an array of const, or const twice
                alias(target_name);
            } else {
                alias(after ? target_name + " const" : "const " + target_name);
            }
            break;
        case DW_TAG_volatile_type:
            alias(after ? target_name + " volatile" : "volatile " + target_name);
            break;
        case DW_TAG_typedef:
            alias(simplify_type_name(scoped_name(die)));
            break;
        case DW_TAG_ptr_to_member_type:
            type.kind = TypeKind::kMemberPointer;
            type.size = target.kind == TypeKind::kFunction ? 16 : 8;
            type.name = target_name + " ::*";
            break;
        default:
            alias(target_name);
            break;  // restrict, atomic, and what DWARF may yet invent
    }
}

// int a[2][3] has one DIE with two subranges; here it becomes an array of arrays.
void DwarfTypes::fill_array(TypeId id, Dwarf_Die die, int nesting) {
    std::vector<std::uint64_t> counts;
    for_each_child(die, [&](Dwarf_Die child) {
        if (dwarf_tag(&child) != DW_TAG_subrange_type || counts.size() >= 16) return;
        const auto upper = unsigned_attribute(child, DW_AT_upper_bound);
        const auto count = unsigned_attribute(child, DW_AT_count);
        counts.push_back(count ? *count : upper ? *upper + 1 : 0);
    });
    if (counts.empty()) counts.push_back(0);
    TypeId element = type_of(die, nesting + 1);
    std::string suffix;
    const std::string element_name = data_.types[element.value].name;
    for (std::size_t i = counts.size(); i-- > 0;) {
        Type type;
        type.kind = TypeKind::kArray;
        type.target = element;
        type.count = counts[i];
        if (__builtin_mul_overflow(data_.types[element.value].size, counts[i], &type.size)) type.size = type.count = 0;
        suffix = "[" + std::to_string(counts[i]) + "]" + suffix;
        type.name = element_name + suffix;
        TypeId place = id;
        if (i > 0) {
            place = TypeId{static_cast<std::uint32_t>(data_.types.size())};
            data_.types.emplace_back();
        }
        data_.types[place.value] = std::move(type);
        element = place;
    }
}

Member DwarfTypes::member_of(Dwarf_Die child, bool is_base) {
    Member member;
    member.is_base = is_base;
    member.type = type_of(child);
    member.name = is_base ? data_.types[member.type.value].name : std::string(die_name(child));
    member.offset = unsigned_attribute(child, DW_AT_data_member_location).value_or(0);
    if (const auto bits = unsigned_attribute(child, DW_AT_bit_size); bits && *bits <= 64) {
        member.bit_size = static_cast<std::uint32_t>(*bits);
        std::uint64_t first = 0;
        if (const auto position = unsigned_attribute(child, DW_AT_data_bit_offset)) {
            first = *position;
        } else if (const auto from_top = unsigned_attribute(child, DW_AT_bit_offset)) {  // DWARF 2: from the high end
            const std::uint64_t storage =
                unsigned_attribute(child, DW_AT_byte_size).value_or(data_.types[member.type.value].size);
            first = member.offset * 8 + storage * 8 - *from_top - *bits;
        }
        member.offset = first / 8;
        member.bit_offset = static_cast<std::uint32_t>(first % 8);
    }
    return member;
}

void DwarfTypes::fill_members(TypeId id, Dwarf_Die die) {
    std::vector<Member> members;
    std::vector<TypeId> arguments;
    for_each_child(die, [&](Dwarf_Die child) {
        switch (dwarf_tag(&child)) {
            case DW_TAG_member:
                if (flag_attribute(child, DW_AT_external) || flag_attribute(child, DW_AT_declaration)) break;  // static
                members.push_back(member_of(child, false));
                break;
            case DW_TAG_inheritance:
                members.push_back(member_of(child, true));
                break;
            case DW_TAG_template_type_parameter:
                arguments.push_back(type_of(child));
                break;
            case DW_TAG_GNU_template_parameter_pack:
                for_each_child(child, [&](Dwarf_Die argument) {
                    if (dwarf_tag(&argument) == DW_TAG_template_type_parameter) arguments.push_back(type_of(argument));
                });
                break;
            default:
                break;
        }
    });
    Type& type = data_.types[id.value];
    if (type.is_lambda) {
        for (Member& member : members) {  // GCC writes the capture of x as "__x"
            if (member.name.starts_with("__")) member.name.erase(0, 2);
        }
    }
    type.members = std::move(members);
    type.arguments = std::move(arguments);
}

void DwarfTypes::finish() {
    while (!pending_.empty()) {
        const Pending next = pending_.back();
        pending_.pop_back();
        fill_members(next.id, next.die);
    }
    // An alias that was made while its target was still being filled did not know its size yet.
    for (int round = 0; round < kMaxTypeNesting; ++round) {
        bool changed = false;
        for (Type& type : data_.types) {
            if (type.kind != TypeKind::kAlias || type.size != 0) continue;
            type.size = data_.types[type.target.value].size;
            changed |= type.size != 0;
        }
        if (!changed) break;
    }
}

}  // namespace heddle::symbols
