// Calls functions of <string.h> on buffers of its own. Prints the addresses.
#include <cstdio>
#include <cstring>

char source[32] = "abcdef";
char copied[32], appended[32] = "xy", padded[32], bounded[32];
volatile std::size_t three = 3, twenty = 20;
volatile int wanted = 'c';

extern "C" char* __strcpy_chk(char*, const char*, std::size_t) noexcept;
extern "C" void* __memcpy_chk(void*, const void*, std::size_t, std::size_t) noexcept;
char checked[32], checked_block[32];

int main() {
    std::strcpy(copied, source);
    std::strcat(appended, source);
    std::strncpy(padded, source, twenty);
    std::strncat(bounded, source, three);
    __strcpy_chk(checked, source, sizeof checked);
    __memcpy_chk(checked_block, source, three, sizeof checked_block);
    const bool ok = std::strcmp(copied, source) == 0 && std::strlen(appended) == 8 &&
                    std::strchr(copied, wanted) == copied + 2 && std::memcmp(checked_block, "abc", three) == 0 &&
                    std::strstr(appended, "ya") == appended + 1 && std::strlen(bounded) == 3 && padded[19] == 0;
    std::printf("source=%p\ncopied=%p\nappended=%p\npadded=%p\nbounded=%p\nchecked=%p\nchecked_block=%p\n%s\n",
                static_cast<void*>(source), static_cast<void*>(copied), static_cast<void*>(appended),
                static_cast<void*>(padded), static_cast<void*>(bounded), static_cast<void*>(checked),
                static_cast<void*>(checked_block), ok ? "ok" : "bad");
    return ok ? 0 : 1;
}
