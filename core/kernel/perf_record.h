// Decodes the records of a perf ring buffer (man 2 perf_event_open, "MMAP layout") into KernelRecords. Pure: bytes in, values
// out, nothing read beyond the span whatever the bytes claim. Called by PerfObserver on the draining thread.
//
// Every event that writes into such a ring has sample_id_all and sample_type = kSampleId, so a record that is not a sample
// ends with {u32 pid, tid; u64 time; u32 cpu, reserved}, and a sample begins with it.
#pragma once

#include <linux/perf_event.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/kernel/kernel_record.h"

namespace heddle::kernel {

inline constexpr std::uint64_t kSampleId = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_CPU;

// What a PERF_RECORD_SAMPLE in this ring carries after the sample id.
enum class SampleBody : std::uint8_t {
    kNone,
    kUserRegisters,  // PERF_SAMPLE_REGS_USER with user_register_mask()
    kWakeUp,         // PERF_SAMPLE_RAW of a tracepoint of the sched_wakeup family
};

// Where the fields of a sched_wakeup record lie (from its tracefs `format` file).
struct WakeUpFormat {
    std::uint32_t pid_offset = 24;
    std::uint32_t target_cpu_offset = 32;
};

struct PerfRecordLayout {
    SampleBody sample = SampleBody::kNone;
    WakeUpFormat wake_up;
};

// One whole record, header included. nullopt: a kind that says nothing about a thread, or bytes too short for their kind.
std::optional<KernelRecord> decode_perf_record(std::span<const std::byte> record, const PerfRecordLayout& layout);

}  // namespace heddle::kernel
