#include "core/symbols/image.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/symbols/image_data.h"

namespace heddle::symbols {

std::string_view region_name(Region region) {
    constexpr std::array<std::string_view, 7> kNames = {"", ".text", ".rodata", ".data", ".bss", ".tdata", ".tbss"};
    const auto index = static_cast<std::size_t>(region);
    return index < kNames.size() ? kNames[index] : "";
}

Image::Image(std::unique_ptr<const ImageData> data) : data_(std::move(data)) {}
Image::~Image() = default;

const std::string& Image::name() const {
    return data_->name;
}
const std::string& Image::build_id() const {
    return data_->build_id;
}
bool Image::has_debug_info() const {
    return data_->has_debug_info;
}
std::uint64_t Image::entry() const {
    return data_->entry;
}
std::span<const SourceFile> Image::files() const {
    return data_->files;
}
std::span<const Section> Image::sections() const {
    return data_->sections;
}
std::span<const Segment> Image::segments() const {
    return data_->segments;
}
std::span<const Function> Image::functions() const {
    return data_->functions;
}
std::span<const Global> Image::globals() const {
    return data_->globals;
}

std::optional<std::uint64_t> Image::load_bias(std::uint64_t mapping_start, std::uint64_t mapping_file_offset) const {
    constexpr std::uint64_t kPage = 4096;  // a segment is mapped from the page that its first byte is in
    for (const Segment& segment : data_->segments) {
        const std::uint64_t first = segment.file_offset / kPage * kPage;
        const bool inside = mapping_file_offset >= first && mapping_file_offset - first < std::max(segment.file_size, kPage);
        if (inside) return mapping_start - (segment.address - segment.file_offset + mapping_file_offset);
    }
    return std::nullopt;
}

const Function* Image::lookup_function(std::uint64_t pc, PcKind kind) const {
    if (kind == PcKind::kReturnAddress) --pc;
    auto range = std::upper_bound(data_->ranges.begin(), data_->ranges.end(), pc,
                                  [](std::uint64_t address, const FunctionRange& r) { return address < r.low; });
    // Ranges seldom overlap: a few steps back find an enclosing one.
    for (int tries = 0; tries < 4 && range != data_->ranges.begin(); ++tries) {
        --range;
        if (pc < range->high) return &data_->functions[range->function];
    }
    return nullptr;
}

std::optional<LineInfo> Image::lookup_line(std::uint64_t pc, PcKind kind) const {
    if (kind == PcKind::kReturnAddress) --pc;
    LineInfo info;
    info.function = lookup_function(pc);
    const auto next = std::upper_bound(data_->addresses.begin(), data_->addresses.end(), pc);
    if (next != data_->addresses.begin()) {
        const LineRow& row = data_->rows[static_cast<std::size_t>(next - data_->addresses.begin() - 1)];
        if (!row.end) {
            info.file = &data_->files[row.file];
            info.line = row.line;
            info.column = row.column;
            info.is_user_code = info.file->is_user;
        }
    }
    if (info.file == nullptr && info.function == nullptr) return std::nullopt;
    return info;
}

std::vector<const InlineCall*> Image::inlined_at(std::uint64_t pc) const {
    std::vector<const InlineCall*> calls;
    for (const InlineCall& call : data_->inlines) {
        if (call.low > pc) break;
        if (pc < call.high) calls.push_back(&call);
    }
    std::stable_sort(calls.begin(), calls.end(),
                     [](const InlineCall* a, const InlineCall* b) { return a->high - a->low < b->high - b->low; });
    return calls;
}

const Section* Image::section_at(std::uint64_t address) const {
    for (const Section& section : data_->sections) {
        if (section.region == Region::kNone || section.region == Region::kThreadBss) continue;
        if (address >= section.address && address - section.address < section.size) return &section;
    }
    return nullptr;
}

std::vector<std::uint64_t> Image::addresses_of_line(std::uint32_t file, std::uint32_t line) const {
    std::vector<std::uint64_t> addresses;
    for (std::size_t i = 0; i < data_->rows.size(); ++i) {
        const LineRow& row = data_->rows[i];
        if (!row.end && row.file == file && row.line == line) addresses.push_back(data_->addresses[i]);
    }
    return addresses;
}

const Type& Image::type(TypeId id) const {
    return data_->types[id.value < data_->types.size() ? id.value : 0];
}

TypeId Image::strip(TypeId id) const {
    for (int steps = 0; steps < 32; ++steps) {
        const Type& found = type(id);
        if (found.kind != TypeKind::kAlias) return id;
        id = found.target;
    }
    return kVoidType;
}

std::uint64_t Image::alignment(TypeId id) const {
    for (int steps = 0; steps < 32; ++steps) {
        const Type& found = type(strip(id));
        switch (found.kind) {
            case TypeKind::kArray:
                id = found.target;
                continue;
            case TypeKind::kRecord:
            case TypeKind::kUnion: {
                if (found.members.empty()) return found.size >= 8 ? 8 : 1;
                std::uint64_t largest = 1;
                for (const Member& member : found.members) {
                    const Type& inner = type(strip(member.type));
                    const bool scalar =
                        inner.kind != TypeKind::kRecord && inner.kind != TypeKind::kUnion && inner.kind != TypeKind::kArray;
                    // Of a nested class its size tells enough: a multiple of its alignment.
                    const std::uint64_t size = std::max<std::uint64_t>(inner.size, 1);
                    largest = std::max(largest, scalar ? size : std::min<std::uint64_t>(size & (~size + 1), 8));
                }
                return std::min<std::uint64_t>(largest, 16);
            }
            default:
                return std::clamp<std::uint64_t>(found.size, 1, 16);
        }
    }
    return 1;
}

bool Image::read_initial(std::uint64_t address, void* out, std::size_t bytes) const {
    auto* to = static_cast<char*>(out);
    while (bytes > 0) {
        const SectionBytes* source = nullptr;
        for (const SectionBytes& contents : data_->contents) {
            if (address >= contents.address && address - contents.address < contents.size) source = &contents;
        }
        if (source == nullptr) return false;
        const std::uint64_t offset = address - source->address;
        const std::size_t count = std::min<std::uint64_t>(bytes, source->size - offset);
        if (source->bytes.empty()) {
            std::memset(to, 0, count);
        } else {
            std::memcpy(to, source->bytes.data() + offset, count);
        }
        to += count;
        address += count;
        bytes -= count;
    }
    return true;
}

}  // namespace heddle::symbols
