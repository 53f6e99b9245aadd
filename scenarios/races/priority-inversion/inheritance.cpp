// Three threads with fixed priorities on one CPU. The highest needs a lock that the lowest holds; the middle one needs no lock.
// The holder of the mutex inherits the priority of whoever waits for it.
#include <pthread.h>
#include <sched.h>
#include <atomic>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>

pthread_mutex_t resource;
std::binary_semaphore low_holds_it{0};
std::binary_semaphore medium_may_go{0};
std::atomic<int> finished = 0;
int high_came = 0;  // 1: first
int medium_came = 0;
int low_came = 0;
int result = 0;

int compute(int work) {
    int sum = 0;
    for (int i = 0; i < work; ++i) {
        sum += i % 7;
    }
    return sum;
}

void high() {
    low_holds_it.acquire();
    medium_may_go.release();
    pthread_mutex_lock(&resource);
    pthread_mutex_unlock(&resource);
    high_came = ++finished;
}

void medium(int work) {
    medium_may_go.acquire();
    result = compute(work);
    medium_came = ++finished;
}

void low(int work) {
    pthread_mutex_lock(&resource);
    low_holds_it.release();
    compute(work / 10);
    pthread_mutex_unlock(&resource);
    low_came = ++finished;
}

bool set_priority(int priority) {  // new threads inherit it
    sched_param parameters{};
    parameters.sched_priority = priority;
    return pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters) == 0;
}

int main(int argc, char* argv[]) {
    const int work = argc > 1 ? std::stoi(argv[1]) : 5'000'000;

    cpu_set_t one_cpu;
    CPU_ZERO(&one_cpu);
    CPU_SET(sched_getcpu(), &one_cpu);
    sched_setaffinity(0, sizeof one_cpu, &one_cpu);

    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    pthread_mutex_init(&resource, &attributes);

    const bool permitted = set_priority(30);
    std::thread first(high);
    set_priority(20);
    std::thread second(medium, work);
    set_priority(10);
    std::thread third(low, work);
    first.join();
    second.join();
    third.join();

    if (!permitted) {
        std::cout << "real-time priorities are not permitted here: all ran with the same one\n";
    }
    std::cout << "finished: high " << high_came << ", medium " << medium_came << ", low " << low_came << '\n';
}
