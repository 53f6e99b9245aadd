// Frames and the variables in them.
#include <filesystem>

#include "core/model/snapshot_maker.h"
#include "core/symbols/render.h"

namespace heddle::model {
namespace {

constexpr std::size_t kOutermostShown = 8, kInnermostShown = 40;  // of a deep recursion
constexpr symbols::RenderLimits kFrameLimits{4, 32, 128, 1000};

// Of a process's threads, the latest first: what they are called on screen.
class Names : public symbols::ThreadNames {
public:
    Names(const World& world, const ProcessWorld& process) : world_(world), process_(process) {}
    std::string of_tid(std::uint64_t tid) const override {
        return name([tid](const ThreadWorld& thread) { return static_cast<std::uint64_t>(thread.tid.value) == tid; });
    }
    std::string of_handle(std::uint64_t handle) const override {
        return name([handle](const ThreadWorld& thread) { return thread.handle == handle; });
    }

private:
    template <typename Is>
    std::string name(Is is) const {
        for (auto number = process_.threads.rbegin(); number != process_.threads.rend(); ++number)
            if (is(world_.thread(*number))) return "T" + std::to_string(*number);
        return {};
    }

    const World& world_;
    const ProcessWorld& process_;
};

Sentence words_of(const symbols::Value& value, const Names& names) {
    using symbols::ValueNote;
    const std::string number = std::to_string(value.number);
    switch (value.note) {
        case ValueNote::kUnlocked:
            return {"value.unlocked", {}};
        case ValueNote::kLocked: {
            if (value.number == 0) return {"value.locked", {}};
            const std::string owner = names.of_tid(value.number);
            return {"value.locked_by", {{"thread", owner.empty() ? number : owner}}};
        }
        case ValueNote::kLockedShared:
            return {"value.shared_by", {{"n", number}}};
        case ValueNote::kWaiters:
            return {"value.waiting", {{"n", number}}};
        case ValueNote::kParties:
            return {"value.parties", {{"n", number}}};
        case ValueNote::kToCome:
            return {"value.to_come", {{"n", number}}};
        case ValueNote::kDone:
            return {value.number != 0 ? "value.done" : "value.not_done", {}};
        case ValueNote::kNoThread:
            return {"value.no_thread", {}};
        default:
            return {};
    }
}

std::string label(const symbols::Image& image, std::uint32_t file, std::uint32_t line) {
    if (line == 0 || file >= image.files().size()) return {};
    return std::filesystem::path(image.files()[file].path).filename().string() + ":" + std::to_string(line);
}

}  // namespace

VariableView SnapshotMaker::variable(const ProcessWorld& process, const Program& program, std::string name,
                                     symbols::TypeId type, std::uint64_t address, symbols::MemoryReader& memory) const {
    VariableView view;
    view.name = std::move(name);
    view.type = program.image().type(type).name;
    view.size = program.image().type(program.image().strip(type)).size;
    view.address = address;
    const Names names(now_, process);
    symbols::RenderLimits limits = kFrameLimits;
    limits.threads = &names;
    const symbols::Value value = symbols::render(program.image(), program.bias(), type, address, memory, limits);
    if (value.note != symbols::ValueNote::kUnreadable) view.value = value.text;
    view.words = words_of(value, names);
    view.points_to = value.pointee;
    if (value.pointee) pointees_.try_emplace({process.number, *value.pointee}, value.pointee_type);
    view.changed = changed(process.number, address, view.size);
    view.writer = process.memory.last_writer(address, std::min<std::uint64_t>(view.size, 4096));
    const auto add = [&](auto&& self, VariableView& parent, const symbols::Child& child) -> void {
        VariableView member;
        member.name = child.name;
        member.type = program.image().type(child.type).name;
        member.size = program.image().type(program.image().strip(child.type)).size;
        member.address = child.address;
        if (child.value.note != symbols::ValueNote::kUnreadable) member.value = child.value.text;
        member.words = words_of(child.value, names);
        member.points_to = child.value.pointee;
        if (child.value.pointee) pointees_.try_emplace({process.number, *child.value.pointee}, child.value.pointee_type);
        member.changed = changed(process.number, member.address, member.size);
        member.writer = process.memory.last_writer(member.address, std::min<std::uint64_t>(member.size, 4096));
        for (const symbols::Child& inner : child.value.children) self(self, member, inner);
        parent.changed |= member.changed;
        parent.children.push_back(std::move(member));
    };
    for (const symbols::Child& child : value.children) add(add, view, child);
    return view;
}

std::vector<FrameView> SnapshotMaker::frames(const ThreadWorld& thread) const {
    std::vector<FrameView> views;
    const ProcessWorld& process = now_.process(thread.process);
    const Program* program = this->program(process);
    if (!program) return views;
    ProcessMemory memory(now_, process, program);
    const std::size_t size = thread.stack.size();
    for (std::size_t i = 0; i < size; ++i) {
        if (size > kOutermostShown + kInnermostShown && i == kOutermostShown) {
            FrameView gap;
            gap.elided = size - kOutermostShown - kInnermostShown;
            gap.user_code = false;
            views.push_back(std::move(gap));
            i = size - kInnermostShown;
        }
        const Frame& frame = thread.stack[i];
        const std::uint64_t pc = i + 1 < size ? thread.stack[i + 1].call_site : thread.pc ? thread.pc : frame.pc;
        const Place& place = program->place(pc);
        const Place& entry = program->place(frame.pc);
        const symbols::Function* function = entry.function ? entry.function : place.function;
        FrameView view;
        view.frame_address = frame.frame_address;
        view.user_code = function ? function->is_user : entry.user;
        if (function) view.function = function->name;
        if (place.file && place.function == function) {
            view.file = place.file->path;
            view.line = place.line;
        } else if (entry.file) {
            view.file = entry.file->path;
            view.line = entry.line;
        }
        if (function && view.user_code) {
            symbols::LocationContext context{program->bias(), frame.frame_address, std::nullopt, &memory};
            const std::uint64_t at = place.function == function ? pc : frame.pc;
            for (const symbols::Visible& local : program->image().locals_at(*function, at - program->bias() - 1, context)) {
                if (!local.address || local.local->is_artificial) continue;
                VariableView shown = variable(process, *program, local.local->name, local.local->type, *local.address, memory);
                shown.source = label(program->image(), local.local->file, local.local->line);
                view.variables.push_back(std::move(shown));
            }
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace heddle::model
