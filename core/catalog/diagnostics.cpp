#include <array>
#include <charconv>
#include <optional>

#include "core/catalog/program_builder.h"

namespace heddle::catalog {

namespace {

constexpr std::array<std::string_view, 4> kSeverities = {"fatal error", "error", "warning", "note"};

// Takes ":<number>" off the end of text.
std::optional<int> take_number(std::string_view& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    text = text.substr(0, colon);
    return number;
}

std::optional<Diagnostic> parse_line(std::string_view line) {
    for (const std::string_view severity : kSeverities) {
        const std::string mark = ": " + std::string(severity) + ": ";
        const std::size_t found = line.find(mark);
        if (found == std::string_view::npos) continue;
        Diagnostic diagnostic;
        diagnostic.severity = severity;
        diagnostic.message = line.substr(found + mark.size());
        std::string_view place = line.substr(0, found);
        const auto last = take_number(place);
        const auto first = last ? take_number(place) : std::nullopt;
        diagnostic.line = first ? *first : last.value_or(0);
        diagnostic.column = first ? *last : 0;
        diagnostic.file = place;
        return diagnostic;
    }
    return std::nullopt;
}

}  // namespace

std::vector<Diagnostic> parse_diagnostics(std::string_view compiler_output) {
    std::vector<Diagnostic> found;
    while (!compiler_output.empty()) {
        const std::size_t end = compiler_output.find('\n');
        if (auto diagnostic = parse_line(compiler_output.substr(0, end))) found.push_back(std::move(*diagnostic));
        compiler_output = end == std::string_view::npos ? std::string_view() : compiler_output.substr(end + 1);
    }
    return found;
}

}  // namespace heddle::catalog
