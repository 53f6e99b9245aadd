#include "core/fibers/file_steps.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

// By where it lies, as the kernel says it: an execution may find another inode there than the one before, which removed it. No
// other object's number.
std::uint64_t number_of(int fd) {
    char link[32], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t bytes = ::readlink(link, path, sizeof path);
    std::uint64_t hash = 0xcbf29ce484222325U;              // FNV-1a
    for (ssize_t i = 0; i < bytes && path[i] != ' '; ++i)  // what follows may be " (deleted)"
        hash = (hash ^ static_cast<unsigned char>(path[i])) * 0x100000001b3U;
    return std::uint64_t{1} << 59 | hash >> 6;
}

void announce(std::uint64_t file, bool changes, std::uint64_t pc) {
    Operation operation;
    operation.kind = changes ? OperationKind::kWriteFile : OperationKind::kReadFile;
    operation.object = file;
    operation.pc = pc;
    perform(operation);
    if (changes) made_progress();
}

bool is_regular(int fd) {
    struct stat status {};
    return fd > STDERR_FILENO && ::fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

bool is_regular_file(FILE* stream) {
    return stream != nullptr && stream != stdin && is_regular(::fileno(stream));
}

void announce_file(int fd, bool changes, std::uint64_t pc) {
    if (g_exploring && !is_alone() && is_regular(fd)) announce(number_of(fd), changes, pc);
}

void announce_file(FILE* stream, bool changes, std::uint64_t pc) {
    if (stream != nullptr && stream != stdin) announce_file(::fileno(stream), changes, pc);
}

void announce_names(bool changes, std::uint64_t pc) {
    if (g_exploring && !is_alone()) announce(trace::kFileNames, changes, pc);
}

void announce_path(int folder, const char* path, PathUse use, std::uint64_t pc) {
    if (!g_exploring || is_alone() || path == nullptr) return;
    struct stat status {};
    const bool there = ::fstatat(folder, path, &status, 0) == 0;
    if (there && !S_ISREG(status.st_mode)) return;
    announce_names(use == PathUse::kRemove || (use == PathUse::kChange && !there), pc);
    if (use != PathUse::kChange) return;
    // A schedule means the same whether or not the file is there.
    const int fd = there ? HEDDLE_REAL(openat)(folder, path, O_PATH | O_CLOEXEC, 0) : -1;
    if (fd < 0) {
        next_tick(current());
        return;
    }
    const std::uint64_t number = number_of(fd);
    HEDDLE_REAL(close)(fd);
    announce(number, true, pc);
}

}  // namespace heddle::fibers
