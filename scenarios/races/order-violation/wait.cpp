// One thread loads the settings, another serves with them. The second one waits until they are there.
#include <iostream>
#include <latch>
#include <thread>

struct Settings {
    int port;
};

Settings* settings = nullptr;
std::latch loaded{1};
int port = 0;  // where the server listens

void load() {
    settings = new Settings{8080};
    loaded.count_down();
}

void serve() {
    loaded.wait();
    port = settings->port;
}

int main() {
    std::thread loader(load);
    std::thread server(serve);
    loader.join();
    server.join();

    std::cout << "serving on port " << port << '\n';
    delete settings;
}
