// To smoke one needs tobacco, paper and matches. An agent puts two of them on the table; who has the third takes both.
// Here one smoker has matches, the other has paper, and each takes the two things at once or nothing.
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex table;
std::condition_variable table_changed;
bool tobacco = false;
bool paper = false;
bool matches = false;
int smoked = 0;

void put(bool& one, bool& other) {
    std::unique_lock<std::mutex> lock(table);
    table_changed.wait(lock, [] { return !tobacco && !paper && !matches; });
    one = true;
    other = true;
    table_changed.notify_all();
}

void take(bool& one, bool& other) {
    std::unique_lock<std::mutex> lock(table);
    table_changed.wait(lock, [&] { return one && other; });
    one = false;
    other = false;
    ++smoked;
    table_changed.notify_all();
}

void agent() {
    put(tobacco, paper);
    put(tobacco, matches);
}

void has_matches() {
    take(tobacco, paper);
}

void has_paper() {
    take(tobacco, matches);
}

int main() {
    std::thread first(agent);
    std::thread second(has_matches);
    std::thread third(has_paper);
    first.join();
    second.join();
    third.join();

    std::cout << "smoked = " << smoked << '\n';
}
