#include "core/fibers/thread_pointer.h"

#include "core/fibers/memory.h"

#if defined(__x86_64__)
#include <asm/prctl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <string_view>

#include "core/fibers/real.h"
#endif

namespace heddle::fibers {

std::uintptr_t g_thread_pointer = 0;
bool g_thread_pointer_by_call = false;

#if defined(__x86_64__)

namespace {

// A kernel that does not know of the instruction gives the thread, each time it comes back to a processor, the pointer that it
// was told of last. That one leads to memory nobody may touch: the next use of local storage faults, and is mended.
AddressSpan g_guard{};

sigjmp_buf g_before_trying;

void on_illegal(int) {
    siglongjmp(g_before_trying, 1);
}

bool has_instruction() {
    struct sigaction action {};
    struct sigaction before {};
    action.sa_handler = on_illegal;
    HEDDLE_REAL(sigaction)(SIGILL, &action, &before);
    const bool has = sigsetjmp(g_before_trying, 1) == 0;
    if (has) set_thread_pointer_by_instruction(g_thread_pointer);
    HEDDLE_REAL(sigaction)(SIGILL, &before, nullptr);
    return has;
}

bool guard_thread_pointer() {
    constexpr std::size_t kMore = std::size_t{64} << 10;  // for what is loaded later
    const std::size_t below = kMore - static_storage(0).start, bytes = below + control_block(0).end + kMore;
    void* const at = HEDDLE_REAL(mmap)(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return false;
    g_guard.start = reinterpret_cast<std::uintptr_t>(at);
    g_guard.end = g_guard.start + bytes;
    set_thread_pointer_by_call(g_guard.start + below);
    set_thread_pointer_by_instruction(g_thread_pointer);
    return true;
}

}  // namespace

void prepare_thread_pointer() {
    constexpr unsigned long kFsgsbase = 2;  // HWCAP2_FSGSBASE
    g_thread_pointer = thread_pointer();
    const char* const set = getenv(kThreadPointerVariable);
    const std::string_view asked = set != nullptr ? set : "";
    if (asked.empty() && (getauxval(AT_HWCAP2) & kFsgsbase) != 0) return;
    g_thread_pointer_by_call = asked == "system call" || !has_instruction() || !guard_thread_pointer();
}

bool mend_thread_pointer(std::uintptr_t fault) {
    if (!g_guard.has(fault)) return false;
    set_thread_pointer_by_instruction(g_thread_pointer);
    return true;
}

void set_thread_pointer_by_call(std::uintptr_t value) {
    long result = SYS_arch_prctl;
    asm volatile("syscall" : "+a"(result) : "D"(ARCH_SET_FS), "S"(value) : "rcx", "r11", "memory");
}

#else

void prepare_thread_pointer() {
    g_thread_pointer = thread_pointer();
}

bool mend_thread_pointer(std::uintptr_t) {
    return false;
}

void set_thread_pointer_by_call(std::uintptr_t) {}

#endif

}  // namespace heddle::fibers
