// Two threads put numbers into a queue that locks itself, and main takes them out at the same time.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <queue>
#include <string>
#include <thread>

class ConcurrentQueue {
public:
    void push(int number) {
        std::unique_lock<std::mutex> lock(mutex_);
        while (numbers_.size() == kCapacity) {
            not_full_.wait(lock);
        }
        numbers_.push(number);
        not_empty_.notify_one();
    }

    int pop() {
        std::unique_lock<std::mutex> lock(mutex_);
        while (numbers_.empty()) {
            not_empty_.wait(lock);
        }
        const int number = numbers_.front();
        numbers_.pop();
        not_full_.notify_one();
        return number;
    }

private:
    static constexpr std::size_t kCapacity = 1;
    std::queue<int> numbers_;
    std::mutex mutex_;
    std::condition_variable not_full_, not_empty_;
};

ConcurrentQueue numbers;
int delivered = 0;

void produce(int items) {
    for (int i = 0; i < items; ++i) {
        numbers.push(i);
    }
}

int main(int argc, char* argv[]) {
    const int items = argc > 1 ? std::stoi(argv[1]) : 10'000;

    std::thread first(produce, items);
    std::thread second(produce, items);
    for (; delivered < 2 * items; ++delivered) {
        numbers.pop();
    }
    first.join();
    second.join();

    std::cout << "delivered " << delivered << ", expected " << 2 * items << '\n';
}
