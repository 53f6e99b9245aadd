#include "core/fibers/lab.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/soon.h"
#include "core/explore/local_search.h"
#include "core/fibers/carrier.h"
#include "core/fibers/channel_streams.h"
#include "core/fibers/channels.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/context.h"
#include "core/fibers/copies.h"
#include "core/fibers/exits.h"
#include "core/fibers/kept_files.h"
#include "core/fibers/library_code.h"
#include "core/fibers/local_executor.h"
#include "core/fibers/memory.h"
#include "core/fibers/objects.h"
#include "core/fibers/own_memory.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/fibers/shared_memory.h"
#include "core/fibers/stored_calls.h"
#include "core/fibers/thread_keys.h"
#include "core/fibers/thread_pointer.h"
#include "core/trace/arena.h"

namespace heddle::fibers {
namespace {

using trace::Board;
using trace::Ending;
using MainFunction = int (*)(int, char**, char**);

constexpr std::size_t kParkedStackBytes = 64 * 1024;

MainFunction g_main;
int g_argument_count;
char** g_arguments;
char** g_environment;
alignas(16) char g_signal_stack[64 * 1024];

long futex(std::atomic<std::uint32_t>& word, int operation, std::uint32_t value) {
    return HEDDLE_REAL(syscall)(SYS_futex, &word, operation, value, nullptr, nullptr, 0);
}

Board* find_board() {
    const char* const text = getenv(trace::kBoardVariable);
    if (text == nullptr) return nullptr;
    const int fd = atoi(text);
    struct stat status {};
    if (::fstat(fd, &status) != 0 || static_cast<std::size_t>(status.st_size) < sizeof(Board)) return nullptr;
    void* const at = HEDDLE_REAL(mmap)(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) return nullptr;
    auto* board = static_cast<Board*>(at);
    if (board->magic != trace::kBoardMagic || board->bytes != sizeof(Board)) return nullptr;
    g_on_threads = board->on_threads != 0;
    g_searching = !g_on_threads || board->copies != 0;
    return board->claimed.exchange(1) == 0 ? board : nullptr;
}

ssize_t write_output(void*, const char* bytes, std::size_t count) {
    collect_output(bytes, count);
    return static_cast<ssize_t>(count);
}

// Standard input in blocks: the kernel writes into memory that must not be protected then.
ssize_t read_input(void*, char* out, std::size_t bytes) {
    touch(out, bytes);
    note_outside_state();
    return HEDDLE_REAL(read)(STDIN_FILENO, out, bytes);
}

// With the descriptor's number, which the program may ask for (std::ios::sync_with_stdio does).
FILE* standard_stream(int fd, const char* how, const cookie_io_functions_t& functions) {
    FILE* const stream = fopencookie(nullptr, how, functions);
    if (stream != nullptr) stream->_fileno = fd;
    return stream;
}

FILE* input_stream() {
    cookie_io_functions_t functions{};
    functions.read = read_input;
    return standard_stream(STDIN_FILENO, "r", functions);
}

FILE* collecting_stream(int fd) {
    cookie_io_functions_t functions{};
    functions.write = write_output;
    return standard_stream(fd, "w", functions);
}

// A thread that only lends its local storage to a fiber.
void* park(void* place) {
    auto* pointer = static_cast<std::atomic<std::uintptr_t>*>(place);
    pointer->store(thread_pointer());
    HEDDLE_REAL(syscall)(SYS_futex, pointer, FUTEX_WAKE, 1, nullptr, nullptr, 0);
    std::atomic<std::uint32_t> forever{0};
    for (;;) futex(forever, FUTEX_WAIT, 0);
}

bool make_storages() {
    static std::atomic<std::uintptr_t> pointers[trace::kMostFibers];
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    const AddressSpan storage = static_storage(0);
    pthread_attr_setstacksize(&attributes, kParkedStackBytes + (storage.end - storage.start));
    std::uint32_t made = 0;
    for (pthread_t thread; made < trace::kMostFibers; ++made) {
        if (HEDDLE_REAL(pthread_create)(&thread, &attributes, park, &pointers[made]) != 0) break;
    }
    bool ok = made == trace::kMostFibers;
    for (std::uint32_t i = 0; i < made && ok; ++i) {
        while (pointers[i].load() == 0) usleep(10);
        g_fibers[i].thread_pointer = pointers[i].load();
        ok = keep_thread_storage(g_fibers[i].thread_pointer);
    }
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return ok;
}

void on_fault(int signal, siginfo_t* info, void* context) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    const bool not_allowed = signal == SIGSEGV && info->si_code == SEGV_ACCERR;
    if (not_allowed && (mend_thread_pointer(address) || unprotect(address))) return;
    if (!g_exploring) {
        ::signal(signal, SIG_DFL);
        return;  // happens again, and ends the process as it would without us
    }
    g_board->object = address;
    const bool overflow = signal == SIGSEGV && address >= current().stack_low && address < current().stack_low + 4096;
    end_execution(Ending::kCrash, signal, interrupted_pc(context), overflow ? ending_text::kStackOverflow.words : "");
}

void catch_faults() {
    stack_t stack{};
    stack.ss_sp = g_signal_stack;
    stack.ss_size = sizeof g_signal_stack;
    ::sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP})
        HEDDLE_REAL(sigaction)(signal, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);  // said by the call that would have raised it
}

