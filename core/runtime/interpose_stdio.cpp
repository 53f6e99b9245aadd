// The functions of <stdio.h> and <stdlib.h> that read and write the program's memory, called from code with hooks.
#include "core/runtime/library_access.h"
#include "core/trace/channel_stream.h"
#include "core/trace/format_calls.h"
#include "core/trace/wide_calls.h"

namespace heddle::runtime {
namespace {

using namespace trace::strings;

HEDDLE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_STDIO_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)
HEDDLE_WIDE_FORMAT_CALLS(HEDDLE_DEFINE_FORMAT_CALL)
HEDDLE_WIDE_CALLS(HEDDLE_DEFINE_LIBRARY_CALL)

HEDDLE_DEFINE_FORMAT_CALL(printf, vprintf, (const char* format), (format), access.takes(stdout); prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(fprintf, vfprintf, (FILE * to, const char* format), (to, format), access.takes(to);
                          prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(__printf_chk, __vprintf_chk, (int flag, const char* format), (flag, format), access.takes(stdout);
                          prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(__fprintf_chk, __vfprintf_chk, (FILE * to, int flag, const char* format), (to, flag, format),
                          access.takes(to);
                          prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(dprintf, vdprintf, (int fd, const char* format), (fd, format), access.takes(nullptr);
                          prints(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(__dprintf_chk, __vdprintf_chk, (int fd, int flag, const char* format), (fd, flag, format),
                          access.takes(nullptr);
                          prints(access, format, list), )
HEDDLE_DEFINE_LIBRARY_CALL(void, perror, (const char* text), (text), access.takes(stderr); complains(access, text), )
HEDDLE_DEFINE_LIBRARY_CALL(int, puts, (const char* text), (text), access.takes(stdout); access.read(text, length(text) + 1), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fputs, (const char* text, FILE* to), (text, to), access.takes(to);
                           access.read(text, length(text) + 1), )
HEDDLE_DEFINE_LIBRARY_CALL(std::size_t, fwrite, (const void* from, std::size_t each, std::size_t count, FILE* to),
                           (from, each, count, to), access.takes(to);
                           access.read(from, each* count), )
HEDDLE_DEFINE_LIBRARY_CALL(int, putchar, (int letter), (letter), access.takes(stdout), )
HEDDLE_DEFINE_LIBRARY_CALL(int, putc, (int letter, FILE* to), (letter, to), access.takes(to), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fputc, (int letter, FILE* to), (letter, to), access.takes(to), )
HEDDLE_DEFINE_LIBRARY_CALL(int, getc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fgetc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fflush, (FILE * to), (to), access.takes(to), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fclose, (FILE * stream), (stream), access.takes(stream), )

HEDDLE_DEFINE_FORMAT_CALL(wprintf, vwprintf, (const wchar_t* format), (format), access.takes(stdout);
                          prints_wide(access, format, list), )
HEDDLE_DEFINE_FORMAT_CALL(fwprintf, vfwprintf, (FILE * to, const wchar_t* format), (to, format), access.takes(to);
                          prints_wide(access, format, list), )
HEDDLE_DEFINE_LIBRARY_CALL(int, fputws, (const wchar_t* text, FILE* to), (text, to), access.takes(to);
                           access.read(text, wide_bytes(text)), )
HEDDLE_DEFINE_LIBRARY_CALL(wint_t, getwc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(wint_t, fgetwc, (FILE * from), (from), access.takes(from), )
HEDDLE_DEFINE_LIBRARY_CALL(wint_t, putwchar, (wchar_t letter), (letter), access.takes(stdout), )
HEDDLE_DEFINE_LIBRARY_CALL(wint_t, putwc, (wchar_t letter, FILE* to), (letter, to), access.takes(to), )
HEDDLE_DEFINE_LIBRARY_CALL(wint_t, fputwc, (wchar_t letter, FILE* to), (letter, to), access.takes(to), )

// At the gate the one that stands there gives the stream.
struct Calls {
    static ssize_t read(int fd, void* to, std::size_t bytes) { return ::read(fd, to, bytes); }
    static ssize_t write(int fd, const void* from, std::size_t bytes) { return ::write(fd, from, bytes); }
    static int close(int fd) { return ::close(fd); }
};
constinit trace::ChannelStreams<Calls> g_streams{};

}  // namespace
}  // namespace heddle::runtime

HEDDLE_EXPORT FILE* fdopen(int fd, const char* mode) noexcept {
    using namespace heddle::runtime;
    static auto* const real = reinterpret_cast<FILE* (*)(int, const char*)>(::dlsym(RTLD_NEXT, "fdopen"));
    const bool ours = g_process.attached.load(std::memory_order_relaxed) && !gate::g_present;
    FILE* const stream = ours ? g_streams.open(fd, mode) : nullptr;
    return stream != nullptr ? stream : real(fd, mode);
}
