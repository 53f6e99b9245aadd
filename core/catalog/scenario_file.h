// Reads scenario.toml and chapters.toml: text in, values or one Error with file, line and what was expected out. Pure: the
// files beside it (programs, lessons) are the Catalog's business. Called while the catalog loads.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/scenario.h"

namespace heddle::catalog {

struct Chapter {
    std::string id;  // "races", the folder's name
    LocalText title;
};

// The views a stage can be made of, as scenario.toml names them.
const std::vector<std::string>& view_names();

// What Explore can find, as scenario.toml and the command line name it.
const std::vector<std::string>& bug_kinds();

// Everything that the file itself says; id, chapter, folder, lesson and the variants' sources are left empty.
Result<Scenario> parse_scenario(std::string_view text, const std::string& path);

Result<std::vector<Chapter>> parse_chapters(std::string_view text, const std::string& path);

}  // namespace heddle::catalog
