#include "core/fibers/channel_streams.h"

#include <stdio_ext.h>

#include "core/fibers/channel_calls.h"
#include "core/fibers/file_steps.h"
#include "core/fibers/memory.h"
#include "core/fibers/synchronization.h"
#include "core/trace/channel_stream.h"

namespace heddle::fibers {
namespace {

// In Step by way of the runtime, which records them.
struct Calls {
    static bool are_ours() { return g_exploring && g_searching; }
    static ssize_t read(int fd, void* to, std::size_t bytes) {
        return are_ours() ? read_channel(fd, to, bytes, current().stream_pc) : ::read(fd, to, bytes);
    }
    static ssize_t write(int fd, const void* from, std::size_t bytes) {
        if (!are_ours()) return ::write(fd, from, bytes);
        const iovec whole{const_cast<void*>(from), bytes};
        return write_to_channel(fd, &whole, 1, {&whole, 1}, current().stream_pc);
    }
    static int close(int fd) { return are_ours() ? close_channel(fd, current().stream_pc) : ::close(fd); }
};

trace::ChannelStreams<Calls>* g_streams = nullptr;

}  // namespace

bool prepare_channel_streams() {
    g_streams = static_cast<trace::ChannelStreams<Calls>*>(restored_room(sizeof *g_streams));
    return g_streams != nullptr;
}

bool is_channel_stream(const FILE* stream) {
    return stream != nullptr && g_streams->hold(stream);
}

void hold_stream(FILE* stream, std::uint64_t pc) {
    take(stream, OperationKind::kLock, pc);
    current().stream_pc = pc;
}

void release_stream(FILE* stream, std::uint64_t pc) {
    release_lock(stream, pc);
}

void flush_channel_streams(std::uint64_t pc) {
    g_streams->each([pc](FILE* stream) {
        current().stream_pc = pc;
        if (__fpending(stream) > 0) HEDDLE_REAL(fflush)(stream);
    });
}

}  // namespace heddle::fibers

using namespace heddle::fibers;

HEDDLE_EXPORT FILE* fdopen(int fd, const char* mode) noexcept {
    FILE* const stream = g_exploring ? g_streams->open(fd, mode) : nullptr;
    if (stream == nullptr) return HEDDLE_REAL(fdopen)(fd, mode);
    forget(stream);
    return stream;
}
// What is still to be written is written then. Nobody may use the stream from here on.
HEDDLE_EXPORT int fclose(FILE* file) {
    if (!g_exploring) return HEDDLE_REAL(fclose)(file);
    HEDDLE_PASS_HOOK();
    const auto pc = HEDDLE_CALLER;
    if (is_channel_stream(file)) {
        hold_stream(file, pc);
        let_go(object_at(key(file)), pc);
    } else {
        announce_file(file, true, pc);
    }
    return HEDDLE_REAL(fclose)(file);
}
