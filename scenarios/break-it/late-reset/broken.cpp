// A client and a server with an event that stays set until somebody resets it.
// The client asks, then takes back the old signal, then waits.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <semaphore>
#include <thread>

struct Event {
    std::mutex mutex;
    std::condition_variable changed;
    bool is_set = false;

    void set() {
        std::lock_guard<std::mutex> lock(mutex);
        is_set = true;
        changed.notify_all();
    }
    void reset() {
        std::lock_guard<std::mutex> lock(mutex);
        is_set = false;
    }
    void wait() {
        std::unique_lock<std::mutex> lock(mutex);
        changed.wait(lock, [this] { return is_set; });
    }
};

std::binary_semaphore asked(0);
Event answer_ready;
int answer = 0;

void ask() {
    asked.release();
    answer_ready.reset();
    answer_ready.wait();
}

void serve() {
    asked.acquire();
    answer = 42;
    answer_ready.set();
}

int main() {
    std::thread server(serve);
    std::thread client(ask);
    server.join();
    client.join();
    std::cout << "answer = " << answer << '\n';
}
