#include "core/symbols/elf_reader.h"

#include <gelf.h>
#include <libelf.h>

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "core/symbols/names.h"

namespace heddle::symbols {
namespace {

constexpr std::size_t kMaxSymbols = 2'000'000;
constexpr std::size_t kMaxSections = 65'536;

Region region_of(const GElf_Shdr& header, std::string_view name) {
    if ((header.sh_flags & SHF_ALLOC) == 0) return Region::kNone;
    const bool zeros = header.sh_type == SHT_NOBITS;
    if ((header.sh_flags & SHF_TLS) != 0) return zeros ? Region::kThreadBss : Region::kThreadData;
    if ((header.sh_flags & SHF_EXECINSTR) != 0) return Region::kText;
    if ((header.sh_flags & SHF_WRITE) == 0 || name.starts_with(".data.rel.ro")) return Region::kReadOnly;
    return zeros ? Region::kBss : Region::kData;
}

void read_build_id(Elf_Scn* section, ImageData& data) {
    Elf_Data* bytes = elf_getdata(section, nullptr);
    if (bytes == nullptr || bytes->d_buf == nullptr) return;
    GElf_Nhdr note;
    std::size_t name_offset = 0;
    std::size_t value_offset = 0;
    if (gelf_getnote(bytes, 0, &note, &name_offset, &value_offset) == 0) return;
    if (note.n_type != NT_GNU_BUILD_ID || value_offset + note.n_descsz > bytes->d_size) return;
    constexpr char kDigits[] = "0123456789abcdef";
    const auto* value = static_cast<const unsigned char*>(bytes->d_buf) + value_offset;
    for (std::size_t i = 0; i < std::min<std::size_t>(note.n_descsz, 64); ++i) {
        data.build_id += kDigits[value[i] >> 4];
        data.build_id += kDigits[value[i] & 15];
    }
}

void read_contents(Elf_Scn* section, const GElf_Shdr& header, ImageData& data) {
    if (header.sh_size == 0 || header.sh_addr + header.sh_size < header.sh_addr) return;
    if ((header.sh_flags & SHF_TLS) != 0 && header.sh_type == SHT_NOBITS) return;  // takes no room in the image
    SectionBytes contents{header.sh_addr, header.sh_size, {}};
    if (header.sh_type != SHT_NOBITS) {
        const Elf_Data* bytes = elf_rawdata(section, nullptr);
        if (bytes == nullptr || bytes->d_buf == nullptr || bytes->d_size != header.sh_size) return;
        contents.bytes.assign(static_cast<const char*>(bytes->d_buf), bytes->d_size);
    }
    data.contents.push_back(std::move(contents));
}

void read_symbols(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, std::vector<ElfSymbol>& symbols) {
    Elf_Data* table = elf_getdata(section, nullptr);
    if (table == nullptr || header.sh_entsize == 0) return;
    const std::size_t count = std::min<std::size_t>(table->d_size / sizeof(Elf64_Sym), kMaxSymbols);
    for (std::size_t i = 0; i < count; ++i) {
        GElf_Sym symbol;
        if (gelf_getsym(table, static_cast<int>(i), &symbol) == nullptr) break;
        const unsigned type = GELF_ST_TYPE(symbol.st_info);
        const bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
        if (symbol.st_shndx == SHN_UNDEF || (!is_function && type != STT_OBJECT && type != STT_TLS)) continue;
        const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
        if (name == nullptr || *name == '\0') continue;
        std::string text(name);
        if (const std::size_t version = text.find('@'); version != std::string::npos) text.resize(version);
        symbols.push_back({demangle(text.c_str()), symbol.st_value, symbol.st_size, is_function, type == STT_TLS,
                           GELF_ST_BIND(symbol.st_info) == STB_LOCAL});
    }
}

void read_segments(Elf* elf, ImageData& data) {
    std::size_t count = 0;
    if (elf_getphdrnum(elf, &count) != 0) return;
    for (std::size_t i = 0; i < std::min<std::size_t>(count, 4096); ++i) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr || header.p_type != PT_LOAD) continue;
        data.segments.push_back({header.p_vaddr, header.p_memsz, header.p_offset, header.p_filesz, header.p_flags});
    }
}

}  // namespace

