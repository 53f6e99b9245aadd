// The one-shot commands of the command line, one per file. Each gets its options as plain values, prints its result to stdout
// (one JSON object with json set) and what went wrong to stderr, and returns the exit code. Called once, on the main thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/i18n.h"
#include "core/base/result.h"
#include "core/catalog/own_program.h"
#include "core/catalog/program_builder.h"
#include "core/explore/explorer.h"
#include "core/session/installation.h"
#include "core/session/session.h"

namespace heddle::commands {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // the run or a claim failed
inline constexpr int kBadUse = 2;  // bad options, unknown ids, unreadable files

struct Common {
    bool json = false;
    Language language = Language::kEnglish;
};

struct RunOptions {
    catalog::OwnProgram program;  // or a scenario's id
    std::string variant;
    std::vector<std::string> settings;  // "name=value"
    std::string output_file;            // .heddle; empty: do not save
    std::optional<double> time_limit_s;
    bool no_perf = false;
    std::string mode = "run", schedule;  // schedule empty: a Step goes on to its end
};

struct ShotOptions {
    catalog::OwnProgram program;  // or a scenario's id, or FILE.heddle
    std::string output_file, variant, view, theme = "dark", mode = "run", schedule;
    std::vector<std::string> settings;
    model::ExploreManner manner;
    double search_s = 20;            // an exploration that is not at its end by then is shown as far as it came
    std::optional<std::int64_t> at;  // playhead; none: the program's last store
    bool presenter = false;
    float scale = 1;
    int width = 1600, height = 1000;
};

struct ExploreOptions {
    catalog::OwnProgram program;  // or a scenario's id
    std::string variant;
    std::vector<std::string> settings;  // of a scenario
    explore::ExploreOptions search;
    std::string schedule;  // to replay instead of searching; empty: search
    int times = 1;
};

int list(const Common& common);
int explore(const Common& common, const ExploreOptions& options);
int build(const Common& common, const catalog::OwnProgram& program);
int run(const Common& common, const RunOptions& options);
int check(const Common& common, const std::vector<std::string>& ids);
int shot(const Common& common, const ShotOptions& options);
int export_run(const Common& common, const std::string& file, const std::string& output_file);
int doctor(const Common& common);
int prebuild(const Common& common, const std::string& folder);

// Says an error on stderr (and as {"error": …} on stdout with json) and returns `code`.
int say_error(const Common& common, const Error& error, int code = kBadUse);

// The scenarios of this installation. Problems of single scenarios are said on stderr and do not hide the others.
Result<catalog::Catalog> load_catalog(const session::Installation& installation);

// The program's texts, in the chosen language.
Result<Texts> load_texts(const Common& common);

// Of the variant, or the first one when `id` is empty.
Result<const catalog::Variant*> find_variant(const catalog::Scenario& scenario, const std::string& id);
// An Error carries every message of the compiler with its place.
Result<catalog::BuiltProgram> build_variant(const catalog::Scenario& scenario, const catalog::Variant& variant);
// "-" as a file that holds what this program's own standard input holds; other paths come back as they are.
Result<std::filesystem::path> input_file(const std::filesystem::path& named);

// What a command names: a scenario or a program, its variant, and "name=value" texts.
Result<session::RunRequest> request_for(const catalog::Catalog& catalog, catalog::OwnProgram program,
                                        const std::string& variant, const std::vector<std::string>& settings);
// "name=value" texts as parameters. Names and ranges are checked by the session.
Result<std::map<std::string, std::int64_t>> parse_settings(const std::vector<std::string>& settings);

}  // namespace heddle::commands
