// Two men and a woman share one bathroom: never both sexes at a time. The first man in reserves it, the last one out frees it.
// Counting and reserving are one critical section.
#include <atomic>
#include <cassert>
#include <iostream>
#include <mutex>
#include <semaphore>
#include <thread>

std::binary_semaphore bathroom{1};
std::mutex men_mutex;
int men = 0;  // inside, or on their way in
std::atomic<int> men_inside = 0;
std::atomic<int> women_inside = 0;
std::atomic<int> visits = 0;

void man() {
    {
        std::lock_guard<std::mutex> lock(men_mutex);
        if (++men == 1) {
            bathroom.acquire();
        }
    }

    ++men_inside;
    assert(women_inside == 0);
    ++visits;
    --men_inside;

    std::lock_guard<std::mutex> lock(men_mutex);
    if (--men == 0) {
        bathroom.release();
    }
}

void woman() {
    bathroom.acquire();
    ++women_inside;
    assert(men_inside == 0);
    ++visits;
    --women_inside;
    bathroom.release();
}

int main() {
    std::thread first(man);
    std::thread second(man);
    std::thread third(woman);
    first.join();
    second.join();
    third.join();

    std::cout << "visits = " << visits << '\n';
}
