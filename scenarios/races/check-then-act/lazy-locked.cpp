// The first thread that needs the logger creates it; the others find it. A lock joins looking and creating.
#include <cassert>
#include <iostream>
#include <mutex>
#include <thread>

struct Logger {
    int number;
};

Logger* logger = nullptr;
int created = 0;
std::mutex logger_mutex;

Logger* get_logger() {
    std::lock_guard<std::mutex> lock(logger_mutex);
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
    assert(created == 1);
    delete logger;
}
