// ImageData: what the readers fill in and an Image answers from. Internal to core/symbols.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/symbols/image.h"

namespace heddle::symbols {

struct LineRow {
    std::uint32_t file = 0;
    std::uint32_t line = 0;
    std::uint16_t column = 0;
    bool end = false;  // no line from here on
};

struct FunctionRange {
    std::uint64_t low = 0, high = 0;
    std::uint32_t function = 0;
};

struct SectionBytes {
    std::uint64_t address = 0, size = 0;
    std::string bytes;  // empty: zeros
};

struct ImageData {
    std::string name, build_id;
    bool has_debug_info = false;
    std::uint64_t entry = 0;
    std::vector<SourceFile> files{SourceFile{}};  // 0: unknown
    std::vector<Section> sections;
    std::vector<Segment> segments;
    std::vector<SectionBytes> contents;    // ascending, not overlapping
    std::vector<std::uint64_t> addresses;  // of rows, ascending
    std::vector<LineRow> rows;
    std::vector<Function> functions;
    std::vector<FunctionRange> ranges;  // ascending low
    std::vector<InlineCall> inlines;    // ascending low
    std::vector<Global> globals;
    std::size_t addressed_globals = 0;  // globals[0 … n) have image addresses
    std::vector<Type> types{Type{}};    // 0: void
};

}  // namespace heddle::symbols
