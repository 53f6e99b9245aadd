#include "core/catalog/fact_functions.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace heddle::catalog {

namespace {

constexpr double kLargestExact = 9007199254740992.0;  // 2^53

template <class T>
std::optional<FactValue> fact(std::optional<T> value) {
    return value ? std::optional<FactValue>(std::move(*value)) : std::nullopt;
}
std::optional<FactValue> real(std::optional<double> number) {
    return number ? std::optional<FactValue>(as_fact(*number)) : std::nullopt;
}

}  // namespace

FactValue as_fact(double number) {
    if (std::trunc(number) == number && std::fabs(number) <= kLargestExact) return static_cast<std::int64_t>(number);
    return number;
}

std::optional<FactValue> ask(FactFunction function, const FactArguments& arguments, const Facts& facts) {
    const auto& [first, second, number] = arguments;
    switch (function) {
        case FactFunction::kValue:
            return real(facts.value(first, number));
        case FactFunction::kAddress: {
            const auto address = facts.address(first, number);
            return address ? std::optional<FactValue>(static_cast<std::int64_t>(*address)) : std::nullopt;
        }
        case FactFunction::kRegion:
            return fact(facts.region(first));
        case FactFunction::kPointee:
            return fact(facts.region_of_pointee(first));
        case FactFunction::kNumber:
            return real(facts.number(first));
        case FactFunction::kTransitions:
            return fact(facts.transitions(first, second));
        case FactFunction::kCaused:
            return fact(facts.transitions_by_cause(first));
        case FactFunction::kCpuShare:
            return real(facts.cpu_share(number));
        case FactFunction::kDeepestRecursion:
            return fact(facts.deepest_recursion(first));
        case FactFunction::kProcessSignal:
            return fact(facts.process_signal(number));
        case FactFunction::kProcessExitCode:
            return fact(facts.process_exit_code(number));
        case FactFunction::kPageWasShared:
            return fact(facts.page_was_shared(first, number));
        case FactFunction::kPageIsPrivate:
            return fact(facts.page_is_private(first, number));
        case FactFunction::kPrinted:
            return printed_number(facts.output(), first);
    }
    return std::nullopt;
}

std::optional<FactValue> ask_name(std::string_view name, const Facts& facts) {
    if (const auto parameter = facts.parameter(name)) return FactValue(*parameter);
    if (name == "output") return FactValue(facts.output());
    return real(facts.number(name));
}

const std::vector<std::string>& plain_names() {
    static const std::vector<std::string> names = {"threads", "processes", "events", "dropped", "findings", "output"};
    return names;
}

std::vector<std::string> member_names(std::string_view owner) {
    if (owner == "exit") return {"code", "signal"};
    if (owner == "switches") return {"captured", "kernel", "preempted", "voluntary", "migrations"};
    if (owner == "pages") return {"shared", "copied"};
    return {};
}

std::optional<FactValue> printed_number(std::string_view output, std::string_view text) {
    const std::size_t found = output.rfind(text);
    if (found == std::string_view::npos) return std::nullopt;
    std::string_view rest = output.substr(found + text.size());
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
    const char* end = rest.data() + rest.size();
    if (rest.substr(0, 2) == "0x") {
        std::int64_t value = 0;
        if (std::from_chars(rest.data() + 2, end, value, 16).ec != std::errc()) return std::nullopt;
        return FactValue(value);
    }
    if (rest.empty() || !(rest.front() == '-' || (rest.front() >= '0' && rest.front() <= '9'))) return std::nullopt;
    double value = 0;
    if (std::from_chars(rest.data(), end, value).ec != std::errc()) return std::nullopt;
    return as_fact(value);
}

std::string to_text(const FactValue& value) {
    if (const auto* truth = std::get_if<bool>(&value)) return *truth ? "true" : "false";
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* fraction = std::get_if<double>(&value)) {
        char buffer[32];
        std::snprintf(buffer, sizeof buffer, "%.6g", *fraction);
        return buffer;
    }
    constexpr std::size_t kLongest = 60;
    const std::string& full = std::get<std::string>(value);
    return full.size() > kLongest ? '"' + full.substr(0, kLongest) + "…\"" : '"' + full + '"';
}

}  // namespace heddle::catalog
