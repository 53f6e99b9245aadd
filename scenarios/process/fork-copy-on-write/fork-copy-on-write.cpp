// After fork, parent and child share every page, until one of them writes to it.
#include <iostream>
#include <sys/wait.h>
#include <unistd.h>

struct alignas(4096) Page {  // as large as a page, so that each variable has one to itself
    int value;
};

Page parents_page;
Page childs_page;
Page nobodys_page;

void report(const char* who) {
    std::cout << who << ": parents_page at " << &parents_page << " = " << parents_page.value << ", childs_page at "
              << &childs_page << " = " << childs_page.value << ", nobodys_page = " << nobodys_page.value << std::endl;
}

int main() {
    parents_page.value = 1;
    childs_page.value = 2;
    nobodys_page.value = 3;

    int go[2];
    if (pipe(go) != 0) {
        return 1;
    }
    const pid_t child = fork();
    if (child == 0) {
        char letter;
        read(go[0], &letter, 1);    // until the parent has written its page
        childs_page.value = 200;    // second copy: the child's
        report("child");
        return 0;
    }

    parents_page.value = 100;       // first copy: the parent's
    write(go[1], "x", 1);
    waitpid(child, nullptr, 0);
    report("parent");
}
