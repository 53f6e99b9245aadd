#include "core/catalog/scenario_file.h"

#include <algorithm>

#include "core/catalog/expression.h"
#include "core/catalog/suggest.h"
#include "core/catalog/toml_section.h"

namespace heddle::catalog {

namespace {

constexpr std::int64_t kLargestParameter = 1'000'000'000;
constexpr int kMostRuns = 1000;

bool is_word(std::string_view text, std::string_view joiner) {
    if (text.empty() || text[0] < 'a' || text[0] > 'z') return false;
    return std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || joiner.find(c) != std::string_view::npos;
    });
}

template <class Item, class Key>
bool already_in(const std::vector<Item>& items, const std::string& key, Key key_of) {
    return std::any_of(items.begin(), items.end(), [&](const Item& item) { return key_of(item) == key; });
}

Result<Variant> read_variant(Section& section, const Scenario& scenario) {
    Variant variant;
    variant.id = TRY(section.text("id"));
    section.rename("variant '" + variant.id + "'");
    if (!is_word(variant.id, "-")) return section.error_at(section.line("id"), "an id is made of a-z, 0-9 and '-'");
    if (scenario.variant(variant.id) != nullptr) return section.error_at(section.line("id"), "this id is used twice");
    variant.title = TRY(section.local_text("title"));
    TRY(section.finish());
    return variant;
}

Result<Parameter> read_parameter(Section& section, const Scenario& scenario) {
    Parameter parameter;
    parameter.name = TRY(section.text("name"));
    section.rename("parameter '" + parameter.name + "'");
    if (!is_word(parameter.name, "_")) return section.error_at(section.line("name"), "a name is made of a-z, 0-9 and '_'");
    if (scenario.parameter(parameter.name) != nullptr) return section.error_at(section.line("name"), "this name is used twice");
    if (is_reserved_name(parameter.name)) {
        return section.error_at(section.line("name"), "this name means something else in expressions; choose another");
    }
    parameter.title = TRY(section.local_text("title"));
    parameter.minimum = TRY(section.whole("min", 0, kLargestParameter));
    parameter.maximum = TRY(section.whole("max", parameter.minimum, kLargestParameter));
    parameter.default_value = TRY(section.whole("default", parameter.minimum, parameter.maximum));
    TRY(section.finish());
    return parameter;
}

Result<std::string> read_expression(Section& section, std::string_view key, const Scenario& scenario) {
    std::string expression = TRY(section.text(key));
    std::vector<std::string> names;
    for (const Parameter& parameter : scenario.parameters) names.push_back(parameter.name);
    const Result<> checked = check_expression(expression, names);
    if (!checked) return section.error_at(section.line(key), "'" + std::string(key) + "': " + checked.error().message());
    return expression;
}

Result<Answer> read_answer(Section& section, const Scenario& scenario) {
    Answer answer;
    answer.text = TRY(section.local_text("text"));
    answer.right_when = TRY(read_expression(section, "right_when", scenario));
    TRY(section.finish());
    return answer;
}

Result<Predict> read_predict(Section& section, const Scenario& scenario) {
    Predict predict;
    predict.question = TRY(section.local_text("question"));
    predict.explanation = TRY(section.local_text("explanation"));
    auto answers = TRY(section.tables("answer"));
    if (answers.size() < 2) return section.error_at(section.line("answer"), "a question needs at least two answers");
    for (Section& answer : answers) predict.answers.push_back(TRY(read_answer(answer, scenario)));
    TRY(section.finish());
    return predict;
}

Result<std::map<std::string, std::int64_t>> read_arguments(Section& section, const Scenario& scenario) {
    std::map<std::string, std::int64_t> arguments;
    if (!section.has("parameters")) return arguments;
    const auto numbers = TRY(section.numbers("parameters"));
    for (const auto& [name, number, line] : numbers) {
        const Parameter* parameter = scenario.parameter(name);
        if (parameter == nullptr) return section.error_at(line, "there is no parameter '" + name + "'");
        if (number < parameter->minimum || number > parameter->maximum) {
            return section.error_at(line, "'" + name + "' is " + std::to_string(number) + "; allowed are " +
                                              std::to_string(parameter->minimum) + " to " + std::to_string(parameter->maximum));
        }
        arguments[name] = number;
    }
    return arguments;
}

Result<std::string> read_bug_kind(Section& section, std::string_view key, bool or_none) {
    std::string kind = TRY(section.text(key));
    std::vector<std::string> known = bug_kinds();
    if (or_none) known.push_back("none");
    if (std::find(known.begin(), known.end(), kind) == known.end()) {
        return section.error_at(section.line(key), "there is no kind of bug '" + kind + "'" + did_you_mean(kind, known) +
                                                       "; known are " + joined(known));
    }
    return kind;
}

// The parts of a claim that say how it is run.
Result<> read_claim_runs(Section& section, const Scenario& scenario, Claim& claim) {
    if (section.has("variants")) {
        claim.variants = TRY(section.texts("variants"));
        for (const std::string& id : claim.variants) {
            if (scenario.variant(id) == nullptr) {
                return section.error_at(section.line("variants"), "there is no variant '" + id + "'");
            }
        }
    }
    claim.parameters = TRY(read_arguments(section, scenario));
    if (section.has("runs")) claim.runs = static_cast<int>(TRY(section.whole("runs", 1, kMostRuns)));
    if (section.has("any")) claim.any = TRY(section.boolean("any"));
    if (section.has("needs")) {
        claim.needs = TRY(section.text("needs"));
        if (!is_word(claim.needs, "-")) return section.error_at(section.line("needs"), "'needs' must be the id of a facility");
    }
    return {};
}

