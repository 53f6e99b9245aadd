// The executor of a search that runs in this process: one execution on the fibers, with the answer taken from the board. Used
// by the lab on the program's first thread.
#pragma once

#include "core/explore/execution.h"

namespace heddle::fibers {

class LocalExecutor final : public explore::Executor {
public:
    explicit LocalExecutor(void (*entry)()) : entry_(entry) {}
    Result<explore::Execution> run(const explore::Request& request) override;
    explore::Execution run_as_asked();  // by the request that is on the board
    bool visible(const trace::Operation& access) const override;

private:
    void (*entry_)();
    std::uint32_t used_ = 0;  // threads of the execution before
};

}  // namespace heddle::fibers
