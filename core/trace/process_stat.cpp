#include "core/trace/process_stat.h"

#include <fstream>
#include <string>

namespace heddle::trace {

bool has_ended(std::int32_t pid) {
    if (pid <= 0) return false;
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    std::getline(file, text);
    return is_ended_process(text);
}

}  // namespace heddle::trace
