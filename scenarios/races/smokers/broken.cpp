// To smoke one needs tobacco, paper and matches. An agent puts two of them on the table; who has the third takes both.
// Here one smoker has matches, the other has paper, and each picks up the two things one after the other.
#include <iostream>
#include <semaphore>
#include <thread>

std::counting_semaphore<2> tobacco{0};
std::counting_semaphore<2> paper{0};
std::counting_semaphore<2> matches{0};
std::counting_semaphore<2> table_is_free{1};
int smoked = 0;

void agent() {
    table_is_free.acquire();
    tobacco.release();
    paper.release();

    table_is_free.acquire();
    tobacco.release();
    matches.release();
}

void has_matches() {
    tobacco.acquire();
    paper.acquire();
    ++smoked;
    table_is_free.release();
}

void has_paper() {
    tobacco.acquire();
    matches.acquire();
    ++smoked;
    table_is_free.release();
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
