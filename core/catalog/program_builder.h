// Builds an ordinary program of C and C++ for the lab: the compiler places hooks (-fsanitize=thread), nothing is linked in for
// them, and libheddle_rt.so provides them when the program runs with it preloaded. Called by the session on its own thread (it
// blocks for as long as the compiler runs) and by the build of Heddle itself; any number of processes may build the same
// program at once.
//
// Programs are kept by content: the folder's name is a hash of the sources, the flags and the compiler's name, and the program
// in it is called like its first source. It is looked for in the read-only prebuilt folder, then in the cache.
//
// Debug information names every source "/heddle/program/<file>", wherever the source really lies, so that a program built in
// one place finds its source in another; debug_path and source_path map one to the other. <file> is the path below the folder
// that all sources share.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/catalog.h"

namespace heddle::catalog {

inline constexpr char kSourcePrefix[] = "/heddle/program";

struct Diagnostic {
    std::filesystem::path file;
    int line = 0, column = 0;  // from 1; 0: not given
    std::string severity;      // "error", "warning", "note", "fatal error"
    std::string message;
};

struct BuildError : Error {
    BuildError() = default;
    BuildError(Error error) : Error(std::move(error)) {}
    std::vector<Diagnostic> diagnostics;  // empty when the compiler did not run to its end
};

struct BuildProgress {
    int step = 0, steps = 0;     // step counts from 1; the last one links
    std::filesystem::path file;  // that is compiled; empty: it is linked
};

struct BuildOptions {
    std::filesystem::path cache;     // empty: default_cache_folder()
    std::filesystem::path prebuilt;  // looked in first, never written; empty: none
    std::string compiler = "g++";    // or "clang++", or a path
    std::chrono::seconds time_limit{120};
    std::stop_token stop;                                  // cancels a compile under way
    std::function<void(const BuildProgress&)> progress{};  // called before each step, on the builder's thread
    std::filesystem::path precompiled;  // a header compiled with the usual flags beforehand, to save time; empty: none
};

struct BuiltProgram {
    std::filesystem::path path;
    std::string compiler;
    std::vector<std::string> command_lines;  // as run, or as they would have been
    bool was_cached = false;
    std::string note;                          // set when no cache could be written: where the program lies instead
    std::shared_ptr<const void> keeps_folder;  // removes that private folder with the last copy of this
};

// sources: files of C and C++, and headers of theirs that shall count for the cache. flags: beyond the usual ones. What is
// declared but defined nowhere, and a missing or second main, are errors here: the linker would leave them to the run.
tl::expected<BuiltProgram, BuildError> build_program(const std::vector<std::filesystem::path>& sources,
                                                     const std::vector<std::string>& flags, const BuildOptions& options);
tl::expected<BuiltProgram, BuildError> build_program(const Scenario& scenario, const Variant& variant,
                                                     const BuildOptions& options);

// The compiler and the flags that every C++ program is compiled with.
std::vector<std::string> usual_compile_command(const std::string& compiler);
// The C compiler that belongs to a C++ compiler, and the other way round: g++-12 and gcc-12, clang++ and clang.
std::string c_compiler(const std::string& compiler);
std::string cxx_compiler(const std::string& compiler);

// Builds every variant of every scenario into `folder` and removes what is no longer used there; the same folder then serves as
// BuildOptions::prebuilt. Builds two at a time.
Result<> prebuild_all(const Catalog& catalog, const std::filesystem::path& folder, const std::string& compiler = "g++");

// $XDG_CACHE_HOME/heddle/programs, else ~/.cache/heddle/programs; empty without a home.
std::filesystem::path default_cache_folder();

// The folder that all of these lie below.
std::filesystem::path source_folder_of(const std::vector<std::filesystem::path>& sources);
// How debug information names a source of a program whose sources lie below `source_folder`.
std::filesystem::path debug_path(const std::filesystem::path& source, const std::filesystem::path& source_folder);
// The real path of a source that debug information names; other paths come back as they are.
std::filesystem::path source_path(std::string_view debug_path, const std::filesystem::path& source_folder);

// All sources of a variant: the shown one, the others, the headers.
std::vector<std::filesystem::path> sources_of(const Variant& variant);

// "file:line:column: error: message" lines of GCC and Clang.
std::vector<Diagnostic> parse_diagnostics(std::string_view compiler_output);
// What GNU ld says is undefined or defined twice, the hooks left out; else its other complaints. Files as the debug information
// names them.
std::vector<Diagnostic> parse_link_diagnostics(std::string_view linker_output);

}  // namespace heddle::catalog
