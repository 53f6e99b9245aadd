// The numbers of processes as the program sees them: in a search the same in every execution, as the kernel's are not.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace heddle::fibers {

pid_t own_pid();  // the kernel's
pid_t shown_pid(pid_t pid);
pid_t real_pid(pid_t shown);
// As operations name the process (OperationKind::kWaitChild).
std::uint64_t announced_pid(pid_t pid);

}  // namespace heddle::fibers
