// Atomic instructions that a program has by inline assembly: no hook sees them, so that a search over its steps would miss what
// they do. Asks objdump (binutils, which every compiler needs); blocks for as long as it runs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace heddle::session {

// The address, in the program's file, of the first atomic instruction in its code: of a program with hooks, the compiler places
// none of its own. None: there is none, or it cannot be told here.
std::optional<std::uint64_t> find_inline_atomic(const std::filesystem::path& program);
// The same from a line of objdump's output: "  2218:\tlock xadd %eax,0x3e6c(%rip)".
std::optional<std::uint64_t> address_of_instruction(std::string_view line);

}  // namespace heddle::session
