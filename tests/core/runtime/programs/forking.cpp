// fork and copy-on-write; with an argument, the other ways to make a process: exec, vfork, spawn, many.
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern char** environ;

int value = 1;
alignas(4096) char page[4096] = {1};

int finish(pid_t child) {
    int status = 0;
    if (waitpid(child, &status, 0) != child) return 99;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 98;
}

int main(int argc, char** argv) {
    const char* mode = argc > 1 ? argv[1] : "fork";
    if (std::strcmp(mode, "child") == 0) return 7;
    if (std::strcmp(mode, "exec") == 0) {
        execl(argv[0], argv[0], "child", nullptr);
        return 97;
    }
    if (std::strcmp(mode, "vfork") == 0) {
        const pid_t child = vfork();
        if (child == 0) {
            value = 2;
            execl(argv[0], argv[0], "child", nullptr);
            _exit(97);
        }
        value++;
        std::printf("status=%d\nvalue=%d\n", finish(child), value);
        return 0;
    }
    if (std::strcmp(mode, "spawn") == 0) {
        pid_t child = 0;
        char word[] = "child";
        char* const words[] = {argv[0], word, nullptr};
        if (posix_spawn(&child, argv[0], nullptr, nullptr, words, environ) != 0) return 96;
        std::printf("status=%d\n", finish(child));
        return 0;
    }
    if (std::strcmp(mode, "many") == 0) {
        int made = 0;
        for (int i = 0; i < 10; ++i) {
            timespec asked{}, answered{};
            clock_gettime(CLOCK_MONOTONIC, &asked);
            const pid_t child = fork();
            clock_gettime(CLOCK_MONOTONIC, &answered);
            if (child == 0) {
                pause();
                _exit(0);
            }
            if (child < 0) {
                std::printf("errno=%d\n", errno);
                const long took = (answered.tv_sec - asked.tv_sec) * 1000000 + (answered.tv_nsec - asked.tv_nsec) / 1000;
                std::printf("microseconds=%ld\n", took);
                break;
            }
            ++made;
        }
        std::printf("made=%d\n", made);
        std::fflush(stdout);
        signal(SIGTERM, SIG_IGN);
        kill(0, SIGTERM);
        return 0;
    }
    page[0] = 2;
    std::printf("page=%p\nvalue=%p\n", static_cast<void*>(page), static_cast<void*>(&value));
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        page[0] = 3;
        value = 42;
        _exit(value == 42 ? 5 : 6);
    }
    const int status = finish(child);
    page[0]++;
    value++;
    std::printf("status=%d\nchild=%d\nafter=%d\n", status, static_cast<int>(child), value);
    return 0;
}
