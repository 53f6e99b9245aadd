// Pictures of a run: the whole window or one view alone, as PNG or as SVG with real text, without a display. Called by
// `heddle shot`; one call loads what it needs and keeps nothing.
#pragma once

#include <ctime>
#include <filesystem>
#include <string>

#include "app/i18n.h"
#include "app/shell/shell.h"
#include "app/window/png.h"

namespace heddle::shell {

struct PictureSpec {
    std::string view;  // one of picture_views(); empty: the whole window
    ThemeKind theme = ThemeKind::kDark;
    Language language = Language::kEnglish;
    bool presenter = false;  // as the presenter mode draws it, with large texts
    float scale = 1;
    int width = 1600, height = 1000;
    std::time_t date = 0;  // of the run; 0: now
};

// What `view` may be: the stage's views and "timeline".
std::vector<std::string> picture_views();

// Before anything is run for it: an unknown view, an ending that is neither .png nor .svg, a folder that does not exist.
Result<> check_picture(const PictureSpec& spec, const std::filesystem::path& file);
Result<> save_picture(const catalog::Catalog& catalog, const catalog::Scenario* scenario, const model::Snapshot& run,
                      const PictureSpec& spec, const std::filesystem::path& file);

// "Lost update · Broken · Intel Xeon · Linux 6.1 · REAL · 2026-11-21": what ran where.
std::string caption_text(const Texts& texts, const catalog::Scenario* scenario, const model::Snapshot& run, std::time_t date);
window::PngTexts caption_chunks(const Texts& texts, const catalog::Scenario* scenario, const model::Snapshot* run,
                                std::time_t date);

// A new file in the person's folder for pictures: $XDG_PICTURES_DIR, ~/Pictures, or the current folder. `name`:
// "races/lost-update".
std::filesystem::path new_picture_path(const std::string& name);
// The same for a run: in $XDG_DOCUMENTS_DIR, ~/Documents, or the current folder.
std::filesystem::path new_run_path(const std::string& name);

}  // namespace heddle::shell
