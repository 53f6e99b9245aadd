// What the functions of <stdio.h> and <stdlib.h> read and write for the program (ISO C, POSIX, glibc's fortified ones), by the
// same conventions as string_calls.h.
#pragma once

#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#include <cstddef>
#include <cstdint>

#include "core/trace/kept_blocks.h"
#include "core/trace/library_call.h"
#include "core/trace/string_calls.h"

namespace heddle::trace::strings {

enum class Length : std::uint8_t { kChar, kShort, kInt, kLong, kLongLong, kSize, kLongDouble };

// One "%…" of a format.
struct Conversion {
    char kind = '\0';  // the letter at its end; 0: none that is known
    Length length = Length::kInt;
    bool suppressed = false, allocates = false;         // scanf: "*", "m"
    bool width_is_argument = false, has_width = false;  // printf: "*"
    bool precision_is_argument = false, has_precision = false;
    std::size_t width = 0, precision = 0;
};

inline std::size_t number_at(const char*& at) {
    std::size_t number = 0;
    while (*at >= '0' && *at <= '9') number = number * 10 + static_cast<std::size_t>(*at++ - '0');
    return number;
}

inline Length length_at(const char*& at) {
    const char first = *at;
    const bool twice = first != '\0' && at[1] == first;
    switch (first) {
        case 'h':
            return at += twice ? 2 : 1, twice ? Length::kChar : Length::kShort;
        case 'l':
            return at += twice ? 2 : 1, twice ? Length::kLongLong : Length::kLong;
        case 'q':
            return ++at, Length::kLongLong;
        case 'j':
            return ++at, Length::kLong;
        case 'z':
        case 't':
            return ++at, Length::kSize;
        case 'L':
            return ++at, Length::kLongDouble;
        default:
            return Length::kInt;
    }
}

// The next conversion at or behind `at`, which goes behind it. False: there is none, or one by its place ("%2$d").
inline bool next_conversion(const char*& at, bool scans, Conversion& out) {
    out = {};
    at += bytes_before(at, '%');
    if (*at == '\0') return false;
    ++at;
    const auto is_flag = [&](char letter) {
        return letter != '\0' && bytes_before(scans ? "*'" : "-+ #0'I", letter) < (scans ? 2U : 7U);
    };
    for (; is_flag(*at); ++at) out.suppressed = out.suppressed || (scans && *at == '*');
    if (*at == '*') {
        out.width_is_argument = true;
        ++at;
    } else if (*at >= '0' && *at <= '9') {
        out.has_width = true;
        out.width = number_at(at);
    }
    if (*at == '$') return false;
    if (*at == '.') {
        out.has_precision = true;
        if (*++at == '*') {
            out.precision_is_argument = true;
            ++at;
        } else {
            out.precision = number_at(at);
        }
    }
    if (scans && *at == 'm') out.allocates = true, ++at;
    out.length = length_at(at);
    if (*at == '\0') return false;
    out.kind = *at++;
    if (scans && out.kind == '[') {  // a "]" that comes first is one of the set
        if (*at == '^') ++at;
        if (*at == ']') ++at;
        at += bytes_before(at, ']');
        if (*at != '\0') ++at;
    }
    return true;
}

inline std::size_t integer_bytes(Length length) {
    switch (length) {
        case Length::kChar:
            return 1;
        case Length::kShort:
            return 2;
        case Length::kInt:
            return 4;
        default:
            return 8;
    }
}

inline bool is_integer(char kind) {
    return bytes_before("diouxX", kind) < 6;
}
inline bool is_floating(char kind) {
    return bytes_before("eEfFgGaA", kind) < 8;
}

// The text that "%s" is given, or "%ls".
template <typename Access>
void reads_text(Access& access, const void* text, std::size_t most, bool wide) {
    if (text == nullptr) return;  // printed as (null)
    if (wide) {
        const auto* letters = static_cast<const wchar_t*>(text);
        std::size_t count = 0;
        while (count < most && letters[count] != L'\0') ++count;
        access.read(text, with_end(count, most) * sizeof(wchar_t));
    } else {
        access.read(text, with_end(length(static_cast<const char*>(text), most), most));
    }
}

// What printf reads by its format's conversions, and writes for "%n".
template <typename Access>
void prints_arguments(Access& access, const char* format, va_list given) {
    va_list list;
    va_copy(list, given);
    Conversion next;
    for (const char* at = format; next_conversion(at, false, next);) {
        if (next.width_is_argument) static_cast<void>(va_arg(list, int));
        if (next.precision_is_argument) {
            const int precision = va_arg(list, int);
            next.has_precision = precision >= 0;
            next.precision = next.has_precision ? static_cast<std::size_t>(precision) : 0;
        }
        const bool wide = next.length == Length::kLong;
        if (is_integer(next.kind)) {
            if (integer_bytes(next.length) == 8)
                static_cast<void>(va_arg(list, long));
            else
                static_cast<void>(va_arg(list, int));
        } else if (is_floating(next.kind)) {
            if (next.length == Length::kLongDouble)
                static_cast<void>(va_arg(list, long double));
            else
                static_cast<void>(va_arg(list, double));
        } else if (next.kind == 'c' || next.kind == 'C') {
            static_cast<void>(va_arg(list, int));
        } else if (next.kind == 's' || next.kind == 'S') {
            reads_text(access, va_arg(list, const void*), next.has_precision ? next.precision : kNoLimit,
                       wide || next.kind == 'S');
        } else if (next.kind == 'p') {
            static_cast<void>(va_arg(list, void*));
        } else if (next.kind == 'n') {
            access.write(va_arg(list, void*), integer_bytes(next.length));
        } else if (next.kind != '%' && next.kind != 'm') {
            break;
        }
    }
    va_end(list);
}

template <typename Access>
void prints(Access& access, const char* format, va_list given) {
    access.read(format, length(format) + 1);
    prints_arguments(access, format, given);
}

// Of a text just written to the program's memory.
template <typename Access>
void wrote_text(Access& access, void* text, bool wide) {
    const std::size_t bytes =
        wide ? (wcslen(static_cast<wchar_t*>(text)) + 1) * sizeof(wchar_t) : length(static_cast<char*>(text)) + 1;
    access.write(text, bytes);
}

// What scanf stores one object for: its bytes; 0: none, but a text or a block.
inline std::size_t object_bytes(const Conversion& conversion) {
    if (conversion.allocates || conversion.kind == 'p') return sizeof(void*);
    if (is_integer(conversion.kind) || conversion.kind == 'n') return integer_bytes(conversion.length);
    if (!is_floating(conversion.kind)) return 0;
    if (conversion.length == Length::kLongDouble) return sizeof(long double);
    return conversion.length == Length::kLong ? sizeof(double) : sizeof(float);
}

// Each conversion of scanf's format that stores something, with its argument, until `see` says no.
template <typename See>
void each_stored(const char* format, va_list given, See see) {
    va_list list;
    va_copy(list, given);
    Conversion next;
    for (const char* at = format; next_conversion(at, true, next);) {
        if (next.suppressed || next.kind == '%') continue;
        const bool known = object_bytes(next) != 0 || next.kind == 'c' || next.kind == 's' || next.kind == '[';
        if (!known || !see(next, va_arg(list, void*))) break;
    }
    va_end(list);
}

inline std::size_t letter_bytes(const Conversion& conversion) {
    return conversion.length == Length::kLong ? sizeof(wchar_t) : 1;
}

// What scanf may write by its format; of a text without a limit what a usual one is.
inline constexpr std::size_t kUsualText = 64;
template <typename Access>
void scans(Access& access, const char* format, va_list given) {
    each_stored(format, given, [&](const Conversion& next, void* to) {
        if (const std::size_t bytes = object_bytes(next))
            access.expect(to, bytes);
        else if (next.kind == 'c')
            access.expect(to, (next.has_width ? next.width : 1) * letter_bytes(next));
        else
            access.expect(to, (next.has_width ? next.width + 1 : kUsualText) * letter_bytes(next));
        return true;
    });
}
// What it has written, when it returned `assigned`.
template <typename Access>
void scanned(Access& access, const char* format, va_list given, int assigned) {
    int count = 0;
    each_stored(format, given, [&](const Conversion& next, void* to) {
        if (next.kind != 'n' && count++ >= assigned) return false;
        if (const std::size_t bytes = object_bytes(next))
            access.store(to, bytes);
        else if (next.kind == 'c')
            access.write(to, (next.has_width ? next.width : 1) * letter_bytes(next));
        else
            wrote_text(access, to, letter_bytes(next) > 1);
        return true;
    });
}

// A number's text: spaces, then what can be part of a number, and what ends it.
inline std::size_t number_text(const char* text) {
    std::size_t at = 0;
    while (text[at] == ' ' || (text[at] >= '\t' && text[at] <= '\r')) ++at;
    const auto in_number = [](char letter) {
        return (letter >= '0' && letter <= '9') || (small(letter) >= 'a' && small(letter) <= 'z') || letter == '+' ||
               letter == '-' || letter == '.';
    };
    while (in_number(text[at])) ++at;
    return at + 1;
}
// A text is to come there: the room is often more than it needs, or than there is.
template <typename Access>
void expects_text(Access& access, char* to, std::size_t room) {
    access.expect(to, room < KeptBlocks::kRoom ? room : KeptBlocks::kRoom);
}
// A text that was printed to memory with room for so many bytes.
template <typename Access>
void printed(Access& access, char* to, int done, std::size_t room = kNoLimit) {
    if (done >= 0 && room > 0)
        access.write(to, static_cast<std::size_t>(done) < room ? static_cast<std::size_t>(done) + 1 : room);
}

// The same, of a text whose end its room does not tell.
template <typename Access>
void prints_unbounded(Access& access, char* to, const char* format, va_list given) {
    prints(access, format, given);
    va_list list;
    va_copy(list, given);
    const int bytes = ::vsnprintf(nullptr, 0, format, list);
    va_end(list);
    if (bytes >= 0) expects_text(access, to, static_cast<std::size_t>(bytes) + 1);
}

// strtok: the text that it goes on in.
template <typename Access>
void reads_token(Access& access, char* text, const char* between, char** state) {
    if (text == nullptr) access.read(state, sizeof *state);
    if (char* const from = text != nullptr ? text : *state) {
        const std::size_t begin = span(from, between, true), end = begin + span(from + begin, between, false);
        access.read(from, end + 1);
        access.expect(from + end, 1);
    }
    access.read(between, length(between) + 1);
    access.expect(state, sizeof *state);
}
template <typename Access>
void wrote_token(Access& access, char* token, char** state) {
    if (token != nullptr) access.write(token + length(token), 1);
    access.store(state, sizeof *state);
}

template <typename Access>
void reads_line(Access& access, char** line, std::size_t* room) {
    access.expect(line, sizeof *line);
    access.expect(room, sizeof *room);
}
template <typename Access>
void wrote_line(Access& access, char** line, std::size_t* room, ssize_t done) {
    if (line == nullptr || room == nullptr) return;  // refused
    char* const text = *line;                        // which another thread may change from here on
    access.store(line, sizeof *line);
    access.store(room, sizeof *room);
    if (done >= 0 && text != nullptr) access.write(text, static_cast<std::size_t>(done) + 1);
}
// perror, whose errno is that of the call before it.
template <typename Access>
void complains(Access& access, const char* text) {
    const KeptErrno kept;
    if (text != nullptr) access.read(text, length(text) + 1);
}

}  // namespace heddle::trace::strings

