// What /proc/PID/stat says of whether a process has ended (man 5 proc). For Heddle's side; any thread.
#pragma once

#include <cstdint>
#include <string_view>

namespace heddle::trace {

// Has ended, whether or not anybody waited for it. Whose first thread alone has ended (man 3 pthread_exit) looks dead, too, but
// for the count of its threads. Empty: there is none any more.
constexpr bool is_ended_process(std::string_view stat) {
    constexpr int kThreadsBehindState = 17;  // fields
    const std::size_t name_end = stat.rfind(") ");
    if (name_end == std::string_view::npos || name_end + 2 >= stat.size()) return true;
    stat.remove_prefix(name_end + 2);
    if (stat[0] == 'X') return true;
    if (stat[0] != 'Z') return false;
    for (int field = 0; field < kThreadsBehindState; ++field) {
        const std::size_t space = stat.find(' ');
        if (space == std::string_view::npos) return true;
        stat.remove_prefix(space + 1);
    }
    const std::string_view threads = stat.substr(0, stat.find(' '));
    return threads == "0" || threads == "1";
}
// False for what is no process's number.
bool has_ended(std::int32_t pid);

}  // namespace heddle::trace
