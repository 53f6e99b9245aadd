// Location expressions and frame bases: DWARF 5, sections 2.5 and 3.3.5.
#include "core/symbols/dwarf_reader.h"

namespace heddle::symbols {

Location DwarfReader::read_location(Dwarf_Die die, const Scope& scope) const {
    auto found = attribute(die, DW_AT_location, true);
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (!found || dwarf_getlocation(&*found, &ops, &count) != 0 || count > 16) return {};
    Location location;
    for (std::size_t i = 0; i < count; ++i) {
        const Dwarf_Op& op = ops[i];
        const auto number = static_cast<std::int64_t>(op.number);
        switch (op.atom) {
            case DW_OP_addr:
                location.push_back({LocationStep::kAddress, number});
                break;
            case DW_OP_addrx: {
                Dwarf_Attribute value;
                Dwarf_Addr address = 0;
                if (dwarf_getlocation_attr(&*found, &op, &value) != 0 || dwarf_formaddr(&value, &address) != 0) return {};
                location.push_back({LocationStep::kAddress, static_cast<std::int64_t>(address)});
                break;
            }
            case DW_OP_const1u:
            case DW_OP_const2u:
            case DW_OP_const4u:
            case DW_OP_const8u:
            case DW_OP_constu:
            case DW_OP_const1s:
            case DW_OP_const2s:
            case DW_OP_const4s:
            case DW_OP_const8s:
            case DW_OP_consts:
                location.push_back({LocationStep::kConstant, number});
                break;
            case DW_OP_GNU_push_tls_address:
            case DW_OP_form_tls_address:
                if (location.empty()) return {};
                if (location.back().step != LocationStep::kConstant && location.back().step != LocationStep::kAddress)
                    return {};
                location.back().step = LocationStep::kThreadLocal;
                break;
            case DW_OP_fbreg:
                if (!scope.has_frame) return {};
                location.push_back({LocationStep::kFrame, number + scope.frame_offset});
                break;
            case DW_OP_call_frame_cfa:
                location.push_back({LocationStep::kFrame, 0});
                break;
            case DW_OP_plus_uconst:
                location.push_back({LocationStep::kAddConstant, number});
                break;
            case DW_OP_plus:
                location.push_back({LocationStep::kAdd, 0});
                break;
            case DW_OP_deref:
                location.push_back({LocationStep::kDereference, 0});
                break;
            default:
                return {};
        }
    }
    return location;
}

// GCC's frame base is the CFA itself. Clang's is a register (rbp, x29); the unwind table says where the CFA lies from it once
// the prologue is done, which is within the first few instructions.
bool DwarfReader::find_frame_base(Dwarf_Die function, std::uint64_t low, std::uint64_t high, std::int64_t& offset) const {
    auto found = attribute(function, DW_AT_frame_base, true);
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (!found || dwarf_getlocation(&*found, &ops, &count) != 0 || count != 1) return false;
    if (ops[0].atom == DW_OP_call_frame_cfa) {
        offset = 0;
        return true;
    }
    Dwarf_Word base = 0;
    std::int64_t base_offset = 0;
    if (ops[0].atom >= DW_OP_reg0 && ops[0].atom <= DW_OP_reg31) {
        base = ops[0].atom - DW_OP_reg0;
    } else if (ops[0].atom >= DW_OP_breg0 && ops[0].atom <= DW_OP_breg31) {
        base = ops[0].atom - DW_OP_breg0;
        base_offset = static_cast<std::int64_t>(ops[0].number);
    } else {
        return false;
    }
    if (frames_ == nullptr) return false;
    for (std::uint64_t pc = low; pc < high && pc < low + 64; ++pc) {
        Dwarf_Frame* frame = nullptr;
        if (dwarf_cfi_addrframe(frames_, pc, &frame) != 0) return false;
        Dwarf_Op* cfa = nullptr;
        std::size_t cfa_count = 0;
        const bool known = dwarf_frame_cfa(frame, &cfa, &cfa_count) == 0 && cfa_count == 1;
        std::int64_t from_base = 0;
        bool matches = false;
        if (known && cfa[0].atom == DW_OP_bregx && cfa[0].number == base) {
            from_base = static_cast<std::int64_t>(cfa[0].number2);
            matches = true;
        } else if (known && cfa[0].atom == DW_OP_breg0 + base) {
            from_base = static_cast<std::int64_t>(cfa[0].number);
            matches = true;
        }
        free(frame);
        if (matches) {
            offset = base_offset - from_base;
            return true;
        }
    }
    return false;
}

}  // namespace heddle::symbols
