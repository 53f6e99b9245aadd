// Section: one table of a TOML file, read strictly: every key must be asked for, have the right type, and be known. Each error
// names file and line and says what was expected. Included by the readers of this folder's files only (toml++ is a heavy
// header); used while the catalog loads, on one thread. Refers to the parsed document, which must outlive it.
#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/scenario.h"

namespace heddle::catalog {

class Section {
public:
    // name: how messages call this table, "claim 'lost'"; empty for the file itself.
    Section(std::string path, std::string name, const toml::table& table)
        : path_(std::move(path)), name_(std::move(name)), table_(&table) {}

    // The required value of a key; an Error when it is missing or of another type.
    Result<std::string> text(std::string_view key);  // never empty
    Result<std::int64_t> whole(std::string_view key, std::int64_t lowest, std::int64_t highest);
    Result<LocalText> local_text(std::string_view key);  // { en = "…", ko = "…" }
    Result<std::vector<std::string>> texts(std::string_view key);
    Result<std::vector<int>> wholes(std::string_view key, int lowest, int highest);
    Result<Section> table(std::string_view key, std::string name);
    Result<std::vector<Section>> tables(std::string_view key);  // [[key]]; named "key 1", "key 2", … until rename()
    // The same for a table whose keys are free: name and whole number, with the line of each.
    struct NamedNumber {
        std::string name;
        std::int64_t number = 0;
        int line = 0;
    };
    Result<std::vector<NamedNumber>> numbers(std::string_view key);

    bool has(std::string_view key);  // counts as asked for
    Result<bool> boolean(std::string_view key);
    Result<double> number(std::string_view key, double lowest, double highest);

    void rename(std::string name) { name_ = std::move(name); }
    // Fails when the table holds a key that nobody asked for.
    Result<> finish() const;

    int line() const { return line_of(*table_); }
    int line(std::string_view key) const;  // the key's own line, the table's when it is missing
    tl::unexpected<Error> error_at(int line, const std::string& message) const;

private:
    static int line_of(const toml::node& node) { return std::max(1, static_cast<int>(node.source().begin.line)); }
    Result<const toml::node*> required(std::string_view key, std::string_view expected);
    tl::unexpected<Error> wrong_type(std::string_view key, const toml::node& node, std::string_view expected) const;

    std::string path_, name_;
    const toml::table* table_;
    std::vector<std::string> asked_;
};

// Parses a whole file; a syntax error becomes an Error with its line.
Result<toml::table> parse_toml(std::string_view text, const std::string& path);

}  // namespace heddle::catalog
