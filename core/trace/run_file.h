// A saved run: a .heddle file. save_run and open_run are called on any thread that may wait for the disk. The file is
// little-endian, versioned, and every byte of it is covered by a checksum; what was opened is as valid as what was recorded:
// events in order of time, each of a thread that exists.
//
//   header: magic 8 | version 4 | sections 4 | total bytes 8 | reserved 4 | CRC-32 of header and table 4
//   table:  per section: id 4 | CRC-32 4 | offset 8 | bytes 8 | items 8
//   events (PackedEvent as in memory) | threads | blobs | metadata | attachments
//
// Magic, version and their places never change, so that any Heddle can tell a newer file from a damaged one.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "core/base/result.h"
#include "core/trace/event_log.h"

namespace heddle::trace {

inline constexpr std::uint32_t kRunFileVersion = 2;

struct RunMetadata {
    std::string scenario, variant, mode;
    std::string heddle_version, machine, kernel;
    std::string date;                               // ISO 8601, UTC
    std::map<std::string, std::string> parameters;  // name → value, as given to the program
    std::string exit_kind;                          // "exited", "signaled", "stopped" …
    std::int32_t exit_code = 0;                     // or the signal's number
    std::map<std::string, std::string> more;        // whatever else the session wants to find again

    bool operator==(const RunMetadata&) const = default;
};

struct RunFile {
    RunMetadata metadata;
    EventLogView log;
    std::map<std::string, std::string> attachments;  // name → bytes: the program, its sources
};

// The old file stays as it was unless this succeeds.
Result<> save_run(const std::string& path, const RunFile& run);

// Errors tell apart: not a Heddle file, made by a newer Heddle, cut short, damaged (and in which section).
Result<RunFile> open_run(const std::string& path);

}  // namespace heddle::trace
