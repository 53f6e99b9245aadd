// The same tasks, computed and added up by the main thread alone, without any lock.
#include <iostream>
#include <string>

int done = 0;    // tasks
long total = 0;  // of their results

long compute(int steps) {
    long result = 1;
    for (int i = 0; i < steps; ++i) {
        result = (result * 31 + i) % 1009;
    }
    return result;
}

int main(int argc, char* argv[]) {
    const int threads = argc > 1 ? std::stoi(argv[1]) : 2;
    const int tasks = argc > 2 ? std::stoi(argv[2]) : 200;
    const int steps = argc > 3 ? std::stoi(argv[3]) : 20'000;

    for (int i = 0; i < threads * tasks; ++i) {
        total += compute(steps);
        ++done;
    }

    std::cout << "done = " << done << " of " << threads * tasks << ", total = " << total << '\n';
}
