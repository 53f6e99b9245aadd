#include "core/runtime/shared_objects.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/runtime/emit.h"

namespace heddle::runtime {
namespace {

std::uint64_t mixed(std::uint64_t one, std::uint64_t other) {
    std::uint64_t digest = (one * 0x9e3779b97f4a7c15ULL ^ other) * 0xff51afd7ed558ccdULL;
    digest ^= digest >> 32;
    return digest != 0 ? digest : 1;
}

}  // namespace

std::uint64_t new_object() {
    return mixed(static_cast<std::uint64_t>(current_tid()), read_ticks(g_process.tick_source));
}

std::uint64_t object_of_file(int fd, const char* path) {
    struct stat status {};
    const long result = path == nullptr ? arch::system_call(SYS_fstat, fd, reinterpret_cast<long>(&status))
                                        : arch::system_call(SYS_newfstatat, AT_FDCWD, reinterpret_cast<long>(path),
                                                            reinterpret_cast<long>(&status), 0);
    return result == 0 ? mixed(status.st_dev, status.st_ino) : 0;
}

std::uint64_t object_of_segment(int id) {
    constexpr std::uint64_t kSegments = 0x73676573;  // no device's number
    return mixed(kSegments << 32, static_cast<std::uint32_t>(id));
}

std::uint64_t object_of_semaphore(const char* name) {
    char path[300];
    const int length = snprintf(path, sizeof path, "/dev/shm/sem.%s", name[0] == '/' ? name + 1 : name);
    return length > 0 && static_cast<unsigned>(length) < sizeof path ? object_of_file(-1, path) : 0;
}

}  // namespace heddle::runtime
