// Parsers of what /proc says (man 5 proc): text in, values out, no system call. The text is untrusted: a thread's name may
// hold spaces, parentheses and newlines, a file may be cut anywhere. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/trace/process_sample.h"

namespace heddle::kernel {

std::optional<std::int64_t> parse_integer(std::string_view text);  // decimal, surrounding white space allowed
std::vector<int> parse_cpu_list(std::string_view text);            // "0-3,8": at most 4,096 CPUs

struct StatFields {  // /proc/PID/stat, /proc/PID/task/TID/stat
    std::int32_t id = 0, parent = 0, group = 0, session = 0;
    std::string name;
    char state = '?';
    std::int64_t minor_faults = 0, major_faults = 0;
    std::uint64_t user_ticks = 0, system_ticks = 0, start_ticks = 0;
    int priority = 0, nice = 0, thread_count = 0, cpu = -1, policy = 0;
    std::uint64_t virtual_bytes = 0;
    std::int64_t resident_pages = 0;
};
std::optional<StatFields> parse_stat(std::string_view text);

struct StatusFields {  // /proc/PID/status; sizes in bytes; -1 where the line is missing
    std::string name;
    std::int32_t process = -1, parent = -1;
    std::int64_t uid = -1, gid = -1;
    std::int64_t virtual_bytes = -1, resident_bytes = -1, data_bytes = -1, stack_bytes = -1, page_table_bytes = -1;
    std::int64_t voluntary_switches = -1, involuntary_switches = -1;
    std::uint64_t caught_signals = 0;  // that have a handler: bit 0 is signal 1
};
StatusFields parse_status(std::string_view text);

// /proc/PID/maps or /proc/PID/smaps; lines that are neither are passed over.
std::vector<trace::MappingSample> parse_maps(std::string_view text);

struct SchedStat {
    std::int64_t run_nanoseconds = 0, wait_nanoseconds = 0, time_slices = 0;
};
std::optional<SchedStat> parse_schedstat(std::string_view text);

struct SyscallFields {  // of a blocked thread
    int number = -1;    // -1: blocked, but not in a system call
    std::array<std::uint64_t, 6> arguments{};
    std::uint64_t stack_pointer = 0, instruction_pointer = 0;
};
std::optional<SyscallFields> parse_syscall(std::string_view text);  // nullopt: "running", or nonsense

std::vector<std::string> parse_arguments(std::string_view text);  // /proc/PID/cmdline

struct PageEntry {  // one word of /proc/PID/pagemap
    bool present = false, swapped = false;
    bool file = false;               // file page, or anonymous shared memory
    bool exclusive = false;          // mapped by this process alone
    std::uint64_t frame_number = 0;  // 0 without CAP_SYS_ADMIN
    bool operator==(const PageEntry&) const = default;
};
PageEntry parse_page_word(std::uint64_t word);

}  // namespace heddle::kernel
