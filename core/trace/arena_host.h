// Arena: Heddle's side of the shared memory of one lab. Creates the memory file, lays it out and maps it. Created and used by
// the session's thread; the lab gets the descriptor by inheritance. After the lab runs, trusts nothing that is in the memory:
// sizes and offsets are kept here.
#pragma once

#include <cstdint>

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/trace/arena.h"

namespace heddle::trace {

class Arena {
public:
    struct Options {
        std::uint32_t slots = 256;                             // threads that can be recorded at the same time
        std::uint64_t ring_capacity = std::uint64_t{1} << 18;  // records per thread, a power of two
        std::uint32_t process_limit = 64;                      // fork fails with EAGAIN beyond it
        TickSource tick_source = usable_tick_source();
    };
    static Result<Arena> create(Options options);
    static Result<Arena> create();

    Arena(Arena&& other) noexcept;
    Arena& operator=(Arena&& other) noexcept;
    ~Arena();

    int fd() const { return fd_.get(); }  // close-on-exec; duplicate it to kArenaDescriptor in the child
    const Options& options() const { return options_; }
    TickConverter::Anchor start() const { return start_; }  // both clocks as they were when the arena was made

    ArenaHeader& header() const { return *reinterpret_cast<ArenaHeader*>(memory_); }
    ThreadSlot& slot(std::uint32_t index) const;    // index < options().slots
    const Record* ring(std::uint32_t index) const;  // options().ring_capacity records
    int live_processes() const;                     // as the lab says; clamped to be sensible

private:
    Arena(UniqueFd fd, std::byte* memory, Options options);

    UniqueFd fd_;
    std::byte* memory_ = nullptr;
    std::uint64_t bytes_ = 0;
    Options options_;
    TickConverter::Anchor start_{};
};

}  // namespace heddle::trace
