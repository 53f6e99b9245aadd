// Code that runs where a library is easily caught out: static initializers, exit handlers, destructors of thread-local data,
// signal handlers, unwinding. Everything it prints is the same on every run.
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

int steps = 0;
volatile sig_atomic_t ticks = 0;
volatile long work = 0;
jmp_buf back;

struct Loud {
    explicit Loud(const char* own) : name(own), memory(new int(1)) {
        ++steps;
        std::printf("+%s\n", name);
    }
    ~Loud() {
        ++steps;
        std::printf("-%s\n", name);
    }
    const char* name;
    std::unique_ptr<int> memory;
};

Loud global("global");
thread_local Loud local("thread");
pthread_key_t key;

void at_end() {
    ++steps;
    std::printf("atexit %d\n", steps > 0);
}

void key_destructor(void* value) {
    ++steps;
    std::printf("key %s\n", static_cast<char*>(value));
    free(value);
}

int thrower(int depth) {
    std::string deep(100, 'x');
    if (depth == 0) throw std::runtime_error("deep");
    return thrower(depth - 1) + static_cast<int>(deep.size());
}

void jumper(int depth) {
    if (depth == 0) longjmp(back, 1);
    jumper(depth - 1);
}

int landing_mark = 0;
void landed() {
    landing_mark++;
}

void on_tick(int) {
    ticks = ticks + 1;
}

void worker() {
    prctl(PR_SET_NAME, "worker-name");
    local.name = "worker";
    pthread_setspecific(key, strdup("value"));
}

int main() {
    std::atexit(at_end);
    pthread_key_create(&key, key_destructor);
    std::thread thread(worker);
    thread.join();
    for (int i = 0; i < 3; ++i) {
        try {
            thrower(5);
        } catch (const std::exception& error) {
            std::printf("caught %s\n", error.what());
        }
        landed();
    }
    if (setjmp(back) == 0) jumper(5);
    landed();
    signal(SIGALRM, on_tick);
    itimerval every{{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &every, nullptr);
    while (ticks < 200) work = work + 1;
    itimerval never{};
    setitimer(ITIMER_REAL, &never, nullptr);
    std::printf("ticked %d\n", ticks >= 200);
    return landing_mark;
}
