// Settings are filled in by the first thread that needs them. The flag that publishes them is atomic.
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

struct Settings {
    int limit = 0;
};
Settings settings;
std::atomic<bool> ready = false;
std::mutex ready_mutex;
int fillings = 0;
int first_got = 0;
int second_got = 0;

int limit() {
    if (!ready.load(std::memory_order_acquire)) {
        std::lock_guard<std::mutex> lock(ready_mutex);
        if (!ready.load(std::memory_order_acquire)) {
            settings.limit = 100;
            ++fillings;
            ready.store(true, std::memory_order_release);
        }
    }
    return settings.limit;
}

int main() {
    std::thread first([] { first_got = limit(); });
    std::thread second([] { second_got = limit(); });
    first.join();
    second.join();

    std::cout << "limits " << first_got << " and " << second_got << ", filled in " << fillings << " times\n";
}
