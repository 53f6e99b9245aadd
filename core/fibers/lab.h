// The lab: carries out the executions that Heddle asks for, one after the other, each from the state right before main. Runs on
// the program's first thread, which never gets further than that.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// From a fiber: the process ends here. flush: what is still buffered is written out first.
[[noreturn]] void exit_program(int code, bool flush, std::uint64_t pc);

}  // namespace heddle::fibers
