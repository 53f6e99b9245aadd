// FactsOfRun: a finished run as the catalog's expressions ask for it: the model's facts, and what only the session knows. Used
// on the session's thread, while the run is not changed.
#pragma once

#include "core/catalog/facts.h"
#include "core/model/run_facts.h"
#include "core/session/run_state.h"

namespace heddle::session {

class FactsOfRun final : public catalog::Facts {
public:
    // observatory holds the whole log; both outlive this.
    FactsOfRun(model::Observatory& observatory, const RunState& state, std::size_t findings)
        : facts_(observatory), state_(state), findings_(findings) {}

    std::optional<std::int64_t> parameter(std::string_view name) const override { return facts_.parameter(name); }
    std::optional<double> number(std::string_view name) const override;
    std::string output() const override { return facts_.output(); }
    std::optional<double> value(std::string_view variable, int process) const override {
        return facts_.value(variable, process);
    }
    std::optional<std::uint64_t> address(std::string_view variable, int process) const override {
        return facts_.address(variable, process);
    }
    std::optional<std::string> region(std::string_view variable) const override { return facts_.region(variable); }
    std::optional<std::string> region_of_pointee(std::string_view variable) const override {
        return facts_.region_of_pointee(variable);
    }
    std::optional<std::int64_t> transitions(std::string_view from, std::string_view to) const override {
        return facts_.transitions(from, to);
    }
    std::optional<std::int64_t> transitions_by_cause(std::string_view cause) const override {
        return facts_.transitions_by_cause(cause);
    }
    std::optional<double> cpu_share(int thread) const override { return facts_.cpu_share(thread); }
    std::optional<std::int64_t> process_signal(int process) const override { return facts_.process_signal(process); }
    std::optional<std::int64_t> process_exit_code(int process) const override { return facts_.process_exit_code(process); }
    std::optional<bool> page_was_shared(std::string_view variable, int process) const override {
        return facts_.page_was_shared(variable, process);
    }
    std::optional<bool> page_is_private(std::string_view variable, int process) const override {
        return facts_.page_is_private(variable, process);
    }
    std::optional<std::int64_t> deepest_recursion(std::string_view function) const override {
        return facts_.deepest_recursion(function);
    }

private:
    model::RunFacts facts_;
    const RunState& state_;
    std::size_t findings_;
};

}  // namespace heddle::session