Result<std::vector<ElfSymbol>> read_elf(Elf* elf, const std::string& name, ImageData& data) {
    GElf_Ehdr header;
    if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &header) == nullptr) return fail("not an ELF file", name);
    if (gelf_getclass(elf) != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
        return fail("not a 64-bit little-endian program", name);
    }
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) return fail("not a linked program or library", name);
    data.entry = header.e_entry;
    read_segments(elf, data);
    std::size_t names = 0;
    std::vector<ElfSymbol> symbols;
    if (elf_getshdrstrndx(elf, &names) != 0) return symbols;
    Elf_Scn* dynamic_symbols = nullptr;
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
        GElf_Shdr section_header;
        if (gelf_getshdr(section, &section_header) == nullptr || data.sections.size() >= kMaxSections) break;
        const char* section_name = elf_strptr(elf, names, section_header.sh_name);
        const std::string text = section_name == nullptr ? "" : section_name;
        data.sections.push_back(
            {text, section_header.sh_addr, section_header.sh_size, section_header.sh_flags, region_of(section_header, text)});
        if ((section_header.sh_flags & SHF_ALLOC) != 0) read_contents(section, section_header, data);
        if (text == ".note.gnu.build-id") read_build_id(section, data);
        if (section_header.sh_type == SHT_SYMTAB) read_symbols(elf, section, section_header, symbols);
        if (section_header.sh_type == SHT_DYNSYM) dynamic_symbols = section;
    }
    GElf_Shdr dynamic_header;
    if (symbols.empty() && dynamic_symbols != nullptr && gelf_getshdr(dynamic_symbols, &dynamic_header) != nullptr) {
        read_symbols(elf, dynamic_symbols, dynamic_header, symbols);
    }
    std::sort(data.contents.begin(), data.contents.end(),
              [](const SectionBytes& a, const SectionBytes& b) { return a.address < b.address; });
    return symbols;
}

Region region_at(const ImageData& data, std::uint64_t address) {
    for (const Section& section : data.sections) {
        if (section.region == Region::kNone || section.region == Region::kThreadBss) continue;
        if (address >= section.address && address - section.address < section.size) return section.region;
    }
    return Region::kNone;
}

void add_symbols(const std::vector<ElfSymbol>& symbols, ImageData& data) {
    std::unordered_set<std::uint64_t> functions;
    std::unordered_set<std::uint64_t> objects;
    for (const Function& function : data.functions) functions.insert(function.low);
    for (const Global& global : data.globals) {
        if (global.region != Region::kNone && !global.is_thread_local()) objects.insert(global.address);
    }
    for (const ElfSymbol& symbol : symbols) {
        if (symbol.is_function && functions.insert(symbol.address).second) {
            Function function;
            FunctionName name = function_name(symbol.name);
            function.name = std::move(name.name);
            function.full_name = std::move(name.full_name);
            function.is_lambda = name.is_lambda;
            function.low = symbol.address;
            function.high = symbol.address + symbol.size < symbol.address ? symbol.address : symbol.address + symbol.size;
            data.functions.push_back(std::move(function));
        }
        if (!symbol.is_function && !symbol.is_thread_local && objects.insert(symbol.address).second) {
            Global global;
            global.name = global.qualified_name = simplify_type_name(symbol.name);
            global.address = symbol.address;
            global.size = symbol.size;
            global.kind = symbol.is_local ? VariableKind::kFileStatic : VariableKind::kGlobal;
            global.region = region_at(data, symbol.address);
            if (global.region != Region::kNone) data.globals.push_back(std::move(global));
        }
    }
}

}  // namespace heddle::symbols
