#include "core/fibers/named_objects.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/fibers/file_steps.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"

namespace heddle::fibers {
namespace {

constexpr std::uint32_t kMostNamed = 64, kMostCharacters = 255;

struct NamedTable {
    struct Entry {
        Named kind;
        char name[kMostCharacters + 1];
    };
    Entry entries[kMostNamed];
    std::uint32_t count;
};
NamedTable* g_named = nullptr;  // shared by all processes of an execution, and by the one that stands before main

bool is_made_here(Named kind, const char* name) {
    for (std::uint32_t i = 0; i < g_named->count; ++i) {
        const NamedTable::Entry& entry = g_named->entries[i];
        if (entry.kind == kind && strcmp(entry.name, name) == 0) return true;
    }
    return false;
}

// Where the kernel keeps them (man 7 shm_overview, sem_overview).
bool is_there(Named kind, const char* name) {
    char path[kMostCharacters + 32];
    snprintf(path, sizeof path, "/dev/shm/%s%s", kind == Named::kSemaphore ? "sem." : "", name[0] == '/' ? name + 1 : name);
    struct stat status {};
    return ::stat(path, &status) == 0;
}

}  // namespace

bool prepare_named_objects() {
    void* const at = HEDDLE_REAL(mmap)(nullptr, sizeof(NamedTable), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at != MAP_FAILED) g_named = static_cast<NamedTable*>(at);
    return g_named != nullptr;
}

void note_named_object(Named kind, const char* name, bool makes, std::uint64_t pc) {
    announce_names(makes, pc);
    if (!g_exploring || !g_searching) return;
    const char* const call = kind == Named::kMemory ? "shm_open" : "sem_open";
    need_threads(call, pc);
    if (is_made_here(kind, name)) return;
    if (is_there(kind, name)) unsupported(ending_text::kNamedBefore.words, pc);
    if (!makes) return;
    if (g_named->count == kMostNamed || strlen(name) > kMostCharacters) unsupported(call, pc);
    NamedTable::Entry& entry = g_named->entries[g_named->count++];
    entry.kind = kind;
    strcpy(entry.name, name);
}

void remove_named_objects() {
    while (g_named->count > 0) {
        const NamedTable::Entry& entry = g_named->entries[--g_named->count];
        if (entry.kind == Named::kMemory) {
            HEDDLE_REAL(shm_unlink)(entry.name);
        } else {
            HEDDLE_REAL(sem_unlink)(entry.name);
        }
    }
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT int shm_open(const char* name, int flags, mode_t mode) {
    if (g_exploring) HEDDLE_PASS_HOOK();
    note_named_object(Named::kMemory, name, (flags & O_CREAT) != 0, HEDDLE_CALLER);
    return HEDDLE_REAL(shm_open)(name, flags, mode);
}
#define HEDDLE_UNLINKS(name)                              \
    HEDDLE_EXPORT int name(const char* object) noexcept { \
        if (g_exploring) {                                \
            HEDDLE_PASS_HOOK();                           \
            announce_names(true, HEDDLE_CALLER);          \
        }                                                 \
        return HEDDLE_REAL(name)(object);                 \
    }
HEDDLE_UNLINKS(shm_unlink)
HEDDLE_UNLINKS(sem_unlink)