// std::terminate was called; the C++ library is the program's, if it has one.
void on_terminate() {
    const auto current_type = reinterpret_cast<void* (*)()>(::dlsym(RTLD_DEFAULT, "__cxa_current_exception_type"));
    void* const type = current_type != nullptr ? current_type() : nullptr;
    if (type == nullptr) end_execution(Ending::kCrash, SIGABRT, 0, ending_text::kNotJoined.words);
    end_execution(Ending::kUncaughtException, 0, 0, static_cast<const char* const*>(type)[1]);  // std::type_info's name
}

void watch_terminate() {
    using Handler = void (*)();
    const auto set = reinterpret_cast<Handler (*)(Handler)>(::dlsym(RTLD_DEFAULT, "_ZSt13set_terminatePFvvE"));
    if (set != nullptr) set(on_terminate);
}

int call_main() {
    refuse_attached_segments();
    return g_main(g_argument_count, g_arguments, g_environment);
}

void run_main() {
    exit_program(call_main(), true, 0);
}

void publish(const explore::LocalSearch& search) {
    g_board->executions.store(search.executions(), std::memory_order_relaxed);
    g_board->redundant.store(search.redundant(), std::memory_order_relaxed);
    g_board->impossible.store(search.impossible(), std::memory_order_relaxed);
    g_board->depth = static_cast<std::uint32_t>(search.depth());
}

trace::News news_of(explore::SearchStop::Why why) {
    switch (why) {
        case explore::SearchStop::Why::kOutcome:
            return trace::News::kExecution;
        case explore::SearchStop::Why::kRace:
            return trace::News::kRace;
        case explore::SearchStop::Why::kObstacle:
            return trace::News::kObstacle;
        case explore::SearchStop::Why::kForgotten:
            return trace::News::kForgotten;
        case explore::SearchStop::Why::kExhausted:
            return trace::News::kExhausted;
        case explore::SearchStop::Why::kPaused:
            return trace::News::kNone;
    }
    return trace::News::kNone;
}

void go_on_searching(LocalExecutor& executor) {
    static explore::LocalSearch* search = nullptr;  // never freed: the process ends with it
    if (search == nullptr) {
        search = new explore::LocalSearch(
            executor, {g_board->step_limit, g_board->spurious != 0, g_board->sampled != 0 ? &g_board->sample : nullptr});
        g_board->outcome_count = 0;
    }
    const std::uint64_t done = search->executions();
    const auto stop = search->go_on(g_board->most_executions > done ? g_board->most_executions - done : 0,
                                    [](const explore::LocalSearch& at) {
                                        publish(at);
                                        return g_board->pause.load(std::memory_order_relaxed) != 0;
                                    });
    publish(*search);
    g_board->news = news_of(stop.why);
    g_board->race_first = stop.race.first;
    g_board->race_second = stop.race.second;
    // The steps on the board are the execution's own but for the very first, of which only a part counts.
    if (!stop.execution.steps.empty() && stop.execution.steps.data() != g_board->steps) {
        memcpy(g_board->steps, stop.execution.steps.data(), stop.execution.steps.size_bytes());
        g_board->step_count = static_cast<std::uint32_t>(stop.execution.steps.size());
        memcpy(g_board->pending, stop.execution.pending.data(), stop.execution.pending.size_bytes());
    }
    std::uint32_t count = 0;
    for (const auto& [key, executions] : search->outcomes()) {
        if (count == trace::kMostOutcomes) break;
        g_board->outcomes[count].key = key;
        g_board->outcomes[count++].executions = executions;
    }
    g_board->outcome_count = count;
}

