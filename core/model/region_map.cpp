#include "core/model/region_map.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace heddle::model {
namespace {

struct Range {
    std::uint64_t start = 0, end = 0;
};

struct StackRange {
    Range range;
    Number thread;
};

std::optional<Range> section_range(const Program& program, symbols::Region region) {
    std::optional<Range> range;
    for (const symbols::Section& section : program.image().sections()) {
        if (section.region != region || section.size == 0) continue;
        const std::uint64_t start = section.address + program.bias();
        if (!range) range = Range{start, start + section.size};
        range->start = std::min(range->start, start);
        range->end = std::max(range->end, start + section.size);
    }
    return range;
}

bool is_library(const std::string& path) {
    return path.find(".so") != std::string::npos || path.starts_with("[v") || path.starts_with("/lib") ||
           path.starts_with("/usr/lib");
}

// A file's without its folders; a System V segment's is its key (/proc has "/SYSV00001234 (deleted)").
std::string name_of_file(const std::string& path) {
    constexpr std::string_view kSegment = "/SYSV";
    constexpr std::size_t kDigits = 8;
    if (!path.starts_with(kSegment)) return std::filesystem::path(path).filename().string();
    const std::string key = path.substr(kSegment.size(), kDigits);
    return key == "00000000" ? "shmget(IPC_PRIVATE)" : "shmget(0x" + key + ")";
}

class RegionMapper {
public:
    RegionMapper(const World& world, const ProcessWorld& process, const Program* program)
        : process_(process), program_(program) {
        if (program) {
            bss_ = section_range(*program, symbols::Region::kBss);
            data_ = section_range(*program, symbols::Region::kData);
        }
        for (const Number number : process.threads) {
            const ThreadWorld& thread = world.thread(number);
            if (thread.main) main_ = number;
            if (thread.stack_bytes == 0 || thread.state == ThreadState::kTerminated) continue;
            if (thread.stack_bytes > ~std::uint64_t{0} - thread.stack_lowest) continue;
            stacks_.push_back({{thread.stack_lowest, thread.stack_lowest + thread.stack_bytes}, number});
        }
        std::sort(stacks_.begin(), stacks_.end(),
                  [](const StackRange& a, const StackRange& b) { return a.range.start < b.range.start; });
    }

    std::vector<RegionView> from_mappings() {
        for (const trace::MappingSample& mapping : process_.mappings->mappings) add(mapping);
        return fold();
    }
    std::vector<RegionView> from_file();

private:
    RegionView& put(RegionKind kind, std::uint64_t start, std::uint64_t end, const std::string& permissions, std::string name) {
        RegionView region;
        region.kind = kind;
        region.start = start;
        region.end = end;
        region.permissions = permissions;
        region.name = std::move(name);
        if (kind == RegionKind::kStack) region.growth = Growth::kDown;
        if (kind == RegionKind::kHeap) region.growth = Growth::kUp;
        return regions_.emplace_back(std::move(region));
    }
    void add(const trace::MappingSample& mapping);
    void add_of_program(const trace::MappingSample& mapping);
    void add_anonymous(const trace::MappingSample& mapping);
    bool holds_blocks(std::uint64_t start, std::uint64_t end) const {
        bool found = false;
        process_.heap.for_each([&](const HeapBlock& block) { found |= block.address >= start && block.address < end; });
        return found;
    }
    std::vector<RegionView> fold();

