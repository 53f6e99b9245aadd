// The first reader takes the room from the writer, and the last one gives it back.
// A mutex covers the counter and what follows from it.
#include <atomic>
#include <cassert>
#include <iostream>
#include <mutex>
#include <semaphore.h>
#include <thread>

sem_t room;
std::mutex readers_mutex;
std::atomic<int> readers = 0;
std::atomic<bool> writing = false;

void read_page() {
    {
        std::lock_guard<std::mutex> lock(readers_mutex);
        if (++readers == 1) {
            sem_wait(&room);
        }
    }
    assert(!writing);
    std::lock_guard<std::mutex> lock(readers_mutex);
    if (--readers == 0) {
        sem_post(&room);
    }
}

void write_page() {
    sem_wait(&room);
    writing = true;
    writing = false;
    sem_post(&room);
}

int main() {
    sem_init(&room, 0, 1);
    std::thread first(read_page);
    std::thread second(read_page);
    std::thread writer(write_page);
    first.join();
    second.join();
    writer.join();
    sem_destroy(&room);
    std::cout << "readers = " << readers << '\n';
}
