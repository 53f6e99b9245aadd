#include "core/fibers/copies.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/channels.h"
#include "core/fibers/kept_files.h"
#include "core/fibers/lab.h"
#include "core/fibers/named_objects.h"
#include "core/fibers/processes.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/trace/ending_text.h"
#include "core/trace/segments.h"

namespace heddle::fibers {
namespace {

using trace::Ending;

constexpr timespec kLookEvery{0, 20'000'000};

struct Copy {
    pid_t pid = 0;  // 0: none
    std::uint32_t request = 0;
    bool ended = false;  // by itself, or killed
    int status = 0;
};

// As the kernel lists them (man 5 proc, children).
void kill_children() {
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", ::getpid());
    const int fd = HEDDLE_REAL(open)(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    const ssize_t got = HEDDLE_REAL(read)(fd, text, sizeof text - 1);
    HEDDLE_REAL(close)(fd);
    text[got > 0 ? got : 0] = 0;
    int pid = 0, length = 0;
    for (const char* at = text; sscanf(at, "%d%n", &pid, &length) == 1; at += length) HEDDLE_REAL(kill)(pid, SIGKILL);
}

// With every process that it made: they are in its group, or become this one's children.
void end(Copy& copy) {
    if (copy.pid == 0) return;
    const timespec moment{0, 50'000};
    HEDDLE_REAL(kill)(-copy.pid, SIGKILL);
    for (pid_t ended = 0; (ended = HEDDLE_REAL(waitpid)(-1, nullptr, WNOHANG)) >= 0;) {
        if (ended > 0) continue;
        HEDDLE_REAL(nanosleep)(&moment, nullptr);
        kill_children();
    }
    remove_named_objects();
    bring_back_files();
    trace::remove_segments(*g_board);
    copy = Copy{};
}

void say(Ending ending, std::int64_t value, const char* text) {
    g_board->alive = 0;
    note_ending(ending, value, 0, text);
    answer_request();
}

// Where it was killed, and all its processes are gone, nobody there says how it ended.
void look_after(Copy& copy) {
    if (copy.pid == 0 || g_board->answered.load() == copy.request) return;
    if (!copy.ended) copy.ended = HEDDLE_REAL(waitpid)(copy.pid, &copy.status, WNOHANG) == copy.pid;
    if (!copy.ended) return;
    for (std::uint32_t i = 0; i < g_board->thread_count; ++i) {
        if (!has_ended(g_board->pids[i])) return;
    }
    remove_named_objects();
    bring_back_files();
    if (WIFSIGNALED(copy.status)) return say(Ending::kCrash, WTERMSIG(copy.status), "");
    say(Ending::kFinished, WEXITSTATUS(copy.status), "");
}

void await_request_after(Copy& copy) {
    g_board->library_waits.store(1);
    while (g_board->asked.load() == copy.request) {
        HEDDLE_REAL(syscall)(SYS_futex, &g_board->asked, FUTEX_WAIT, copy.request, &kLookEvery, nullptr, 0);
        look_after(copy);
    }
    g_board->library_waits.store(0);
}

// In the copy. Its processes share what they have in common with nobody else.
bool begin() {
    HEDDLE_REAL(setpgid)(0, 0);
    for (auto& turn : g_board->turns) turn.store(0);
    g_board->mover.store(trace::kMostFibers);
    g_board->given_up.store(0);
    g_board->chooser.store(0);
    return share_with_children();
}

}  // namespace

void stand_before_main() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::dup2(STDOUT_FILENO, STDERR_FILENO);  // in the order in which it is printed
    keep_open_descriptors();
    g_board->ready = prepare_named_objects() && prepare_kept_files() ? 1 : 2;
    Copy copy;
    copy.request = g_board->asked.load();
    answer_request();
    for (;;) {
        await_request_after(copy);
        const std::uint32_t request = g_board->asked.load();
        end(copy);
        ::lseek(STDIN_FILENO, 0, SEEK_SET);  // each execution reads the same
        g_board->thread_count = 0;
        copy.request = request;
        copy.pid = HEDDLE_REAL(fork)();
        if (copy.pid == 0 && begin()) return;
        if (copy.pid == 0) HEDDLE_REAL(_exit)(1);
        if (copy.pid < 0) {
            copy.pid = 0;
            say(Ending::kUnsupported, 0, trace::ending_text::kNoProcess.words);
        } else {
            HEDDLE_REAL(setpgid)(copy.pid, copy.pid);
        }
    }
}

}  // namespace heddle::fibers
