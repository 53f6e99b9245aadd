// One variable of each kind: in which part of the address space does each of them live?
#include <cstdlib>
#include <iostream>
#include <string>
#include <unistd.h>

int global = 42;              // has a first value: data
int zeroed;                   // starts as zero: BSS
const int constant = 7;       // must never change: read-only data
const char* literal = "loom"; // the pointer is data, the letters are read-only

int next_ticket() {
    static int tickets = 100; // local name, but it lives as long as the program: data
    return ++tickets;
}

void show(const std::string& name, const void* address) {
    std::cout << name << " at " << address << '\n';
}

void descend(int call, int last) {
    int local = call * 10;    // one for each call: stack
    show("local of call " + std::to_string(call), &local);
    if (call < last) {
        descend(call + 1, last);
    }
}

int main(int argc, char* argv[]) {
    const int calls = argc > 1 ? std::stoi(argv[1]) : 4;
    const int blocks = argc > 2 ? std::stoi(argv[2]) : 64;

    zeroed = next_ticket();
    show("main", reinterpret_cast<const void*>(&main));
    show("constant", &constant);
    show("literal", literal);
    show("global", &global);
    show("zeroed", &zeroed);

    show("end of heap, before", sbrk(0));
    int* small = nullptr;
    for (int i = 0; i < blocks; ++i) {
        small = static_cast<int*>(std::malloc(4096)); // kept on purpose: the heap must grow
        *small = i;
    }
    show("last small block", small);
    show("end of heap, after", sbrk(0));

    char* large = static_cast<char*>(std::malloc(1 << 20)); // too large for the heap: its own mapping
    large[0] = 'L';
    show("large block", large);

    descend(1, calls);
    std::free(large);
}
