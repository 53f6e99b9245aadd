#include "core/symbols/dwarf_reader.h"

#include <algorithm>
#include <map>

#include "core/symbols/elf_reader.h"
#include "core/symbols/names.h"

namespace heddle::symbols {
namespace {

constexpr int kMaxDepth = 64;  // of nested scopes

}  // namespace

DwarfReader::DwarfReader(Dwarf* dwarf, Elf* elf, std::span<const ElfSymbol> symbols, ImageData& data)
    : dwarf_(dwarf), data_(data), types_(data) {
    for (const ElfSymbol& symbol : symbols) {
        if (!symbol.is_thread_local) symbols_.try_emplace(symbol.address, &symbol);
    }
    frames_ = dwarf_getcfi_elf(elf);
    for (const Section& section : data.sections) {
        if (section.region == Region::kText && section.size <= UINT64_MAX - section.address) {
            text_.push_back({section.address, section.address + section.size});
        }
    }
}

DwarfReader::~DwarfReader() {
    if (frames_ != nullptr) dwarf_cfi_end(frames_);
}

bool DwarfReader::in_text(std::uint64_t address) const {
    return std::any_of(text_.begin(), text_.end(), [&](const PcRange& r) { return address >= r.low && address < r.high; });
}

void DwarfReader::read() {
    Dwarf_CU* unit = nullptr;
    Dwarf_Die die;
    std::uint8_t unit_type = 0;
    while (dwarf_get_units(dwarf_, unit, &unit, nullptr, &unit_type, &die, nullptr) == 0) {
        if (die.addr == nullptr) continue;
        data_.has_debug_info = true;
        read_unit(die);
    }
    finish();
}

void DwarfReader::read_unit(Dwarf_Die die) {
    unit_ = Unit{};
    if (auto found = attribute(die, DW_AT_comp_dir)) {
        const char* text = dwarf_formstring(&*found);
        unit_.directory = text == nullptr ? "" : text;
    }
    if (dwarf_getsrcfiles(&die, &unit_.files, &unit_.file_count) != 0) unit_.files = nullptr, unit_.file_count = 0;
    unit_.file_ids.assign(std::min<std::size_t>(unit_.file_count, 1'000'000), 0);
    read_lines(die);
    walk(die, Scope{});
}

std::uint32_t DwarfReader::file_id(const char* path) {
    if (path == nullptr) return 0;
    const std::string full = join_path(unit_.directory, path);
    const auto [entry, is_new] = file_ids_.try_emplace(full, static_cast<std::uint32_t>(data_.files.size()));
    if (is_new) data_.files.push_back({full, is_user_path(full)});
    return entry->second;
}

std::uint32_t DwarfReader::declaration_file(Dwarf_Die die) {
    const std::uint64_t number = unsigned_attribute(die, DW_AT_decl_file, true).value_or(0);
    if (number >= unit_.file_ids.size()) return 0;
    std::uint32_t& id = unit_.file_ids[number];
    if (id == 0) id = file_id(dwarf_filesrc(unit_.files, number, nullptr, nullptr));
    return id;
}

void DwarfReader::read_lines(Dwarf_Die die) {
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    if (dwarf_getsrclines(&die, &lines, &count) != 0) return;
    unit_.first_row = data_.rows.size();
    std::unordered_map<const void*, std::uint32_t> ids;
    for (std::size_t i = 0; i < count; ++i) {
        Dwarf_Line* line = dwarf_onesrcline(lines, i);
        Dwarf_Addr address = 0;
        int number = 0;
        int column = 0;
        bool end = false;
        if (line == nullptr || dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0) continue;
        if (dwarf_lineendsequence(line, &end) != 0 || dwarf_linecol(line, &column) != 0) continue;
        // Line 0 is code that belongs to no line: it stays with the line before it. The end of a sequence is one past the text.
        if ((number <= 0 && !end) || !in_text(end ? address - 1 : address)) continue;
        const char* path = dwarf_linesrc(line, nullptr, nullptr);
        const auto [entry, is_new] = ids.try_emplace(path, 0);
        if (is_new) entry->second = file_id(path);
        data_.addresses.push_back(address);
        data_.rows.push_back({entry->second, static_cast<std::uint32_t>(number),
                              static_cast<std::uint16_t>(std::clamp(column, 0, 0xffff)), end});
    }
}

void DwarfReader::walk(Dwarf_Die parent, const Scope& scope) {
    if (scope.depth > kMaxDepth) return;
    for_each_child(parent, [&](Dwarf_Die child) { walk_one(child, dwarf_tag(&child), scope); });
}

void DwarfReader::walk_one(Dwarf_Die die, int tag, const Scope& scope) {
    switch (tag) {
        case DW_TAG_namespace: {
            Scope inner = scope;
            const std::string_view name = die_name(die, true);
            const bool is_inline = flag_attribute(die, DW_AT_export_symbols);  // std::__cxx11 and the like are not written
            if (!name.empty() && !is_inline && name != "__cxx11") inner.prefix += std::string(name) + "::";
            ++inner.depth;
            return walk(die, inner);
        }
        case DW_TAG_class_type:
        case DW_TAG_structure_type:
        case DW_TAG_union_type: {
            types_.note(die, tag, scope.prefix);
            if (dwarf_haschildren(&die) <= 0) return;
            Scope inner;
            inner.prefix = scope.prefix;
            if (const std::string_view name = die_name(die); !name.empty()) inner.prefix += std::string(name) + "::";
            inner.depth = scope.depth + 1;
            inner.in_class = true;
            return walk(die, inner);
        }
        case DW_TAG_typedef:
        case DW_TAG_enumeration_type:
            return types_.note(die, tag, scope.prefix);
        case DW_TAG_subprogram:
            return read_function(die, scope);
        case DW_TAG_lexical_block:
            return read_block(die, scope);
        case DW_TAG_inlined_subroutine:
            return read_inlined(die, scope);
        case DW_TAG_member:
            if (scope.in_class && flag_attribute(die, DW_AT_external)) class_statics_.insert(die.addr);  // DWARF 4
            return;
        case DW_TAG_variable:
            if (scope.in_class) class_statics_.insert(die.addr);
            return read_variable(die, tag, scope);
        case DW_TAG_formal_parameter:
            return read_variable(die, tag, scope);
        default:
            return;
    }
}

void DwarfReader::read_function(Dwarf_Die die, const Scope& scope) {
    if (flag_attribute(die, DW_AT_declaration)) return;
    std::vector<PcRange> ranges = pc_ranges(die);
    std::erase_if(ranges, [&](const PcRange& r) { return !in_text(r.low) || !in_text(r.high - 1); });
    if (ranges.empty()) return;
    const auto index = static_cast<std::uint32_t>(data_.functions.size());
    Dwarf_Addr entry = ranges.front().low;
    const auto main_range = std::find_if(ranges.begin(), ranges.end(), [&](const PcRange& r) { return r.low == entry; });
    if (!function_at_.try_emplace(entry, index).second) return;

    Function function;
    function.low = main_range->low;
    function.high = main_range->high;
    name_function(die, scope, function);
    place_function(die, function);
    function.has_debug_info = true;
    for (const PcRange& range : ranges) data_.ranges.push_back({range.low, range.high, index});
    const bool descend = function.is_user;
    Scope inner;
    inner.prefix = function.name + "()::";
    inner.function = index;
    inner.low = function.low;
    inner.high = function.high;
    inner.depth = scope.depth + 1;
    if (descend) inner.has_frame = find_frame_base(die, function.low, function.high, inner.frame_offset);
    data_.functions.push_back(std::move(function));
    if (descend) walk(die, inner);
}

void DwarfReader::name_function(Dwarf_Die die, const Scope& scope, Function& function) {
    auto linkage = attribute(die, DW_AT_linkage_name, true);
    const char* linkage_text = linkage ? dwarf_formstring(&*linkage) : nullptr;
    const auto symbol = symbols_.find(function.low);  // GCC gives a lambda's call operator no linkage name
    std::string demangled;
    if (linkage_text != nullptr) {
        demangled = demangle(linkage_text);
    } else if (symbol != symbols_.end() && symbol->second->is_function) {
        demangled = symbol->second->name;
    } else {
        demangled = scope.prefix + std::string(die_name(die, true));
    }
    FunctionName name = function_name(demangled);
    function.name = std::move(name.name);
    function.full_name = std::move(name.full_name);
    function.is_lambda = name.is_lambda;
}

void DwarfReader::place_function(Dwarf_Die die, Function& function) {
    function.file = declaration_file(die);
    function.line = declaration_line(die);
    if (function.line == 0) {  // a lambda of GCC: where its code begins
        const auto begin = data_.addresses.begin() + static_cast<std::ptrdiff_t>(unit_.first_row);
        const auto row = std::lower_bound(begin, data_.addresses.end(), function.low);
        if (row != data_.addresses.end() && *row == function.low) {
            const LineRow& found = data_.rows[static_cast<std::size_t>(row - data_.addresses.begin())];
            function.file = found.file;
            function.line = found.line;
        }
    }
    function.is_user =
        data_.files[function.file].is_user && (function.is_lambda || !flag_attribute(die, DW_AT_artificial, true));
}

void DwarfReader::read_block(Dwarf_Die die, const Scope& scope) {
    Scope inner = scope;
    ++inner.depth;
    if (const std::vector<PcRange> ranges = pc_ranges(die); !ranges.empty()) {
        inner.low = ranges.front().low;
        inner.high = ranges.front().high;
        for (const PcRange& range : ranges) {
            inner.low = std::min(inner.low, range.low);
            inner.high = std::max(inner.high, range.high);
        }
    }
    walk(die, inner);
}

void DwarfReader::read_inlined(Dwarf_Die die, const Scope& scope) {
    if (scope.function == kNoFunction) return;
    for (const PcRange& range : pc_ranges(die)) {
        InlineCall call;
        auto linkage = attribute(die, DW_AT_linkage_name, true);
        const char* text = linkage ? dwarf_formstring(&*linkage) : nullptr;
        call.name = function_name(text != nullptr ? demangle(text) : std::string(die_name(die, true))).name;
        call.low = range.low;
        call.high = range.high;
        const std::uint64_t file = unsigned_attribute(die, DW_AT_call_file).value_or(0);
        if (file < unit_.file_ids.size()) call.call_file = file_id(dwarf_filesrc(unit_.files, file, nullptr, nullptr));
        call.call_line = static_cast<std::uint32_t>(unsigned_attribute(die, DW_AT_call_line).value_or(0));
        data_.inlines.push_back(std::move(call));
    }
    read_block(die, scope);
}

// Clang counts the lambdas of a whole file, GCC those of one function; people count as GCC does.
void DwarfReader::number_lambdas() {
    std::map<std::string, std::vector<Function*>> by_parent;
    for (Function& function : data_.functions) {
        const std::size_t mark = function.name.rfind("lambda#");
        if (function.is_user && function.is_lambda && mark != std::string::npos) {
            by_parent[function.name.substr(0, mark)].push_back(&function);
        }
    }
    for (auto& [parent, lambdas] : by_parent) {
        std::stable_sort(lambdas.begin(), lambdas.end(),
                         [](const Function* a, const Function* b) { return a->line < b->line; });
        std::uint32_t line = 0;
        int number = 0;
        for (Function* lambda : lambdas) {
            if (lambda->line != line || lambda->line == 0) ++number;  // instances of a generic lambda share its number
            line = lambda->line;
            const std::string parameters = lambda->full_name.substr(std::min(lambda->name.size(), lambda->full_name.size()));
            lambda->name = parent + "lambda#" + std::to_string(number);
            lambda->full_name = lambda->name + parameters;
        }
    }
}

void DwarfReader::finish() {
    for (std::size_t i = 0; i < global_dies_.size(); ++i) data_.globals[i].type = types_.type_of(global_dies_[i]);
    for (const UntypedLocal& local : local_dies_) {
        data_.functions[local.function].locals[local.local].type = types_.type_of(local.die);
    }
    types_.finish();
    for (Global& global : data_.globals) {
        global.size = data_.types[global.type.value].size;
        const auto symbol = symbols_.find(global.address);
        const bool unknown = global.size == 0 && global.region != Region::kNone && !global.is_thread_local();
        if (unknown && symbol != symbols_.end()) global.size = symbol->second->size;
    }
    number_lambdas();
    for (Function& function : data_.functions) {  // "main" and other C names
        if (!function.is_user || function.full_name.ends_with(')')) continue;
        std::string parameters;
        for (const Local& local : function.locals) {
            if (!local.is_parameter || local.is_artificial) continue;
            parameters += (parameters.empty() ? "" : ", ") + data_.types[local.type.value].name;
        }
        function.full_name += "(" + parameters + ")";
    }
}

}  // namespace heddle::symbols
