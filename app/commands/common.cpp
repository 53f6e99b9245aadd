#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
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

Result<const catalog::Variant*> find_variant(const catalog::Scenario& scenario, const std::string& id) {
    if (id.empty()) return &scenario.variants.front();
    if (const catalog::Variant* const variant = scenario.variant(id)) return variant;
    std::string known;
    for (const catalog::Variant& each : scenario.variants) known += (known.empty() ? "" : ", ") + each.id;
    return fail("unknown variant of " + scenario.id, id, "choose one of: " + known);
}

Result<catalog::BuiltProgram> build_variant(const catalog::Scenario& scenario, const catalog::Variant& variant) {
    catalog::BuildOptions options;
    options.prebuilt = TRY(session::find_installation()).prebuilt;
    auto built = catalog::build_program(scenario, variant, options);
    if (built) return std::move(*built);
    Error failure = built.error();
    std::string messages;
    for (const catalog::Diagnostic& each : built.error().diagnostics) {
        std::string place = each.file.string();
        if (each.line > 0) place += ":" + std::to_string(each.line);
        if (each.column > 0) place += ":" + std::to_string(each.column);
        messages += "\n  " + (place.empty() ? "" : place + ": ") + each.severity + ": " + each.message;
    }
    (failure.remedy.empty() ? failure.subject : failure.remedy) += messages;
    return tl::unexpected(std::move(failure));
}

Result<std::filesystem::path> input_file(const std::filesystem::path& named) {
    if (named != "-") return named;
    // Each run reads it from its beginning: opened anew by this name, for as long as this program lives.
    const int memory = ::memfd_create("heddle-input", MFD_CLOEXEC);
    if (memory < 0) return fail_errno("cannot keep the input", "-");
    char buffer[65536];
    for (ssize_t got = 0; (got = ::read(STDIN_FILENO, buffer, sizeof buffer)) != 0;) {
        if (got < 0 && errno != EINTR) return fail_errno("cannot read the input", "-");
        if (got > 0 && ::write(memory, buffer, static_cast<std::size_t>(got)) != got)
            return fail_errno("cannot keep the input", "-");
    }
    return std::filesystem::path("/proc/self/fd/" + std::to_string(memory));
}

Result<Texts> load_texts(const Common& common) {
    const std::string assets = TRY(find_data("assets"));
    Texts texts = TRY(Texts::load(assets + "/i18n"));
    texts.set_language(common.language);
    return texts;
}

Result<session::RunRequest> request_for(const catalog::Catalog& catalog, catalog::OwnProgram program,
                                        const std::string& variant, const std::vector<std::string>& settings) {
    program.input = TRY(input_file(program.input));
    session::RunRequest request;
    request.scenario = TRY(catalog::find_scenario(catalog, program));
    request.variant = variant;
    request.parameters = TRY(parse_settings(settings));
    return request;
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
