#include "core/session/shared_board.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace heddle::session {

using trace::Board;

Result<SharedBoard> SharedBoard::create() {
    SharedBoard shared;
    shared.fd_ = UniqueFd(::memfd_create("heddle-board", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!shared.fd_ || ::ftruncate(shared.fd_.get(), sizeof(Board)) != 0) {
        return fail_errno("cannot create the board", std::to_string(sizeof(Board)) + " bytes");
    }
    ::fcntl(shared.fd_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    void* const memory = ::mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, shared.fd_.get(), 0);
    if (memory == MAP_FAILED) return fail_errno("cannot map the board");
    shared.board_ = static_cast<Board*>(memory);  // all zeros, as it begins; most of it is never touched
    return shared;
}

SharedBoard::SharedBoard(SharedBoard&& other) noexcept
    : fd_(std::move(other.fd_)), board_(std::exchange(other.board_, nullptr)) {}

SharedBoard::~SharedBoard() {
    if (board_ != nullptr) ::munmap(board_, sizeof(Board));
}

}  // namespace heddle::session
