// A function's static variable that three threads come to at once and whose first initialization throws. Prints how often it
// was tried, and "ok".
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include <time.h>

int tried = 0;

struct Slow {
    int value = 0;
    Slow() {
        const timespec pause{0, 30'000'000};
        nanosleep(&pause, nullptr);
        if (++tried == 1) throw std::runtime_error("the first one");
        value = 7;
    }
};

int use() {
    static Slow slow;
    return slow.value;
}

int main() {
    int values[3] = {};
    std::vector<std::thread> threads;
    for (int& value : values) {
        threads.emplace_back([&value] {
            try {
                value = use();
            } catch (const std::runtime_error&) {
                value = use();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    std::printf("tried=%d\n%s\n", tried, values[0] == 7 && values[1] == 7 && values[2] == 7 ? "ok" : "bad");
}
