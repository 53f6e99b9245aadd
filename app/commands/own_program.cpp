#include "app/commands/own_program.h"

#include <unistd.h>

#include <algorithm>

namespace heddle::commands {
namespace fs = std::filesystem;
namespace {

bool is_source(const fs::path& path) {
    const std::string ending = path.extension().string();
    return ending == ".c" || ending == ".cc" || ending == ".cpp" || ending == ".cxx";
}
bool is_header(const fs::path& path) {
    const std::string ending = path.extension().string();
    return ending == ".h" || ending == ".hh" || ending == ".hpp" || ending == ".hxx";
}

Result<std::vector<fs::path>> sources_of(const std::vector<std::string>& files) {
    std::vector<fs::path> sources, headers;
    for (const std::string& file : files) {
        std::error_code error;
        const fs::path path = fs::absolute(file);
        if (fs::is_directory(path, error)) {
            for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
                if (is_source(entry.path())) sources.push_back(entry.path());
                if (is_header(entry.path())) headers.push_back(entry.path());
            }
        } else if (!fs::exists(path, error)) {
            return fail("there is no such file", file, "name a .c or .cpp file, or a folder of them");
        } else if (!is_source(path)) {
            return fail("this is not a source file", file, "name a .c or .cpp file, or a folder of them");
        } else {
            sources.push_back(path);
        }
    }
    if (sources.empty())
        return fail("there is no source file", files.empty() ? "" : files.front(), "put a .c or .cpp file there");
    std::sort(sources.begin(), sources.end());
    std::sort(headers.begin(), headers.end());
    sources.insert(sources.end(), headers.begin(), headers.end());
    return sources;
}

}  // namespace

bool is_own_program(const std::string& target) {
    std::error_code error;
    return target.find('.') != std::string::npos || target.starts_with('/') || fs::is_regular_file(target, error);
}

Result<catalog::BuiltProgram> build_own_program(const std::vector<std::string>& files, const std::vector<std::string>& flags,
                                                const std::string& compiler) {
    std::error_code error;
    if (files.size() == 1 && fs::is_regular_file(files.front(), error) && !is_source(files.front()) &&
        ::access(files.front().c_str(), X_OK) == 0) {
        catalog::BuiltProgram built;
        built.path = fs::absolute(files.front());
        return built;
    }
    catalog::BuildOptions options;
    if (!compiler.empty()) options.compiler = compiler;
    auto built = catalog::build_program(TRY(sources_of(files)), flags, options);
    if (built) return std::move(*built);
    Error failure = built.error();
    for (const catalog::Diagnostic& diagnostic : built.error().diagnostics) {
        failure.subject += "\n  " + diagnostic.file.string() + ":" + std::to_string(diagnostic.line) + ":" +
                           std::to_string(diagnostic.column) + ": " + diagnostic.severity + ": " + diagnostic.message;
    }
    return tl::unexpected(std::move(failure));
}

}  // namespace heddle::commands
