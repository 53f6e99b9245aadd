// What the functions of <wchar.h> read and write for the program, by the same conventions as string_calls.h and format_calls.h.
#pragma once

#include <wchar.h>

#include "core/trace/format_calls.h"

namespace heddle::trace::strings {

inline std::size_t wide_bytes(const wchar_t* text, std::size_t most = kNoLimit) {
    std::size_t at = 0;
    while (at < most && text[at] != L'\0') ++at;
    return with_end(at, most) * sizeof(wchar_t);
}

// A wide format as conversions are looked for in it; of a very long one its beginning.
class NarrowFormat {
public:
    explicit NarrowFormat(const wchar_t* format) {
        std::size_t at = 0;
        for (; at + 1 < sizeof text_ && format[at] != L'\0'; ++at) {
            const bool plain = format[at] > 0 && format[at] < 128;
            text_[at] = plain ? static_cast<char>(format[at]) : 'x';
        }
        text_[at] = '\0';
    }
    const char* text() const { return text_; }

private:
    char text_[256];
};

template <typename Access>
void prints_wide(Access& access, const wchar_t* format, va_list given) {
    access.read(format, wide_bytes(format));
    prints_arguments(access, NarrowFormat(format).text(), given);
}
template <typename Access>
void expects_wide(Access& access, wchar_t* to, std::size_t room) {
    constexpr std::size_t kMost = KeptBlocks::kRoom / sizeof(wchar_t);
    access.expect(to, (room < kMost ? room : kMost) * sizeof(wchar_t));
}
template <typename Access>
void reads_both_wide(Access& access, const wchar_t* a, const wchar_t* b) {
    std::size_t same = 0;
    while (a[same] != L'\0' && a[same] == b[same]) ++same;
    access.read(a, (same + 1) * sizeof(wchar_t));
    access.read(b, (same + 1) * sizeof(wchar_t));
}

}  // namespace heddle::trace::strings

// clang-format off
#define HEDDLE_WIDE_SCANS va_list behind; va_copy(behind, list); const NarrowFormat narrow(format); access.read(format, wide_bytes(format)); scans(access, narrow.text(), list)
#define HEDDLE_WIDE_SCANNED scanned(access, narrow.text(), behind, done); va_end(behind)
#define HEDDLE_WIDE_FORMAT_CALLS(X) \
    X(swprintf, vswprintf, (wchar_t* to, std::size_t room, const wchar_t* format), (to, room, format), prints_wide(access, format, list); expects_wide(access, to, room), if (done >= 0) wrote_text(access, to, true)) \
    X(wscanf, vwscanf, (const wchar_t* format), (format), access.takes_wide(stdin); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED) \
    X(__isoc99_wscanf, __isoc99_vwscanf, (const wchar_t* format), (format), access.takes_wide(stdin); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED) \
    X(fwscanf, vfwscanf, (FILE* from, const wchar_t* format), (from, format), access.takes_wide(from); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED) \
    X(swscanf, vswscanf, (const wchar_t* from, const wchar_t* format), (from, format), access.read(from, wide_bytes(from)); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED) \
    X(__isoc99_fwscanf, __isoc99_vfwscanf, (FILE* from, const wchar_t* format), (from, format), access.takes_wide(from); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED) \
    X(__isoc99_swscanf, __isoc99_vswscanf, (const wchar_t* from, const wchar_t* format), (from, format), access.read(from, wide_bytes(from)); HEDDLE_WIDE_SCANS, HEDDLE_WIDE_SCANNED)
#define HEDDLE_WIDE_CALLS(X) \
    X(wchar_t*, fgetws, (wchar_t* to, int room, FILE* from), (to, room, from), access.takes_wide(from); expects_wide(access, to, room > 0 ? static_cast<std::size_t>(room) : 0), if (done != nullptr) wrote_text(access, to, true)) \
    X(std::size_t, wcslen, (const wchar_t* text), (text), access.read(text, wide_bytes(text)), ) \
    X(wchar_t*, wcscpy, (wchar_t* to, const wchar_t* from), (to, from), access.read(from, wide_bytes(from)); access.write(to, wide_bytes(from)), ) \
    X(wchar_t*, wcscat, (wchar_t* to, const wchar_t* from), (to, from), const std::size_t end = wide_bytes(to); access.read(to, end); access.read(from, wide_bytes(from)); access.write(to + end / sizeof(wchar_t) - 1, wide_bytes(from)), ) \
    X(int, wcscmp, (const wchar_t* a, const wchar_t* b), (a, b), reads_both_wide(access, a, b), )
// clang-format on
