// Accesses to a block of memory: an operation for each 8 bytes of it that others may see. On the fibers.
#pragma once

#include <cstdint>

namespace heddle::fibers {

// hooks.cpp. At most 8 bytes. goes_on: it is not the block's first part, which alone a person is shown where nobody else uses
// it.
void part_hook(bool writes, std::uint64_t address, std::uint64_t bytes, bool goes_on, std::uint64_t pc);
// blocks.cpp. A whole block, of any length.
void block_hook(bool writes, const void* pointer, std::uint64_t bytes, std::uint64_t pc);
void wrote_block(std::uint64_t first, std::uint64_t bytes);
// The same while it is copied, part by part.
void copy_stepwise(void* to, const void* from, std::uint64_t bytes, std::uint64_t pc);
// Code with hooks, and what of its objects nobody may write.
bool is_program_code(std::uint64_t pc);
bool is_constant(const void* pointer);
// An atomic store that releases.
void store_byte(void* address, std::int8_t value, std::uint64_t pc);
// A relaxed atomic update.
void add_one(std::uint32_t* count, std::uint64_t pc);

}  // namespace heddle::fibers
