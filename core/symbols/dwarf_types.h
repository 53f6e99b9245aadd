// DwarfTypes: turns type DIEs into an ImageData's types, each once. Internal; used while loading only. Types are converted when
// something refers to them, so that the thousands that a standard header declares cost nothing.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/symbols/dwarf_die.h"
#include "core/symbols/image_data.h"

namespace heddle::symbols {

class DwarfTypes {
public:
    explicit DwarfTypes(ImageData& data) : data_(data) {}

    // Notes which scope ("std::chrono::") a type DIE was seen in, and where a class is defined.
    void note(Dwarf_Die die, int tag, const std::string& scope);

    TypeId convert(Dwarf_Die die, int nesting = 0);
    TypeId type_of(Dwarf_Die die, int nesting = 0);  // DW_AT_type, through origins; void when it has none

    // Fills the members of all classes met so far, and of those that they mention.
    void finish();

private:
    std::string scoped_name(Dwarf_Die die);
    void fill(TypeId id, Dwarf_Die die, int tag, int nesting);
    void fill_array(TypeId id, Dwarf_Die die, int nesting);
    void fill_alias(Type& type, Dwarf_Die die, int tag, int nesting);
    void fill_members(TypeId id, Dwarf_Die die);
    Member member_of(Dwarf_Die child, bool is_base);

    struct Pending {
        TypeId id;
        Dwarf_Die die;
    };

    ImageData& data_;
    std::unordered_map<const void*, TypeId> ids_;  // by the DIE's address in the section
    std::unordered_map<const void*, std::uint32_t> scope_of_;
    std::unordered_map<std::string, std::uint32_t> scope_ids_;
    std::vector<std::string> scopes_;
    std::unordered_map<std::string, Dwarf_Die> definitions_;  // "std::__cxx11::basic_string<…>" → where it is defined
    std::vector<Pending> pending_;
};

}  // namespace heddle::symbols
