// render: the value of a variable, as text and as a tree, from memory that anyone may have scribbled on. Pointers that lead
// nowhere, lists that run in circles and absurd sizes end in a shorter answer, never in a crash or a long wait. Any thread;
// the reader is called on it. Layouts of library classes are libstdc++ 12's and glibc 2.36's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/symbols/image.h"
#include "core/symbols/memory_reader.h"

namespace heddle::symbols {

// What a value says beyond its text, for a front end that words it in the reader's language.
enum class ValueNote : std::uint8_t {
    kNone,
    kUnreadable,    // text is "?"
    kNull,          // a null pointer, an empty smart pointer or std::function
    kEmpty,         // an optional without value, a container without elements
    kUnlocked,      // a lock nobody holds
    kLocked,        // number: the owner's tid, 0 where the lock does not say
    kLockedShared,  // number: readers
    kWaiters,       // a condition variable; number: threads waiting on it
    kPermits,       // a semaphore; number: its value
    kParties,       // a barrier; number: how many it is for
    kToCome,        // a latch; number: how many arrivals are missing
    kDone,          // a flag of what is done once; number: 0 where it is not done
    kNoThread,      // a std::thread that stands for none
    kThread,        // number: its pthread_t
    kContainer,     // number: elements, of which children may show fewer
};

struct Child;

struct Value {
    std::string text;
    ValueNote note = ValueNote::kNone;
    std::uint64_t number = 0;
    std::vector<Child> children;
    std::optional<std::uint64_t> pointee;  // run-time address that a pointer or reference holds, readable or not
    TypeId pointee_type;
    bool truncated = false;  // there was more than the limits let through
};

struct Child {
    std::string name;  // "balance", "[2]", "[\"ann\"]"
    TypeId type;
    std::uint64_t address = 0;  // run-time
    Value value;
};

// How the reader knows a thread. Empty: not at all.
class ThreadNames {
public:
    virtual ~ThreadNames() = default;
    virtual std::string of_tid(std::uint64_t tid) const = 0;
    virtual std::string of_handle(std::uint64_t handle) const = 0;  // pthread_t
};

struct RenderLimits {
    int depth = 6;                // of nested values
    std::uint32_t elements = 64;  // of one array or container
    std::uint32_t string_bytes = 256;
    std::uint32_t reads = 4000;  // in all
    bool follow = false;         // a pointer says what it points to (&counter, &{next = nullptr}) rather than where that lies
    const ThreadNames* threads = nullptr;  // of a lock's owner and a thread object; null: numbers
};

// address and everything found in memory are run-time addresses; bias is the image's.
Value render(const Image& image, std::uint64_t bias, TypeId type, std::uint64_t address, MemoryReader& memory,
             const RenderLimits& limits = {});

// A constant that is nowhere in memory.
Value render_constant(const Image& image, TypeId type, std::int64_t constant);

}  // namespace heddle::symbols
