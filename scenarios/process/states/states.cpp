// A parent and its child share one core: they compute, sleep, read, write, wait and end.
#include <chrono>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

int compute(int millions) {
    unsigned number = 1;
    for (int i = 0; i < millions * 1'000'000; ++i) {
        number = number * 1'664'525 + 1'013'904'223;
    }
    return static_cast<int>(number % 100);
}

int child(int channel, int millions) {
    compute(millions);          // the parent wants the core as well: time-outs
    char letter = '?';
    read(channel, &letter, 1);  // nothing there yet: waiting until the parent writes
    compute(millions / 4);
    return letter == 'x' ? 7 : 1;
}

int main(int argc, char* argv[]) {
    const int millions = argc > 1 ? std::stoi(argv[1]) : 40;
    const int nap = argc > 2 ? std::stoi(argv[2]) : 200;

    int channel[2];
    if (pipe(channel) != 0) {
        return 1;
    }
    const pid_t pid = fork();  // a new process
    if (pid == 0) {
        return child(channel[0], millions);
    }

    compute(millions);
    std::this_thread::sleep_for(std::chrono::milliseconds(nap));  // waiting for the clock
    write(channel[1], "x", 1);                                    // the child's read completes

    int status = 0;
    waitpid(pid, &status, 0);  // waiting for the child to end
    std::cout << "child exited with code " << WEXITSTATUS(status) << '\n';
}
