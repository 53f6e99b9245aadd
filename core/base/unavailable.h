// What this machine's kernel does not allow, as a value of the model rather than an error: shown where the data would
// have been, with the command that would allow it.
#pragma once

#include <string>

namespace heddle {

struct Unavailable {
    std::string facility;  // stable id, also the key of its translated name: "perf-switches"
    std::string reason;    // what the kernel answered: "perf_event_open: Permission denied"
    std::string remedy;    // a command that would allow it; empty when nothing would
};

}  // namespace heddle
