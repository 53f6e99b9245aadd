// One thread pays in, another pays out of the same balance; each change is one indivisible step.
#include <atomic>
#include <iostream>
#include <thread>

std::atomic<int> balance = 100;

void pay_in() {
    balance += 30;
}

void pay_out() {
    balance -= 50;
}

int main() {
    std::thread customer(pay_in);
    std::thread shop(pay_out);
    customer.join();
    shop.join();
    std::cout << "balance = " << balance << ", expected 80\n";
}
