#include "core/session/explored_program.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "core/symbols/render.h"

namespace heddle::session {
namespace {

constexpr std::size_t kMostWords = 300;
constexpr symbols::RenderLimits kLimits{4, 32, 64, 2000, true};

// Where the program's file is mapped lowest, and from which offset.
std::optional<std::uint64_t> bias_in(ProcessId pid, const std::string& path, const symbols::Image& image) {
    std::ifstream maps("/proc/" + std::to_string(pid.value) + "/maps");
    for (std::string line; std::getline(maps, line);) {
        if (!line.ends_with(path)) continue;
        std::uint64_t start = 0, end = 0, offset = 0;
        char permissions[8] = {};
        if (std::sscanf(line.c_str(), "%lx-%lx %7s %lx", &start, &end, permissions, &offset) == 4) {
            return image.load_bias(start, offset);
        }
    }
    return std::nullopt;
}

std::string hex(std::uint64_t value) {
    std::ostringstream text;
    text << "0x" << std::hex << value;
    return text.str();
}

// The variable that an expression's text names: "counter", "account.balance", "cells[2]".
std::optional<std::string> text_at(const symbols::Value& value, std::string_view rest) {
    if (rest.empty()) return value.text;
    const std::size_t begin = rest[0] == '.' ? 1 : 0;
    const std::size_t end = std::min(rest.find_first_of(".[", begin + (rest[0] == '[' ? 1 : 0)), rest.size());
    for (const symbols::Child& child : value.children) {
        if (child.name == rest.substr(begin, end - begin)) return text_at(child.value, rest.substr(end));
    }
    return std::nullopt;
}

}  // namespace

Result<ExploredProgram> ExploredProgram::load(const std::filesystem::path& program, const ExploreLab& lab) {
    const std::string path = std::filesystem::canonical(program).string();
    ExploredProgram loaded(TRY(symbols::load_image(path)), lab);
    loaded.bias_ = bias_in(lab.program(), path, *loaded.image_).value_or(0);
    return loaded;
}

bool ExploredProgram::read(std::uint64_t address, void* out, std::size_t bytes) {
    return lab_->read_memory(address, out, bytes);
}

std::string ExploredProgram::end_in_words(const explore::Execution& execution) {
    std::string words;
    for (const symbols::Global& global : image_->globals()) {
        const bool variable = global.region == symbols::Region::kData || global.region == symbols::Region::kBss;
        if (!global.is_user || !variable || !global.has_debug_info || words.size() > kMostWords) continue;
        const symbols::Value value = symbols::render(*image_, bias_, global.type, global.address + bias_, *this, kLimits);
        const bool plain = value.note == symbols::ValueNote::kNone || value.note == symbols::ValueNote::kNull ||
                           value.note == symbols::ValueNote::kContainer || value.note == symbols::ValueNote::kEmpty;
        if (!plain || value.text.empty()) continue;
        words += (words.empty() ? "" : ", ") + global.name + " = " + value.text;
    }
    if (!execution.output.empty()) {
        std::string output(execution.output.substr(0, kMostWords));
        while (!output.empty() && output.back() == '\n') output.pop_back();
        words += (words.empty() ? "" : "; ") + ("\"" + output + "\"");
    }
    if (execution.ending == trace::Ending::kFinished && execution.value != 0) {
        words += (words.empty() ? "" : "; ") + ("exit " + std::to_string(execution.value));
    }
    return words;
}

std::string ExploredProgram::object_name(std::uint64_t object) const {
    const std::uint64_t address = trace::spaces::address(object);
    if ((object & trace::spaces::kShared) != 0) {
        const std::string name = shared_.find(*image_, object);
        return name.empty() ? "mmap+" + std::to_string(address % 4096) : name;  // where in its page
    }
    if (const auto found = image_->find_variable(address - bias_)) return found->path;
    if (const std::string_view state = lab_->library_state(address); !state.empty()) return std::string(state);
    return hex(address);
}

void ExploredProgram::look_at_shared_memory() {
    shared_.look(*image_, bias_, lab_->shared_mappings(),
                 [this](std::uint32_t thread, std::uint64_t address, void* out, std::size_t bytes) {
                     return lab_->read_memory(address, out, bytes, thread);
                 });
}

std::string ExploredProgram::place_in_words(std::uint64_t file_address) const {
    const auto line = image_->lookup_line(file_address, symbols::PcKind::kInstruction);
    if (!line || line->file == nullptr) return {};
    return std::filesystem::path(line->file->path).filename().string() + ":" + std::to_string(line->line);
}

// The user's line: of the operation itself, or the one that called what it lies in.
void ExploredProgram::place(const trace::Operation& operation, const trace::Callers& callers, StepText& text) const {
    std::uint64_t pc = operation.pc;
    for (std::uint32_t next = 0; pc != 0; pc = next < trace::Callers::kMost ? callers.sites[next++] : 0) {
        const auto line = image_->lookup_line(pc - bias_, symbols::PcKind::kReturnAddress);
        if (!line || line->file == nullptr) continue;
        const symbols::SourceFile* file = line->file;
        std::uint32_t number = line->line;
        // What the library does inline, an atomic's load for one, is done in the line that calls it.
        for (const symbols::InlineCall* call : image_->inlined_at(pc - bias_ - 1)) {
            if (file->is_user) break;
            if (call->call_file < image_->files().size()) file = &image_->files()[call->call_file], number = call->call_line;
        }
        if (!file->is_user && !text.file.empty()) continue;
        text.file = file->path;
        text.line = static_cast<int>(number);
        text.user_code = file->is_user;
        text.function = line->function != nullptr ? line->function->name : "";
        if (file->is_user) return;
    }
}

StepText ExploredProgram::words(int thread, const trace::Operation& operation, const trace::Callers& callers) const {
    StepText text;
    text.thread = thread + 1;
    text.operation = trace::operation_name(operation.kind);
    place(operation, callers, text);
    using K = trace::OperationKind;
    if (operation.kind == K::kCreate || operation.kind == K::kJoin || operation.kind == K::kFork) {
        text.object = "T" + std::to_string(operation.object + 1);
    } else if (operation.kind == K::kWaitChild || operation.kind == K::kKill) {
        if (operation.object != 0) text.object = "T" + std::to_string(operation.object);
    } else if (operation.kind == K::kExit || trace::is_file_operation(operation.kind)) {
        text.object.clear();
    } else if (trace::is_channel_operation(operation.kind)) {
        text.object = std::to_string(static_cast<std::int32_t>(operation.object));
    } else if (operation.kind == K::kOutput) {
        text.object = operation.object == STDOUT_FILENO ? "stdout" : operation.object == STDERR_FILENO ? "stderr" : "";
    } else if (operation.object != 0 && operation.kind != K::kEnd) {
        text.object = object_name(operation.object);
    }
    if (operation.kind == K::kRead) text.older = operation.older;
    const bool is_librarys = !lab_->library_state(trace::spaces::address(operation.object)).empty();
    if (trace::is_access(operation.kind) && operation.kind != K::kWrite && !is_librarys)
        text.value = std::to_string(operation.value);
    return text;
}

StepText ExploredProgram::words(const trace::Step& step) const {
    return words(step.thread, step.operation, step.callers);
}

std::optional<std::uint64_t> ExploredProgram::address(std::string_view variable) const {
    for (const symbols::Global& global : image_->globals()) {
        if (global.is_user && !global.is_thread_local() && (global.name == variable || global.qualified_name == variable)) {
            return global.address + bias_;
        }
    }
    return std::nullopt;
}

std::optional<double> ExploredProgram::value(std::string_view variable) {
    const std::size_t end = std::min(variable.find_first_of(".["), variable.size());
    const std::string_view root = variable.substr(0, end);
    for (const symbols::Global& global : image_->globals()) {
        if (!global.is_user || global.is_thread_local() || (global.name != root && global.qualified_name != root)) continue;
        const symbols::Value value = global.region == symbols::Region::kNone && global.constant
                                         ? symbols::render_constant(*image_, global.type, *global.constant)
                                         : symbols::render(*image_, bias_, global.type, global.address + bias_, *this, kLimits);
        const auto text = text_at(value, variable.substr(end));
        if (!text) return std::nullopt;
        if (*text == "true") return 1;
        if (*text == "false") return 0;
        char* stop = nullptr;
        const double number = std::strtod(text->c_str(), &stop);
        return stop == text->c_str() ? std::nullopt : std::optional(number);
    }
    return std::nullopt;
}

std::optional<std::int64_t> EndFacts::parameter(std::string_view name) const {
    const auto found = parameters_.find(std::string(name));
    return found == parameters_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> EndFacts::number(std::string_view name) const {
    if (name == "exit.code") return static_cast<double>(execution_.value);
    if (name == "exit.signal") return 0;
    if (name == "threads") return execution_.threads;
    if (name == "processes") {
        return 1 + std::count_if(execution_.steps.begin(), execution_.steps.end(), [](const trace::Step& step) {
                   return step.operation.kind == trace::OperationKind::kFork && step.operation.object != 0;
               });
    }
    return std::nullopt;
}

std::optional<double> EndFacts::value(std::string_view variable, int) const {
    return program_.value(variable);
}

std::optional<std::uint64_t> EndFacts::address(std::string_view variable, int) const {
    return program_.address(variable);
}

}  // namespace heddle::session