// Far enough from the stack that main has left for what its variables were to stay there, to be looked at.
[[gnu::noinline]] void exit_beyond_main(int code) {
    constexpr std::size_t kFar = std::size_t{64} << 10;
    *static_cast<volatile char*>(__builtin_alloca(kFar)) = 0;
    exit_program(code, true, 0);
}

// As kernel threads of its own: once, or in each copy.
int main_on_threads() {
    if (g_searching) {
        watch_terminate();
        catch_faults();
        find_variables();
        stand_before_main();
    } else {
        g_board->ready = 1;
        answer_request();
        await_request();
    }
    const int code = run_on_threads(call_main);
    if (g_exploring) exit_beyond_main(code);
    return code;
}

int instead_of_main(int argument_count, char** arguments, char** environment) {
    g_argument_count = argument_count;
    g_arguments = arguments;
    g_environment = environment;
    find_library_functions();
    if (g_on_threads) return main_on_threads();
    watch_terminate();
    catch_faults();
    keep_open_descriptors();
    if (!make_storages() || !prepare_kept_files() || !keep_memory()) {
        strcpy(g_board->text, "no memory for the program's state, or too many libraries");
        g_board->ready = 2;
    } else {
        prepare_thread_pointer();
        use_large_pages();
        g_board->ready = 1;
    }
    answer_request();
    LocalExecutor executor(run_main);
    while (g_board->ready == 1) {
        await_request();
        if (g_board->task == trace::Task::kSearch) {
            go_on_searching(executor);
        } else {
            executor.run_as_asked();
        }
        answer_request();  // what the execution left in memory may be looked at until the next request
    }
    return 1;
}

}  // namespace

void collect_output(const char* bytes, std::size_t count) {
    const std::size_t room = trace::kOutputBytes - g_board->output_bytes;
    const std::size_t kept = count < room ? count : room;
    memcpy(g_board->output + g_board->output_bytes, bytes, kept);
    g_board->output_bytes += static_cast<std::uint32_t>(kept);
}

void await_request() {
    const std::uint32_t done = g_board->answered.load();
    if (comes_soon([done] { return g_board->asked.load() != done; })) return;
    g_board->library_waits.store(1);
    while (g_board->asked.load() == done) futex(g_board->asked, FUTEX_WAIT, done);
    g_board->library_waits.store(0);
}

bool await_request(Nanoseconds most) {
    const std::uint32_t done = g_board->answered.load();
    const timespec pause{0, static_cast<long>(most.count())};
    g_board->library_waits.store(1);
    if (g_board->asked.load() == done) HEDDLE_REAL(syscall)(SYS_futex, &g_board->asked, FUTEX_WAIT, done, &pause, nullptr, 0);
    g_board->library_waits.store(0);
    return g_board->asked.load() != done;
}

void answer_request() {
    if (g_board->answered.load() == g_board->asked.load()) return;  // by a process that was killed since
    g_board->answered.store(g_board->asked.load());
    if (g_board->heddle_waits.load() != 0) futex(g_board->answered, FUTEX_WAKE, 1);
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

[[gnu::constructor(101)]] static void heddle_fibers_loaded() {
    g_board = find_board();
    if (g_board == nullptr || !prepare_objects() || !prepare_keys() || !prepare_channels() || !prepare_channel_streams() ||
        !prepare_stored_calls())
        return;
    if (g_on_threads) {
        if (!g_searching && !share_with_children()) g_board = nullptr;
        return;
    }
    stdin = input_stream();
    stdout = collecting_stream(STDOUT_FILENO);
    stderr = collecting_stream(STDERR_FILENO);
    setvbuf(stderr, nullptr, _IONBF, 0);
}

HEDDLE_EXPORT int __libc_start_main(MainFunction main, int argc, char** argv, void (*init)(), void (*fini)(),
                                    void (*linker_fini)(), void* stack_end) {
    using Start = int (*)(MainFunction, int, char**, void (*)(), void (*)(), void (*)(), void*);
    const auto real = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
    heddle::fibers::g_main = main;
    return real(g_board != nullptr ? instead_of_main : main, argc, argv, init, fini, linker_fini, stack_end);
}
