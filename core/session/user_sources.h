// The user's own source files of a run, and what a compiler says about them, by the names that debug information gives them.
// Reads files; any thread.
#pragma once

#include <string>
#include <vector>

#include "core/catalog/program_builder.h"
#include "core/model/snapshot.h"
#include "core/session/run_state.h"

namespace heddle::session {

// Of a variant that is built from its sources: those; of a program built before: what its debug information names and is still
// there. program: the ELF file.
std::vector<UserSource> user_sources(const catalog::Variant& variant, const std::string& program);

// A built program's ELF file; empty when it cannot be read.
std::string read_program(const std::filesystem::path& path);
// Whether the compiler placed hooks in the ELF file.
bool has_hooks(std::string_view program);

std::vector<model::BuildMessage> build_messages(const catalog::Variant& variant,
                                                const std::vector<catalog::Diagnostic>& diagnostics);

// For a program that is shown without having run.
std::vector<std::shared_ptr<const model::SourceFile>> source_files(const std::vector<UserSource>& sources);

}  // namespace heddle::session
