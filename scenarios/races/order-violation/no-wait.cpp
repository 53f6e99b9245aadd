// One thread loads the settings, another serves with them. Nothing makes the second one wait.
#include <atomic>
#include <iostream>
#include <thread>

struct Settings {
    int port;
};

std::atomic<Settings*> settings = nullptr;
int port = 0;  // where the server listens

void load() {
    settings = new Settings{8080};
}

void serve() {
    Settings* loaded = settings;  // surely they are there by now?
    port = loaded->port;
}

int main() {
    std::thread loader(load);
    std::thread server(serve);
    loader.join();
    server.join();

    std::cout << "serving on port " << port << '\n';
    delete settings;
}
