// Two threads want a page that is to be fetched only once.
// Whoever finds it missing locks it for writing and fetches it.
#include <cassert>
#include <iostream>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::shared_mutex cache_mutex;
int page = 0;  // 0: not fetched yet
int fetched = 0;

bool is_cached() {
    std::shared_lock<std::shared_mutex> lock(cache_mutex);
    return page != 0;
}

void look_up() {
    if (is_cached()) {
        return;
    }
    std::unique_lock<std::shared_mutex> lock(cache_mutex);
    page = 5;
    ++fetched;
    assert(fetched == 1);
}

int main() {
    std::thread first(look_up);
    std::thread second(look_up);
    first.join();
    second.join();
    std::cout << "fetched = " << fetched << '\n';
}
