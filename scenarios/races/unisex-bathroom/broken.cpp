// Two men and a woman share one bathroom: never both sexes at a time. The first man in reserves it, the last one out frees it.
// Counting is atomic, but counting and reserving are two steps.
#include <atomic>
#include <cassert>
#include <iostream>
#include <semaphore>
#include <thread>

std::binary_semaphore bathroom{1};
std::atomic<int> men = 0;  // inside, or on their way in
std::atomic<int> men_inside = 0;
std::atomic<int> women_inside = 0;
std::atomic<int> visits = 0;

void man() {
    if (++men == 1) {
        bathroom.acquire();
    }

    ++men_inside;
    assert(women_inside == 0);
    ++visits;
    --men_inside;

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
