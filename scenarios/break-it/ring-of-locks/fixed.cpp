// Three jobs use three parts of a server, two at a time; every pair is locked in the order log, cache, disk.
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex log_mutex;
std::mutex cache_mutex;
std::mutex disk_mutex;
std::atomic<int> jobs_done = 0;

void work_with(std::mutex& outer, std::mutex& inner) {
    std::lock_guard<std::mutex> first(outer);
    std::lock_guard<std::mutex> second(inner);
    ++jobs_done;
}

void trim_cache() {
    work_with(log_mutex, cache_mutex);
}

void save_cache() {
    work_with(cache_mutex, disk_mutex);
}

void rotate_log() {
    work_with(log_mutex, disk_mutex);
}

int main() {
    std::thread trimmer(trim_cache);
    std::thread saver(save_cache);
    std::thread rotator(rotate_log);
    trimmer.join();
    saver.join();
    rotator.join();
    std::cout << "jobs done = " << jobs_done << '\n';
}
