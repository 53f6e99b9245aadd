// Settings are filled in by the first thread that needs them; std::call_once sees to it that it is only the first.
#include <iostream>
#include <mutex>
#include <thread>

struct Settings {
    int limit = 0;
};
Settings settings;
std::once_flag filled;
int fillings = 0;
int first_got = 0;
int second_got = 0;

void fill() {
    settings.limit = 100;
    ++fillings;
}

int limit() {
    std::call_once(filled, fill);
    return settings.limit;
}

int main() {
    std::thread first([] { first_got = limit(); });
    std::thread second([] { second_got = limit(); });
    first.join();
    second.join();

    std::cout << "limits " << first_got << " and " << second_got << ", filled in " << fillings << " times\n";
}
