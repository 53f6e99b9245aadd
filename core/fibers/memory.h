// The program's memory, brought back before each execution: the writable parts of its objects, its heap, and the threads' local
// storage. Pages are write-protected once; the first write to one puts it on the list of those that are copied back from then
// on. Called on the kernel thread that carries the fibers, between executions; the fault handler at any time.
#pragma once

#include <cstddef>
#include <cstdint>

namespace heddle::fibers {

// Keeps what is in memory now as the state to come back to, and protects it. False: too many objects, or no memory.
bool keep_memory();
// Only where the program's own variables are, for their digest.
void find_variables();
// Brings it back.
void restore_memory(std::uint32_t threads);  // that were used since
// The same for a state in between, kept at `out`, which has room for bytes_to_keep().
struct MemoryMark {
    std::uint32_t pages = 0, threads = 0;
};
std::size_t bytes_to_keep(std::uint32_t threads);
MemoryMark keep(std::uint32_t threads, char* out);
void bring_back(const MemoryMark& mark, const char* kept, std::uint32_t threads);  // that were used since
// The fault handler's question: was this a first write to a protected page? It is writable then.
bool unprotect(std::uintptr_t address);
// Before the kernel writes there on the program's behalf, which would fail on a page protected here.
void touch(void* address, std::size_t bytes);
// Adds the local storage and the control block of one more thread to what is kept: of fiber 0, then of 1, … False: no memory.
bool keep_thread_storage(std::uintptr_t thread_pointer);
// Where a thread has its static local storage, that of all objects, and glibc its control block, in which the kernel writes,
// too.
struct AddressSpan {
    std::uintptr_t start, end;
    bool has(std::uintptr_t address) const { return address >= start && address < end; }
};
AddressSpan static_storage(std::uintptr_t thread_pointer);
AddressSpan control_block(std::uintptr_t thread_pointer);
// Over the program's own variables (the main object's data and BSS).
std::uint64_t digest_of_variables();
// Over the heap, and the local storage of so many threads.
std::uint64_t digest_of_heap(std::uint32_t threads);

// The heap: each thread allocates from a part of its own, so that a thread's blocks lie at the same addresses however the
// threads interleave; nothing is used twice within one execution.
inline constexpr std::size_t kHeapPerThread = std::size_t{32} << 20;
void* allocate(std::uint32_t thread, std::size_t bytes, std::size_t alignment);  // null: no room
std::size_t block_bytes(void* block);                                            // 0: not a live block of this heap
bool release(void* block);                                                       // false: not a block, or released before
bool in_heap(std::uintptr_t address);
std::uintptr_t heap_start();
AddressSpan heap_part(std::uint32_t thread);  // whole pages; what it has allocated from so far

// Zeroed memory that is part of what is brought back; before keep_memory() only.
void* restored_room(std::size_t bytes);

}  // namespace heddle::fibers
