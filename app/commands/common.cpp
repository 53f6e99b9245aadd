#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "core/base/data_folder.h"

namespace heddle::commands {

int say_error(const Common& common, const Error& error, int code) {
    spdlog::error("{}", error.message());
    if (common.json) {
        const nlohmann::json object = {{"error", error.message()}};
        fmt::print("{}\n", object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return code;
}

Result<catalog::Catalog> load_catalog(const session::Installation& installation) {
    catalog::Catalog catalog = TRY(catalog::Catalog::load(installation.data / "scenarios"));
    for (const catalog::Problem& problem : catalog.problems()) spdlog::error("{}", problem.error.message());
    return catalog;
}

Result<Texts> load_texts(const Common& common) {
    const std::string assets = TRY(find_data("assets"));
    Texts texts = TRY(Texts::load(assets + "/i18n"));
    texts.set_language(common.language);
    return texts;
}

Result<std::map<std::string, std::int64_t>> parse_settings(const std::vector<std::string>& settings) {
    std::map<std::string, std::int64_t> parameters;
    for (const std::string& setting : settings) {
        const std::size_t equals = setting.find('=');
        std::int64_t value = 0;
        const char* const end = setting.data() + setting.size();
        const char* const start = equals == std::string::npos ? end : setting.data() + equals + 1;
        const auto [used, error] = std::from_chars(start, end, value);
        if (equals == std::string::npos || equals == 0 || error != std::errc{} || used != end) {
            return fail("bad --set", setting, "give name=number, like --set threads=4");
        }
        parameters[setting.substr(0, equals)] = value;
    }
    return parameters;
}

}  // namespace heddle::commands
