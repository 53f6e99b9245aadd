// Builds an ordinary C++ program for the lab: the compiler places hooks (-fsanitize=thread), nothing is linked in for them, and
// libheddle_rt.so provides them when the program runs with it preloaded. Called by the session on its own thread (it blocks for
// as long as the compiler runs) and by the build of Heddle itself; any number of processes may build the same program at once.
//
// Programs are kept by content: the folder's name is a hash of the sources, the flags and the compiler's name, and the program
// in it is called like its first source. It is looked for in the read-only prebuilt folder, then in the cache.
//
// Debug information names every source "/heddle/program/<file>", wherever the source really lies, so that a program built in
// one place finds its source in another; source_path maps such a name back.
#pragma once

#include <chrono>
#include <filesystem>
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
    std::vector<Diagnostic> diagnostics;  // empty when the compiler did not run to its end
};

struct BuildOptions {
    std::filesystem::path cache;     // empty: default_cache_folder()
    std::filesystem::path prebuilt;  // looked in first, never written; empty: none
    std::string compiler = "g++";    // or "clang++", or a path
    std::chrono::seconds time_limit{120};
    std::stop_token stop;               // cancels a compile under way
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

// sources: the .cpp files, and headers of theirs that shall count for the cache. flags: beyond the usual ones.
tl::expected<BuiltProgram, BuildError> build_program(const std::vector<std::filesystem::path>& sources,
                                                     const std::vector<std::string>& flags, const BuildOptions& options);
tl::expected<BuiltProgram, BuildError> build_program(const Scenario& scenario, const Variant& variant,
                                                     const BuildOptions& options);

// The compiler and the flags that every program is compiled with.
std::vector<std::string> usual_compile_command(const std::string& compiler);

// Builds every variant of every scenario into `folder` and removes what is no longer used there; the same folder then serves as
// BuildOptions::prebuilt. Builds two at a time.
Result<> prebuild_all(const Catalog& catalog, const std::filesystem::path& folder, const std::string& compiler = "g++");

// $XDG_CACHE_HOME/heddle/programs, else ~/.cache/heddle/programs; empty without a home.
std::filesystem::path default_cache_folder();

// The real path of a source that debug information names; other paths come back as they are.
std::filesystem::path source_path(std::string_view debug_path, const std::filesystem::path& source_folder);

// "file:line:column: error: message" lines of GCC and Clang.
std::vector<Diagnostic> parse_diagnostics(std::string_view compiler_output);

}  // namespace heddle::catalog
