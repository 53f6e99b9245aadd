// What the program prints: a step on its stream, for another order of it is another output. On fibers it goes to the board.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/fibers/carrier.h"
#include "core/fibers/channel_streams.h"
#include "core/fibers/channels.h"
#include "core/fibers/checkpoint.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/lab.h"
#include "core/fibers/library_access.h"
#include "core/fibers/memory.h"
#include "core/fibers/real.h"
#include "core/fibers/scheduler.h"
#include "core/trace/format_calls.h"
#include "core/trace/transfer_access.h"
#include "core/trace/wide_calls.h"

namespace heddle::fibers {
namespace {

// As an operation's object: the descriptor of what is standard, the address of another stream.
std::uint64_t number_of(FILE* stream) {
    if (stream == stdout) return STDOUT_FILENO;
    if (stream == stderr) return STDERR_FILENO;
    return reinterpret_cast<std::uint64_t>(stream);
}

// While a thread is the only one there is, nobody can come before it.
void announce(std::uint64_t stream, std::uint64_t pc) {
    if (is_alone()) return;
    Operation operation;
    operation.kind = OperationKind::kOutput;
    operation.object = stream;
    operation.pc = pc;
    perform(operation);
    made_progress();
}

// The standard streams that stand in for libc's on fibers take no wide letters.
void need_streams_of_libc(const FILE* stream, std::uint64_t pc) {
    if (stream == stdout || stream == stderr) need_threads("wide letters", pc);
}

// Printing to the stream, as long as this lives.
class Printing {
public:
    Printing(FILE* stream, std::uint64_t pc) : stream_(stream), pc_(pc), holds_(is_channel_stream(stream)) {
        const trace::KeptErrno kept;  // of the call before, which may be what is printed
        if (holds_)
            hold_stream(stream, pc);
        else if (is_regular_file(stream) && number_of(stream) > STDERR_FILENO)
            announce_file(stream, true, pc);
        else
            announce(number_of(stream), pc);
    }
    ~Printing() {
        if (holds_) release_stream(stream_, pc_);
    }
    Printing(const Printing&) = delete;
    Printing& operator=(const Printing&) = delete;

private:
    FILE* stream_;
    std::uint64_t pc_;
    bool holds_;
};

bool is_standard(int fd) {
    return fd == STDOUT_FILENO || fd == STDERR_FILENO;
}

// Of what is none the kernel says so.
bool is_memory(const void* from, std::size_t bytes) {
    return bytes == 0 || trace::KeptBlocks::is_mapped(from, bytes);
}

}  // namespace
}  // namespace heddle::fibers

using namespace heddle::fibers;
using namespace heddle::trace::strings;

// What the call reads, where it is the program's own.
#define HEDDLE_READS(...) \
    if (auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0))) __VA_ARGS__

#define HEDDLE_PRINTS_AFTER(before, type, name, parameters, arguments, stream, ...) \
    HEDDLE_EXPORT type name parameters {                                            \
        if (!g_exploring) return HEDDLE_REAL(name) arguments;                       \
        before;                                                                     \
        HEDDLE_READS(__VA_ARGS__);                                                  \
        HEDDLE_PASS_HOOK();                                                         \
        const Printing printing(stream, HEDDLE_CALLER);                             \
        return HEDDLE_REAL(name) arguments;                                         \
    }
#define HEDDLE_PRINTS(...) HEDDLE_PRINTS_AFTER(, __VA_ARGS__)
#define HEDDLE_PRINTS_WIDE(type, name, parameters, arguments, stream, ...) \
    HEDDLE_PRINTS_AFTER(need_streams_of_libc(stream, HEDDLE_CALLER), type, name, parameters, arguments, stream, __VA_ARGS__)
