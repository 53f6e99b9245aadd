// Peterson's algorithm for two, stretched to three threads: the one who came last lets the others go first.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

std::atomic<bool> wants[3];
std::atomic<int> last = 0;
std::atomic<int> inside = 0;

bool another_wants(int me) {
    return wants[(me + 1) % 3] || wants[(me + 2) % 3];
}

void critical_section() {
    const int now_inside = ++inside;
    assert(now_inside == 1);
    --inside;
}

void visit(int me) {
    wants[me] = true;
    last = me;
    while (last == me && another_wants(me)) {
    }
    critical_section();
    wants[me] = false;
}

int main() {
    std::thread first(visit, 0);
    std::thread second(visit, 1);
    std::thread third(visit, 2);
    first.join();
    second.join();
    third.join();
    std::cout << "all three have visited the room\n";
}
