// The address space: regions with the variables, frames and blocks that lie in them, and the tracked pages.
#include <algorithm>
#include <filesystem>

#include "core/model/region_map.h"
#include "core/model/snapshot_maker.h"

namespace heddle::model {
namespace {

constexpr std::size_t kBlocksShown = 256;

RegionView* region_at(std::vector<RegionView>& regions, std::uint64_t address) {
    for (RegionView& region : regions)
        if (address >= region.start && address < region.end) return &region;
    return nullptr;
}

// The learner's line among these, from the inside out; 0: none.
int user_line(const Program& program, std::span<const std::uint64_t> sites) {
    for (const std::uint64_t site : sites) {
        if (site == 0) continue;
        if (const Place& place = program.place(site); place.user && place.file != nullptr) return place.line;
    }
    return 0;
}

}  // namespace

std::vector<RegionView> SnapshotMaker::regions(const ProcessWorld& process, Snapshot& out) const {
    std::vector<RegionView> regions;
    // The address space is gone; of the program itself, for which only Heddle waits, the picture ends with how it was last.
    if (process.exit.kind != ProcessExit::Kind::kRunning && process.waited_for) return regions;
    const Program* program = this->program(process);
    regions = map_regions(now_, process, program);
    std::reverse(regions.begin(), regions.end());
    regions.insert(regions.begin(), kernel_region());
    if (program) {
        add_globals(process, regions);
        add_stacks(process, out, regions);
        add_blocks(process, regions);
    }
    return regions;
}

void SnapshotMaker::add_globals(const ProcessWorld& process, std::vector<RegionView>& regions) const {
    const Program& program = *this->program(process);
    ProcessMemory memory(now_, process, &program);
    for (const symbols::Global& global : program.image().globals()) {
        if (!global.is_user || !global.has_debug_info || global.is_thread_local() || global.region == symbols::Region::kNone)
            continue;
        RegionView* region = region_at(regions, global.address + program.bias());
        if (!region) continue;
        VariableView view =
            variable(process, program, global.qualified_name, global.type, global.address + program.bias(), memory);
        if (global.line > 0 && global.file < program.image().files().size())
            view.source = std::filesystem::path(program.image().files()[global.file].path).filename().string() + ":" +
                          std::to_string(global.line);
        region->changed |= view.changed;
        region->variables.push_back(std::move(view));
    }
}

void SnapshotMaker::add_stacks(const ProcessWorld& process, const Snapshot& out, std::vector<RegionView>& regions) const {
    for (const Number number : process.threads) {
        const ThreadView* thread = out.thread(number);
        if (!thread || thread->stack.empty()) continue;
        RegionView* region = region_at(regions, thread->stack.back().frame_address - 1);
        if (!region || region->kind != RegionKind::kStack) {
            for (RegionView& own : regions)
                if (own.kind == RegionKind::kStack && own.thread == number) region = &own;
        }
        if (!region) continue;
        region->frames = thread->stack;
        for (const FrameView& frame : region->frames)
            for (const VariableView& local : frame.variables) region->changed |= local.changed;
    }
}

// Blocks that a line of the learner's own source asked for; the library's other ones are its own business.
void SnapshotMaker::add_blocks(const ProcessWorld& process, std::vector<RegionView>& regions) const {
    const Program& program = *this->program(process);
    ProcessMemory memory(now_, process, &program);
    const auto add = [&](const HeapBlock& block, const FreedBlock* freed) {
        const symbols::AllocationSite* site = program.allocation_site(block.sites);
        if (!site) return;
        RegionView* region = region_at(regions, block.address);
        if (!region || region->blocks.size() >= kBlocksShown) return;
        BlockView view;
        view.address = block.address;
        view.size = block.size;
        view.allocated_at = site->label;
        view.owner = block.owner;
        view.freed = freed != nullptr;
        if (freed) {
            view.freed_by = freed->freed_by;
            view.freed_line = user_line(program, freed->freed_at);
        }
        view.changed =
            (freed ? freed->freed : block.event) + 1 == now_.events() || changed(process.number, block.address, block.size);
        if (!freed) view.contents = block_contents(process, block, memory);
        region->changed |= view.changed;
        region->blocks.push_back(std::move(view));
    };
    process.heap.for_each([&](const HeapBlock& block) { add(block, nullptr); });
    for (const FreedBlock& block : process.heap.freed()) add(block, &block);
    for (RegionView& region : regions)
        std::sort(region.blocks.begin(), region.blocks.end(),
                  [](const BlockView& a, const BlockView& b) { return a.address < b.address; });
}

// A block's type is known where a variable that was resolved points to it.
std::string SnapshotMaker::block_contents(const ProcessWorld& process, const HeapBlock& block,
                                          symbols::MemoryReader& memory) const {
    constexpr std::uint64_t kElementsShown = 8;
    const auto found = pointees_.find({process.number, block.address});
    if (found == pointees_.end()) return {};
    const Program& program = *this->program(process);
    const std::uint64_t size = program.image().type(program.image().strip(found->second)).size;
    if (size == 0 || size > block.size) return {};
    const std::uint64_t count = block.size / size;
    std::string text;
    bool known = false;
    for (std::uint64_t i = 0; i < std::min(count, kElementsShown); ++i) {
        const VariableView element = variable(process, program, {}, found->second, block.address + i * size, memory);
        known |= !element.value.empty();
        text += (i ? ", " : "") + (element.value.empty() ? "?" : element.value);
    }
    if (!known) return {};
    return count == 1 ? text : "[" + text + (count > kElementsShown ? ", …]" : "]");
}

std::vector<PageView> SnapshotMaker::pages(const ProcessWorld& process, const std::vector<RegionView>& regions) const {
    std::vector<PageView> views;
    for (const auto& tracked : *process.pages) {
        const std::uint64_t address = tracked.first;  // clang before 16 lets no lambda use the names of a binding
        const auto& page = tracked.second;
        PageView view;
        view.address = address;
        view.present = page.present;
        view.exclusive = page.exclusive;
        view.file = page.file;
        view.frame_number = page.frame_number;
        view.changed = page.event + 1 == now_.events();
        const auto hold = [&](const VariableView& variable) {
            if (variable.address + variable.size <= address || variable.address >= address + page.bytes ||
                view.holds.size() > 60)
                return;
            view.holds += (view.holds.empty() ? "" : ", ") + variable.name;
        };
        for (const RegionView& region : regions) {
            if (region.end <= address || region.start >= address + page.bytes) continue;
            for (const VariableView& variable : region.variables) hold(variable);
            for (const FrameView& frame : region.frames)
                for (const VariableView& variable : frame.variables) hold(variable);
        }
        views.push_back(std::move(view));
    }
    return views;
}

}  // namespace heddle::model
