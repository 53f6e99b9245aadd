// The names that expressions may use, and what each asks of the Facts. Knows nothing of Lua: arguments and answers are plain
// values. Pure; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/catalog/facts.h"

namespace heddle::catalog {

using FactValue = std::variant<bool, std::int64_t, double, std::string>;

enum class FactFunction : std::uint8_t {
    kValue,
    kAddress,
    kRegion,
    kPointee,
    kNumber,
    kTransitions,
    kCaused,
    kCpuShare,
    kDeepestRecursion,
    kProcessSignal,
    kProcessExitCode,
    kPageWasShared,
    kPageIsPrivate,
    kPrinted,
};

// signature: 's' a text, 'i' a whole number, 'p' the number of a process, 1 when left out.
struct FactFunctionInfo {
    FactFunction function;
    const char* name;
    const char* signature;
};

inline constexpr std::array<FactFunctionInfo, 14> kFactFunctions = {{
    {FactFunction::kValue, "value", "sp"},
    {FactFunction::kAddress, "address", "sp"},
    {FactFunction::kRegion, "region", "s"},
    {FactFunction::kPointee, "pointee", "s"},
    {FactFunction::kNumber, "number", "s"},
    {FactFunction::kTransitions, "transitions", "ss"},
    {FactFunction::kCaused, "caused", "s"},
    {FactFunction::kCpuShare, "cpu_share", "i"},
    {FactFunction::kDeepestRecursion, "deepest_recursion", "s"},
    {FactFunction::kProcessSignal, "process_signal", "i"},
    {FactFunction::kProcessExitCode, "process_exit_code", "i"},
    {FactFunction::kPageWasShared, "page_was_shared", "sp"},
    {FactFunction::kPageIsPrivate, "page_is_private", "sp"},
    {FactFunction::kPrinted, "printed", "s"},
}};

struct FactArguments {
    std::string_view first, second;
    int number = 1;  // the 'i' or 'p' argument
};

// nullopt: the run does not have it.
std::optional<FactValue> ask(FactFunction function, const FactArguments& arguments, const Facts& facts);
std::optional<FactValue> ask_name(std::string_view name, const Facts& facts);  // "threads", "switches.preempted", "output"

// Plain names beside the parameters, and names behind a dot.
const std::vector<std::string>& plain_names();
std::vector<std::string> member_names(std::string_view owner);  // empty: not an owner

// The number behind the last place where `output` holds `text`: whole, with a fraction, or hexadecimal with 0x.
std::optional<FactValue> printed_number(std::string_view output, std::string_view text);

FactValue as_fact(double number);             // whole numbers as such
std::string to_text(const FactValue& value);  // texts in quotes

}  // namespace heddle::catalog
