#include "tests/app/commands/refused_calls.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>

#include <bit>
#include <cstddef>
#include <vector>

namespace heddle::test {
namespace {

sock_filter load(std::size_t offset) {
    return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

// Runs the next `then` instructions when the loaded word is `value`, else jumps over them.
sock_filter unless_equal_skip(std::uint32_t value, std::uint8_t then) {
    return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, then);
}

}  // namespace

bool refuse_from_now_on(std::span<const Refused> calls) {
    constexpr std::size_t kHighHalf = std::endian::native == std::endian::little ? 4 : 0;
    std::vector<sock_filter> program;
    for (const Refused& refused : calls) {
        const sock_filter fail = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(refused.error));
        program.push_back(load(offsetof(seccomp_data, nr)));
        if (refused.argument_beyond_4_gib < 0) {
            program.push_back(unless_equal_skip(static_cast<std::uint32_t>(refused.call), 1));
        } else {
            const auto argument = static_cast<std::size_t>(refused.argument_beyond_4_gib);
            program.push_back(unless_equal_skip(static_cast<std::uint32_t>(refused.call), 3));
            program.push_back(load(offsetof(seccomp_data, args) + argument * sizeof(std::uint64_t) + kHighHalf));
            program.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0));
        }
        program.push_back(fail);
    }
    program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace heddle::test
