// The user registers that perf is asked for at a switch, and their order. Pure; x86-64 and aarch64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/trace/process_sample.h"

namespace heddle::kernel {

std::uint64_t user_register_mask();  // for perf_event_attr.sample_regs_user
std::size_t user_register_count();   // bits set in it: values in a sample, ascending by bit

// The values of a sample, in perf's order, into the order of trace::register_names(). A register that perf does not know
// becomes 0; one that the kernel did not save at that entry is all ones (arch/x86/kernel/perf_regs.c).
trace::RegisterSet to_register_set(std::span<const std::uint64_t> values);

}  // namespace heddle::kernel
