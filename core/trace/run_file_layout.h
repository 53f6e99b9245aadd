// The fixed parts of a .heddle file, for save_run and open_run only. See run_file.h.
#pragma once

#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace heddle::trace {

// Like PNG's: not text, and broken by a transfer that changes line ends.
inline constexpr std::array<char, 8> kRunFileMagic = {'\x89', 'H', 'E', 'D', '\r', '\n', '\x1a', '\n'};

enum class Section : std::uint32_t { kEvents = 1, kThreads, kBlobs, kMetadata, kAttachments };
inline constexpr std::size_t kSections = 5;
inline constexpr std::array<std::string_view, kSections> kSectionNames = {"events", "threads", "blobs", "metadata",
                                                                          "attachments"};

struct SectionEntry {
    std::uint32_t id;
    std::uint32_t crc;
    std::uint64_t offset;
    std::uint64_t bytes;
    std::uint64_t items;
};
static_assert(sizeof(SectionEntry) == 32);

struct RunFileHeader {
    std::array<char, 8> magic;
    std::uint32_t version;
    std::uint32_t sections;
    std::uint64_t total_bytes;
    std::uint32_t reserved;
    std::uint32_t crc;  // of header and table, with this field 0
};
static_assert(sizeof(RunFileHeader) == 32);

struct RunFileFront {
    RunFileHeader header;
    std::array<SectionEntry, kSections> table;
};
static_assert(sizeof(RunFileFront) == 192);

inline std::uint32_t checksum(std::uint32_t crc, const void* bytes, std::size_t size) {
    return static_cast<std::uint32_t>(::crc32_z(crc, static_cast<const Bytef*>(bytes), size));
}

inline std::uint32_t checksum(RunFileFront front) {
    front.header.crc = 0;
    return checksum(0, &front, sizeof(front));
}

// The fields of the metadata in their order, once for both directions.
template <class F, class Metadata>
void metadata_fields(F&& f, Metadata& m) {
    f(m.scenario), f(m.variant), f(m.mode), f(m.heddle_version), f(m.machine), f(m.kernel), f(m.date), f(m.parameters);
    f(m.exit_kind), f(m.exit_code), f(m.more);
}

}  // namespace heddle::trace
