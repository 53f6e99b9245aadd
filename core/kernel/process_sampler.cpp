#include "core/kernel/process_sampler.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "core/base/unique_fd.h"
#include "core/kernel/proc_files.h"
#include "core/kernel/process_tree.h"

namespace heddle::kernel {
namespace {

constexpr std::size_t kMapsLimit = 16 << 20;

std::string proc_path(ProcessId process) {
    return "/proc/" + std::to_string(process.value);
}

// The numeric entries of a directory, ascending; empty when it cannot be read.
std::vector<int> numbers_in(int at, const char* path) {
    std::vector<int> numbers;
    const int fd = ::openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return numbers;
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(fd), ::closedir);
    if (!directory) {
        ::close(fd);
        return numbers;
    }
    while (const dirent* entry = ::readdir(directory.get())) {
        if (const auto number = parse_integer(entry->d_name); number && *number >= 0 && *number <= INT32_MAX) {
            numbers.push_back(static_cast<int>(*number));
        }
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

void fill_thread(trace::ThreadSample& thread, const StatFields& stat) {
    thread.name = stat.name;
    thread.state = stat.state;
    thread.user_ticks = stat.user_ticks;
    thread.system_ticks = stat.system_ticks;
    thread.cpu = stat.cpu;
    thread.priority = stat.priority;
    thread.nice = stat.nice;
    thread.policy = stat.policy;
}

// nullopt: the thread ended meanwhile.
std::optional<trace::ThreadSample> sample_thread(int process_fd, int tid, SampleDepth depth) {
    const std::string at = "task/" + std::to_string(tid);
    const auto read = [&](const char* file) { return read_small_file_at(process_fd, (at + file).c_str()); };
    const auto stat_text = read("/stat");
    const auto stat = stat_text ? parse_stat(*stat_text) : std::nullopt;
    if (!stat) return std::nullopt;
    trace::ThreadSample thread;
    thread.tid = ThreadId(tid);
    fill_thread(thread, *stat);
    if (const auto text = read("/status")) {
        const StatusFields status = parse_status(*text);
        thread.voluntary_switches = status.voluntary_switches;
        thread.involuntary_switches = status.involuntary_switches;
    }
    if (const auto text = read("/schedstat")) {
        if (const auto schedstat = parse_schedstat(*text)) {
            thread.run_nanoseconds = schedstat->run_nanoseconds;
            thread.wait_nanoseconds = schedstat->wait_nanoseconds;
        }
    }
    if (depth == SampleDepth::kLight) return thread;
    if (const auto text = read("/wchan"); text && *text != "0") thread.wait_channel = *text;
    if (const auto text = read("/syscall")) {
        if (const auto call = parse_syscall(*text)) {
            thread.syscall = call->number;
            thread.stack_pointer = call->stack_pointer;
            thread.instruction_pointer = call->instruction_pointer;
        }
    }
    return thread;
}

std::vector<trace::MappingSample> mappings_at(int process_fd, bool with_residency) {
    if (with_residency) {
        if (const auto text = read_small_file_at(process_fd, "smaps", kMapsLimit)) return parse_maps(*text);
    }
    const auto text = read_small_file_at(process_fd, "maps", kMapsLimit);
    return text ? parse_maps(*text) : std::vector<trace::MappingSample>();
}

std::vector<trace::DescriptorSample> descriptors_at(int process_fd) {
    std::vector<trace::DescriptorSample> descriptors;
    for (const int number : numbers_in(process_fd, "fd")) {
        auto target = read_link_at(process_fd, ("fd/" + std::to_string(number)).c_str());
        if (target) descriptors.push_back({number, std::move(*target)});
    }
    return descriptors;
}

UniqueFd open_process(ProcessId process) {
    return UniqueFd(::open(proc_path(process).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

std::uint64_t unsigned_or_zero(std::int64_t value) {
    return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

}  // namespace

Result<trace::ProcessSample> sample_process(ProcessId process, SampleDepth depth) {
    // One descriptor for all files: should the pid be used anew meanwhile, reads fail with ESRCH.
    const UniqueFd directory = open_process(process);
    if (!directory) return fail_errno("no such process", std::to_string(process.value));
    const std::string stat_text = TRY(read_small_file_at(directory.get(), "stat"));
    const auto stat = parse_stat(stat_text);
    if (!stat) return fail("cannot understand the process's stat file", std::to_string(process.value));

    trace::ProcessSample sample;
    sample.pid = process;
    sample.parent = ProcessId(stat->parent);
    sample.name = stat->name;
    sample.virtual_bytes = stat->virtual_bytes;
    sample.clock_ticks_per_second = ::sysconf(_SC_CLK_TCK);
    sample.minor_faults = stat->minor_faults;
    sample.major_faults = stat->major_faults;
    if (const auto text = read_small_file_at(directory.get(), "status")) {
        const StatusFields status = parse_status(*text);
        sample.resident_bytes = unsigned_or_zero(status.resident_bytes);
        sample.page_table_bytes = unsigned_or_zero(status.page_table_bytes);
        sample.data_bytes = unsigned_or_zero(status.data_bytes);
        sample.stack_bytes = unsigned_or_zero(status.stack_bytes);
        sample.uid = static_cast<std::uint32_t>(unsigned_or_zero(status.uid));
        sample.gid = static_cast<std::uint32_t>(unsigned_or_zero(status.gid));
    }
    for (const int tid : numbers_in(directory.get(), "task")) {
        if (auto thread = sample_thread(directory.get(), tid, depth)) sample.threads.push_back(std::move(*thread));
    }
    if (depth == SampleDepth::kLight) return sample;
    if (auto target = read_link_at(directory.get(), "exe")) sample.executable = std::move(*target);
    if (const auto text = read_small_file_at(directory.get(), "cmdline")) sample.arguments = parse_arguments(*text);
    sample.descriptors = descriptors_at(directory.get());
    sample.mappings = mappings_at(directory.get(), true);
    return sample;
}

std::vector<trace::DescriptorSample> read_descriptors(ProcessId process) {
    const UniqueFd directory = open_process(process);
    return directory ? descriptors_at(directory.get()) : std::vector<trace::DescriptorSample>();
}

std::vector<trace::MappingSample> read_mappings(ProcessId process, bool with_residency) {
    const UniqueFd directory = open_process(process);
    return directory ? mappings_at(directory.get(), with_residency) : std::vector<trace::MappingSample>();
}

Result<std::vector<PageEntry>> read_pagemap(ProcessId process, Address start, std::size_t pages) {
    constexpr std::size_t kMostPages = 1 << 20;
    const std::string path = proc_path(process) + "/pagemap";
    if (pages > kMostPages) return fail("too many pages asked for at once", std::to_string(pages));
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) return fail_errno("cannot open the page map", path);
    const auto page_bytes = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    std::vector<std::uint64_t> words(pages);
    const ssize_t got = ::pread(fd.get(), words.data(), pages * 8, static_cast<off_t>(start.value / page_bytes * 8));
    if (got < 0) return fail_errno("cannot read the page map", path);
    std::vector<PageEntry> entries;
    for (std::size_t i = 0; i < static_cast<std::size_t>(got) / 8; ++i) entries.push_back(parse_page_word(words[i]));
    return entries;
}

std::vector<ProcessId> descendants(ProcessId root) {
    return descendants(std::span(&root, 1));
}

std::vector<ProcessId> descendants(std::span<const ProcessId> roots) {
    std::vector<ParentLink> links;
    for (const int pid : numbers_in(AT_FDCWD, "/proc")) {
        const auto text = read_small_file("/proc/" + std::to_string(pid) + "/stat");
        const auto stat = text ? parse_stat(*text) : std::nullopt;
        if (stat) links.push_back({ProcessId(pid), ProcessId(stat->parent)});
    }
    return descendants_in(links, roots);
}

std::vector<ThreadId> threads_of(ProcessId process) {
    std::vector<ThreadId> threads;
    for (const int tid : numbers_in(AT_FDCWD, (proc_path(process) + "/task").c_str())) threads.push_back(ThreadId(tid));
    return threads;
}

}  // namespace heddle::kernel
