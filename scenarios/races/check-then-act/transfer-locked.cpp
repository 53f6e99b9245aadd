// Two transfers leave the same account while an auditor adds up the books. One lock guards both accounts.
#include <cassert>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

int savings = 100;
int checking = 0;
int audited = 0;
std::mutex accounts_mutex;

void transfer(int amount) {
    std::lock_guard<std::mutex> lock(accounts_mutex);
    if (savings >= amount) {  // check
        savings -= amount;    // act
        checking += amount;
    }
}

void audit() {
    std::lock_guard<std::mutex> lock(accounts_mutex);
    audited = savings + checking;
}

int main(int argc, char* argv[]) {
    const int amount = argc > 1 ? std::stoi(argv[1]) : 80;

    std::thread alice(transfer, amount);
    std::thread bob(transfer, amount);
    std::thread auditor(audit);
    alice.join();
    bob.join();
    auditor.join();

    std::cout << "savings = " << savings << ", checking = " << checking << ", audited = " << audited << std::endl;
    assert(savings >= 0);    // nobody may overdraw
    assert(audited == 100);  // and no money may be on its way when the books are read
}
