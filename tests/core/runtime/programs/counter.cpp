// One thread counts, then two do; prints where the counter is.
#include <cstdio>
#include <mutex>
#include <thread>

int counter = 5;
int guarded = 0;
std::mutex lock;

void count() {
    for (int i = 0; i < 3; ++i) counter++;
    std::lock_guard<std::mutex> hold(lock);
    guarded++;
}

int main() {
    counter++;
    counter++;
    std::thread a(count);
    a.join();
    std::thread b(count);
    b.join();
    int* block = new int(7);
    *block += 1;
    delete block;
    std::printf("counter=%p\nguarded=%p\nlock=%p\nblock=%p\nvalue=%d\n", static_cast<void*>(&counter),
                static_cast<void*>(&guarded), static_cast<void*>(&lock), static_cast<void*>(block), counter);
    return 0;
}
