// SharedBoard: the memory that Heddle and the library which holds a program's threads share (trace/board.h). Its descriptor is
// handed to the lab. Belongs to the thread that made it.
#pragma once

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/trace/board.h"

namespace heddle::session {

class SharedBoard {
public:
    static Result<SharedBoard> create();
    SharedBoard(SharedBoard&& other) noexcept;
    SharedBoard& operator=(SharedBoard&&) = delete;
    ~SharedBoard();

    trace::Board& board() { return *board_; }
    const trace::Board& board() const { return *board_; }
    int fd() const { return fd_.get(); }

private:
    SharedBoard() = default;

    UniqueFd fd_;
    trace::Board* board_ = nullptr;
};

}  // namespace heddle::session
