// ProcessSample: what /proc said of one process at one instant. Made by heddle::kernel, stored in an EventLog as the blob of a
// kProcessSample event, folded by the model. encode/decode are exact inverses; decode never trusts its input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.h"
#include "core/base/result.h"

namespace heddle::trace {

struct MappingSample {
    std::uint64_t start = 0, end = 0;  // [start, end)
    std::uint64_t offset = 0;          // in the file
    std::string permissions;           // "r-xp"
    std::string path;                  // file, "[heap]", "[stack]", or empty
    std::uint64_t resident_bytes = 0, proportional_bytes = 0, private_dirty_bytes = 0;  // 0 where smaps could not be read
};

struct DescriptorSample {
    int number = -1;
    std::string target;  // "pipe:[1234]", a path
};

struct ThreadSample {
    ThreadId tid;
    std::string name;
    char state = '?';  // R S D T Z X …: man 5 proc
    std::uint64_t user_ticks = 0, system_ticks = 0;  // of clock_ticks_per_second
    std::int64_t voluntary_switches = -1, involuntary_switches = -1;  // -1: could not be read
    std::int64_t run_nanoseconds = -1, wait_nanoseconds = -1;         // schedstat: on a CPU, on a run queue
    int cpu = -1, priority = 0, nice = 0, policy = 0;                 // policy: SCHED_OTHER …
    std::string wait_channel;                                         // wchan
    int syscall = -1;                                                 // number; -1 running or unreadable
    std::uint64_t stack_pointer = 0, instruction_pointer = 0;         // from /proc/PID/task/TID/syscall when blocked
};

struct ProcessSample {
    ProcessId pid, parent;
    std::string name;        // comm
    std::string executable;  // readlink exe
    std::vector<std::string> arguments;
    std::uint64_t virtual_bytes = 0, resident_bytes = 0, page_table_bytes = 0, data_bytes = 0, stack_bytes = 0;
    std::int64_t clock_ticks_per_second = 100;
    std::int64_t minor_faults = 0, major_faults = 0;
    std::uint32_t uid = 0, gid = 0;
    std::vector<ThreadSample> threads;
    std::vector<DescriptorSample> descriptors;
    std::vector<MappingSample> mappings;  // ascending addresses; empty in a light sample
};

std::string encode(const ProcessSample& sample);
Result<ProcessSample> decode_process_sample(std::string_view bytes);

// User registers saved at a switch, named as the architecture names them ("rip", "rsp", "rax", …), in a fixed order.
struct RegisterSet {
    std::vector<std::uint64_t> values;  // parallel to register_names(values.size())
};
const std::vector<std::string_view>& register_names();

std::string encode(const RegisterSet& registers);
Result<RegisterSet> decode_register_set(std::string_view bytes);

}  // namespace heddle::trace
