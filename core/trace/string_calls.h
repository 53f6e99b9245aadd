// What the functions of <string.h> read and write (ISO C, POSIX, and the fortified ones of glibc), as the two libraries inside
// the program announce it: a compiler puts no hook before what libc does. Reads no further than the function itself, but for a
// race. Nothing allocates or locks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::trace::strings {

inline constexpr std::size_t kNoLimit = SIZE_MAX;

// Bytes before the first that is `byte` or the end, at most `most`.
inline std::size_t bytes_before(const char* text, char byte, std::size_t most = kNoLimit) {
    std::size_t at = 0;
    while (at < most && text[at] != byte && text[at] != '\0') ++at;
    return at;
}
inline std::size_t length(const char* text, std::size_t most = kNoLimit) {
    return bytes_before(text, '\0', most);
}
inline std::size_t with_end(std::size_t length, std::size_t most) {
    return length < most ? length + 1 : most;
}
inline char small(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}
// Bytes looked at until two differ or both end.
inline std::size_t compared(const char* a, const char* b, std::size_t most = kNoLimit, bool by_letter = false) {
    std::size_t at = 0;
    while (at < most && a[at] != '\0' && (by_letter ? small(a[at]) == small(b[at]) : a[at] == b[at])) ++at;
    return with_end(at, most);
}
inline std::size_t searched(const void* block, int byte, std::size_t bytes) {
    const auto* at = static_cast<const unsigned char*>(block);
    for (std::size_t i = 0; i < bytes; ++i)
        if (at[i] == static_cast<unsigned char>(byte)) return i + 1;
    return bytes;
}
// Of `text`, until `wanted` is found in it.
inline std::size_t searched(const char* text, const char* wanted) {
    const std::size_t size = length(wanted), whole = length(text);
    for (std::size_t at = 0; at + size <= whole; ++at) {
        std::size_t same = 0;
        while (same < size && text[at + same] == wanted[same]) ++same;
        if (same == size) return at + size;
    }
    return whole + 1;
}
// Bytes at the beginning of `text` that are (`in`) or are not among `set`.
inline std::size_t span(const char* text, const char* set, bool in) {
    std::size_t at = 0;
    while (text[at] != '\0' && (set[bytes_before(set, text[at])] == text[at]) == in) ++at;
    return at;
}

// The accesses of each kind of function, told to an Access: read(pointer, bytes) and write(pointer, bytes).
template <typename Access>
void copies(Access& access, char* to, const char* from) {
    const std::size_t bytes = length(from) + 1;
    access.read(from, bytes);
    access.write(to, bytes);
}
template <typename Access>
void copies(Access& access, char* to, const char* from, std::size_t most) {
    access.read(from, with_end(length(from, most), most));
    access.write(to, most);
}
template <typename Access>
void copies_block(Access& access, void* to, const void* from, std::size_t bytes) {
    access.read(from, bytes);
    access.write(to, bytes);
}
template <typename Access>
void appends(Access& access, char* to, const char* from, std::size_t most = kNoLimit) {
    const std::size_t end = length(to), bytes = length(from, most);
    access.read(to, end + 1);
    access.read(from, with_end(bytes, most));
    access.write(to + end, bytes + 1);
}
template <typename Access>
void reads_both(Access& access, const void* a, const void* b, std::size_t bytes) {
    access.read(a, bytes);
    access.read(b, bytes);
}
template <typename Access>
void reads_span(Access& access, const char* text, const char* set, bool in) {
    access.read(text, span(text, set, in) + 1);
    access.read(set, length(set) + 1);
}

}  // namespace heddle::trace::strings

