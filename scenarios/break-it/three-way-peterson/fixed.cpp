// Peterson's algorithm for two, used twice: a first match between two threads, and a final with the third.
#include <atomic>
#include <cassert>
#include <iostream>
#include <thread>

struct Peterson {
    std::atomic<bool> wants[2];
    std::atomic<int> last = 0;

    void lock(int side) {
        wants[side] = true;
        last = side;
        while (last == side && wants[1 - side]) {
        }
    }
    void unlock(int side) {
        wants[side] = false;
    }
};

Peterson match;
Peterson final_match;
std::atomic<int> inside = 0;

void critical_section() {
    const int now_inside = ++inside;
    assert(now_inside == 1);
    --inside;
}

void visit(int me) {
    if (me < 2) {
        match.lock(me);
    }
    final_match.lock(me / 2);
    critical_section();
    final_match.unlock(me / 2);
    if (me < 2) {
        match.unlock(me);
    }
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
