#include "core/symbols/names.h"

#include <cxxabi.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>
#include <vector>

namespace heddle::symbols {
namespace {

constexpr int kMaxNameNesting = 48;
constexpr std::size_t kMaxNameBytes = 16384;  // longer names come back as they are

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
    for (const std::string_view prefix : prefixes) {
        if (text.substr(0, prefix.size()) == prefix) return true;
    }
    return false;
}

bool identifier_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

void erase_all(std::string& text, std::string_view what) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at)) text.erase(at, what.size());
}

// Rebuilds a template's text from its base name and arguments, without the defaults nobody writes.
std::string template_text(const std::string& base, std::vector<std::string> arguments) {
    const auto last_is = [&](std::initializer_list<std::string_view> prefixes) {
        return arguments.size() > 1 && starts_with_any(arguments.back(), prefixes);
    };
    while (last_is(
        {"std::allocator<", "std::char_traits<", "std::default_delete<", "std::less<", "std::hash<", "std::equal_to<"})) {
        arguments.pop_back();
    }
    if (base == "std::priority_queue" && last_is({"std::vector<"})) arguments.pop_back();
    if ((base == "std::queue" || base == "std::stack") && last_is({"std::deque<"})) arguments.pop_back();
    if (arguments.size() == 1 && (arguments[0] == "char" || arguments[0] == "wchar_t")) {
        constexpr std::string_view kBasic = "std::basic_";
        if (base.starts_with(kBasic)) return (arguments[0] == "char" ? "std::" : "std::w") + base.substr(kBasic.size());
    }
    std::string text = base + "<";
    for (std::size_t i = 0; i < arguments.size(); ++i) text += (i == 0 ? "" : ", ") + arguments[i];
    return text + ">";
}

std::string without_literal_suffix(std::string argument) {
    if (argument.empty() || std::isdigit(static_cast<unsigned char>(argument[0])) == 0) return argument;
    while (!argument.empty() &&
           (argument.back() == 'u' || argument.back() == 'l' || argument.back() == 'U' || argument.back() == 'L')) {
        argument.pop_back();
    }
    return argument;
}

class Simplifier {
public:
    explicit Simplifier(std::string_view text) : text_(text) {}

    // Up to an unmatched '>' or ',' (inside a template) or the end.
    std::string parse(bool in_template, int nesting) {
        std::string out;
        int parentheses = 0;
        while (at_ < text_.size() && !failed_) {
            const char c = text_[at_];
            if (parentheses == 0 && in_template && (c == '>' || c == ',')) break;
            if (text_.substr(at_).starts_with("operator") && (out.empty() || !identifier_char(out.back()))) {
                copy_operator(out);
            } else if (c == '<') {
                if (nesting >= kMaxNameNesting) failed_ = true;
                if (text_.substr(at_).starts_with("<lambda")) {
                    skip_lambda();
                    out += "lambda";
                } else {
                    parse_template(out, nesting);
                }
            } else {
                if (c == '(') ++parentheses;
                if (c == ')') --parentheses;
                if (parentheses < 0 && in_template) failed_ = true;
                out += c;
                ++at_;
            }
        }
        while (in_template && !out.empty() && out.back() == ' ') out.pop_back();
        return out;
    }

    bool ok() const { return !failed_ && at_ == text_.size(); }

private:
    void copy_operator(std::string& out) {
        out += "operator";
        at_ += 8;
        while (at_ < text_.size() && std::string_view("<>=-!+*/%&|^~,").find(text_[at_]) != std::string_view::npos) {
            out += text_[at_++];
        }
    }

    void skip_lambda() {
        int depth = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_++];
            if (c == '<') ++depth;
            if (c == '>' && text_[at_ - 2] != '-' && --depth == 0) return;
        }
        failed_ = true;
    }

    void parse_template(std::string& out, int nesting) {
        std::size_t base_start = out.size();
        while (base_start > 0 &&
               (identifier_char(out[base_start - 1]) || out[base_start - 1] == ':' || out[base_start - 1] == '>')) {
            if (out[base_start - 1] == '>') break;
            --base_start;
        }
        const std::string base = out.substr(base_start);
        out.resize(base_start);
        ++at_;  // '<'
        std::vector<std::string> arguments;
        while (at_ < text_.size() && !failed_) {
            while (at_ < text_.size() && text_[at_] == ' ') ++at_;
            std::string argument = parse(true, nesting + 1);
            if (!argument.empty()) arguments.push_back(without_literal_suffix(std::move(argument)));
            if (at_ >= text_.size()) break;
            if (text_[at_++] == '>') {
                out += template_text(base, std::move(arguments));
                return;
            }
        }
        failed_ = true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool failed_ = false;
};

// Splits at "::" outside of brackets. Brackets of "operator<" and the like are not counted.
std::vector<std::string> components(std::string_view name) {
    std::vector<std::string> parts(1);
    int depth = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (depth == 0 && name.substr(i).starts_with("operator") && parts.back().empty()) {
            parts.back() += "operator";
            i += 8;
            if (name.substr(i).starts_with("()")) {
                parts.back() += "()";
                i += 2;
            }
            while (i < name.size() && name[i] != '(') parts.back() += name[i++];
            --i;
            continue;
        }
        if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
        if ((c == '>' && (i == 0 || name[i - 1] != '-')) || c == ')' || c == '}' || c == ']') --depth;
        if (depth == 0 && c == ':' && i + 1 < name.size() && name[i + 1] == ':') {
            parts.emplace_back();
            ++i;
        } else {
            parts.back() += c;
        }
    }
    return parts;
}

