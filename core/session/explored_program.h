// The explored program as its debug information tells it: names, lines and values for the steps of an execution, and the facts
// of an execution's end for the expressions of a lesson. Reads the memory that the latest execution left. One exploration's
// own.
#pragma once

#include <memory>

#include "core/catalog/facts.h"
#include "core/session/exploration.h"
#include "core/session/explore_lab.h"
#include "core/session/shared_names.h"
#include "core/symbols/image.h"
#include "core/symbols/memory_reader.h"

namespace heddle::session {

class ExploredProgram final : public symbols::MemoryReader {
public:
    static Result<ExploredProgram> load(const std::filesystem::path& program, const ExploreLab& lab);

    bool read(std::uint64_t address, void* out, std::size_t bytes) override;
    // "counter = 2, ready = true", the user's own variables that are values; then what was printed.
    std::string end_in_words(const explore::Execution& execution);
    StepText words(const trace::Step& step) const;
    StepText words(int thread, const trace::Operation& operation, const trace::Callers& callers = {}) const;
    std::string object_name(std::uint64_t object) const;
    // At the end of an execution: learns the names of the memory that its processes share.
    void look_at_shared_memory();
    // " at main.cpp:7" for an address of the program's file; empty: it is not known.
    std::string place_in_words(std::uint64_t file_address) const;
    std::optional<double> value(std::string_view variable);
    std::optional<std::uint64_t> address(std::string_view variable) const;

private:
    ExploredProgram(std::shared_ptr<const symbols::Image> image, const ExploreLab& lab)
        : image_(std::move(image)), lab_(&lab) {}

    void place(const trace::Operation& operation, const trace::Callers& callers, StepText& text) const;

    std::shared_ptr<const symbols::Image> image_;
    const ExploreLab* lab_;
    SharedNames shared_;
    std::uint64_t bias_ = 0;
};

// A bug in terms of the program's source.
model::FoundBug in_words(const explore::Bug& bug, ExploredProgram& program);

// What an expression may ask of the end of one execution; the rest is not known and fails by its name.
class EndFacts final : public catalog::Facts {
public:
    EndFacts(ExploredProgram& program, const explore::Execution& execution,
             const std::map<std::string, std::int64_t>& parameters)
        : program_(program), execution_(execution), parameters_(parameters) {}

    std::optional<std::int64_t> parameter(std::string_view name) const override;
    std::optional<double> number(std::string_view name) const override;
    std::string output() const override { return std::string(execution_.output); }
    std::optional<double> value(std::string_view variable, int process) const override;
    std::optional<std::uint64_t> address(std::string_view variable, int process) const override;
    std::optional<std::string> region(std::string_view) const override { return std::nullopt; }
    std::optional<std::string> region_of_pointee(std::string_view) const override { return std::nullopt; }
    std::optional<std::int64_t> transitions(std::string_view, std::string_view) const override { return std::nullopt; }
    std::optional<std::int64_t> transitions_by_cause(std::string_view) const override { return std::nullopt; }
    std::optional<double> cpu_share(int) const override { return std::nullopt; }
    std::optional<std::int64_t> process_signal(int) const override { return std::nullopt; }
    std::optional<std::int64_t> process_exit_code(int) const override { return std::nullopt; }
    std::optional<bool> page_was_shared(std::string_view, int) const override { return std::nullopt; }
    std::optional<bool> page_is_private(std::string_view, int) const override { return std::nullopt; }
    std::optional<std::int64_t> deepest_recursion(std::string_view) const override { return std::nullopt; }

private:
    ExploredProgram& program_;
    const explore::Execution& execution_;
    const std::map<std::string, std::int64_t>& parameters_;
};

}  // namespace heddle::session
