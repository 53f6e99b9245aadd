// A seller waits for goods, a supplier brings them, an auditor looks at the books.
// The seller enters the shop after waiting.
#include <cassert>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex shop_mutex;
std::mutex shelf_mutex;
std::condition_variable delivered;
int goods = 0;
int bought = 0;
int sold = 0;

void sell() {
    {
        std::unique_lock<std::mutex> shelf(shelf_mutex);
        delivered.wait(shelf, [] { return goods > 0; });
        --goods;
    }
    std::lock_guard<std::mutex> shop(shop_mutex);
    ++sold;
}

void supply() {
    std::lock_guard<std::mutex> shop(shop_mutex);
    ++bought;
    std::lock_guard<std::mutex> shelf(shelf_mutex);
    ++goods;
    delivered.notify_one();
}

void audit() {
    std::lock_guard<std::mutex> shop(shop_mutex);
    assert(sold <= bought);
}

int main() {
    std::thread supplier(supply);
    std::thread seller(sell);
    std::thread auditor(audit);
    supplier.join();
    seller.join();
    auditor.join();
    std::cout << "bought = " << bought << ", sold = " << sold << '\n';
}
