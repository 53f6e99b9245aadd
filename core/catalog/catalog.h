// Catalog: the scenarios and lessons found on disk. Loaded once on start by the front end's thread, immutable from then on,
// read by any thread. Reads files; runs nothing. A broken scenario is listed as a problem and hides no other.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/scenario.h"
#include "core/catalog/scenario_file.h"

namespace heddle::catalog {

struct Problem {
    std::string id;  // of the scenario it keeps out: "races/lost-update"
    Error error;     // names the file and line
};

class Catalog {
public:
    // folder: holds chapters.toml and <chapter>/<id>/. Fails only when chapters.toml cannot be read.
    static Result<Catalog> load(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }
    const std::vector<Chapter>& chapters() const { return chapters_; }     // those with a scenario, in order
    const std::vector<Scenario>& scenarios() const { return scenarios_; }  // by chapter, then in their order
    const std::vector<Problem>& problems() const { return problems_; }
    std::vector<const Scenario*> in_chapter(std::string_view chapter) const;

    // By full id ("races/lost-update"). The Error of an unknown id suggests the nearest one; that of a broken scenario is its
    // problem. The pointer lives as long as the catalog.
    Result<const Scenario*> find(std::string_view id) const;

private:
    void load_chapter(const Chapter& chapter, std::vector<Scenario>& found);

    std::filesystem::path folder_;
    std::vector<Chapter> chapters_;
    std::vector<Scenario> scenarios_;
    std::vector<Problem> problems_;
};

}  // namespace heddle::catalog