// Of several processes each has a part of its own of what is not written yet.
HEDDLE_EXPORT int fflush(FILE* stream) {
    const bool steps = g_exploring && (g_common.process_count > 1 || is_regular_file(stream) || is_channel_stream(stream));
    if (!steps) return HEDDLE_REAL(fflush)(stream);
    HEDDLE_PASS_HOOK();
    const Printing printing(stream == nullptr ? stdout : stream, HEDDLE_CALLER);
    return HEDDLE_REAL(fflush)(stream);
}
HEDDLE_PRINTS(int, puts, (const char* s), (s), stdout, access.read(s, length(s) + 1))
HEDDLE_PRINTS(void, perror, (const char* s), (s), stderr, complains(access, s))
HEDDLE_PRINTS(int, putchar, (int c), (c), stdout, {})
HEDDLE_PRINTS(int, putc, (int c, FILE* f), (c, f), f, {})
HEDDLE_PRINTS(int, fputc, (int c, FILE* f), (c, f), f, {})
HEDDLE_PRINTS(int, fputs, (const char* s, FILE* f), (s, f), f, access.read(s, length(s) + 1))
HEDDLE_PRINTS(size_t, fwrite, (const void* b, size_t each, size_t n, FILE* f), (b, each, n, f), f, access.read(b, each* n))
HEDDLE_PRINTS(int, vprintf, (const char* format, va_list v), (format, v), stdout, prints(access, format, v))
HEDDLE_PRINTS(int, vfprintf, (FILE * f, const char* format, va_list v), (f, format, v), f, prints(access, format, v))
HEDDLE_PRINTS_WIDE(wint_t, putwchar, (wchar_t c), (c), stdout, {})
HEDDLE_PRINTS_WIDE(wint_t, putwc, (wchar_t c, FILE* f), (c, f), f, {})
HEDDLE_PRINTS_WIDE(wint_t, fputwc, (wchar_t c, FILE* f), (c, f), f, {})
HEDDLE_PRINTS_WIDE(int, fputws, (const wchar_t* s, FILE* f), (s, f), f, access.read(s, wide_bytes(s)))
HEDDLE_PRINTS_WIDE(int, vwprintf, (const wchar_t* format, va_list v), (format, v), stdout, prints_wide(access, format, v))
HEDDLE_PRINTS_WIDE(int, vfwprintf, (FILE * f, const wchar_t* format, va_list v), (f, format, v), f,
                   prints_wide(access, format, v))
// What the runtime calls for the fortified ones.
HEDDLE_PRINTS(int, __vprintf_chk, (int flag, const char* format, va_list v), (flag, format, v), stdout,
              prints(access, format, v))
HEDDLE_PRINTS(int, __vfprintf_chk, (FILE * f, int flag, const char* format, va_list v), (f, flag, format, v), f,
              prints(access, format, v))

// reads: prints or prints_wide; explored, otherwise: what it does with the list of its arguments, `rest`.
#define HEDDLE_FORMATS_BY(name, parameters, reads, before, explored, otherwise) \
    HEDDLE_EXPORT int name parameters {                                         \
        va_list rest;                                                           \
        va_start(rest, format);                                                 \
        int printed = 0;                                                        \
        if (g_exploring) {                                                      \
            before;                                                             \
            HEDDLE_READS(reads(access, format, rest));                          \
            HEDDLE_PASS_HOOK();                                                 \
            printed = explored;                                                 \
        } else {                                                                \
            printed = otherwise;                                                \
        }                                                                       \
        va_end(rest);                                                           \
        return printed;                                                         \
    }
// real: the same with a list.
#define HEDDLE_FORMATS(name, parameters, stream, real, reads, before)                             \
    HEDDLE_FORMATS_BY(name, parameters, reads, before,                                            \
                      (Printing(stream, HEDDLE_CALLER), HEDDLE_REAL(real)(stream, format, rest)), \
                      HEDDLE_REAL(real)(stream, format, rest))
HEDDLE_FORMATS(printf, (const char* format, ...), stdout, vfprintf, prints, )
HEDDLE_FORMATS(fprintf, (FILE * f, const char* format, ...), f, vfprintf, prints, )
HEDDLE_FORMATS(wprintf, (const wchar_t* format, ...), stdout, vfwprintf, prints_wide,
               need_streams_of_libc(stdout, HEDDLE_CALLER))
HEDDLE_FORMATS(fwprintf, (FILE * f, const wchar_t* format, ...), f, vfwprintf, prints_wide,
               need_streams_of_libc(f, HEDDLE_CALLER))
// What those become where the program is compiled with _FORTIFY_SOURCE.
HEDDLE_FORMATS(__printf_chk, (int, const char* format, ...), stdout, vfprintf, prints, )
HEDDLE_FORMATS(__fprintf_chk, (FILE * f, int, const char* format, ...), f, vfprintf, prints, )

