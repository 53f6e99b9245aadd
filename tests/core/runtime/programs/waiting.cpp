// Every way to wait for another thread, each used so that it must really work; prints "ok".
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

using namespace std::chrono_literals;

std::mutex lock;
std::condition_variable changed;
bool ready = false;
std::latch latch(2);
std::barrier barrier(2);
std::counting_semaphore<4> permits(0);
std::atomic<int> word{0};
std::timed_mutex timed;
std::recursive_mutex recursive;
std::shared_timed_mutex shared;
std::once_flag once;
pthread_spinlock_t spin;
pthread_barrier_t posix_barrier;
sem_t semaphore;

void other() {
    pthread_setname_np(pthread_self(), "the-other");
    {
        std::unique_lock<std::mutex> hold(lock);
        changed.wait(hold, [] { return ready; });
    }
    latch.arrive_and_wait();
    barrier.arrive_and_wait();
    permits.acquire();
    word.wait(0);
    pthread_barrier_wait(&posix_barrier);
    while (sem_wait(&semaphore) != 0) {
    }
}

int main() {
    pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    pthread_barrier_init(&posix_barrier, nullptr, 2);
    sem_init(&semaphore, 0, 0);
    std::thread thread(other);
    std::this_thread::sleep_for(20ms);
    {
        std::lock_guard<std::mutex> hold(lock);
        ready = true;
    }
    changed.notify_all();
    latch.arrive_and_wait();
    barrier.arrive_and_wait();
    std::this_thread::sleep_for(20ms);
    permits.release();
    std::this_thread::sleep_for(20ms);
    word.store(1);
    word.notify_all();
    pthread_barrier_wait(&posix_barrier);
    sem_post(&semaphore);
    thread.join();
    {
        std::unique_lock<std::mutex> hold(lock);
        changed.wait_for(hold, 1ms);
    }
    if (timed.try_lock_for(1ms)) timed.unlock();
    recursive.lock();
    recursive.lock();
    recursive.unlock();
    recursive.unlock();
    { std::shared_lock<std::shared_timed_mutex> read(shared); }
    if (shared.try_lock_for(1ms)) shared.unlock();
    std::call_once(once, [] { ready = false; });
    pthread_spin_lock(&spin);
    pthread_spin_unlock(&spin);
    std::this_thread::yield();
    std::puts(ready ? "bad" : "ok");
    return 0;
}
