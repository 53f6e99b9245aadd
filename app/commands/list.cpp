#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands/commands.h"

namespace heddle::commands {
namespace {

nlohmann::json scenario_json(const catalog::Scenario& scenario) {
    using nlohmann::json;
    const auto text = [](const catalog::LocalText& local) { return json{{"en", local.en}, {"ko", local.ko}}; };
    json variants = json::array(), parameters = json::array();
    for (const catalog::Variant& variant : scenario.variants)
        variants.push_back({{"id", variant.id}, {"title", text(variant.title)}});
    for (const catalog::Parameter& parameter : scenario.parameters) {
        parameters.push_back({{"name", parameter.name},
                              {"minimum", parameter.minimum},
                              {"maximum", parameter.maximum},
                              {"default", parameter.default_value}});
    }
    return {{"id", scenario.id},    {"title", text(scenario.title)}, {"summary", text(scenario.summary)},
            {"variants", variants}, {"parameters", parameters},      {"views", scenario.views}};
}

}  // namespace

int list(const Common& common) {
    const auto installation = session::find_installation();
    if (!installation) return say_error(common, installation.error(), kFailed);
    const auto catalog = load_catalog(*installation);
    if (!catalog) return say_error(common, catalog.error(), kFailed);

    if (common.json) {
        nlohmann::json scenarios = nlohmann::json::array();
        for (const catalog::Scenario& scenario : catalog->scenarios()) scenarios.push_back(scenario_json(scenario));
        fmt::print("{}\n", nlohmann::json{{"scenarios", scenarios}}.dump(2));
    } else {
        for (const catalog::Scenario& scenario : catalog->scenarios()) {
            fmt::print("{:<28} {}\n", scenario.id, scenario.title.in(common.language));
            fmt::print("{:<28} {}\n", "", scenario.summary.in(common.language));
            std::string details;
            for (const catalog::Variant& variant : scenario.variants) details += (details.empty() ? "" : " | ") + variant.id;
            for (const catalog::Parameter& parameter : scenario.parameters) {
                details += fmt::format("  {}={} ({}–{})", parameter.name, parameter.default_value, parameter.minimum,
                                       parameter.maximum);
            }
            fmt::print("{:<28} {}\n", "", details);
        }
    }
    return catalog->problems().empty() ? kDone : kFailed;
}

}  // namespace heddle::commands
