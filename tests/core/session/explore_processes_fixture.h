// Programs of several processes, explored. For the tests of core/session.
#pragma once

#include "tests/core/session/explore_fixture.h"

namespace heddle::session {

class ExploreProcessesTest : public ExploreTest {
protected:
    Exploration search_all(const std::string& body, const std::string& before_main = {}) {
        return search(all(program(std::string(kHeaders) + before_main + "int main() {\n" + body + "}\n")));
    }
    static const FoundBug* bug(const Exploration& exploration, const std::string& kind) {
        for (const FoundBug& each : exploration.bugs) {
            if (each.kind == kind) return &each;
        }
        return nullptr;
    }

    static constexpr char kHeaders[] = R"(
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
template <typename T>
T* shared() {
    return static_cast<T*>(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
}
)";
};

}  // namespace heddle::session
