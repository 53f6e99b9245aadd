// Several threads add to one counter, and nothing protects it.
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int counter = 0;

void add(int increments) {
    for (int i = 0; i < increments; ++i) {
        counter++;
    }
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 2;
    const int increments = argc > 2 ? std::stoi(argv[2]) : 50'000;

    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back(add, increments);
    }
    for (std::thread& worker : workers) {
        worker.join();
    }

    std::cout << "counter = " << counter << ", expected " << threads * increments << '\n';
}
