#include "core/session/inline_assembly.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "core/catalog/subprocess.h"

namespace heddle::session {
namespace {

#if defined(__x86_64__)
// The prefix, or the one instruction that needs none with memory (Intel SDM, volume 2, LOCK).
constexpr char kAtomic[] = "\t(lock |xchg .*\\()";
#else
// Exclusive loads and stores, and those of the large system extensions (Arm ARM, C3.2).
constexpr char kAtomic[] = "\t(ld[a]?xr|ld[a]?xp|cas|swp|ld(add|clr|eor|set|smax|smin|umax|umin))[a-z]*\t";
#endif

}  // namespace

std::optional<std::uint64_t> address_of_instruction(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    std::uint64_t address = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), address, 16);
    if (error != std::errc() || end == line.data() + line.size() || *end != ':') return std::nullopt;
    return address;
}

std::optional<std::uint64_t> find_inline_atomic(const std::filesystem::path& program) {
    const std::string search =
        std::string("LC_ALL=C objdump -d -j .text --no-show-raw-insn \"$1\" 2>/dev/null | grep -E -m 1 '") + kAtomic + "'";
    const auto found = catalog::run_to_end({"/bin/sh", "-c", search, "sh", program.string()}, program.parent_path(),
                                           std::chrono::seconds(20), {});
    return found ? address_of_instruction(found->output) : std::nullopt;
}

}  // namespace heddle::session
