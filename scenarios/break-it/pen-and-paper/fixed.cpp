// Two students need the same pen and the same paper. Both pick up the pen first.
#include <atomic>
#include <iostream>
#include <mutex>
#include <thread>

std::mutex pen;
std::mutex paper;
std::atomic<int> notes = 0;

void write_letter() {
    std::lock_guard<std::mutex> first(pen);
    std::lock_guard<std::mutex> second(paper);
    ++notes;
}

void draw_map() {
    std::lock_guard<std::mutex> first(pen);
    std::lock_guard<std::mutex> second(paper);
    ++notes;
}

int main() {
    std::thread writer(write_letter);
    std::thread drawer(draw_map);
    writer.join();
    drawer.join();
    std::cout << "notes = " << notes << '\n';
}
