#include "core/session/facts_of_run.h"

namespace heddle::session {

std::optional<double> FactsOfRun::number(std::string_view name) const {
    // What the recorder counted includes what the log cannot hold, lost records for one.
    const struct {
        std::string_view name;
        double value;
    } known[] = {
        {"findings", static_cast<double>(findings_)},
        {"dropped", static_cast<double>(state_.dropped)},
        {"switches.captured", static_cast<double>(state_.switches.captured)},
        {"switches.kernel", static_cast<double>(state_.switches.kernel)},
        {"switches.preempted", static_cast<double>(state_.switches.preempted)},
        {"switches.voluntary", static_cast<double>(state_.switches.voluntary)},
        {"switches.migrations", static_cast<double>(state_.switches.migrations)},
        {"exit.code", static_cast<double>(state_.exit.code)},
        {"exit.signal", static_cast<double>(state_.exit.signal)},
    };
    for (const auto& entry : known) {
        if (entry.name == name) return entry.value;
    }
    return facts_.number(name);
}

}  // namespace heddle::session
