// Variables: DWARF 5, section 4.1.
#include <algorithm>

#include "core/symbols/dwarf_reader.h"
#include "core/symbols/names.h"

namespace heddle::symbols {
void DwarfReader::read_variable(Dwarf_Die die, int tag, const Scope& scope) {
    if (flag_attribute(die, DW_AT_declaration)) return;
    Location location = read_location(die, scope);
    const bool is_static =
        !location.empty() && (location[0].step == LocationStep::kAddress || location[0].step == LocationStep::kThreadLocal);
    if (scope.function != kNoFunction && !is_static) return add_local(die, tag, scope, std::move(location));
    if (is_static || attribute(die, DW_AT_const_value, true)) add_global(die, scope, location);
}

void DwarfReader::add_global(Dwarf_Die die, const Scope& scope, const Location& location) {
    Global global;
    global.name = std::string(die_name(die, true));
    if (global.name.empty() || location.size() > 1) return;
    global.constant = signed_attribute(die, DW_AT_const_value, true);
    auto linkage = attribute(die, DW_AT_linkage_name, true);
    const char* text = linkage ? dwarf_formstring(&*linkage) : nullptr;
    global.qualified_name = simplify_type_name(text != nullptr ? demangle(text) : scope.prefix + global.name);
    const auto specification = reference(die, DW_AT_specification);
    const bool in_class = specification && class_statics_.contains(specification->addr);
    global.file = declaration_file(die);
    global.line = declaration_line(die);
    global.is_user = data_.files[global.file].is_user;
    global.has_debug_info = true;
    const bool external = flag_attribute(die, DW_AT_external, true);
    global.kind = in_class                        ? VariableKind::kClassStatic
                  : scope.function != kNoFunction ? VariableKind::kFunctionStatic
                  : external                      ? VariableKind::kGlobal
                                                  : VariableKind::kFileStatic;
    if (location.empty()) {
        global.kind = VariableKind::kConstant;
        if (!global.is_user) return;  // thousands of them in standard headers
    } else {
        global.address = static_cast<std::uint64_t>(location[0].number);
        const bool is_thread_local = location[0].step == LocationStep::kThreadLocal;
        if (is_thread_local) {
            global.kind = VariableKind::kThreadLocal;
            global.region = thread_region(global.address);
        } else {
            global.region = region_at(data_, global.address);
            if (global.region == Region::kNone) return;  // its section was discarded by the linker
            if (!global_at_.try_emplace(global.address, data_.globals.size()).second) return;
        }
    }
    data_.globals.push_back(std::move(global));
    global_dies_.push_back(die);
}

// The thread-local block is .tdata followed by .tbss.
Region DwarfReader::thread_region(std::uint64_t offset) const {
    std::uint64_t start = UINT64_MAX;
    std::uint64_t zeros = UINT64_MAX;
    for (const Section& section : data_.sections) {
        if (section.region == Region::kThreadData || section.region == Region::kThreadBss)
            start = std::min(start, section.address);
        if (section.region == Region::kThreadBss) zeros = std::min(zeros, section.address);
    }
    return zeros != UINT64_MAX && offset >= zeros - start ? Region::kThreadBss : Region::kThreadData;
}

void DwarfReader::add_local(Dwarf_Die die, int tag, const Scope& scope, Location location) {
    Local local;
    local.name = std::string(die_name(die, true));
    if (local.name.empty()) return;
    local.location = std::move(location);
    local.scope_low = scope.low;
    local.scope_high = scope.high;
    local.file = declaration_file(die);
    local.line = declaration_line(die);
    local.is_parameter = tag == DW_TAG_formal_parameter;
    local.is_artificial = flag_attribute(die, DW_AT_artificial, true) || local.name.starts_with("__");
    std::vector<Local>& locals = data_.functions[scope.function].locals;
    local_dies_.push_back({scope.function, locals.size(), die});
    locals.push_back(std::move(local));
}

}  // namespace heddle::symbols
