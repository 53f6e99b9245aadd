// Image: what one ELF file (a program or a shared library) and its DWARF say: lines, functions, variables, types, sections.
// Loaded once, immutable afterwards, so that any thread may read it; nothing in it refers to libdw or to the file any more.
// All addresses in here are link-time ("image") addresses: run-time address = image address + load bias. It never reads a
// process's memory (render.h does) and trusts nothing in the file.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/symbols/location.h"
#include "core/symbols/type.h"

namespace heddle::symbols {

struct SourceFile {
    std::string path;      // absolute where the file says so, "." and ".." resolved
    bool is_user = false;  // not of the compiler, its library or the system
};

enum class Region : std::uint8_t { kNone, kText, kReadOnly, kData, kBss, kThreadData, kThreadBss };
std::string_view region_name(Region region);  // ".text", ".rodata", …; "" for kNone

struct Section {
    std::string name;
    std::uint64_t address = 0, size = 0;  // bytes in memory
    std::uint64_t flags = 0;              // SHF_*: man 5 elf
    Region region = Region::kNone;        // kNone: not in memory
};

struct Segment {  // PT_LOAD
    std::uint64_t address = 0, memory_size = 0, file_offset = 0, file_size = 0;
    std::uint32_t flags = 0;  // PF_R | PF_W | PF_X
};

enum class VariableKind : std::uint8_t { kGlobal, kFileStatic, kFunctionStatic, kClassStatic, kThreadLocal, kConstant };

struct Global {
    std::string name;            // as declared: "counter"
    std::string qualified_name;  // "bank::counter", "work()::calls"
    TypeId type;
    std::uint64_t address = 0;  // thread-local: offset in the image's thread-local block
    std::uint64_t size = 0;
    VariableKind kind = VariableKind::kGlobal;
    Region region = Region::kNone;         // kNone: a constant that is nowhere in memory
    std::optional<std::int64_t> constant;  // its value, where the file gives it
    std::uint32_t file = 0, line = 0;      // line 0: not known; file: index into files()
    bool is_user = false;
    bool has_debug_info = false;  // false: known from the symbol table only, without a type
    bool is_thread_local() const { return region == Region::kThreadData || region == Region::kThreadBss; }
};

struct Local {
    std::string name;
    TypeId type;
    Location location;                            // empty: not available
    std::uint64_t scope_low = 0, scope_high = 0;  // visible where scope_low <= pc < scope_high
    std::uint32_t file = 0, line = 0;
    bool is_parameter = false;
    bool is_artificial = false;  // "this", the hidden variables of a range for
};

struct Function {
    std::string name;       // "work", "Account::deposit", "main::lambda#1"
    std::string full_name;  // "work(int)"
    std::uint64_t low = 0, high = 0;
    std::uint32_t file = 0, line = 0;  // of the declaration
    bool is_user = false;
    bool is_lambda = false;
    bool has_debug_info = false;
    std::vector<Local> locals;  // user functions only; parameters first
};

struct InlineCall {  // one inlined call, inside a user function
    std::string name;
    std::uint64_t low = 0, high = 0;
    std::uint32_t call_file = 0, call_line = 0;
};

struct LineInfo {
    const SourceFile* file = nullptr;
    std::uint32_t line = 0, column = 0;
    const Function* function = nullptr;  // null: no function known there
    bool is_user_code = false;           // the line itself is in a user's file
};

struct Visible {  // a local at one instant
    const Local* local;
    std::optional<std::uint64_t> address;  // run-time
};

struct VariablePath {
    const Global* global = nullptr;  // exactly one of global and local is set
    const Local* local = nullptr;
    std::string path;          // "counter", "accounts[2].balance"
    TypeId type;               // of what the path names
    std::uint64_t offset = 0;  // bytes from the start of the variable to what the path names
};

// What a heap block is, as far as the program text tells. The type is empty where it cannot be derived.
struct AllocationSite {
    const SourceFile* file = nullptr;
    std::uint32_t line = 0;
    std::string label;     // "main.cpp:12"
    std::string type;      // "Node"; of one element for an array or a vector
    std::string variable;  // declared on that line: "head"
};

// What a pc is: of the instruction itself, or a return address, which is looked up one byte earlier, inside the call.
enum class PcKind : std::uint8_t { kInstruction, kReturnAddress };

struct ImageData;

class Image {
public:
    explicit Image(std::unique_ptr<const ImageData> data);
    ~Image();

    const std::string& name() const;
    const std::string& build_id() const;  // hex; empty when the file has none
    bool has_debug_info() const;
    std::uint64_t entry() const;
    std::span<const SourceFile> files() const;
    std::span<const Section> sections() const;
    std::span<const Segment> segments() const;
    std::span<const Function> functions() const;  // ascending low
    std::span<const Global> globals() const;      // ascending address; thread-locals and pure constants last

    // The load bias, from the start and file offset in /proc/PID/maps of the lowest mapping of this file (a higher one can
    // be ambiguous: two segments may share a page of the file).
    std::optional<std::uint64_t> load_bias(std::uint64_t mapping_start, std::uint64_t mapping_file_offset) const;

    std::optional<LineInfo> lookup_line(std::uint64_t pc, PcKind kind = PcKind::kInstruction) const;
    const Function* lookup_function(std::uint64_t pc, PcKind kind = PcKind::kInstruction) const;
    // Inlined calls around pc, innermost first; empty in -O0 code but for always_inline functions.
    std::vector<const InlineCall*> inlined_at(std::uint64_t pc) const;
    const Section* section_at(std::uint64_t address) const;
    // Addresses where a statement of this line begins, ascending; for showing which lines have code.
    std::vector<std::uint64_t> addresses_of_line(std::uint32_t file, std::uint32_t line) const;

    const Type& type(TypeId id) const;  // void for an id of no type
    TypeId strip(TypeId id) const;      // without typedef, const, volatile
    std::uint64_t alignment(TypeId id) const;

    // The file's own bytes at an image address, zeros for .bss; false when any byte is in no section.
    bool read_initial(std::uint64_t address, void* out, std::size_t bytes) const;

    const Global* lookup_global(std::uint64_t address) const;  // the one that contains it; not thread-local
    const Global* lookup_thread_local(std::uint64_t offset) const;
    // The innermost part of it that lies there, or the outermost of the type `whole`, where that is given.
    std::optional<VariablePath> find_variable(std::uint64_t address, TypeId whole = {}) const;
    std::optional<VariablePath> find_thread_local(std::uint64_t offset) const;
    // "accounts[2].balance" for a variable of that type and name; the type of what is at the offset.
    VariablePath path_into(std::string name, TypeId type, std::uint64_t offset, TypeId whole = {}) const;

    // Locals and parameters visible at pc in a frame whose canonical frame address is context.cfa. Inner blocks last.
    std::vector<Visible> locals_at(const Function& function, std::uint64_t pc, const LocationContext& context) const;
    // The local that contains a run-time address.
    std::optional<VariablePath> find_local(const Function& function, std::uint64_t pc, const LocationContext& context,
                                           std::uint64_t address) const;

    // From the call site of the allocating function: pcs of return addresses, innermost first (one is enough).
    AllocationSite allocation_site(std::span<const std::uint64_t> call_sites) const;

private:
    std::unique_ptr<const ImageData> data_;
};

// Any size of file, ELF64 little-endian. A file without debug information loads with what its symbol table says.
Result<std::shared_ptr<const Image>> load_image(const std::string& path);
Result<std::shared_ptr<const Image>> load_image_from_bytes(std::string bytes, std::string name);

}  // namespace heddle::symbols
