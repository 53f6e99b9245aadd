// Facts: what a finished run can be asked by a claim or a predict question. An interface, so that the catalog's expressions are
// tested on literal facts and evaluated on real runs alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::catalog {

// Every function answers nullopt for a thing that the run does not have; the expression then fails with that name.
class Facts {
public:
    virtual ~Facts() = default;
    virtual std::optional<std::int64_t> parameter(std::string_view name) const = 0;
    // "exit.code", "exit.signal" (0 none), "threads", "processes", "events", "dropped", "switches.captured", "switches.kernel",
    // "switches.preempted", "switches.voluntary", "switches.migrations", "findings", "pages.shared", "pages.copied", …
    virtual std::optional<double> number(std::string_view name) const = 0;
    virtual std::string output() const = 0;  // all of stdout that was kept
    // Last value of a variable ("counter", "account.balance"), in the process with this number (1: the first).
    virtual std::optional<double> value(std::string_view variable, int process) const = 0;
    virtual std::optional<std::uint64_t> address(std::string_view variable, int process) const = 0;
    // "text", "rodata", "data", "bss", "heap", "mmap", "stack", "kernel": where a variable, or what a pointer variable points to, lies.
    virtual std::optional<std::string> region(std::string_view variable) const = 0;
    virtual std::optional<std::string> region_of_pointee(std::string_view variable) const = 0;
    // How often threads went from one state to another: names "new", "ready", "running", "waiting", "terminated".
    virtual std::optional<std::int64_t> transitions(std::string_view from, std::string_view to) const = 0;
    // The same for one cause: "time-out", "io", "sleep", "lock", "join", "child", …
    virtual std::optional<std::int64_t> transitions_by_cause(std::string_view cause) const = 0;
    // CPU time of thread `number` as a part of all the run's threads' CPU time, 0…1.
    virtual std::optional<double> cpu_share(int thread) const = 0;
    // The signal that ended process `number`, 0 when it exited.
    virtual std::optional<std::int64_t> process_signal(int process) const = 0;
    virtual std::optional<std::int64_t> process_exit_code(int process) const = 0;
    // State of the page that holds the variable at the end, in that process: "shared", "private"; and whether it was ever shared.
    virtual std::optional<bool> page_was_shared(std::string_view variable, int process) const = 0;
    virtual std::optional<bool> page_is_private(std::string_view variable, int process) const = 0;
    // Deepest chain of live frames of one function on one stack.
    virtual std::optional<std::int64_t> deepest_recursion(std::string_view function) const = 0;
};

}  // namespace heddle::catalog
