// Two threads guard a room with a flag each: look at the other's flag, then raise one's own.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<bool> flag[2];
std::atomic<int> inside = 0;

void critical_section() {
    const int now_inside = ++inside;
    assert(now_inside == 1);
    --inside;
}

void visit(int me) {
    while (flag[1 - me]) {
    }
    flag[me] = true;
    critical_section();
    flag[me] = false;
}

int main() {
    std::thread left(visit, 0);
    std::thread right(visit, 1);
    left.join();
    right.join();
    std::cout << "both have visited the room\n";
}
