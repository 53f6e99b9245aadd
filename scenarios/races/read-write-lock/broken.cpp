// A read-write lock made by hand. A reader looks whether somebody is writing, and signs in a moment later.
#include <atomic>
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

std::mutex state_mutex;  // guards the state of the lock
std::condition_variable changed;
std::atomic<int> readers = 0;
int writers_waiting = 0;
bool writing = false;
int overtaken = 0;  // readers that got in while a writer was waiting

int copy1 = 0, copy2 = 0;  // the data: two copies of one number

void start_read() {
    {
        std::unique_lock<std::mutex> lock(state_mutex);
        while (writing) {
            changed.wait(lock);
        }
        if (writers_waiting > 0) {
            ++overtaken;
        }
    }
    ++readers;  // atomic, but by now a writer may have started
}

void end_read() {
    std::lock_guard<std::mutex> lock(state_mutex);
    if (--readers == 0) {
        changed.notify_all();
    }
}

void start_write() {
    std::unique_lock<std::mutex> lock(state_mutex);
    ++writers_waiting;
    while (writing || readers > 0) {
        changed.wait(lock);
    }
    --writers_waiting;
    writing = true;
}

void end_write() {
    std::lock_guard<std::mutex> lock(state_mutex);
    writing = false;
    changed.notify_all();
}

void read_copies(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        start_read();
        assert(copy1 == copy2);
        end_read();
    }
}

void write_copies(int rounds) {
    for (int i = 0; i < rounds; ++i) {
        start_write();
        copy1++;
        copy2++;
        end_write();
    }
}

int main(int argc, char* argv[]) {
    const int rounds = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread reader1(read_copies, rounds);
    std::thread reader2(read_copies, rounds);
    std::thread writer(write_copies, rounds);
    reader1.join();
    reader2.join();
    writer.join();

    std::cout << "written " << copy1 << " times; readers that overtook a waiting writer: " << overtaken << '\n';
}
