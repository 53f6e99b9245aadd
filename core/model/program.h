// Program: the symbols of one executable as it runs in a process, with every answer kept: a pc is looked up once. Made by
// Programs when it is known where a process has it in memory. Used by the thread that owns the Observatory; reads no files but
// through the given loader.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/world.h"
#include "core/symbols/image.h"

namespace heddle::model {

// Where a pc is, in terms of the source.
struct Place {
    const symbols::SourceFile* file = nullptr;
    int line = 0;
    const symbols::Function* function = nullptr;
    bool user = false;  // a line of the learner's own source
};

class Program {
public:
    using IsUserSource = std::function<bool(std::string_view path)>;
    Program(std::string path, std::shared_ptr<const symbols::Image> image, std::uint64_t bias, IsUserSource is_user);

    const std::string& path() const { return path_; }
    const symbols::Image& image() const { return *image_; }
    std::uint64_t bias() const { return bias_; }
    // pc: a run-time return address, as hooks and frames give them.
    const Place& place(std::uint64_t pc) const;
    // The nearest line of user code: the pc's own, else of the innermost frame that has one. nullptr: none.
    const Place* user_place(std::uint64_t pc, const CallStack& stack) const;
    // What a heap block with these call sites (run-time, innermost first, 0: none) is; null when no user code asked for it.
    const symbols::AllocationSite* allocation_site(std::span<const std::uint64_t> sites) const;

private:
    std::string path_;
    std::shared_ptr<const symbols::Image> image_;
    std::uint64_t bias_;
    IsUserSource is_user_;
    mutable std::unordered_map<std::uint64_t, Place> places_;
    mutable std::map<std::vector<std::uint64_t>, std::optional<symbols::AllocationSite>> allocation_sites_;
};

class Programs {
public:
    using Loader = std::function<std::shared_ptr<const symbols::Image>(const std::string& path)>;  // null: no symbols
    // path: of the executable that the run began with.
    Programs(Loader loader, Program::IsUserSource is_user, std::string path = {})
        : loader_(std::move(loader)), is_user_(std::move(is_user)), path_(std::move(path)) {}

    void learn(const ProcessWorld& process);  // from its mappings, once per program
    // The run's first program has its entry point at this address, as itself says; nothing is learned if that cannot be.
    void learn_first(ProgramId id, std::uint64_t entry);
    const Program* find(ProgramId id) const;  // null: not known (yet), or without symbols

private:
    const std::shared_ptr<const symbols::Image>& image_at(const std::string& path);

    Loader loader_;
    Program::IsUserSource is_user_;
    std::string path_;
    std::map<ProgramId, std::shared_ptr<const Program>> programs_;  // null: no symbols
    std::map<std::string, std::shared_ptr<const symbols::Image>> images_;
};

}  // namespace heddle::model
