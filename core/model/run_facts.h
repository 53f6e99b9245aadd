// RunFacts: what a finished run can be asked: counts, values of variables, regions, transitions. Computed from an Observatory
// that holds the whole log, on its thread; may move the Observatory's cursor. Answers nullopt for what the run does not have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/model/observatory.h"
#include "core/symbols/render.h"

namespace heddle::model {

class RunFacts {
public:
    // observatory must outlive this and not change meanwhile.
    explicit RunFacts(Observatory& observatory) : observatory_(observatory) {}

    std::optional<std::int64_t> parameter(std::string_view name) const;
    // "exit.code", "exit.signal", "threads", "processes", "events", "dropped", "switches.captured", "switches.preempted",
    // "switches.voluntary", "switches.migrations", "pages.shared", "pages.copied".
    std::optional<double> number(std::string_view name) const;
    std::string output() const;  // all of stdout in the log
    // A variable: a global ("counter", "bank::total"), else a local of a user function ("sum", of the last call of that
    // function, at its end), with members and elements ("account.balance", "cells[2]"). process: 1 is the first.
    std::optional<double> value(std::string_view variable, int process) const;
    std::optional<std::uint64_t> address(std::string_view variable, int process) const;
    // "text", "rodata", "data", "bss", "heap", "mmap", "stack", "kernel"; of the first process.
    std::optional<std::string> region(std::string_view variable) const;
    std::optional<std::string> region_of_pointee(std::string_view variable) const;
    std::optional<std::int64_t> transitions(std::string_view from, std::string_view to) const;
    std::optional<std::int64_t> transitions_by_cause(std::string_view cause) const;  // "time-out", "io", "wake-up", …
    std::optional<double> cpu_share(int thread) const;
    std::optional<std::int64_t> process_signal(int process) const;
    std::optional<std::int64_t> process_exit_code(int process) const;
    std::optional<bool> page_was_shared(std::string_view variable, int process) const;
    std::optional<bool> page_is_private(std::string_view variable, int process) const;
    std::optional<std::int64_t> deepest_recursion(std::string_view function) const;

private:
    struct Found {  // a variable at the instant that tells most about it
        World world;
        Number process = kNobody;
        const Program* program = nullptr;
        symbols::TypeId type;
        std::uint64_t address = 0;
        std::optional<std::int64_t> constant;
    };
    std::optional<Found> find(std::string_view variable, int process) const;
    std::optional<Found> find_local(std::string_view name, Number process, const Program& program) const;
    std::optional<symbols::Value> render(const Found& found) const;
    static std::optional<std::string> region_at(const Found& found, std::uint64_t address);
    const TrackedPage* page(std::string_view variable, int process) const;
    bool has_process(int process) const;

    Observatory& observatory_;
};

}  // namespace heddle::model
