// Facts written down in a test: what is not set is missing from the run.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/catalog/facts.h"

namespace heddle::catalog {

class LiteralFacts : public Facts {
public:
    std::map<std::string, std::int64_t, std::less<>> parameters;
    std::map<std::string, double, std::less<>> numbers;
    std::map<std::pair<std::string, int>, double> values;
    std::map<std::pair<std::string, int>, std::uint64_t> addresses;
    std::map<std::string, std::string, std::less<>> regions, pointees;
    std::map<std::pair<std::string, std::string>, std::int64_t> edges;
    std::map<std::string, std::int64_t, std::less<>> causes, recursions;
    std::map<int, double> shares;
    std::map<int, std::int64_t> signals, exit_codes;
    std::map<std::pair<std::string, int>, bool> shared, exclusive;
    std::string printed;

    std::optional<std::int64_t> parameter(std::string_view name) const override { return at(parameters, std::string(name)); }
    std::optional<double> number(std::string_view name) const override { return at(numbers, std::string(name)); }
    std::string output() const override { return printed; }
    std::optional<double> value(std::string_view v, int p) const override { return at(values, std::pair(std::string(v), p)); }
    std::optional<std::uint64_t> address(std::string_view v, int p) const override {
        return at(addresses, std::pair(std::string(v), p));
    }
    std::optional<std::string> region(std::string_view v) const override { return at(regions, std::string(v)); }
    std::optional<std::string> region_of_pointee(std::string_view v) const override { return at(pointees, std::string(v)); }
    std::optional<std::int64_t> transitions(std::string_view from, std::string_view to) const override {
        return at(edges, std::pair(std::string(from), std::string(to)));
    }
    std::optional<std::int64_t> transitions_by_cause(std::string_view cause) const override {
        return at(causes, std::string(cause));
    }
    std::optional<double> cpu_share(int thread) const override { return at(shares, thread); }
    std::optional<std::int64_t> process_signal(int process) const override { return at(signals, process); }
    std::optional<std::int64_t> process_exit_code(int process) const override { return at(exit_codes, process); }
    std::optional<bool> page_was_shared(std::string_view v, int p) const override {
        return at(shared, std::pair(std::string(v), p));
    }
    std::optional<bool> page_is_private(std::string_view v, int p) const override {
        return at(exclusive, std::pair(std::string(v), p));
    }
    std::optional<std::int64_t> deepest_recursion(std::string_view f) const override { return at(recursions, std::string(f)); }

private:
    template <class Map, class Key>
    static std::optional<typename Map::mapped_type> at(const Map& map, const Key& key) {
        const auto found = map.find(key);
        return found == map.end() ? std::nullopt : std::optional(found->second);
    }
};

}  // namespace heddle::catalog