Result<Claim> read_claim(Section& section, const Scenario& scenario) {
    Claim claim;
    claim.id = TRY(section.text("id"));
    section.rename("claim '" + claim.id + "'");
    if (!is_word(claim.id, "-")) return section.error_at(section.line("id"), "an id is made of a-z, 0-9 and '-'");
    if (already_in(scenario.claims, claim.id, [](const Claim& other) { return other.id; })) {
        return section.error_at(section.line("id"), "this id is used twice");
    }
    claim.text = TRY(section.local_text("text"));
    if (section.has("explore"))
        claim.explore = TRY(read_bug_kind(section, "explore", true));
    else
        claim.expression = TRY(read_expression(section, "expression", scenario));
    TRY(read_claim_runs(section, scenario, claim));
    TRY(section.finish());
    return claim;
}

Result<ExploreSetup> read_explore(Section& section, const Scenario& scenario) {
    ExploreSetup setup;
    setup.parameters = TRY(read_arguments(section, scenario));
    if (section.has("expect")) setup.expect = TRY(read_expression(section, "expect", scenario));
    TRY(section.finish());
    return setup;
}

Result<Level> read_level(Section& section) {
    Level level;
    level.goal = TRY(section.local_text("goal"));
    level.reach = TRY(read_bug_kind(section, "reach", false));
    TRY(section.finish());
    return level;
}

Result<> read_stage(Section& file, Scenario& scenario) {
    scenario.views = TRY(file.texts("views"));
    if (scenario.views.empty()) return file.error_at(file.line("views"), "'views' must name at least one view");
    for (std::size_t i = 0; i < scenario.views.size(); ++i) {
        const std::string& view = scenario.views[i];
        const auto& known = view_names();
        if (std::find(known.begin(), known.end(), view) == known.end()) {
            return file.error_at(file.line("views"), "there is no view '" + view + "'" + did_you_mean(view, known) +
                                                         "; known are " + joined(known));
        }
        if (std::count(scenario.views.begin(), scenario.views.end(), view) > 1) {
            return file.error_at(file.line("views"), "the view '" + view + "' is named twice");
        }
    }
    if (file.has("cpus")) scenario.cpus = TRY(file.wholes("cpus", 0, 1023));
    if (file.has("compile_flags")) scenario.compile_flags = TRY(file.texts("compile_flags"));
    if (file.has("time_limit_s")) scenario.time_limit_s = TRY(file.number("time_limit_s", 0.1, 3600));
    return {};
}

}  // namespace

const std::vector<std::string>& view_names() {
    static const std::vector<std::string> names = {"code", "memory", "stack", "states",       "sync",
                                                   "pcb",  "cpus",   "pages", "interleavings"};
    return names;
}

const std::vector<std::string>& bug_kinds() {
    static const std::vector<std::string> kinds = {
        "assertion",    "crash",  "uncaught-exception", "deadlock",    "livelock",    "data-race", "lost-signal", "lock-leak",
        "wrong-result", "misuse", "use-after-free",     "double-free", "invalid-free"};
    return kinds;
}

Result<Scenario> parse_scenario(std::string_view text, const std::string& path) {
    const toml::table document = TRY(parse_toml(text, path));
    Section file(path, "", document);
    Scenario scenario;
    scenario.title = TRY(file.local_text("title"));
    scenario.summary = TRY(file.local_text("summary"));
    scenario.order = static_cast<int>(TRY(file.whole("order", 0, 1000)));
    TRY(read_stage(file, scenario));
    auto variants = TRY(file.tables("variant"));
    for (Section& section : variants) scenario.variants.push_back(TRY(read_variant(section, scenario)));
    if (file.has("parameter")) {
        auto parameters = TRY(file.tables("parameter"));
        for (Section& section : parameters) {
            scenario.parameters.push_back(TRY(read_parameter(section, scenario)));
        }
    }
    if (file.has("predict")) {
        Section section = TRY(file.table("predict", "predict"));
        scenario.predict = TRY(read_predict(section, scenario));
    }
    if (file.has("explore")) {
        Section section = TRY(file.table("explore", "explore"));
        scenario.explore = TRY(read_explore(section, scenario));
    }
    if (file.has("level")) {
        Section section = TRY(file.table("level", "level"));
        scenario.level = TRY(read_level(section));
    }
    auto claims = TRY(file.tables("claim"));
    for (Section& section : claims) scenario.claims.push_back(TRY(read_claim(section, scenario)));
    TRY(file.finish());
    return scenario;
}

Result<std::vector<Chapter>> parse_chapters(std::string_view text, const std::string& path) {
    const toml::table document = TRY(parse_toml(text, path));
    Section file(path, "", document);
    std::vector<Chapter> chapters;
    auto sections = TRY(file.tables("chapter"));
    for (Section& section : sections) {
        Chapter chapter;
        chapter.id = TRY(section.text("id"));
        if (already_in(chapters, chapter.id, [](const Chapter& other) { return other.id; })) {
            return section.error_at(section.line("id"), "the chapter '" + chapter.id + "' is named twice");
        }
        chapter.title = TRY(section.local_text("title"));
        TRY(section.finish());
        chapters.push_back(std::move(chapter));
    }
    TRY(file.finish());
    return chapters;
}

}  // namespace heddle::catalog
