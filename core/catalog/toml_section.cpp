#include "core/catalog/toml_section.h"

#include <algorithm>

#include "core/catalog/suggest.h"

namespace heddle::catalog {

namespace {

std::string_view kind_of(const toml::node& node) {
    if (node.is_string()) return "a text";
    if (node.is_integer()) return "a whole number";
    if (node.is_floating_point()) return "a number with a fraction";
    if (node.is_boolean()) return "true or false";
    if (node.is_table()) return "a table";
    if (node.is_array()) return "an array";
    return "a date or time";
}

std::string quoted(std::string_view key) {
    return "'" + std::string(key) + "'";
}

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& path) {
    // toml++ throws; the exception ends here.
    try {
        return toml::parse(text, path);
    } catch (const toml::parse_error& error) {
        return fail(std::string(error.description()), path + ":" + std::to_string(std::max(1U, error.source().begin.line)));
    }
}

tl::unexpected<Error> Section::error_at(int line, const std::string& message) const {
    return fail(name_.empty() ? message : name_ + ": " + message, path_ + ":" + std::to_string(line));
}

tl::unexpected<Error> Section::wrong_type(std::string_view key, const toml::node& node, std::string_view expected) const {
    return error_at(line_of(node), quoted(key) + " must be " + std::string(expected) + ", not " + std::string(kind_of(node)));
}

int Section::line(std::string_view key) const {
    const toml::node* node = table_->get(key);
    return node != nullptr ? line_of(*node) : line();
}

bool Section::has(std::string_view key) {
    asked_.emplace_back(key);
    return table_->get(key) != nullptr;
}

Result<const toml::node*> Section::required(std::string_view key, std::string_view expected) {
    if (!has(key)) return error_at(line(), quoted(key) + " is missing; expected " + std::string(expected));
    return table_->get(key);
}

Result<std::string> Section::text(std::string_view key) {
    const toml::node* node = TRY(required(key, "a text"));
    const auto* value = node->as_string();
    if (value == nullptr) return wrong_type(key, *node, "a text");
    if (value->get().empty()) return error_at(line_of(*node), quoted(key) + " must not be empty");
    return value->get();
}

Result<std::int64_t> Section::whole(std::string_view key, std::int64_t lowest, std::int64_t highest) {
    const toml::node* node = TRY(required(key, "a whole number"));
    const auto* value = node->as_integer();
    if (value == nullptr) return wrong_type(key, *node, "a whole number");
    if (value->get() < lowest || value->get() > highest) {
        return error_at(line_of(*node), quoted(key) + " is " + std::to_string(value->get()) + "; allowed are " +
                                            std::to_string(lowest) + " to " + std::to_string(highest));
    }
    return value->get();
}

Result<double> Section::number(std::string_view key, double lowest, double highest) {
    const toml::node* node = TRY(required(key, "a number"));
    const auto value = node->value<double>();
    if (!node->is_number() || !value) return wrong_type(key, *node, "a number");
    if (!(*value >= lowest && *value <= highest)) {
        return error_at(line_of(*node),
                        quoted(key) + " must lie between " + std::to_string(lowest) + " and " + std::to_string(highest));
    }
    return *value;
}

Result<bool> Section::boolean(std::string_view key) {
    const toml::node* node = TRY(required(key, "true or false"));
    const auto* value = node->as_boolean();
    if (value == nullptr) return wrong_type(key, *node, "true or false");
    return value->get();
}

Result<Section> Section::table(std::string_view key, std::string name) {
    const toml::node* node = TRY(required(key, "a table"));
    if (!node->is_table()) return wrong_type(key, *node, "a table");
    return Section(path_, std::move(name), *node->as_table());
}

Result<LocalText> Section::local_text(std::string_view key) {
    const toml::node* node = TRY(required(key, "{ en = \"…\", ko = \"…\" }"));
    if (!node->is_table()) return wrong_type(key, *node, "{ en = \"…\", ko = \"…\" }");
    Section both(path_, name_.empty() ? std::string(key) : name_ + ", " + std::string(key), *node->as_table());
    LocalText result;
    result.en = TRY(both.text("en"));
    result.ko = TRY(both.text("ko"));
    TRY(both.finish());
    return result;
}

Result<std::vector<std::string>> Section::texts(std::string_view key) {
    const toml::node* node = TRY(required(key, "an array of texts"));
    if (!node->is_array()) return wrong_type(key, *node, "an array of texts");
    std::vector<std::string> result;
    for (const toml::node& element : *node->as_array()) {
        if (!element.is_string()) return wrong_type(key, element, "an array of texts");
        result.push_back(element.as_string()->get());
    }
    return result;
}

Result<std::vector<int>> Section::wholes(std::string_view key, int lowest, int highest) {
    const toml::node* node = TRY(required(key, "an array of whole numbers"));
    if (!node->is_array()) return wrong_type(key, *node, "an array of whole numbers");
    std::vector<int> result;
    for (const toml::node& element : *node->as_array()) {
        if (!element.is_integer()) return wrong_type(key, element, "an array of whole numbers");
        const std::int64_t value = element.as_integer()->get();
        if (value < lowest || value > highest) {
            return error_at(line_of(element), quoted(key) + " holds " + std::to_string(value) + "; allowed are " +
                                                  std::to_string(lowest) + " to " + std::to_string(highest));
        }
        result.push_back(static_cast<int>(value));
    }
    return result;
}

Result<std::vector<Section>> Section::tables(std::string_view key) {
    const std::string expected = "one or more tables, each headed [[" + std::string(key) + "]]";
    const toml::node* node = TRY(required(key, expected));
    if (!node->is_array_of_tables()) return wrong_type(key, *node, expected);
    std::vector<Section> result;
    for (const toml::node& element : *node->as_array()) {
        result.emplace_back(path_, std::string(key) + " " + std::to_string(result.size() + 1), *element.as_table());
    }
    return result;
}

Result<std::vector<Section::NamedNumber>> Section::numbers(std::string_view key) {
    const toml::node* node = TRY(required(key, "a table of whole numbers"));
    if (!node->is_table()) return wrong_type(key, *node, "a table of whole numbers");
    std::vector<NamedNumber> result;
    for (const auto& [name, value] : *node->as_table()) {
        if (!value.is_integer()) return wrong_type(name.str(), value, "a whole number");
        result.push_back({std::string(name.str()), value.as_integer()->get(), line_of(value)});
    }
    return result;
}

Result<> Section::finish() const {
    for (const auto& [key, value] : *table_) {
        if (std::find(asked_.begin(), asked_.end(), key.str()) != asked_.end()) continue;
        const int line = std::max(1, static_cast<int>(key.source().begin.line));
        return error_at(
            line, "unknown key " + quoted(key.str()) + did_you_mean(key.str(), asked_) + "; known here are " + joined(asked_));
    }
    return {};
}

}  // namespace heddle::catalog
