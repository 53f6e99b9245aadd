// RunFacts' questions about variables.
#include <algorithm>
#include <cstdlib>

#include "core/model/process_memory.h"
#include "core/model/region_map.h"
#include "core/model/run_facts.h"
#include "core/symbols/render.h"

namespace heddle::model {
namespace {

constexpr symbols::RenderLimits kFactLimits{6, 1024, 256, 20000};

struct Path {
    std::string_view root, rest;  // "accounts", "[2].balance"
};

// The root ends at the first '.' or '[': names with "::" stay whole.
Path split(std::string_view variable) {
    const std::size_t end = std::min(variable.find_first_of(".["), variable.size());
    return {variable.substr(0, end), variable.substr(end)};
}

const symbols::Child* child_named(const symbols::Value& value, std::string_view name) {
    for (const symbols::Child& child : value.children)
        if (child.name == name) return &child;
    return nullptr;
}

std::optional<double> as_number(const std::string& text) {
    if (text == "true") return 1;
    if (text == "false") return 0;
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    if (end == text.c_str()) return std::nullopt;
    return number;
}

std::string_view name_of(RegionKind kind) {
    switch (kind) {
        case RegionKind::kKernel:
            return "kernel";
        case RegionKind::kStack:
            return "stack";
        case RegionKind::kMapped:
            return "mmap";
        case RegionKind::kHeap:
            return "heap";
        case RegionKind::kBss:
            return "bss";
        case RegionKind::kData:
            return "data";
        case RegionKind::kReadOnly:
            return "rodata";
        case RegionKind::kText:
            return "text";
        case RegionKind::kOther:
            break;
    }
    return "other";
}

}  // namespace

std::optional<RunFacts::Found> RunFacts::find(std::string_view variable, int process) const {
    if (!has_process(process)) return std::nullopt;
    const World& end = observatory_.live();
    const Program* program = observatory_.programs().find(end.process(process).program);
    if (!program) return std::nullopt;
    const Path path = split(variable);
    std::optional<Found> found;
    for (const symbols::Global& global : program->image().globals()) {
        if (!global.is_user || global.is_thread_local() || (global.qualified_name != path.root && global.name != path.root))
            continue;
        if (found && global.qualified_name != path.root) continue;  // an exact name wins
        found = Found{end,
                      process,
                      program,
                      global.type,
                      global.address + program->bias(),
                      global.region == symbols::Region::kNone ? global.constant : std::nullopt};
    }
    if (!found) found = find_local(path.root, process, *program);
    if (!found || path.rest.empty()) return found;

    ProcessMemory memory(found->world, found->world.process(process), program);
    symbols::Value value = symbols::render(program->image(), program->bias(), found->type, found->address, memory, kFactLimits);
    for (std::string_view rest = path.rest; !rest.empty();) {
        const std::size_t begin = rest[0] == '.' ? 1 : 0;
        const std::size_t length = std::min(rest.find_first_of(".[", begin + (rest[0] == '[')), rest.size());
        const symbols::Child* child = child_named(value, rest.substr(begin, length - begin));
        if (!child) return std::nullopt;
        found->type = child->type;
        found->address = child->address;
        symbols::Value inner = child->value;
        value = std::move(inner);
        rest = rest.substr(length);
    }
    return found;
}

// A local of the last call of a user function that has one of that name, at that call's end: later calls reuse its memory.
std::optional<RunFacts::Found> RunFacts::find_local(std::string_view name, Number process, const Program& program) const {
    const trace::EventLogView& log = observatory_.log();
    const World& end = observatory_.live();
    const auto local_of = [&](const symbols::Function* function) -> const symbols::Local* {
        if (!function || !function->is_user) return nullptr;
        for (const symbols::Local& local : function->locals)
            if (local.name == name) return &local;
        return nullptr;
    };
    const bool exists = std::any_of(program.image().functions().begin(), program.image().functions().end(),
                                    [&](const symbols::Function& function) { return local_of(&function) != nullptr; });
    if (!exists) return std::nullopt;
    for (std::uint64_t index = log.size(); index-- > 0;) {
        const trace::PackedEvent& entry = log.packed(index);
        if (entry.kind() != trace::Kind::kFunctionEntry) continue;
        const Number thread = end.number_of(trace::ThreadIndex{entry.thread});
        if (!thread || end.thread(thread).process != process) continue;
        const symbols::Local* local = local_of(program.place(entry.pc()).function);
        if (!local) continue;
        std::uint64_t exit = index + 1;
        for (; exit < log.size(); ++exit) {
            const trace::PackedEvent& event = log.packed(exit);
            if (event.thread == entry.thread && event.kind() == trace::Kind::kFunctionExit && event.detail() <= entry.detail())
                break;
        }
        Found found{observatory_.at(exit), process, &program, local->type, 0, std::nullopt};
        ProcessMemory memory(found.world, found.world.process(process), &program);
        const auto address = symbols::evaluate(local->location, {program.bias(), entry.address, std::nullopt, &memory});
        if (!address) return std::nullopt;
        found.address = *address;
        return found;
    }
    return std::nullopt;
}

std::optional<symbols::Value> RunFacts::render(const Found& found) const {
    if (found.constant) return symbols::render_constant(found.program->image(), found.type, *found.constant);
    ProcessMemory memory(found.world, found.world.process(found.process), found.program);
    symbols::Value value =
        symbols::render(found.program->image(), found.program->bias(), found.type, found.address, memory, kFactLimits);
    if (value.note == symbols::ValueNote::kUnreadable) return std::nullopt;
    return value;
}

std::optional<double> RunFacts::value(std::string_view variable, int process) const {
    const auto found = find(variable, process);
    if (!found) return std::nullopt;
    const auto value = render(*found);
    return value ? as_number(value->text) : std::nullopt;
}

std::optional<std::uint64_t> RunFacts::address(std::string_view variable, int process) const {
    const auto found = find(variable, process);
    if (!found || found->constant) return std::nullopt;
    return found->address;
}

// brk's heap grows without a hole; mappings lie terabytes above it.
constexpr std::uint64_t kFarthestHeapGrowth = std::uint64_t{1} << 36;

std::optional<std::string> RunFacts::region_at(const Found& found, std::uint64_t address) {
    const ProcessWorld& process = found.world.process(found.process);
    // The last mappings may be older or younger than the block: what malloc gave lies in the heap, or beyond it in a mapping of
    // its own.
    const auto freed = std::any_of(process.heap.freed().begin(), process.heap.freed().end(), [&](const HeapBlock& block) {
        return address >= block.address && address < block.address + block.size;
    });
    if (freed || process.heap.containing(address)) {
        const std::vector<RegionView> regions = map_regions(found.world, process, found.program);
        const auto heap = std::find_if(regions.begin(), regions.end(),
                                       [](const RegionView& region) { return region.kind == RegionKind::kHeap; });
        const bool beyond = heap != regions.end() && address >= heap->end + kFarthestHeapGrowth;
        return beyond ? "mmap" : "heap";
    }
    for (const RegionView& region : map_regions(found.world, process, found.program))
        if (address >= region.start && address < region.end) return std::string(name_of(region.kind));
    if (address >= kernel_region().start) return "kernel";
    return std::nullopt;
}

std::optional<std::string> RunFacts::region(std::string_view variable) const {
    const auto found = find(variable, 1);
    return found && !found->constant ? region_at(*found, found->address) : std::nullopt;
}

std::optional<std::string> RunFacts::region_of_pointee(std::string_view variable) const {
    const auto found = find(variable, 1);
    if (!found) return std::nullopt;
    const auto value = render(*found);
    return value && value->pointee ? region_at(*found, *value->pointee) : std::nullopt;
}

}  // namespace heddle::model
