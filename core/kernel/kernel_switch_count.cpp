#include "core/kernel/kernel_switch_count.h"

#include <dirent.h>

#include <memory>
#include <string>

#include "core/kernel/proc_files.h"
#include "core/kernel/proc_text.h"

namespace heddle::kernel {

Result<std::int64_t> kernel_switch_count(ProcessId process) {
    const std::string tasks = "/proc/" + std::to_string(process.value) + "/task";
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
    if (!directory) return fail_errno("cannot list the threads", tasks);
    std::int64_t total = 0;
    while (const dirent* entry = ::readdir(directory.get())) {
        if (!parse_integer(entry->d_name)) continue;
        const auto text = read_small_file(tasks + "/" + entry->d_name + "/status");
        if (!text) continue;  // ended meanwhile
        const StatusFields status = parse_status(*text);
        if (status.voluntary_switches < 0 || status.involuntary_switches < 0) return fail("no switch counts", tasks);
        total += status.voluntary_switches + status.involuntary_switches;
    }
    return total;
}

bool waits_in_kernel(ThreadId thread) {
    const auto text = read_small_file("/proc/" + std::to_string(thread.value) + "/stat");
    if (!text) return false;
    const auto stat = parse_stat(*text);
    return stat && (stat->state == 'S' || stat->state == 'D');
}

}  // namespace heddle::kernel