    const ProcessWorld& process_;
    const Program* program_;
    std::optional<Range> bss_, data_;
    std::vector<StackRange> stacks_;
    Number main_ = kNobody;
    std::vector<RegionView> regions_;
};

void RegionMapper::add(const trace::MappingSample& mapping) {
    if (mapping.end <= mapping.start || mapping.start >= 0x8000'0000'0000'0000) return;  // [vsyscall] lies in the kernel's part
    const std::string& path = mapping.path;
    const bool follows_bss = bss_ && path.empty() && mapping.start < bss_->end && mapping.end > bss_->start;
    const std::size_t before = regions_.size();
    if ((!path.empty() && path == process_.mappings->executable) || follows_bss) {
        add_of_program(mapping);
    } else if (path == "[heap]") {
        put(RegionKind::kHeap, mapping.start, mapping.end, mapping.permissions, path);
    } else if (path == "[stack]") {
        put(RegionKind::kStack, mapping.start, mapping.end, mapping.permissions, path).thread = main_;
    } else if (path.empty()) {
        add_anonymous(mapping);
    } else {
        put(RegionKind::kMapped, mapping.start, mapping.end, mapping.permissions, name_of_file(path));
    }
    // What /proc counts for the mapping is shared out by size.
    for (std::size_t i = before; i < regions_.size(); ++i) {
        RegionView& region = regions_[i];
        region.resident_bytes = static_cast<std::uint64_t>(static_cast<double>(mapping.resident_bytes) *
                                                           static_cast<double>(region.end - region.start) /
                                                           static_cast<double>(mapping.end - mapping.start));
        region.shared = mapping.permissions.find('s') != std::string::npos ||
                        (!path.empty() && path[0] == '/' && mapping.private_dirty_bytes == 0);
    }
}

void RegionMapper::add_of_program(const trace::MappingSample& mapping) {
    const std::string name = std::filesystem::path(process_.mappings->executable).filename().string();
    const std::string& permissions = mapping.permissions;
    if (permissions.find('x') != std::string::npos) {
        put(RegionKind::kText, mapping.start, mapping.end, permissions, name);
    } else if (permissions.find('w') == std::string::npos) {
        put(RegionKind::kReadOnly, mapping.start, mapping.end, permissions, name);
    } else if (!bss_ || bss_->start >= mapping.end) {
        put(RegionKind::kData, mapping.start, mapping.end, permissions, name);
    } else {
        // .data and .bss share a page; the picture splits them where the file says so.
        if (bss_->start > mapping.start) put(RegionKind::kData, mapping.start, bss_->start, permissions, name);
        put(RegionKind::kBss, std::max(bss_->start, mapping.start), mapping.end, permissions, name);
    }
}

void RegionMapper::add_anonymous(const trace::MappingSample& mapping) {
    std::uint64_t at = mapping.start;
    const bool guard = mapping.permissions.starts_with("---");
    const auto rest = [&](std::uint64_t start, std::uint64_t end) {
        if (start >= end) return;
        put(holds_blocks(start, end) ? RegionKind::kHeap : RegionKind::kMapped, start, end, mapping.permissions, "");
    };
    for (const StackRange& stack : stacks_) {
        const std::uint64_t start = std::max(stack.range.start, at), end = std::min(stack.range.end, mapping.end);
        if (start >= end) continue;
        rest(at, start);
        if (!guard) put(RegionKind::kStack, start, end, mapping.permissions, "").thread = stack.thread;
        at = end;
    }
    if (guard && mapping.end - at <= 65536) return;  // the page below a stack that nobody may touch
    rest(at, mapping.end);
}

// Neighbours of one kind become one region.
std::vector<RegionView> RegionMapper::fold() {
    constexpr std::uint64_t kNear = std::uint64_t{4} << 20;  // libraries leave small holes between them
    std::vector<RegionView> folded;
    std::vector<std::string> libraries;
    const auto name_group = [&] {
        if (folded.empty() || libraries.size() < 2) return;
        const auto libc = std::find_if(libraries.begin(), libraries.end(),
                                       [](const std::string& name) { return name.starts_with("libc.so"); });
        folded.back().name = libc == libraries.end() ? libraries.front() : *libc;
        folded.back().others = libraries.size() - 1;
    };
    for (RegionView& region : regions_) {
        RegionView* last = folded.empty() ? nullptr : &folded.back();
        const bool library = region.kind == RegionKind::kMapped && (region.name.empty() || is_library(region.name));
        const bool same = last && last->kind == region.kind && last->thread == region.thread;
        const bool join =
            same && (region.kind == RegionKind::kMapped
                         ? library && (last->name.empty() || is_library(last->name)) && region.start - last->end <= kNear
                         : region.start == last->end);
        if (join) {
            last->end = region.end;
            last->resident_bytes += region.resident_bytes;
            last->shared &= region.shared;
            if (last->name.empty()) last->name = region.name;
        } else {
            name_group();
            libraries.clear();
            folded.push_back(std::move(region));
            last = nullptr;
        }
        const std::string& name = last ? region.name : folded.back().name;
        if (library && !name.empty() && std::find(libraries.begin(), libraries.end(), name) == libraries.end())
            libraries.push_back(name);
    }
    name_group();
    return folded;
}

std::vector<RegionView> RegionMapper::from_file() {
    if (program_) {
        const std::string name = std::filesystem::path(program_->path()).filename().string();
        const std::pair<symbols::Region, RegionKind> kinds[] = {{symbols::Region::kText, RegionKind::kText},
                                                                {symbols::Region::kReadOnly, RegionKind::kReadOnly},
                                                                {symbols::Region::kData, RegionKind::kData},
                                                                {symbols::Region::kBss, RegionKind::kBss}};
        for (const auto& [region, kind] : kinds) {
            const char* permissions = kind == RegionKind::kText ? "r-xp" : kind == RegionKind::kReadOnly ? "r--p" : "rw-p";
            if (const auto range = section_range(*program_, region)) put(kind, range->start, range->end, permissions, name);
        }
    }
    Range heap;
    process_.heap.for_each([&](const HeapBlock& block) {
        if (heap.end == 0) heap.start = block.address;
        heap.end = std::max(heap.end, block.address + block.size);
    });
    if (heap.end > heap.start && heap.end - heap.start < std::uint64_t{1} << 30)
        put(RegionKind::kHeap, heap.start & ~std::uint64_t{4095}, (heap.end + 4095) & ~std::uint64_t{4095}, "rw-p", "");
    for (const StackRange& stack : stacks_)
        put(RegionKind::kStack, stack.range.start, stack.range.end, "rw-p", "").thread = stack.thread;
    std::sort(regions_.begin(), regions_.end(), [](const RegionView& a, const RegionView& b) { return a.start < b.start; });
    return std::move(regions_);
}

}  // namespace

std::vector<RegionView> map_regions(const World& world, const ProcessWorld& process, const Program* program) {
    RegionMapper mapper(world, process, program);
    return process.mappings ? mapper.from_mappings() : mapper.from_file();
}

RegionView kernel_region() {
    RegionView region;
    region.kind = RegionKind::kKernel;
    region.start = 0xffff'8000'0000'0000;
    region.end = ~std::uint64_t{0};
    region.permissions = "---";
    return region;
}

}  // namespace heddle::model
