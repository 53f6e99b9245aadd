// A person's own program as a scenario: source files of C and C++, folders of them, or a program that is built already. From
// here on it takes the same road as any scenario. Reads files, runs nothing; any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/catalog.h"

namespace heddle::catalog {

struct OwnProgram {
    std::vector<std::string> targets;       // files and folders as a person names them, or one built program
    std::string compiler;                   // gcc, g++, clang, clang++, a version or path of one; empty: the usual one
    std::vector<std::string> flags;         // for the compiler and, -l… and -L…, the linker
    std::vector<std::string> arguments;     // for the program
    std::filesystem::path input;            // what it reads from its standard input
    std::filesystem::path input_name = {};  // what it is called; empty: as the path says
    std::shared_ptr<const void> keeps_input = nullptr;  // where `input` is there only as long as somebody keeps it
    bool flags_beside_program = false;  // paths in `flags` begin at the program's folder, not at the one Heddle works in
};

// The scenario's id names the absolute paths, its variants the compilers that are there. An Error names the file or folder that
// cannot be used, and what could be done.
Result<Scenario> own_program(const OwnProgram& own);

// What a person asked for: the catalog's scenario of that id, else their own program. A scenario takes another compiler, but
// neither arguments nor input.
Result<Scenario> find_scenario(const Catalog& catalog, const OwnProgram& wanted);

// A saved run's own program, for its name: its files need not be here.
Scenario named_program(const OwnProgram& own, const std::string& variant);

// Whether this is written as a path rather than as a scenario's id, or names something that is there.
bool names_a_path(std::string_view target);

// Ids of own programs: paths joined by ":". A scenario of the catalog has no such id.
bool is_own_id(std::string_view id);
std::vector<std::string> targets_of_id(std::string_view id);

// Those of them that only say how to compile, or where headers and libraries lie: no plugin, no program of the compiler's in
// another place, no file of more flags. A flag and its path become one word.
std::vector<std::string> harmless_flags(const std::vector<std::string>& flags);

bool is_source(const std::filesystem::path& path);  // by its name: .c .cc .cpp .cxx …
bool is_header(const std::filesystem::path& path);
bool is_c_source(const std::filesystem::path& path);

// The files that `sources` include by "…", directly or not, which are there; -I flags are followed. In no particular order.
std::vector<std::filesystem::path> own_headers(const std::vector<std::filesystem::path>& sources,
                                               const std::vector<std::string>& flags);

}  // namespace heddle::catalog
