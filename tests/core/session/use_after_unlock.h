// A program that uses a heap block after another thread freed it, for the tests of Explore and of Step.
#pragma once

namespace heddle::session {

// Nothing races here: the lock guards the pointer, not the node.
inline constexpr char kUseAfterUnlock[] = R"(#include <mutex>
#include <thread>
struct Node { int value; };
Node* node = new Node{1};
std::mutex m;
void user() {
    Node* mine;
    { std::lock_guard l(m); mine = node; }
    mine->value = 2;
}
void owner() {
    std::lock_guard l(m);
    delete node;
}
int main() {
    std::thread a(user), b(owner);
    a.join(); b.join();
}
)";

}  // namespace heddle::session
