#include "app/shell/settings.h"

#include <toml++/toml.h>
#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <system_error>

#include "core/base/atomic_file.h"

namespace heddle::shell {
namespace {

std::string environment(const char* name) {
    const char* const value = std::getenv(name);
    return value != nullptr ? value : "";
}

template <class T>
Result<> read_value(const toml::table& table, const char* name, T& into, const std::string& path) {
    const toml::node* const node = table.get(name);
    if (node == nullptr) return {};
    const auto value = node->value_exact<T>();
    if (!value) return fail("a setting has the wrong type", path + ": " + name, "mend or remove the file");
    into = *value;
    return {};
}

}  // namespace

std::filesystem::path settings_path() {
    // An XDG path that is not absolute is to be ignored (XDG Base Directory Specification).
    const std::filesystem::path configured = environment("XDG_CONFIG_HOME");
    if (configured.is_absolute()) return configured / "heddle/settings.toml";
    const std::filesystem::path home = environment("HOME");
    return home.is_absolute() ? home / ".config/heddle/settings.toml" : std::filesystem::path();
}

Result<Settings> load_settings(const std::filesystem::path& path) {
    Settings settings;
    std::error_code error;
    if (path.empty() || !std::filesystem::exists(path, error)) return settings;
    toml::table table;
    try {
        table = toml::parse_file(path.string());
    } catch (const toml::parse_error& problem) {
        std::ostringstream place;
        place << path.string() << ":" << problem.source().begin.line;
        return fail("the settings cannot be read", place.str(), "mend or remove the file");
    }
    std::int64_t width = settings.width, height = settings.height;
    const std::string where = path.string();
    TRY(read_value(table, "width", width, where));
    TRY(read_value(table, "height", height, where));
    TRY(read_value(table, "theme", settings.theme, where));
    TRY(read_value(table, "language", settings.language, where));
    TRY(read_value(table, "reduce_motion", settings.reduce_motion, where));
    TRY(read_value(table, "rail_collapsed", settings.rail_collapsed, where));
    settings.width = static_cast<int>(std::clamp<std::int64_t>(width, 640, 7680));
    settings.height = static_cast<int>(std::clamp<std::int64_t>(height, 400, 4320));
    if (settings.theme != "light") settings.theme = "dark";
    if (settings.language != "en" && settings.language != "ko") settings.language.clear();
    if (const toml::array* const done = table["done"].as_array()) {
        for (const toml::node& id : *done) {
            if (const auto text = id.value<std::string>()) settings.done.insert(*text);
        }
    }
    return settings;
}

Result<> save_settings(const std::filesystem::path& path, const Settings& settings) {
    if (path.empty()) return fail("the settings cannot be kept", "no home folder", "set HOME or XDG_CONFIG_HOME");
    toml::array done;
    for (const std::string& id : settings.done) done.push_back(id);
    const toml::table table{{"width", settings.width},
                            {"height", settings.height},
                            {"theme", settings.theme},
                            {"language", settings.language},
                            {"reduce_motion", settings.reduce_motion},
                            {"rail_collapsed", settings.rail_collapsed},
                            {"done", done}};
    std::ostringstream text;
    text << table << '\n';
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
        return fail("the settings cannot be kept: " + error.message(), path.parent_path().string(), "make the folder writable");
    AtomicFile file = TRY(AtomicFile::create(path.string()));
    TRY(file.write(text.str()));
    return file.commit();
}

std::string desktop_language() {
    for (const char* const variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string locale = environment(variable);
        if (!locale.empty()) return locale.starts_with("ko") ? "ko" : "en";
    }
    return "en";
}

}  // namespace heddle::shell
