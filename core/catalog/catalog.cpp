#include "core/catalog/catalog.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/catalog/suggest.h"

namespace heddle::catalog {

namespace {

namespace fs = std::filesystem;

Result<std::string> read_text(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return fail("the file is missing", file.string());
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    if (!stream) return fail_errno("cannot read the file", file.string());
    if (text.empty()) return fail("the file is empty", file.string());
    return text;
}

Result<Scenario> load_scenario(const fs::path& folder, const Chapter& chapter) {
    const fs::path file = folder / "scenario.toml";
    const std::string text = TRY(read_text(file));
    Scenario scenario = TRY(parse_scenario(text, file.string()));
    scenario.chapter = chapter.id;
    scenario.id = chapter.id + "/" + folder.filename().string();
    scenario.folder = folder;
    for (Variant& variant : scenario.variants) {
        variant.source = folder / (variant.id + ".cpp");
        if (auto program = read_text(variant.source); !program) {
            Error error = program.error();
            error.what = "the program of variant '" + variant.id + "': " + error.what;
            return tl::make_unexpected(std::move(error));
        }
    }
    scenario.lesson.en = TRY(read_text(folder / "lesson.en.md"));
    scenario.lesson.ko = TRY(read_text(folder / "lesson.ko.md"));
    return scenario;
}

// Folders in it, sorted by name; hidden ones and files are none of the catalog's business.
std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const bool hidden = entry.path().filename().string().front() == '.';
        if (!hidden && entry.is_directory(error)) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

void Catalog::load_chapter(const Chapter& chapter, std::vector<Scenario>& found) {
    for (const fs::path& folder : folders_in(folder_ / chapter.id)) {
        Result<Scenario> scenario = load_scenario(folder, chapter);
        if (scenario) {
            found.push_back(std::move(*scenario));
        } else {
            problems_.push_back({chapter.id + "/" + folder.filename().string(), scenario.error()});
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Scenario& a, const Scenario& b) { return a.order < b.order; });
}

Result<Catalog> Catalog::load(const fs::path& folder) {
    Catalog catalog;
    catalog.folder_ = folder;
    const fs::path chapters_file = folder / "chapters.toml";
    const std::string text = TRY(read_text(chapters_file));
    const auto chapters = TRY(parse_chapters(text, chapters_file.string()));
    for (const Chapter& chapter : chapters) {
        std::vector<Scenario> found;
        catalog.load_chapter(chapter, found);
        if (found.empty()) continue;
        catalog.chapters_.push_back(chapter);
        std::move(found.begin(), found.end(), std::back_inserter(catalog.scenarios_));
    }
    for (const fs::path& path : folders_in(folder)) {
        const std::string name = path.filename().string();
        const bool known = std::any_of(chapters.begin(), chapters.end(), [&](const Chapter& c) { return c.id == name; });
        if (!known) {
            catalog.problems_.push_back({name, Error{"this folder is no chapter of chapters.toml", path.string(), 0, ""}});
        }
    }
    return catalog;
}

std::vector<const Scenario*> Catalog::in_chapter(std::string_view chapter) const {
    std::vector<const Scenario*> found;
    for (const Scenario& scenario : scenarios_) {
        if (scenario.chapter == chapter) found.push_back(&scenario);
    }
    return found;
}

Result<const Scenario*> Catalog::find(std::string_view id) const {
    std::vector<std::string> known, last_parts;
    for (const Scenario& scenario : scenarios_) {
        if (scenario.id == id) return &scenario;
        known.push_back(scenario.id);
        last_parts.push_back(scenario.folder.filename().string());
    }
    for (const Problem& problem : problems_) {
        if (problem.id == id) return tl::make_unexpected(problem.error);
    }
    // "lost-updat" or "process/lost-update": the last part is enough to guess by.
    const std::size_t slash = id.rfind('/');
    const std::string_view last = slash == std::string_view::npos ? id : id.substr(slash + 1);
    const auto near = std::find(last_parts.begin(), last_parts.end(), closest(last, last_parts).value_or(""));
    std::optional<std::string> nearest = closest(id, known);
    if (near != last_parts.end() && (!nearest || *near == last))
        nearest = known[static_cast<std::size_t>(near - last_parts.begin())];
    return fail("there is no such scenario", std::string(id),
                nearest ? "Did you mean '" + *nearest + "'?" : "'heddle list' shows all of them");
}

}  // namespace heddle::catalog
