#include "core/kernel/thread_now.h"

#include <string>

#include "core/kernel/proc_files.h"
#include "core/kernel/proc_text.h"

namespace heddle::kernel {

ThreadNow thread_now(ThreadId thread) {
    ThreadNow now;
    const std::string folder = "/proc/" + std::to_string(thread.value);
    const auto stat_text = read_small_file(folder + "/stat");
    const auto stat = stat_text ? parse_stat(*stat_text) : std::nullopt;
    if (stat) now.state = stat->state;
    const auto ran_text = read_small_file(folder + "/schedstat");
    const auto ran = ran_text ? parse_schedstat(*ran_text) : std::nullopt;
    if (ran) now.ran = Nanoseconds(ran->run_nanoseconds);
    const auto call_text = read_small_file(folder + "/syscall");
    const auto call = call_text ? parse_syscall(*call_text) : std::nullopt;
    if (call) now.syscall = call->number;
    return now;
}

}  // namespace heddle::kernel
