// DwarfReader: fills an ImageData with the lines, functions and variables of a file's DWARF 4 or 5. Internal; used once, on
// the loading thread. It descends into the functions of user code only: nobody looks at the locals of the standard library.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/symbols/dwarf_types.h"
#include "core/symbols/elf_reader.h"

namespace heddle::symbols {

class DwarfReader {
public:
    DwarfReader(Dwarf* dwarf, Elf* elf, std::span<const ElfSymbol> symbols, ImageData& data);
    ~DwarfReader();

    void read();

private:
    static constexpr std::uint32_t kNoFunction = 0xffffffff;

    struct Unit {
        std::string directory;
        Dwarf_Files* files = nullptr;
        std::size_t file_count = 0;
        std::vector<std::uint32_t> file_ids;  // by DWARF file number; 0: not looked up yet
        std::size_t first_row = 0;            // of this unit in data_.rows, ascending addresses
    };
    struct Scope {
        std::string prefix;  // "bank::"
        std::uint32_t function = kNoFunction;
        std::uint64_t low = 0, high = 0;  // of the innermost block
        std::int64_t frame_offset = 0;    // of the function's frame base, from the CFA
        bool has_frame = false;
        bool in_class = false;
        int depth = 0;
    };
    struct UntypedLocal {
        std::uint32_t function;
        std::size_t local;
        Dwarf_Die die;
    };

    void read_unit(Dwarf_Die die);
    void read_lines(Dwarf_Die die);
    void walk(Dwarf_Die parent, const Scope& scope);
    void walk_one(Dwarf_Die die, int tag, const Scope& scope);
    void read_function(Dwarf_Die die, const Scope& scope);
    void read_block(Dwarf_Die die, const Scope& scope);
    void read_inlined(Dwarf_Die die, const Scope& scope);
    void read_variable(Dwarf_Die die, int tag, const Scope& scope);
    void add_global(Dwarf_Die die, const Scope& scope, const Location& location);
    void add_local(Dwarf_Die die, int tag, const Scope& scope, Location location);
    void number_lambdas();
    void finish();

    void name_function(Dwarf_Die die, const Scope& scope, Function& function);
    void place_function(Dwarf_Die die, Function& function);
    Region thread_region(std::uint64_t offset) const;
    bool in_text(std::uint64_t address) const;
    std::uint32_t file_id(const char* path);
    std::uint32_t declaration_file(Dwarf_Die die);
    Location read_location(Dwarf_Die die, const Scope& scope) const;
    bool find_frame_base(Dwarf_Die function, std::uint64_t low, std::uint64_t high, std::int64_t& offset) const;

    Dwarf* dwarf_;
    ImageData& data_;
    DwarfTypes types_;
    Dwarf_CFI* frames_ = nullptr;
    Unit unit_;
    std::vector<Dwarf_Die> global_dies_;  // parallel to data_.globals
    std::vector<UntypedLocal> local_dies_;
    std::unordered_map<std::string, std::uint32_t> file_ids_;
    std::unordered_map<std::uint64_t, std::uint32_t> function_at_;  // by low: a COMDAT function is described once per unit
    std::unordered_map<std::uint64_t, std::size_t> global_at_;
    std::vector<PcRange> text_;
    std::unordered_map<std::uint64_t, const ElfSymbol*> symbols_;
    std::unordered_set<const void*> class_statics_;  // declarations of static members
};

}  // namespace heddle::symbols
