// What a hook costs the observed program, beside reading the time-stamp counter and beside an LTTng-UST tracepoint with two
// integers. The program runs itself again as the observed process, with an arena that this process drains on another CPU
// (lossless: the records dropped are printed). Prints; judges nothing. Usage: heddle_bench_hook [REPETITIONS]
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/trace/arena.h"
#include "core/trace/record.h"

using namespace heddle;

extern "C" {
void __tsan_read4(void*);
void __tsan_write4(void*);
void __tsan_func_entry(void*);
void __tsan_func_exit();
int __tsan_atomic32_fetch_add(volatile int*, int, int);
}

namespace {

constexpr std::uint64_t kCapacity = 1 << 17;  // records per ring
constexpr int kBatch = 1 << 15;               // calls timed together; a batch fits into the ring, so that none is lost
constexpr int kBatches = 100;
int g_shared = 0;
volatile int g_atomic = 0;

void pin_to_cpu(unsigned cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu % static_cast<unsigned>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))), &set);
    ::sched_setaffinity(0, sizeof set, &set);
}

// Waits until the other process has taken all records of this one's rings (nothing to wait for without an arena).
void wait_until_drained() {
    static char* const base = [] {
        const auto bytes = trace::rings_offset_for(1);
        void* mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_SHARED, trace::kArenaDescriptor, 0);
        return mapped == MAP_FAILED ? nullptr : static_cast<char*>(mapped);
    }();
    if (base == nullptr) return;
    const auto& slot = *reinterpret_cast<const trace::ThreadSlot*>(base + sizeof(trace::ArenaHeader));
    while (slot.head.load() - slot.tail.load() > 64) ::usleep(10);  // the sleep is recorded too
}

// The median over all batches: other programs' turns on this CPU fall into few of them.
template <typename Function>
double nanoseconds_per_call(int repetitions, Function function) {
    std::vector<double> runs;
    for (int i = 0; i < repetitions * kBatches; ++i) {
        wait_until_drained();
        const Nanoseconds before = monotonic_now();
        for (int call = 0; call < kBatch; ++call) function();
        runs.push_back(static_cast<double>((monotonic_now() - before).count()) / kBatch);
    }
    const auto middle = runs.begin() + static_cast<std::ptrdiff_t>(runs.size() / 2);
    std::nth_element(runs.begin(), middle, runs.end());
    return *middle;
}

// The observed process: one line "name nanoseconds" per measurement.
int measure(int repetitions) {
    pin_to_cpu(1);
    int local = 0;
    const auto print = [](const char* name, double ns) { std::printf("%s %.3f\n", name, ns); };
    nanoseconds_per_call(1, [] { __tsan_read4(&g_shared); });  // touches the whole ring once
    print("tsc", nanoseconds_per_call(repetitions, [] {
              const std::uint64_t tick = read_counter();
              asm volatile("" : : "r"(tick));
          }));
    print("clock_gettime", nanoseconds_per_call(repetitions, [] { monotonic_now(); }));
    print("read", nanoseconds_per_call(repetitions, [] { __tsan_read4(&g_shared); }));
    print("write", nanoseconds_per_call(repetitions, [] { __tsan_write4(&g_shared); }));
    print("increment", nanoseconds_per_call(repetitions, [] {
              __tsan_read4(&g_shared);
              asm volatile("" : : : "memory");
              __tsan_write4(&g_shared);
              g_shared++;
          }));
    print("local", nanoseconds_per_call(repetitions, [&] { __tsan_read4(&local); }));
    print("atomic", nanoseconds_per_call(repetitions, [] { __tsan_atomic32_fetch_add(&g_atomic, 1, __ATOMIC_SEQ_CST); }));
    print("function", nanoseconds_per_call(repetitions, [] {
              __tsan_func_entry(__builtin_return_address(0));
              __tsan_func_exit();
          }));
    return 0;
}

struct Arena {
    int fd = -1;
    char* base = nullptr;
    std::uint64_t capacity = kCapacity;
    static constexpr std::uint32_t kSlots = 4;

