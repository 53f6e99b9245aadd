// Files and mappings: passed through. What the program does with them is not told by its memory alone (checkpoint.h).
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>

#include "core/fibers/checkpoint.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/kept_files.h"
#include "core/fibers/library_access.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/shared_memory.h"
#include "core/fibers/spaces.h"
#include "core/trace/library_call.h"
#include "core/trace/transfer_access.h"

using namespace heddle::fibers;

namespace {
bool makes_a_file(int flags) {
    return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
}
// A file without a name is gone by itself.
bool may_change(int flags) {
    return (flags & O_TMPFILE) != O_TMPFILE && ((flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0);
}
bool may_change(const char* how) {
    return how[0] != 'r' || strchr(how, '+') != nullptr;
}
void note_open(int folder, const char* path, bool changes, std::uint64_t pc) {
    note_outside_state();
    announce_path(folder, path, changes ? PathUse::kChange : PathUse::kRead, pc);
    if (changes) note_file_change(folder, path, pc);
}
}  // namespace

#define HEDDLE_OPENS(type, name, parameters, arguments, changes) \
    HEDDLE_EXPORT type name parameters {                         \
        if (g_exploring) {                                       \
            HEDDLE_PASS_HOOK();                                  \
            note_open(AT_FDCWD, path, changes, HEDDLE_CALLER);   \
        }                                                        \
        return HEDDLE_REAL(name) arguments;                      \
    }
// The mode comes only with a file that may be made.
#define HEDDLE_OPENS_BY_FLAGS(name, folder, parameters, arguments)          \
    HEDDLE_EXPORT int name parameters {                                     \
        if (g_exploring) {                                                  \
            HEDDLE_PASS_HOOK();                                             \
            note_open(folder, path, may_change(flags), HEDDLE_CALLER);      \
        }                                                                   \
        va_list more;                                                       \
        va_start(more, flags);                                              \
        const mode_t mode = makes_a_file(flags) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                       \
        return HEDDLE_REAL(name) arguments;                                 \
    }

HEDDLE_OPENS_BY_FLAGS(open, AT_FDCWD, (const char* path, int flags, ...), (path, flags, mode))
HEDDLE_OPENS_BY_FLAGS(open64, AT_FDCWD, (const char* path, int flags, ...), (path, flags, mode))
HEDDLE_OPENS_BY_FLAGS(openat, folder, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
HEDDLE_OPENS_BY_FLAGS(openat64, folder, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
HEDDLE_OPENS(int, creat, (const char* path, mode_t mode), (path, mode), true)
HEDDLE_OPENS(FILE*, fopen, (const char* path, const char* how), (path, how), may_change(how))
HEDDLE_OPENS(FILE*, fopen64, (const char* path, const char* how), (path, how), may_change(how))
HEDDLE_OPENS(FILE*, freopen, (const char* path, const char* how, FILE* file), (path, how, file), may_change(how))
HEDDLE_OPENS(FILE*, freopen64, (const char* path, const char* how, FILE* file), (path, how, file), may_change(how))
HEDDLE_OPENS(DIR*, opendir, (const char* path), (path), false)

namespace {
using heddle::trace::transfer::received;
HEDDLE_DEFINE_LIBRARY_CALL(ssize_t, pread, (int f, void* b, std::size_t n, off_t o), (f, b, n, o),
                           announce_file(f, false, HEDDLE_CALLER);
                           access.expect(b, n), received(access, b, n, done))
HEDDLE_DEFINE_LIBRARY_CALL(ssize_t, pread64, (int f, void* b, std::size_t n, off64_t o), (f, b, n, o),
                           announce_file(f, false, HEDDLE_CALLER);
                           access.expect(b, n), received(access, b, n, done))
HEDDLE_DEFINE_LIBRARY_CALL(ssize_t, pwrite, (int f, const void* b, std::size_t n, off_t o), (f, b, n, o), access.offer(b, n);
                           announce_file(f, true, HEDDLE_CALLER), )
HEDDLE_DEFINE_LIBRARY_CALL(ssize_t, pwrite64, (int f, const void* b, std::size_t n, off64_t o), (f, b, n, o),
                           access.offer(b, n);
                           announce_file(f, true, HEDDLE_CALLER), )
}  // namespace

// This library maps memory, too, but not while an execution is under way.
namespace {
void* note_mapped(void* at, std::size_t bytes, int how, int file, off_t offset, std::uint64_t pc) {
    if (g_exploring) note_outside_state();
    note_new_mapping();
    const bool shared = (how & MAP_TYPE) != MAP_PRIVATE, named = (how & MAP_ANONYMOUS) == 0;
    if (at != MAP_FAILED) note_mapping(at, bytes, shared, pc, named ? file : -1, static_cast<std::uint64_t>(offset));
    return at;
}
}  // namespace
HEDDLE_EXPORT void* mmap(void* at, std::size_t bytes, int access, int how, int file, off_t offset) noexcept {
    if (g_exploring && g_searching) HEDDLE_PASS_HOOK();
    return note_mapped(HEDDLE_REAL(mmap)(at, bytes, access, how, file, offset), bytes, how, file, offset, HEDDLE_CALLER);
}
HEDDLE_EXPORT void* mmap64(void* at, std::size_t bytes, int access, int how, int file, off64_t offset) noexcept {
    if (g_exploring && g_searching) HEDDLE_PASS_HOOK();
    return note_mapped(HEDDLE_REAL(mmap64)(at, bytes, access, how, file, offset), bytes, how, file, offset, HEDDLE_CALLER);
}
HEDDLE_EXPORT int munmap(void* at, std::size_t bytes) noexcept {
    note_mapping(at, bytes, false, HEDDLE_CALLER);
    return HEDDLE_REAL(munmap)(at, bytes);
}
namespace {
bool g_attached_before_main = false;
}
// What a segment with a key holds outlives the execution; one without goes with it.
HEDDLE_EXPORT int shmget(key_t key, std::size_t bytes, int flags) noexcept {
    if (g_exploring && g_searching && key != IPC_PRIVATE) unsupported("shmget", HEDDLE_CALLER);
    if (g_exploring) need_threads("shmget", HEDDLE_CALLER);
    const int segment = HEDDLE_REAL(shmget)(key, bytes, flags);
    note_segment(segment);
    return segment;
}
HEDDLE_EXPORT void* shmat(int segment, const void* at, int flags) noexcept {
    if (g_exploring && g_searching) HEDDLE_PASS_HOOK();
    if (g_exploring) need_threads("shmat", HEDDLE_CALLER);
    g_attached_before_main = g_attached_before_main || !g_exploring;
    note_new_mapping();
    void* const mapped = HEDDLE_REAL(shmat)(segment, at, flags);
    if (mapped != reinterpret_cast<void*>(-1)) note_attached(mapped, segment, HEDDLE_CALLER);
    return mapped;
}
namespace heddle::fibers {
void refuse_attached_segments() {
    if (g_searching && g_attached_before_main) unsupported("shmat", 0);
}
}  // namespace heddle::fibers
