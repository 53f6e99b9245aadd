// Small readers over libdw's DIEs (debugging information entries). Internal to core/symbols, used while loading only; the
// only header here that knows libdw. Every value is untrusted: absent or malformed attributes read as nothing.
#pragma once

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::symbols {

// With `integrate`, through DW_AT_abstract_origin and DW_AT_specification.
std::optional<Dwarf_Attribute> attribute(Dwarf_Die die, unsigned name, bool integrate = false);
std::string_view die_name(Dwarf_Die die, bool integrate = false);
std::optional<std::uint64_t> unsigned_attribute(Dwarf_Die die, unsigned name, bool integrate = false);
std::optional<std::int64_t> signed_attribute(Dwarf_Die die, unsigned name, bool integrate = false);
bool flag_attribute(Dwarf_Die die, unsigned name, bool integrate = false);
std::optional<Dwarf_Die> reference(Dwarf_Die die, unsigned name, bool integrate = false);

std::uint32_t declaration_line(Dwarf_Die die);  // 0: none

// The children of die, in file order; stops at a file that runs in circles.
template <class Visit>
void for_each_child(Dwarf_Die die, Visit visit) {
    Dwarf_Die child;
    if (dwarf_child(&die, &child) != 0) return;
    for (;;) {
        visit(child);
        Dwarf_Die next;
        if (dwarf_siblingof(&child, &next) != 0 || next.addr <= child.addr) return;
        child = next;
    }
}

struct PcRange {
    std::uint64_t low = 0, high = 0;
};
std::vector<PcRange> pc_ranges(Dwarf_Die die);  // non-empty ranges only

}  // namespace heddle::symbols