    Arena() {
        const std::uint64_t bytes = trace::arena_bytes(kSlots, capacity);
        fd = ::memfd_create("heddle-bench-arena", 0);
        if (fd < 0 || ::ftruncate(fd, static_cast<off_t>(bytes)) != 0) std::abort();
        base = static_cast<char*>(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
        auto& header = *reinterpret_cast<trace::ArenaHeader*>(base);
        header.magic = trace::kArenaMagic;
        header.version = trace::kArenaVersion;
        header.header_bytes = sizeof(trace::ArenaHeader);
        header.slot_count = kSlots;
        header.slot_bytes = sizeof(trace::ThreadSlot);
        header.ring_capacity = capacity;
        header.rings_offset = trace::rings_offset_for(kSlots);
        header.total_bytes = bytes;
        header.tick_source = TickSource::kCounter;
    }

    trace::ThreadSlot& slot(std::uint32_t i) {
        return reinterpret_cast<trace::ThreadSlot*>(base + sizeof(trace::ArenaHeader))[i];
    }

    // Copies what is new out of every ring, as a reader does; returns how much it was.
    std::uint64_t drain(std::vector<trace::Record>& out) {
        std::uint64_t total = 0;
        for (std::uint32_t i = 0; i < kSlots; ++i) {
            const auto* ring = reinterpret_cast<const trace::Record*>(base + trace::rings_offset_for(kSlots)) + i * capacity;
            const std::uint64_t head = slot(i).head.load(std::memory_order_acquire);
            std::uint64_t tail = slot(i).tail.load(std::memory_order_relaxed);
            total += head - tail;
            while (tail != head) {
                const std::uint64_t at = tail % capacity, count = std::min(head - tail, capacity - at);
                std::memcpy(out.data(), ring + at, count * sizeof(trace::Record));
                tail += count;
            }
            slot(i).tail.store(tail, std::memory_order_release);
        }
        return total;
    }
};

struct Measurement {
    std::string name;
    double nanoseconds;
};

// Runs `command` with the arena, drains until it ends, and reads its lines.
std::vector<Measurement> run_observed(const std::vector<std::string>& command, Arena* arena, std::uint64_t* recorded) {
    int out[2];
    if (::pipe(out) != 0) std::abort();
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out[1], 1);
        if (arena != nullptr) {
            ::dup2(arena->fd, trace::kArenaDescriptor);
            ::setenv(trace::kArenaVariable, std::to_string(trace::kArenaDescriptor).c_str(), 1);
        }
        std::vector<char*> argv;
        for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
        argv.push_back(nullptr);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(out[1]);
    pin_to_cpu(0);
    std::vector<trace::Record> scratch(arena == nullptr ? 0 : arena->capacity);
    for (int status = 0; ::waitpid(child, &status, arena == nullptr ? 0 : WNOHANG) == 0;) {
        const std::uint64_t got = arena->drain(scratch);
        *recorded += got;
        if (got < arena->capacity / 64) ::usleep(20);
    }
    std::vector<Measurement> results;
    std::FILE* lines = ::fdopen(out[0], "r");
    char name[64];
    double value = 0;
    while (std::fscanf(lines, "%63s %lf", name, &value) == 2) results.push_back({name, value});
    std::fclose(lines);
    return results;
}

double find(const std::vector<Measurement>& results, const std::string& name) {
    for (const auto& result : results) {
        if (result.name == name) return result.nanoseconds;
    }
    return 0;
}

int shell(const std::string& command) {
    return std::system(("( " + command + " ) >/dev/null 2>&1").c_str());
}

// The tracepoint's cost while a session records it; 0 when LTTng is not here. Starts a session daemon of its own where none
// runs, in a home directory of its own, and stops it again.
double lttng_nanoseconds(const std::string& program, int repetitions) {
    if (!std::filesystem::exists(program) || shell("command -v lttng && command -v lttng-sessiond") != 0) return 0;
    std::string home = std::filesystem::temp_directory_path() / "heddle-bench-lttng-XXXXXX";
    if (::mkdtemp(home.data()) == nullptr) return 0;
    ::setenv("LTTNG_HOME", home.c_str(), 1);
    pid_t daemon = -1;
    if (shell("lttng list") != 0 || shell("pgrep -x lttng-sessiond") != 0) {
        daemon = ::fork();
        if (daemon == 0) {
            ::execlp("lttng-sessiond", "lttng-sessiond", "--no-kernel", "--quiet", nullptr);
            ::_exit(127);
        }
        for (int i = 0; i < 100 && shell("lttng list -u") != 0; ++i) ::usleep(50'000);
    }
    double result = 0;
    if (shell("lttng create heddle-bench --output=" + home + "/trace") == 0 &&
        shell("lttng enable-channel -u c --subbuf-size=4M --num-subbuf=8 --overwrite") == 0 &&
        shell("lttng enable-event -u -c c heddle_bench:two_integers") == 0 && shell("lttng start") == 0) {
        result = find(run_observed({program, std::to_string(repetitions)}, nullptr, nullptr), "tracepoint");
        shell("lttng destroy heddle-bench");
    }
    if (daemon > 0) {
        ::kill(daemon, SIGTERM);
        ::waitpid(daemon, nullptr, 0);
    }
    std::filesystem::remove_all(home);
    return result;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "--measure") == 0) return measure(std::atoi(argv[2]));
    const int repetitions = argc > 1 ? std::max(1, std::atoi(argv[1])) : 9;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");

    Arena arena;
    std::uint64_t recorded = 0, dropped = 0;
    const auto hooks = run_observed({self, "--measure", std::to_string(repetitions)}, &arena, &recorded);
    for (std::uint32_t i = 0; i < Arena::kSlots; ++i) dropped += arena.slot(i).dropped.load();
    const double tsc = find(hooks, "tsc");
    for (const auto& result : hooks) {
        std::printf("%-14s %8.2f ns  %5.2f x tsc\n", result.name.c_str(), result.nanoseconds, result.nanoseconds / tsc);
    }
    std::printf("records        %llu taken, %llu dropped, %zu bytes each\n", static_cast<unsigned long long>(recorded),
                static_cast<unsigned long long>(dropped), sizeof(trace::Record));
    const double lttng = lttng_nanoseconds(self + "_ust", repetitions);
    if (lttng == 0) {
        std::printf("LTTng-UST      not measured: lttng-tools or its session daemon is not usable here\n");
    } else {
        const double access = std::max(find(hooks, "read"), find(hooks, "write"));
        std::printf("LTTng-UST      %8.2f ns  %5.2f x tsc; plain access / LTTng-UST = %.3f\n", lttng, lttng / tsc,
                    access / lttng);
    }
    return 0;
}