// clang-format off
// X(name, the same with a list, parameters but for what the format asks for, as arguments, what it reads, what it has written)
#define HEDDLE_SCANS va_list behind; va_copy(behind, list); scans(access, format, list)
#define HEDDLE_SCANNED scanned(access, format, behind, done); va_end(behind)
#define HEDDLE_FORMAT_CALLS(X) \
    X(sprintf, vsprintf, (char* to, const char* format), (to, format), prints_unbounded(access, to, format, list), printed(access, to, done)) \
    X(snprintf, vsnprintf, (char* to, std::size_t room, const char* format), (to, room, format), prints(access, format, list); expects_text(access, to, room), printed(access, to, done, room)) \
    X(asprintf, vasprintf, (char** to, const char* format), (to, format), prints(access, format, list); access.expect(to, sizeof *to), if (char* const text = *to) printed(access, text, done); access.store(to, sizeof *to)) \
    X(__sprintf_chk, __vsprintf_chk, (char* to, int flag, std::size_t size, const char* format), (to, flag, size, format), prints_unbounded(access, to, format, list), printed(access, to, done)) \
    X(__snprintf_chk, __vsnprintf_chk, (char* to, std::size_t room, int flag, std::size_t size, const char* format), (to, room, flag, size, format), prints(access, format, list); expects_text(access, to, room), printed(access, to, done, room)) \
    X(scanf, vscanf, (const char* format), (format), HEDDLE_SCANS, HEDDLE_SCANNED) \
    X(fscanf, vfscanf, (FILE* from, const char* format), (from, format), access.takes(from); HEDDLE_SCANS, HEDDLE_SCANNED) \
    X(sscanf, vsscanf, (const char* from, const char* format), (from, format), access.read(from, length(from) + 1); HEDDLE_SCANS, HEDDLE_SCANNED) \
    X(__isoc99_scanf, __isoc99_vscanf, (const char* format), (format), HEDDLE_SCANS, HEDDLE_SCANNED) \
    X(__isoc99_fscanf, __isoc99_vfscanf, (FILE* from, const char* format), (from, format), access.takes(from); HEDDLE_SCANS, HEDDLE_SCANNED) \
    X(__isoc99_sscanf, __isoc99_vsscanf, (const char* from, const char* format), (from, format), access.read(from, length(from) + 1); HEDDLE_SCANS, HEDDLE_SCANNED)

