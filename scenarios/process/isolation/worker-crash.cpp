// Three worker processes do the same job. One of them has a bug.
#include <cstring>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

constexpr int kWorkers = 3;

int sum_of_digits(int up_to) {
    int sum = 0;
    for (int number = 1; number <= up_to; ++number) {
        for (int rest = number; rest > 0; rest /= 10) {
            sum += rest % 10;
        }
    }
    return sum;
}

int work(int number, int crashing) {
    int* result = number == crashing ? nullptr : new int;
    *result = sum_of_digits(1'000'000);  // the crashing worker writes through a null pointer
    std::cout << "worker " << number << ": sum = " << *result << std::endl;
    delete result;
    return 0;
}

int main(int argc, char* argv[]) {
    const int crashing = argc > 1 ? std::stoi(argv[1]) : 2;

    pid_t workers[kWorkers];
    for (int i = 0; i < kWorkers; ++i) {
        workers[i] = fork();
        if (workers[i] == 0) {
            return work(i + 1, crashing);
        }
    }
    for (int i = 0; i < kWorkers; ++i) {
        int status = 0;
        waitpid(workers[i], &status, 0);
        std::cout << "worker " << i + 1;
        if (WIFSIGNALED(status)) {
            std::cout << " was ended by signal " << WTERMSIG(status) << " (" << strsignal(WTERMSIG(status)) << ")\n";
        } else {
            std::cout << " exited with code " << WEXITSTATUS(status) << '\n';
        }
    }
}
