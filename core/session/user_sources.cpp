#include "core/session/user_sources.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/symbols/image.h"

namespace heddle::session {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostSourceFiles = 200;
constexpr std::uintmax_t kMostSourceBytes = 1 << 20;  // of one file

std::optional<std::string> read_file(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > kMostSourceBytes) return std::nullopt;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) return std::nullopt;
    return std::move(text).str();
}

// The file with main first.
std::vector<UserSource> sources_of_program(const std::string& program) {
    std::vector<UserSource> sources;
    const auto image = symbols::load_image_from_bytes(program, "program");
    if (!image) return sources;
    std::string first;
    for (const symbols::Function& function : (*image)->functions())
        if (function.name == "main" && function.file < (*image)->files().size()) first = (*image)->files()[function.file].path;
    for (const symbols::SourceFile& file : (*image)->files()) {
        if (!file.is_user || sources.size() == kMostSourceFiles) continue;
        if (auto text = read_file(file.path)) sources.push_back({file.path, std::move(*text)});
    }
    const auto main = std::find_if(sources.begin(), sources.end(), [&](const UserSource& each) { return each.path == first; });
    if (main != sources.end()) std::rotate(sources.begin(), main, main + 1);
    return sources;
}

}  // namespace

std::vector<UserSource> user_sources(const catalog::Variant& variant, const std::string& program) {
    if (!variant.program.empty()) return sources_of_program(program);
    std::vector<UserSource> sources;
    const std::vector<fs::path> files = catalog::sources_of(variant);
    const fs::path folder = catalog::source_folder_of(files);
    for (const fs::path& file : files) {
        if (auto text = read_file(file)) sources.push_back({catalog::debug_path(file, folder), std::move(*text)});
    }
    return sources;
}

std::string read_program(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return std::move(bytes).str();
}

bool has_hooks(std::string_view program) {
    return program.find("__tsan_init") != std::string_view::npos;  // called before main in every file with hooks
}

std::vector<model::BuildMessage> build_messages(const catalog::Variant& variant,
                                                const std::vector<catalog::Diagnostic>& diagnostics) {
    const std::vector<fs::path> files = catalog::sources_of(variant);
    const fs::path folder = catalog::source_folder_of(files);
    std::vector<model::BuildMessage> messages;
    for (const catalog::Diagnostic& each : diagnostics) {
        const fs::path file = each.file.lexically_normal();
        const bool own = std::find(files.begin(), files.end(), file) != files.end();
        model::BuildMessage message{(own ? catalog::debug_path(file, folder) : file).string(), each.line, each.column,
                                    each.severity, each.message};
        // Of its flags the compiler complains with each file anew.
        if (std::find(messages.begin(), messages.end(), message) == messages.end()) messages.push_back(std::move(message));
    }
    return messages;
}

std::vector<std::shared_ptr<const model::SourceFile>> source_files(const std::vector<UserSource>& sources) {
    std::vector<std::shared_ptr<const model::SourceFile>> files;
    for (const UserSource& source : sources)
        files.push_back(std::make_shared<model::SourceFile>(model::make_source_file(source.path.string(), source.text)));
    return files;
}

}  // namespace heddle::session
