// The first thread that needs the logger creates it; the others are to find it.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

struct Logger {
    int number;
};

std::atomic<Logger*> logger = nullptr;
std::atomic<int> created = 0;

Logger* get_logger() {
    if (logger == nullptr) {             // check
        logger = new Logger{++created};  // act
    }
    return logger;
}

void use() {
    Logger* mine = get_logger();
    assert(mine != nullptr);
}

int main() {
    std::thread first(use);
    std::thread second(use);
    first.join();
    second.join();

    std::cout << "loggers created: " << created << ", expected 1" << std::endl;
    assert(created == 1);  // a second one means: two threads may hold different loggers
    delete logger;
}
