#include "core/fibers/kept_files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fibers/checkpoint.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kMostFiles = 64;
constexpr std::size_t kMostBytes = std::size_t{4} << 20;

struct KeptFiles {
    struct File {
        char path[PATH_MAX];
        bool was_there;
        mode_t mode;
        std::size_t at, bytes;  // of `content`
    };
    File files[kMostFiles];
    std::uint32_t count;
    std::size_t used;
    char content[kMostBytes];
};
KeptFiles* g_kept = nullptr;  // shared by all processes of an execution, and by the one that stands before main

// False: it is longer than a path may be, or its folder is gone.
bool make_absolute(int folder, const char* path, char (&out)[PATH_MAX]) {
    char start[PATH_MAX] = "";
    if (path[0] != '/') {
        if (folder == AT_FDCWD) {
            if (::getcwd(start, sizeof start) == nullptr) return false;
        } else {
            char link[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            const ssize_t bytes = ::readlink(link, start, sizeof start - 1);
            if (bytes <= 0) return false;
            start[bytes] = '\0';
        }
        strcat(start, "/");
    }
    if (strlen(start) + strlen(path) >= sizeof out) return false;
    strcpy(out, start);
    strcat(out, path);
    return true;
}

// As many of the bytes as come.
template <typename Transfer>
std::size_t transfer_all(std::size_t bytes, Transfer transfer) {
    std::size_t done = 0;
    while (done < bytes) {
        const ssize_t moved = transfer(done);
        if (moved <= 0) break;
        done += static_cast<std::size_t>(moved);
    }
    return done;
}

bool keep_content(KeptFiles::File& file, std::size_t bytes) {
    if (bytes > kMostBytes - g_kept->used) return false;
    const int fd = HEDDLE_REAL(open)(file.path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    file.at = g_kept->used;
    file.bytes = transfer_all(bytes, [&](std::size_t done) {
        return HEDDLE_REAL(pread)(fd, g_kept->content + file.at + done, bytes - done, static_cast<off_t>(done));
    });
    HEDDLE_REAL(close)(fd);
    g_kept->used += bytes;
    return file.bytes == bytes;
}

bool is_as_kept(int fd, const KeptFiles::File& file) {
    struct stat status {};
    if (::fstat(fd, &status) != 0 || static_cast<std::size_t>(status.st_size) != file.bytes) return false;
    char part[4096];
    for (std::size_t done = 0; done < file.bytes;) {
        const ssize_t got = HEDDLE_REAL(pread)(fd, part, sizeof part, static_cast<off_t>(done));
        if (got <= 0 || memcmp(part, g_kept->content + file.at + done, static_cast<std::size_t>(got)) != 0) return false;
        done += static_cast<std::size_t>(got);
    }
    return true;
}

// Over what is there, not emptied first: whoever kills us between the two leaves its owner the most.
void bring_back(const KeptFiles::File& file) {
    if (!file.was_there) {
        HEDDLE_REAL(unlink)(file.path);
        return;
    }
    const int fd = HEDDLE_REAL(open)(file.path, O_RDWR | O_CREAT | O_CLOEXEC, file.mode);
    if (fd < 0) return;
    if (!is_as_kept(fd, file)) {
        transfer_all(file.bytes, [&](std::size_t done) {
            return HEDDLE_REAL(pwrite)(fd, g_kept->content + file.at + done, file.bytes - done, static_cast<off_t>(done));
        });
        static_cast<void>(::ftruncate(fd, static_cast<off_t>(file.bytes)));
    }
    HEDDLE_REAL(close)(fd);
}

}  // namespace

bool prepare_kept_files() {
    void* const at = HEDDLE_REAL(mmap)(nullptr, sizeof(KeptFiles), PROT_READ | PROT_WRITE,
                                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at != MAP_FAILED) g_kept = static_cast<KeptFiles*>(at);
    return g_kept != nullptr;
}

void note_file_change(int folder, const char* path, std::uint64_t pc) {
    if (!g_exploring || !g_searching || path == nullptr) return;
    note_outside_state();
    if (g_kept->count == kMostFiles) unsupported(ending_text::kManyFiles.words, pc);
    KeptFiles::File& file = g_kept->files[g_kept->count];
    if (!make_absolute(folder, path, file.path)) return;
    for (std::uint32_t i = 0; i < g_kept->count; ++i)
        if (strcmp(g_kept->files[i].path, file.path) == 0) return;
    struct stat status {};
    file.was_there = ::stat(file.path, &status) == 0;
    if (file.was_there && !S_ISREG(status.st_mode)) return;
    file.mode = status.st_mode & 07777;
    if (file.was_there && !keep_content(file, static_cast<std::size_t>(status.st_size)))
        unsupported(ending_text::kManyFiles.words, pc);
    ++g_kept->count;
}

void bring_back_files() {
    while (g_kept->count > 0) bring_back(g_kept->files[--g_kept->count]);
    g_kept->used = 0;
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

namespace {
void remove_path(int folder, const char* path, std::uint64_t pc) {
    announce_path(folder, path, PathUse::kRemove, pc);
    note_file_change(folder, path, pc);
}
}  // namespace

#define HEDDLE_CHANGES(name, parameters, arguments, ...) \
    HEDDLE_EXPORT int name parameters noexcept {         \
        if (g_exploring) {                               \
            HEDDLE_PASS_HOOK();                          \
            __VA_ARGS__;                                 \
        }                                                \
        return HEDDLE_REAL(name) arguments;              \
    }
HEDDLE_CHANGES(unlink, (const char* path), (path), remove_path(AT_FDCWD, path, HEDDLE_CALLER))
HEDDLE_CHANGES(unlinkat, (int folder, const char* path, int flags), (folder, path, flags),
               remove_path(folder, path, HEDDLE_CALLER))
HEDDLE_CHANGES(remove, (const char* path), (path), remove_path(AT_FDCWD, path, HEDDLE_CALLER))
HEDDLE_CHANGES(truncate, (const char* path, off_t bytes), (path, bytes),
               announce_path(AT_FDCWD, path, PathUse::kChange, HEDDLE_CALLER);
               note_file_change(AT_FDCWD, path, HEDDLE_CALLER))
HEDDLE_CHANGES(rename, (const char* from, const char* to), (from, to), remove_path(AT_FDCWD, from, HEDDLE_CALLER);
               remove_path(AT_FDCWD, to, HEDDLE_CALLER))
HEDDLE_CHANGES(renameat, (int folder, const char* from, int other, const char* to), (folder, from, other, to),
               remove_path(folder, from, HEDDLE_CALLER);
               remove_path(other, to, HEDDLE_CALLER))

// What has no content to be brought back, or a name that nobody knows before.
#define HEDDLE_REFUSES(type, name, parameters, arguments)                  \
    HEDDLE_EXPORT type name parameters {                                   \
        if (g_exploring && g_searching) unsupported(#name, HEDDLE_CALLER); \
        return HEDDLE_REAL(name) arguments;                                \
    }
HEDDLE_REFUSES(int, mkdir, (const char* path, mode_t mode) noexcept, (path, mode))
HEDDLE_REFUSES(int, rmdir, (const char* path) noexcept, (path))
HEDDLE_REFUSES(int, link, (const char* from, const char* to) noexcept, (from, to))
HEDDLE_REFUSES(int, symlink, (const char* from, const char* to) noexcept, (from, to))
HEDDLE_REFUSES(int, mkfifo, (const char* path, mode_t mode) noexcept, (path, mode))
HEDDLE_REFUSES(int, mkstemp, (char* path), (path))
HEDDLE_REFUSES(char*, mkdtemp, (char* path) noexcept, (path))
