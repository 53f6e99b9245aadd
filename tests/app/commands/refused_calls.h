// System calls that fail in a process and all that comes of it, as under a container's seccomp filter (man 2 seccomp). For a
// child between fork and exec.
#pragma once

#include <cstdint>
#include <span>

namespace heddle::test {

struct Refused {
    long call;
    int error;  // what it fails with: EPERM, ENOSYS
    // Only where this argument is at least 4 GiB; -1: always.
    int argument_beyond_4_gib = -1;
};

// False when the kernel allows no filter.
bool refuse_from_now_on(std::span<const Refused> calls);

}  // namespace heddle::test
