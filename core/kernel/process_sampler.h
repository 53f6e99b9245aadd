// What /proc says of one process at one instant, as a ProcessSample, and the words of its page map. Thin over proc_text.h;
// any thread. A process that is gone is the error ESRCH (is_gone in proc_files.h); a file that may not be read leaves its
// fields at their defaults.
#pragma once

#include <span>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/kernel/proc_text.h"
#include "core/trace/process_sample.h"

namespace heddle::kernel {

enum class SampleDepth {
    kLight,  // stat, status and the threads: about 50 µs and 30 µs a thread
    kFull,   // also mappings with their resident memory, descriptors, arguments, wait channels, system calls
};

Result<trace::ProcessSample> sample_process(ProcessId process, SampleDepth depth);

// Only the descriptors, or only the mappings (with_residency: from smaps, dearer).
std::vector<trace::DescriptorSample> read_descriptors(ProcessId process);
std::vector<trace::MappingSample> read_mappings(ProcessId process, bool with_residency);

// The states of `pages` pages from the one that holds `start`. Frame numbers are 0 without CAP_SYS_ADMIN. At most 1 Mi pages.
Result<std::vector<PageEntry>> read_pagemap(ProcessId process, Address start, std::size_t pages);

// A process and all that descend from it, parents first, by /proc's parent links. Processes that appear or end meanwhile may
// or may not be in it; repeat until it is empty to clean up. One whose parent ended has moved to its reaper.
std::vector<ProcessId> descendants(ProcessId root);
std::vector<ProcessId> descendants(std::span<const ProcessId> roots);

// The live threads of a process, ascending; empty when it is gone.
std::vector<ThreadId> threads_of(ProcessId process);

}  // namespace heddle::kernel