// X(result, name, parameters, arguments, what it does to `access`)
// clang-format off
#define HEDDLE_STRING_CALLS(X) \
    X(std::size_t, strlen, (const char* text), (text), access.read(text, length(text) + 1)) \
    X(std::size_t, strnlen, (const char* text, std::size_t most), (text, most), access.read(text, with_end(length(text, most), most))) \
    X(char*, strcpy, (char* to, const char* from), (to, from), copies(access, to, from)) \
    X(char*, stpcpy, (char* to, const char* from), (to, from), copies(access, to, from)) \
    X(char*, strncpy, (char* to, const char* from, std::size_t most), (to, from, most), copies(access, to, from, most)) \
    X(char*, stpncpy, (char* to, const char* from, std::size_t most), (to, from, most), copies(access, to, from, most)) \
    X(char*, strcat, (char* to, const char* from), (to, from), appends(access, to, from)) \
    X(char*, strncat, (char* to, const char* from, std::size_t most), (to, from, most), appends(access, to, from, most)) \
    X(char*, strdup, (const char* text), (text), access.read(text, length(text) + 1)) \
    X(char*, strndup, (const char* text, std::size_t most), (text, most), access.read(text, with_end(length(text, most), most))) \
    X(int, strcmp, (const char* a, const char* b), (a, b), reads_both(access, a, b, compared(a, b))) \
    X(int, strncmp, (const char* a, const char* b, std::size_t most), (a, b, most), reads_both(access, a, b, compared(a, b, most))) \
    X(int, strcasecmp, (const char* a, const char* b), (a, b), reads_both(access, a, b, compared(a, b, kNoLimit, true))) \
    X(int, strncasecmp, (const char* a, const char* b, std::size_t most), (a, b, most), reads_both(access, a, b, compared(a, b, most, true))) \
    X(char*, strchr, (const char* text, int byte), (text, byte), access.read(text, bytes_before(text, static_cast<char>(byte)) + 1)) \
    X(char*, strchrnul, (const char* text, int byte), (text, byte), access.read(text, bytes_before(text, static_cast<char>(byte)) + 1)) \
    X(char*, strrchr, (const char* text, int byte), (text, byte), access.read(text, length(text) + 1)) \
    X(char*, strstr, (const char* text, const char* wanted), (text, wanted), access.read(text, searched(text, wanted)); access.read(wanted, length(wanted) + 1)) \
    X(std::size_t, strspn, (const char* text, const char* set), (text, set), reads_span(access, text, set, true)) \
    X(std::size_t, strcspn, (const char* text, const char* set), (text, set), reads_span(access, text, set, false)) \
    X(char*, strpbrk, (const char* text, const char* set), (text, set), reads_span(access, text, set, false)) \
    X(int, memcmp, (const void* a, const void* b, std::size_t bytes), (a, b, bytes), reads_both(access, a, b, bytes)) \
    X(void*, memchr, (const void* block, int byte, std::size_t bytes), (block, byte, bytes), access.read(block, searched(block, byte, bytes))) \
    X(void*, mempcpy, (void* to, const void* from, std::size_t bytes), (to, from, bytes), copies_block(access, to, from, bytes)) \
    X(void*, __memcpy_chk, (void* to, const void* from, std::size_t bytes, std::size_t room), (to, from, bytes, room), copies_block(access, to, from, bytes)) \
    X(void*, __memmove_chk, (void* to, const void* from, std::size_t bytes, std::size_t room), (to, from, bytes, room), copies_block(access, to, from, bytes)) \
    X(void*, __mempcpy_chk, (void* to, const void* from, std::size_t bytes, std::size_t room), (to, from, bytes, room), copies_block(access, to, from, bytes)) \
    X(void*, __memset_chk, (void* to, int byte, std::size_t bytes, std::size_t room), (to, byte, bytes, room), access.write(to, bytes)) \
    X(char*, __strcpy_chk, (char* to, const char* from, std::size_t room), (to, from, room), copies(access, to, from)) \
    X(char*, __stpcpy_chk, (char* to, const char* from, std::size_t room), (to, from, room), copies(access, to, from)) \
    X(char*, __strncpy_chk, (char* to, const char* from, std::size_t most, std::size_t room), (to, from, most, room), copies(access, to, from, most)) \
    X(char*, __strcat_chk, (char* to, const char* from, std::size_t room), (to, from, room), appends(access, to, from)) \
    X(char*, __strncat_chk, (char* to, const char* from, std::size_t most, std::size_t room), (to, from, most, room), appends(access, to, from, most))
// clang-format on
