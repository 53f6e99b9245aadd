// The System V segments that an explored execution made and that nobody else knows. Called where its processes are gone: by the
// fibers library between executions, by Heddle after the last.
#pragma once

#include <sys/shm.h>

#include "core/trace/board.h"

namespace heddle::trace {

inline void remove_segments(Board& board) {
    for (std::uint32_t i = 0; i < board.segment_count && i < kMostMappings; ++i) {
        shmid_ds description{};
        const auto& segment = board.segments[i];
        const bool there = ::shmctl(segment.id, IPC_STAT, &description) == 0;
        if (there && description.shm_cpid == segment.maker) ::shmctl(segment.id, IPC_RMID, nullptr);
    }
    board.segment_count = 0;
}

}  // namespace heddle::trace
