#include "core/catalog/expression.h"

#include <algorithm>

#include "core/catalog/expression_text.h"
#include "core/catalog/fact_functions.h"
#include "core/catalog/sandbox.h"
#include "core/catalog/suggest.h"

namespace heddle::catalog {

namespace {

bool in(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

const std::vector<std::string>& function_names() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> all = {"contains", "abs", "floor", "min", "max"};
        for (const auto& info : kFactFunctions) all.emplace_back(info.name);
        return all;
    }();
    return names;
}

const std::vector<std::string>& operators() {
    static const std::vector<std::string> words = {"and", "or", "not", "true", "false"};
    return words;
}

Result<> check_word(const Word& word, const std::vector<std::string>& parameters) {
    if (word.method) return fail("methods (':" + word.text + "') cannot be used here");
    if (!word.owner.empty()) {
        const auto members = member_names(word.owner);
        if (members.empty()) return fail("'" + word.owner + "' has no members");
        if (in(members, word.text)) return {};
        return fail("'" + word.owner + "' has no '" + word.text + "'; it has " + joined(members));
    }
    if (in(operators(), word.text) || in(parameters, word.text) || in(plain_names(), word.text)) return {};
    if (in(function_names(), word.text) || !member_names(word.text).empty()) return {};
    std::vector<std::string> known = parameters;
    known.insert(known.end(), plain_names().begin(), plain_names().end());
    known.insert(known.end(), function_names().begin(), function_names().end());
    return fail("'" + word.text + "' means nothing here" + did_you_mean(word.text, known));
}

// A variable is called by its name, and where the expression says of which process, by that, too: value("n", 2) is P2 n.
std::string name_of_operand(const std::string& operand) {
    constexpr std::string_view kBegin = "value(\"";
    const std::size_t end = operand.find('"', kBegin.size());
    if (!operand.starts_with(kBegin) || end == std::string::npos || !operand.ends_with(')')) return operand;
    const std::string name = operand.substr(kBegin.size(), end - kBegin.size());
    std::string rest = operand.substr(end + 1, operand.size() - end - 2);
    if (rest.empty()) return name;
    const std::size_t number = rest.find_first_not_of(", ");
    if (number == std::string::npos || rest.find_first_not_of("0123456789", number) != std::string::npos) return operand;
    return "P" + rest.substr(number) + " " + name;
}

}  // namespace

bool is_reserved_name(std::string_view name) {
    return name == "output" || name == "nil" || in(operators(), name) || in(function_names(), name) ||
           !member_names(name).empty();
}

Result<> check_expression(std::string_view expression, const std::vector<std::string>& parameters) {
    if (auto parsed = Sandbox::parse(expression); !parsed) return parsed;
    for (const Word& word : words_of(expression)) {
        if (auto known = check_word(word, parameters); !known) return known;
    }
    return {};
}

Result<Verdict> evaluate(std::string_view expression, const Facts& facts) {
    Sandbox sandbox(facts);
    const FactValue value = TRY(sandbox.evaluate(expression));
    const bool* ok = std::get_if<bool>(&value);
    if (ok == nullptr)
        return fail("the expression must be true or false, but it is " + to_text(value), std::string(expression));
    Verdict verdict{*ok, {}};
    for (const std::string& operand : operands_of(expression)) {
        const auto operand_value = sandbox.evaluate(operand);
        if (!operand_value) continue;  // right of an 'and' or 'or' that already decided
        if (!verdict.detail.empty()) verdict.detail += ", ";
        verdict.detail += name_of_operand(operand) + " = " + to_text(*operand_value);
    }
    return verdict;
}

}  // namespace heddle::catalog
