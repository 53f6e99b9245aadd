// Settings: what the window remembers between starts: size, theme, language, progress. Kept in
// $XDG_CONFIG_HOME/heddle/settings.toml
// (~/.config by default). Read once at start and written by the main thread; a home that cannot be written loses nothing but
// the memory, and is said once.
#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "core/base/result.h"

namespace heddle::shell {

struct Settings {
    int width = 1600, height = 1000;
    std::string theme = "dark";  // dark, light
    std::string language;        // en, ko; empty: as the desktop's
    bool reduce_motion = false;
    bool rail_collapsed = false;
    std::set<std::string> done;  // scenarios whose run was seen to its end

    bool operator==(const Settings&) const = default;
};

// $XDG_CONFIG_HOME/heddle/settings.toml; empty when neither that nor HOME is set.
std::filesystem::path settings_path();

// Defaults where there is no file. A damaged file is an Error; the caller goes on with the defaults and does not overwrite it.
Result<Settings> load_settings(const std::filesystem::path& path);
Result<> save_settings(const std::filesystem::path& path, const Settings& settings);

// "ko" when the locale's messages are Korean (LC_ALL, LC_MESSAGES, LANG), else "en".
std::string desktop_language();

}  // namespace heddle::shell