// "work(int) const" → {"work", "(int)"}.
std::pair<std::string, std::string> split_parameters(const std::string& part) {
    if (part.starts_with("{")) return {part, ""};
    int depth = 0;
    const std::size_t start = part.starts_with("operator()") ? 10 : (part.starts_with("operator") ? part.find('(') : 0);
    if (start == std::string::npos) return {part, ""};
    for (std::size_t i = start; i < part.size(); ++i) {
        const char c = part[i];
        if (c == '(' && depth == 0) {
            const std::size_t close = part.rfind(')');
            return {part.substr(0, i),
                    close == std::string::npos || close < i ? part.substr(i) : part.substr(i, close - i + 1)};
        }
        if (c == '<' || c == '(') ++depth;
        if (c == '>' || c == ')') --depth;
    }
    return {part, ""};
}

// Drops "void " of "void apply<int>(int)": the demangler writes a template's result type.
std::string_view without_result_type(std::string_view name) {
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if (name.substr(i).starts_with("operator") && depth == 0 && (i == 0 || !identifier_char(name[i - 1]))) break;
        if (c == '(' && depth == 0) break;
        if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
        if (c == '>' || c == ')' || c == '}' || c == ']') --depth;
        if (c == ' ' && depth == 0) start = i + 1;
    }
    return name.substr(start);
}

std::string lambda_name(const std::string& part) {
    if (part.starts_with("{lambda")) {
        const std::size_t number = part.rfind('#');
        return number == std::string::npos ? "lambda" : "lambda#" + part.substr(number + 1, part.size() - number - 2);
    }
    if (part.starts_with("$_")) {  // Clang counts from 0
        return "lambda#" + std::to_string(std::strtoul(part.c_str() + 2, nullptr, 10) + 1);
    }
    return {};
}

}  // namespace

std::string simplify_type_name(std::string_view name) {
    if (name.size() > kMaxNameBytes) return std::string(name);
    std::string text(name);
    erase_all(text, "__cxx11::");
    erase_all(text, "(anonymous namespace)::");
    erase_all(text, "[abi:cxx11]");
    Simplifier simplifier(text);
    std::string simple = simplifier.parse(false, 0);
    return simplifier.ok() ? simple : text;
}

std::string base_type_name(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames = {{
        {"long int", "long"},
        {"long unsigned int", "unsigned long"},
        {"long long int", "long long"},
        {"long long unsigned int", "unsigned long long"},
        {"short int", "short"},
        {"short unsigned int", "unsigned short"},
        {"unsigned int", "unsigned int"},
        {"_Bool", "bool"},
        {"decltype(nullptr)", "std::nullptr_t"},
    }};
    for (const auto& [from, to] : kNames) {
        if (name == from) return std::string(to);
    }
    return std::string(name);
}

FunctionName function_name(std::string_view demangled) {
    if (demangled.size() > kMaxNameBytes) return {std::string(demangled), std::string(demangled), false};
    std::string text(demangled);
    if (const std::size_t clone = text.find(" [clone"); clone != std::string::npos) text.resize(clone);
    text = simplify_type_name(text);
    const std::vector<std::string> parts = components(without_result_type(text));
    FunctionName result;
    std::string parameters;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string lambda = lambda_name(parts[i]);
        const auto [name, own_parameters] = split_parameters(parts[i]);
        parameters = own_parameters;
        result.name += (i == 0 ? "" : "::") + (lambda.empty() ? name : lambda);
        if (!lambda.empty() && i + 1 < parts.size() && parts[i + 1].starts_with("operator()")) {
            parameters = split_parameters(parts[i + 1]).second;
            result.is_lambda = i + 2 == parts.size();
            ++i;
        }
    }
    result.full_name = result.name + parameters;
    return result;
}

std::string demangle(const char* linkage_name) {
    if (linkage_name == nullptr) return {};
    const std::string_view name(linkage_name);
    if (!name.starts_with("_Z") || name.size() > kMaxNameBytes) return std::string(name);
    int status = 0;
    char* text = abi::__cxa_demangle(linkage_name, nullptr, nullptr, &status);
    if (text == nullptr) return std::string(name);
    std::string result(text);
    std::free(text);
    return result;
}

bool is_user_path(std::string_view path) {
    if (path.empty() || path.find('<') == 0 || path.find("/<") != std::string_view::npos) return false;
    return !starts_with_any(path, {"/usr/include/", "/usr/lib/", "/usr/lib64/", "/usr/libexec/", "/usr/local/include/",
                                   "/usr/local/lib/", "/usr/src/debug/", "/build/glibc", "/build/gcc", "./", "../"});
}

std::string join_path(std::string_view directory, std::string_view path) {
    std::string joined =
        path.starts_with("/") || directory.empty() ? std::string(path) : std::string(directory) + "/" + std::string(path);
    const bool absolute = joined.starts_with("/");
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= joined.size();) {
        const std::size_t slash = std::min(joined.find('/', at), joined.size());
        const std::string part = joined.substr(at, slash - at);
        at = slash + 1;
        if (part.empty() || part == ".") continue;
        if (part == ".." && !parts.empty() && parts.back() != "..") {
            parts.pop_back();
        } else if (part != ".." || !absolute) {
            parts.push_back(part);
        }
    }
    std::string result;
    for (const std::string& part : parts) result += "/" + part;
    return absolute || result.empty() ? result : result.substr(1);
}

}  // namespace heddle::symbols
