// Copies and fills blocks of memory in every way that the compilers have. Prints the addresses, and "ok" if all is where it
// should be.
#include <cstdio>
#include <cstring>
#include <streambuf>

struct Middle {
    long words[8];
};
struct Large {
    long words[1024];
};

Middle from_middle{{1, 2, 3}}, to_middle;
Large from_large, to_large;
char overlapping[64] = "0123456789";
char filled[100];
char put[100];
volatile std::size_t ten = 10, hundred = 100;

void assign_middle() {
    to_middle = from_middle;
}
void assign_large() {
    to_large = from_large;
}
void move_up() {
    std::memmove(overlapping + 3, overlapping, ten);
}
void fill() {
    std::memset(filled, 'x', hundred);
}

// The C++ library's own copy into the program's memory.
struct Fixed : std::streambuf {
    Fixed() { setp(put, put + sizeof put); }
};

int main() {
    from_large.words[1023] = 7;
    assign_middle();
    assign_large();
    move_up();
    fill();
    Fixed().sputn(filled, sizeof filled);
    const bool ok = to_middle.words[2] == 3 && to_large.words[1023] == 7 && std::strcmp(overlapping, "0120123456789") == 0 &&
                    filled[99] == 'x' && put[99] == 'x';
    std::printf("from_middle=%p\nto_middle=%p\nfrom_large=%p\nto_large=%p\n", static_cast<void*>(&from_middle),
                static_cast<void*>(&to_middle), static_cast<void*>(&from_large), static_cast<void*>(&to_large));
    std::printf("overlapping=%p\nfilled=%p\nput=%p\n%s\n", static_cast<void*>(overlapping), static_cast<void*>(filled),
                static_cast<void*>(put), ok ? "ok" : "bad");
    return ok ? 0 : 1;
}
