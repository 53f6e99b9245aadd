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

// "/usr/bin/ld: 0.o:/heddle/program/a.cpp:4" or a part of it: file and line.
Diagnostic linker_place(std::string_view place) {
    for (const std::string_view before : {"ld: ", ".o:"}) {
        const std::size_t found = place.rfind(before);
        if (found != std::string_view::npos) place = place.substr(found + before.size());
    }
    Diagnostic diagnostic;
    diagnostic.severity = "error";
    const auto line = take_number(place);
    if (line) diagnostic.file = place, diagnostic.line = *line;
    return diagnostic;
}

std::optional<Diagnostic> parse_linker_line(std::string_view line) {
    for (const std::string_view what : {"undefined reference to ", "multiple definition of "}) {
        const std::size_t found = line.find(what);
        if (found == std::string_view::npos) continue;
        std::string_view place = line.substr(0, found);
        for (const std::string_view end : {": ", ": warning", ": error"})
            if (place.ends_with(end)) place.remove_suffix(end.size());
        if (place.ends_with(": warning")) place.remove_suffix(9);
        Diagnostic diagnostic = linker_place(place);
        diagnostic.message = line.substr(found, line.find("; ", found) - found);
        return diagnostic;
    }
    const std::size_t missing = line.find("cannot find -l");
    if (missing == std::string_view::npos) return std::nullopt;
    return Diagnostic{{}, 0, 0, "error", std::string(line.substr(missing))};
}

}  // namespace

std::vector<Diagnostic> parse_link_diagnostics(std::string_view linker_output) {
    std::vector<Diagnostic> found;
    while (!linker_output.empty()) {
        const std::size_t end = linker_output.find('\n');
        const auto diagnostic = parse_linker_line(linker_output.substr(0, end));
        const bool hook = diagnostic && diagnostic->message.find("`__tsan_") != std::string::npos;
        if (diagnostic && !hook) found.push_back(*diagnostic);
        linker_output = end == std::string_view::npos ? std::string_view() : linker_output.substr(end + 1);
    }
    return found;
}

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
