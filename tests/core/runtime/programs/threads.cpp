// Many threads ("threads N"), many records ("records N"), locals that other threads reach ("locals"), and a scribbler
// ("scribble", "slots") that overwrites what it finds at descriptor 1000.
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

long counter = 0;
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void add() {
    pthread_mutex_lock(&lock);
    counter++;
    pthread_mutex_unlock(&lock);
}

int use(int* reached) {
    return *reached;
}

void locals() {
    alignas(8) int reached = 10;
    alignas(8) int hidden = 20;  // a word of its own
    int* volatile own = &hidden;
    *own = 21;
    reached = 11;
    std::thread other([&reached] { reached = 12; });
    other.join();
    reached++;
    *own += use(own);
    std::printf("reached=%p\nhidden=%p\nvalue=%d\n", static_cast<void*>(&reached), static_cast<void*>(own), reached);
}

void scribble(bool everything) {
    struct stat status {};
    if (fstat(1000, &status) != 0) return;
    const std::size_t bytes = everything ? static_cast<std::size_t>(status.st_size) : 16384;
    void* arena = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, 1000, 0);
    std::memset(arena, 0xa5, bytes);
}

int main(int argc, char** argv) {
    const char* mode = argv[1];
    const int count = argc > 2 ? std::atoi(argv[2]) : 0;
    if (std::strcmp(mode, "locals") == 0) locals();
    if (std::strcmp(mode, "scribble") == 0) scribble(true);
    if (std::strcmp(mode, "slots") == 0) scribble(false);
    if (std::strcmp(mode, "records") == 0) {
        for (int i = 0; i < count; ++i) counter++;
    } else {
        std::vector<std::thread> threads;
        for (int i = 0; i < (count > 0 ? count : 4); ++i) threads.emplace_back(add);
        for (auto& thread : threads) thread.join();
    }
    std::printf("counter=%ld\n", counter);
    return 3;
}
