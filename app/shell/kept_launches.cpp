#include "app/shell/kept_launches.h"

#include <toml++/toml.h>
#include <algorithm>
#include <sstream>

#include "app/canvas/fonts.h"
#include "app/shell/settings.h"
#include "core/base/atomic_file.h"
#include "core/session/kept_input.h"

namespace heddle::shell {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kMostPrograms = 60, kMostText = std::size_t{256} << 10;

// TOML holds nothing else.
bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();)
        if (canvas::next_code_point(text, at) == 0xfffd) return false;
    return true;
}

bool all_utf8(const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(), is_utf8);
}

toml::array array_of(const std::vector<std::string>& words) {
    toml::array array;
    for (const std::string& word : words) array.push_back(word);
    return array;
}

std::vector<std::string> words_in(const toml::table& table, std::string_view name) {
    std::vector<std::string> words;
    if (const toml::array* const array = table[name].as_array())
        for (const toml::node& word : *array)
            if (const auto text = word.value<std::string>()) words.push_back(*text);
    return words;
}

}  // namespace

fs::path kept_launches_path() {
    const fs::path settings = settings_path();
    return settings.empty() ? fs::path() : settings.parent_path() / "programs.toml";
}

bool KeptLaunches::Launch::empty() const {
    return arguments.empty() && flags.empty() && input_file.empty() && input_text.empty();
}

Result<KeptLaunches> KeptLaunches::open(fs::path file) {
    KeptLaunches kept;
    std::error_code error;
    if (file.empty()) return kept;
    kept.file_ = std::move(file);
    if (!fs::exists(kept.file_, error)) return kept;
    toml::table table;
    try {
        table = toml::parse_file(kept.file_.string());
    } catch (const toml::parse_error& problem) {
        return fail("what programs got last cannot be read",
                    kept.file_.string() + ":" + std::to_string(problem.source().begin.line), "mend or remove the file");
    }
    const toml::array* const programs = table["program"].as_array();
    if (programs == nullptr) return kept;
    for (const toml::node& node : *programs) {
        const toml::table* const program = node.as_table();
        if (program == nullptr || kept.launches_.size() == kMostPrograms) continue;
        Launch launch{(*program)["id"].value_or<std::string>(""), words_in(*program, "arguments"), words_in(*program, "flags"),
                      (*program)["input_file"].value_or<std::string>(""), (*program)["input"].value_or<std::string>("")};
        if (catalog::is_own_id(launch.id)) kept.launches_.push_back(std::move(launch));
    }
    return kept;
}

Result<> KeptLaunches::recall(const std::string& id, catalog::OwnProgram& own) const {
    const auto found = std::find_if(launches_.begin(), launches_.end(), [&](const Launch& each) { return each.id == id; });
    if (found == launches_.end()) return {};
    if (own.flags.empty()) own.flags = found->flags, own.flags_beside_program = true;
    if (!own.arguments.empty() || !own.input.empty()) return {};
    own.arguments = found->arguments;
    std::error_code error;
    if (fs::exists(found->input_file, error)) own.input = found->input_file;
    return found->input_text.empty() ? Result<>() : session::give_input(own, found->input_text);
}

KeptLaunches::Launch KeptLaunches::launch_of(const std::string& id, const catalog::OwnProgram& own) {
    Launch launch{id, own.arguments, own.flags, {}, {}};
    if (!all_utf8(launch.arguments)) launch.arguments.clear();
    if (!all_utf8(launch.flags)) launch.flags.clear();
    if (own.input.empty()) return launch;
    if (own.keeps_input == nullptr) {
        std::error_code error;
        launch.input_file = fs::absolute(own.input, error).string();
        if (!is_utf8(launch.input_file)) launch.input_file.clear();
    } else if (const auto text = session::read_input(own.input); text && text->size() <= kMostText && is_utf8(*text)) {
        launch.input_text = *text;
    }
    return launch;
}

Result<> KeptLaunches::keep(const std::string& id, const catalog::OwnProgram& own) {
    if (!is_utf8(id)) return {};
    std::erase_if(launches_, [&](const Launch& each) { return each.id == id; });
    if (Launch launch = launch_of(id, own); !launch.empty()) launches_.insert(launches_.begin(), std::move(launch));
    if (launches_.size() > kMostPrograms) launches_.resize(kMostPrograms);
    return file_.empty() ? Result<>() : write();
}

Result<> KeptLaunches::write() const {
    toml::array programs;
    for (const Launch& launch : launches_) {
        toml::table program{{"id", launch.id}};
        if (!launch.arguments.empty()) program.insert("arguments", array_of(launch.arguments));
        if (!launch.flags.empty()) program.insert("flags", array_of(launch.flags));
        if (!launch.input_file.empty()) program.insert("input_file", launch.input_file);
        if (!launch.input_text.empty()) program.insert("input", launch.input_text);
        programs.push_back(std::move(program));
    }
    std::ostringstream text;
    text << toml::table{{"program", programs}} << '\n';
    std::error_code error;
    fs::create_directories(file_.parent_path(), error);
    if (error)
        return fail("what programs got last cannot be kept: " + error.message(), file_.parent_path().string(),
                    "make the folder writable");
    AtomicFile file = TRY(AtomicFile::create(file_.string()));
    TRY(file.write(text.str()));
    return file.commit();
}

}  // namespace heddle::shell