// X(result, name, parameters, arguments, what it does beforehand, what it has done)
#define HEDDLE_NUMBER_CALL(X, result, name, parameters, arguments) \
    X(result, name, parameters, arguments, access.read(text, number_text(text)); if (end != nullptr) access.expect(end, sizeof *end), if (end != nullptr) access.store(end, sizeof *end))
#define HEDDLE_STDIO_CALLS(X) \
    X(char*, fgets, (char* to, int room, FILE* from), (to, room, from), access.takes(from); expects_text(access, to, room > 0 ? static_cast<std::size_t>(room) : 0), if (done != nullptr) wrote_text(access, to, false)) \
    X(char*, __fgets_chk, (char* to, std::size_t size, int room, FILE* from), (to, size, room, from), access.takes(from); expects_text(access, to, room > 0 ? static_cast<std::size_t>(room) : 0), if (done != nullptr) wrote_text(access, to, false)) \
    X(std::size_t, fread, (void* to, std::size_t each, std::size_t count, FILE* from), (to, each, count, from), access.takes(from); access.expect(to, each * count), access.write(to, each * done)) \
    X(std::size_t, __fread_chk, (void* to, std::size_t size, std::size_t each, std::size_t count, FILE* from), (to, size, each, count, from), access.takes(from); access.expect(to, each * count), access.write(to, each * done)) \
    X(ssize_t, getline, (char** line, std::size_t* room, FILE* from), (line, room, from), access.takes(from); reads_line(access, line, room), wrote_line(access, line, room, done)) \
    X(ssize_t, getdelim, (char** line, std::size_t* room, int end, FILE* from), (line, room, end, from), access.takes(from); reads_line(access, line, room), wrote_line(access, line, room, done)) \
    X(ssize_t, __getdelim, (char** line, std::size_t* room, int end, FILE* from), (line, room, end, from), access.takes(from); reads_line(access, line, room), wrote_line(access, line, room, done)) \
    X(int, atoi, (const char* text), (text), access.read(text, number_text(text)), ) \
    X(long, atol, (const char* text), (text), access.read(text, number_text(text)), ) \
    X(long long, atoll, (const char* text), (text), access.read(text, number_text(text)), ) \
    X(double, atof, (const char* text), (text), access.read(text, number_text(text)), ) \
    HEDDLE_NUMBER_CALL(X, long, strtol, (const char* text, char** end, int base), (text, end, base)) \
    HEDDLE_NUMBER_CALL(X, unsigned long, strtoul, (const char* text, char** end, int base), (text, end, base)) \
    HEDDLE_NUMBER_CALL(X, long long, strtoll, (const char* text, char** end, int base), (text, end, base)) \
    HEDDLE_NUMBER_CALL(X, unsigned long long, strtoull, (const char* text, char** end, int base), (text, end, base)) \
    HEDDLE_NUMBER_CALL(X, float, strtof, (const char* text, char** end), (text, end)) \
    HEDDLE_NUMBER_CALL(X, double, strtod, (const char* text, char** end), (text, end)) \
    HEDDLE_NUMBER_CALL(X, long double, strtold, (const char* text, char** end), (text, end)) \
    X(char*, strtok_r, (char* text, const char* between, char** state), (text, between, state), reads_token(access, text, between, state), wrote_token(access, done, state)) \
    X(char*, __strtok_r, (char* text, const char* between, char** state), (text, between, state), reads_token(access, text, between, state), wrote_token(access, done, state)) \
    X(::heddle::trace::Nothing, qsort, (void* first, std::size_t count, std::size_t each, int (*order)(const void*, const void*)), (first, count, each, order), access.read(first, count * each); access.expect(first, count * each), access.write(first, count * each))
// clang-format on
