// Two transfers leave the same account while an auditor adds up the books. Each single step is atomic.
#include <atomic>
#include <cassert>
#include <iostream>
#include <string>
#include <thread>

std::atomic<int> savings = 100;
std::atomic<int> checking = 0;
int audited = 0;

void transfer(int amount) {
    if (savings >= amount) {  // check
        savings -= amount;    // act
        checking += amount;
    }
}

void audit() {
    const int in_savings = savings;
    audited = in_savings + checking;
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
