// What this machine's kernel lets Heddle see, tried rather than guessed: for `heddle doctor` and for the notices in the
// window. Each probe does the real thing on Heddle itself (about 100 ms for all). Any thread; changes nothing that lasts, but
// mounts tracefs at its normal place when it may.
//
// People read `doctor.<id>.title` and `doctor.<id>.lost` of assets/i18n/doctor.<language>.toml.
#pragma once

#include <string>
#include <vector>

#include "core/base/ids.h"
#include "core/base/unavailable.h"

namespace heddle::kernel {

struct Facility {
    std::string id;  // stable: "perf-switches"
    bool works = false;
    std::string detail;  // what the kernel answered, or a number; not translated
    std::string remedy;  // a command that would allow it; empty when it works or nothing would
};

std::vector<Facility> probe_facilities();

// What page maps (/proc/<pid>/pagemap) do not tell on this machine. Quick: for every run.
std::vector<Unavailable> missing_page_facts();

}  // namespace heddle::kernel
