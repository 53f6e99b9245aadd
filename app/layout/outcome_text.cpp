#include "app/layout/outcome_text.h"

#include <map>
#include <string_view>

namespace heddle::layout {
namespace {

// The end of the part that begins at `from`: at a separator outside of braces and quotes.
std::size_t end_of_part(std::string_view text, std::size_t from, std::string_view separator) {
    int depth = 0;
    bool quoted = false;
    for (std::size_t at = from; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '{') ++depth;
        if (c == '}') --depth;
        if (depth <= 0 && text.substr(at).starts_with(separator)) return at;
    }
    return text.size();
}

std::vector<std::string> plain_variables(std::string_view variables) {
    std::vector<std::string> plain;
    for (std::size_t from = 0; from < variables.size();) {
        const std::size_t end = end_of_part(variables, from, ", ");
        const std::string_view part = variables.substr(from, end - from);
        from = end + 2;
        if (part.find('{') == part.npos) plain.emplace_back(part);
    }
    return plain;
}

// What was printed, where there is no variable.
std::string printed(std::string_view value) {
    if (value.empty()) return {};
    if (value.front() != '"') {
        const std::size_t end = end_of_part(value, 0, "; ");
        if (end + 2 >= value.size()) return std::string(value);
        value.remove_prefix(end + 2);
    }
    if (value.front() != '"') return std::string(value);
    const bool closed = value.find('"', 1) != value.npos;
    return std::string(value.substr(1, end_of_part(value, 0, "; ") - (closed ? 2 : 1)));
}

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text.append(text.empty() ? "" : ", ").append(part);
    return text;
}

}  // namespace

std::vector<std::string> short_outcomes(const std::vector<std::string>& values) {
    std::vector<std::vector<std::string>> variables;
    std::map<std::string, std::size_t> holders;
    for (const std::string& value : values) {
        const bool none = value.empty() || value.front() == '"';
        variables.push_back(none ? std::vector<std::string>() : plain_variables(value.substr(0, end_of_part(value, 0, "; "))));
        for (const std::string& variable : variables.back()) ++holders[variable];
    }
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::vector<std::string> telling = variables[i];
        std::erase_if(telling, [&](const std::string& variable) { return holders[variable] == values.size(); });
        if (telling.empty()) telling = variables[i];
        labels.push_back(telling.empty() ? printed(values[i]) : joined(telling));
    }
    return labels;
}

std::pair<std::string, std::string> split_exit(const std::string& value) {
    constexpr std::string_view kExit = "exit ";
    const std::size_t digits = value.find_last_not_of("0123456789") + 1;
    if (digits == value.size() || !std::string_view(value).substr(0, digits).ends_with(kExit)) return {value, {}};
    std::string rest = value.substr(0, digits - kExit.size());
    if (rest.empty()) return {{}, value.substr(digits)};
    if (!rest.ends_with("; ")) return {value, {}};
    rest.resize(rest.size() - 2);
    return {rest, value.substr(digits)};
}

}  // namespace heddle::layout
