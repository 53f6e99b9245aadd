// Alice pays Bob while Bob pays Alice. Who cannot get the second lock gives the first one back.
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

struct Account {
    std::mutex mutex;
    int balance = 100;
};
Account alice;
Account bob;

void lock_both(std::mutex& own, std::mutex& other) {
    own.lock();
    if (!other.try_lock()) {
        own.unlock();        // back off: hold nothing while waiting
        alice.mutex.lock();  // the second attempt is made in the fixed order, so there is no third
        bob.mutex.lock();
    }
}

void unlock_both() {
    alice.mutex.unlock();
    bob.mutex.unlock();
}

void pay_bob(int payments) {
    for (int i = 0; i < payments; ++i) {
        lock_both(alice.mutex, bob.mutex);
        --alice.balance;
        ++bob.balance;
        unlock_both();
    }
}

void pay_alice(int payments) {
    for (int i = 0; i < payments; ++i) {
        lock_both(bob.mutex, alice.mutex);
        --bob.balance;
        ++alice.balance;
        unlock_both();
    }
}

int main(int argc, char* argv[]) {
    const int payments = argc > 1 ? std::stoi(argv[1]) : 1000;

    std::thread first(pay_bob, payments);
    std::thread second(pay_alice, payments);
    first.join();
    second.join();

    std::cout << "balances " << alice.balance << " and " << bob.balance << ", sum = " << alice.balance + bob.balance << '\n';
}
