// Programs that end badly, or nearly: the first argument says how.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

sigjmp_buf back;
volatile sig_atomic_t caught = 0;
void* volatile fault_address = nullptr;
int* volatile nowhere = nullptr;
int sum = 0;

void recover(int, siginfo_t* info, void*) {
    caught = caught + 1;
    fault_address = info->si_addr;
    siglongjmp(back, 1);
}

int overflow(int depth) {
    volatile char space[1024];
    space[0] = static_cast<char>(depth);
    return overflow(depth + 1) + space[0];
}

// A write by this thread to memory that another thread unmaps before this thread's next hook.
void stale_write() {
    auto* memory = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    static std::atomic<int> turn{0};
    std::thread other([memory] {
        while (turn.load() != 1) {
        }
        munmap(memory, 4096);
        turn.store(2);
    });
    *memory = 5;
    __asm__ volatile("" : : : "memory");
    // Two words that the compiler's hooks do not see: the turn is passed without a hook of this thread's.
    auto* raw = reinterpret_cast<int*>(&turn);
    __asm__ volatile("movl $1, (%0)\n1: cmpl $2, (%0)\n jne 1b" : : "r"(raw) : "memory", "cc");
    sum++;
    other.join();
    std::printf("survived\n");
}

int main(int, char** argv) {
    const char* mode = argv[1];
    rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (std::strcmp(mode, "write") == 0) *nowhere = 3;
    if (std::strcmp(mode, "read") == 0) sum += *nowhere;
    if (std::strcmp(mode, "abort") == 0) abort();
    if (std::strcmp(mode, "raise") == 0) raise(SIGSEGV);
    if (std::strcmp(mode, "overflow") == 0) return overflow(0);
    if (std::strcmp(mode, "stale") == 0) stale_write();
    if (std::strcmp(mode, "handler") == 0) {
        struct sigaction action {
        }, seen{};
        action.sa_sigaction = recover;
        action.sa_flags = SA_SIGINFO;
        sigaction(SIGSEGV, nullptr, &seen);
        std::printf("before=%d\n", seen.sa_handler == SIG_DFL);
        sigaction(SIGSEGV, &action, nullptr);
        sigaction(SIGSEGV, nullptr, &seen);
        std::printf("same=%d\n", seen.sa_sigaction == recover && (seen.sa_flags & SA_SIGINFO) != 0);
        for (int i = 0; i < 3; ++i) {
            if (sigsetjmp(back, 1) == 0) *nowhere = i;
            if (sigsetjmp(back, 1) == 0) sum += *nowhere;
        }
        std::printf("caught=%d\naddress=%d\n", static_cast<int>(caught), fault_address == nullptr);
        std::fflush(stdout);
        signal(SIGSEGV, SIG_DFL);
        *nowhere = 1;
    }
    return 0;
}
