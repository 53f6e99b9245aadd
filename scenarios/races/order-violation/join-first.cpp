// One thread loads the settings, another serves with them. The second one starts when the first has ended.
#include <iostream>
#include <thread>

struct Settings {
    int port;
};

Settings* settings = nullptr;
int port = 0;  // where the server listens

void load() {
    settings = new Settings{8080};
}

void serve() {
    port = settings->port;
}

int main() {
    std::thread loader(load);
    loader.join();
    std::thread server(serve);
    server.join();

    std::cout << "serving on port " << port << '\n';
    delete settings;
}
