#include "core/symbols/dwarf_die.h"

namespace heddle::symbols {

std::optional<Dwarf_Attribute> attribute(Dwarf_Die die, unsigned name, bool integrate) {
    Dwarf_Attribute result;
    const bool found =
        integrate ? dwarf_attr_integrate(&die, name, &result) != nullptr : dwarf_attr(&die, name, &result) != nullptr;
    if (!found) return std::nullopt;
    return result;
}

std::string_view die_name(Dwarf_Die die, bool integrate) {
    auto found = attribute(die, DW_AT_name, integrate);
    const char* text = found ? dwarf_formstring(&*found) : nullptr;
    return text == nullptr ? std::string_view{} : std::string_view(text);
}

std::optional<std::uint64_t> unsigned_attribute(Dwarf_Die die, unsigned name, bool integrate) {
    auto found = attribute(die, name, integrate);
    Dwarf_Word value = 0;
    if (!found || dwarf_formudata(&*found, &value) != 0) return std::nullopt;
    return value;
}

std::optional<std::int64_t> signed_attribute(Dwarf_Die die, unsigned name, bool integrate) {
    auto found = attribute(die, name, integrate);
    Dwarf_Sword value = 0;
    if (!found || dwarf_formsdata(&*found, &value) != 0) return std::nullopt;
    return value;
}

bool flag_attribute(Dwarf_Die die, unsigned name, bool integrate) {
    auto found = attribute(die, name, integrate);
    bool value = false;
    return found && dwarf_formflag(&*found, &value) == 0 && value;
}

std::optional<Dwarf_Die> reference(Dwarf_Die die, unsigned name, bool integrate) {
    auto found = attribute(die, name, integrate);
    Dwarf_Die result;
    if (!found || dwarf_formref_die(&*found, &result) == nullptr) return std::nullopt;
    return result;
}

std::vector<PcRange> pc_ranges(Dwarf_Die die) {
    std::vector<PcRange> ranges;
    Dwarf_Addr base = 0;
    Dwarf_Addr low = 0;
    Dwarf_Addr high = 0;
    std::ptrdiff_t offset = 0;
    std::ptrdiff_t last = 0;
    while (ranges.size() < 4096 && (offset = dwarf_ranges(&die, offset, &base, &low, &high)) > last) {
        last = offset;
        if (low < high) ranges.push_back({low, high});
    }
    return ranges;
}

std::uint32_t declaration_line(Dwarf_Die die) {
    return static_cast<std::uint32_t>(unsigned_attribute(die, DW_AT_decl_line, true).value_or(0));
}

}  // namespace heddle::symbols