// On threads such a call may keep its thread for long.
namespace {
ssize_t write_out(int fd, const void* from, std::size_t bytes, std::uint64_t pc) {
    if (is_channel(fd)) {
        const iovec whole{const_cast<void*>(from), bytes};
        return write_to_channel(fd, &whole, 1, {&whole, 1, bytes <= PTRDIFF_MAX}, pc);
    }
    if (is_standard(fd))
        announce(static_cast<std::uint64_t>(fd), pc);
    else
        announce_file(fd, true, pc);
    if (!g_searching) return outside(pc, [&] { return HEDDLE_REAL(write)(fd, from, bytes); });
    if (g_on_threads || !is_standard(fd) || !is_memory(from, bytes)) {
        note_outside_state();
        return HEDDLE_REAL(write)(fd, from, bytes);
    }
    collect_output(static_cast<const char*>(from), bytes);
    return static_cast<ssize_t>(bytes);
}
}  // namespace
HEDDLE_EXPORT ssize_t write(int fd, const void* from, std::size_t bytes) {
    if (!g_exploring) return HEDDLE_REAL(write)(fd, from, bytes);
    HEDDLE_READS(access.offer(from, bytes));
    HEDDLE_PASS_HOOK();
    return write_out(fd, from, bytes, HEDDLE_CALLER);
}
namespace {
int write_formatted(int fd, const char* format, va_list list, std::uint64_t pc) {
    char text[4096];
    va_list again;
    va_copy(again, list);
    const int bytes = HEDDLE_REAL(vsnprintf)(text, sizeof text, format, again);
    va_end(again);
    if (bytes < 0) return bytes;
    if (static_cast<std::size_t>(bytes) < sizeof text)
        return static_cast<int>(write_out(fd, text, static_cast<std::size_t>(bytes), pc));
    if (g_searching) unsupported("a long text by dprintf", pc);
    return outside(pc, [&] { return HEDDLE_REAL(vdprintf)(fd, format, list); });
}
}  // namespace
#define HEDDLE_FORMATS_OUT(name, parameters)                                                        \
    HEDDLE_FORMATS_BY(name, parameters, prints, , write_formatted(fd, format, rest, HEDDLE_CALLER), \
                      HEDDLE_REAL(vdprintf)(fd, format, rest))
HEDDLE_FORMATS_OUT(dprintf, (int fd, const char* format, ...))
HEDDLE_FORMATS_OUT(__dprintf_chk, (int fd, int, const char* format, ...))
#define HEDDLE_FORMATS_LIST_OUT(name, parameters)                         \
    HEDDLE_EXPORT int name parameters {                                   \
        if (!g_exploring) return HEDDLE_REAL(vdprintf)(fd, format, list); \
        HEDDLE_READS(prints(access, format, list));                       \
        HEDDLE_PASS_HOOK();                                               \
        return write_formatted(fd, format, list, HEDDLE_CALLER);          \
    }
HEDDLE_FORMATS_LIST_OUT(vdprintf, (int fd, const char* format, va_list list))
HEDDLE_FORMATS_LIST_OUT(__vdprintf_chk, (int fd, int, const char* format, va_list list))
HEDDLE_EXPORT ssize_t writev(int fd, const iovec* parts, int count) {
    if (!g_exploring) return HEDDLE_REAL(writev)(fd, parts, count);
    const auto all = heddle::trace::transfer::parts_at<LibraryAccess>(parts, count);
    HEDDLE_READS(heddle::trace::transfer::sent(access, all));
    HEDDLE_PASS_HOOK();
    if (is_channel(fd)) return write_to_channel(fd, parts, count, all, HEDDLE_CALLER);
    if (is_standard(fd))
        announce(static_cast<std::uint64_t>(fd), HEDDLE_CALLER);
    else
        announce_file(fd, true, HEDDLE_CALLER);
    if (!g_searching) return outside(HEDDLE_CALLER, [&] { return HEDDLE_REAL(writev)(fd, parts, count); });
    bool collected = !g_on_threads && is_standard(fd) && all.count > 0;
    for (std::size_t i = 0; i < all.count; ++i) collected = collected && is_memory(parts[i].iov_base, parts[i].iov_len);
    if (!collected) {
        note_outside_state();
        return HEDDLE_REAL(writev)(fd, parts, count);
    }
    for (std::size_t i = 0; i < all.count; ++i) collect_output(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
    return static_cast<ssize_t>(heddle::trace::transfer::bytes_in(all));
}
