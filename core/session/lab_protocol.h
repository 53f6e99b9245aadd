// What heddle-lab (the lab's supervisor) and Lab tell each other over two pipes. Fixed-size messages, written whole.
#pragma once

#include <cstdint>

namespace heddle::session {

// Heddle to heddle-lab, one byte each. End of file means that Heddle is gone: end the lab.
enum class LabCommand : char { kGo = 'g', kKill = 'k' };

enum class LabReportKind : std::uint32_t {
    kSpawned = 1,     // pid: the program's process, waiting to be let go
    kExecFailed = 2,  // value: errno
    kReaped = 3,      // pid, value: wait status; switches: its and its waited-for children's
    kAllGone = 4,     // no process of the lab is left; heddle-lab exits
    kKilledRest = 5,  // value: processes that outlived the first one and were ended
};

struct LabReport {
    LabReportKind kind;
    std::int32_t pid;
    std::int64_t value;
    std::int64_t voluntary_switches;
    std::int64_t involuntary_switches;
};

}  // namespace heddle::session
