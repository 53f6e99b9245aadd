// One process sends another a pointer into its memory. The other one writes through it.
#include <cstring>
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

int own(int address_out, int permission_in) {
    int* block = new int[1'000'000];
    int* secret = &block[500'000];
    *secret = 42;
    write(address_out, &secret, sizeof secret);

    char letter;
    read(permission_in, &letter, 1);  // until the intruder is gone
    std::cout << "owner: secret at " << secret << " is still " << *secret << std::endl;
    delete[] block;
    return 0;
}

int intrude(int address_in) {
    int* pointer = nullptr;
    read(address_in, &pointer, sizeof pointer);
    std::cout << "intruder: writing to " << pointer << std::endl;
    *pointer = 13;  // in this process nothing is mapped there
    std::cout << "intruder: done" << std::endl;
    return 0;
}

void report(const char* name, pid_t process) {
    int status = 0;
    waitpid(process, &status, 0);
    if (WIFSIGNALED(status)) {
        std::cout << name << " was ended by signal " << WTERMSIG(status) << " (" << strsignal(WTERMSIG(status)) << ")\n";
    } else {
        std::cout << name << " exited with code " << WEXITSTATUS(status) << '\n';
    }
    std::cout << std::flush;
}

int main() {
    int address[2];
    int permission[2];
    if (pipe(address) != 0 || pipe(permission) != 0) {
        return 1;
    }
    const pid_t owner = fork();
    if (owner == 0) {
        return own(address[1], permission[0]);
    }
    const pid_t intruder = fork();
    if (intruder == 0) {
        return intrude(address[0]);
    }
    report("intruder", intruder);
    write(permission[1], "x", 1);
    report("owner", owner);
}
