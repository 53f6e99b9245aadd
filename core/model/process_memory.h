// ProcessMemory: one process's memory at one instant, as symbols::render reads it: what events showed, else the program file's
// own bytes, with the words of locks filled in from the lock operations seen (the C library, which writes them, has no hooks).
// Made for one snapshot on the Observatory's thread; refers to the World and the Program.
#pragma once

#include "core/model/program.h"
#include "core/model/world.h"
#include "core/symbols/memory_reader.h"

namespace heddle::model {

class ProcessMemory final : public symbols::MemoryReader {
public:
    // program may be null.
    ProcessMemory(const World& world, const ProcessWorld& process, const Program* program)
        : world_(world), process_(process), program_(program) {}
    bool read(std::uint64_t address, void* out, std::size_t bytes) override;

private:
    void fill_in_locks(std::uint64_t address, std::byte* out, bool* known, std::size_t bytes) const;

    const World& world_;
    const ProcessWorld& process_;
    const Program* program_;
};

}  // namespace heddle::model
