// The part of an Image that ELF itself gives: sections, segments, initial contents, symbols. Internal; called while loading,
// on the loading thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/symbols/image_data.h"

struct Elf;

namespace heddle::symbols {

struct ElfSymbol {
    std::string name;  // demangled
    std::uint64_t address = 0, size = 0;
    bool is_function = false, is_thread_local = false, is_local = false;
};

// Fills name-free parts of data; the symbols are for what DWARF does not describe.
Result<std::vector<ElfSymbol>> read_elf(Elf* elf, const std::string& name, ImageData& data);

Region region_at(const ImageData& data, std::uint64_t address);

// Functions and objects of the symbol table that data does not know yet.
void add_symbols(const std::vector<ElfSymbol>& symbols, ImageData& data);

}  // namespace heddle::symbols
