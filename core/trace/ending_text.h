// What the library says of an ending beyond its kind, where that is not the name of the call that cannot be carried. Each in
// English, as JSON and the command line print it, and with the name that the translations' keys end in. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/trace/board.h"

namespace heddle::trace {

struct EndingText {
    Ending ending;
    std::string_view name;
    const char* words;
};

namespace ending_text {

inline constexpr EndingText kWaitsMidway{Ending::kUnsupported, "waits_midway",
                                         "a call that waits in the middle of what it passes on"};
inline constexpr EndingText kManyChannels{Ending::kUnsupported, "many_channels", "more than 256 pipes and sockets"};
inline constexpr EndingText kMuchMemory{Ending::kUnsupported, "much_memory",
                                        "more than half a megabyte of memory in use by the threads"};
inline constexpr EndingText kManyObjects{Ending::kUnsupported, "many_objects", "more than 2,048 synchronization objects"};
inline constexpr EndingText kOldStore{Ending::kUnsupported, "old_store",
                                      "a load that may return a store that is not among the latest 256"};
inline constexpr EndingText kManyStores{Ending::kUnsupported, "many_stores",
                                        "a load that may return any of more than 64 stores"};
inline constexpr EndingText kFutex{Ending::kUnsupported, "futex", "a futex operation other than wait and wake"};
inline constexpr EndingText kMakesProcess{Ending::kUnsupported, "makes_process", "a system call that makes a process"};
inline constexpr EndingText kManyMappings{Ending::kUnsupported, "many_mappings", "more than 256 mappings of shared memory"};
inline constexpr EndingText kNoProcess{Ending::kUnsupported, "no_process", "no more processes can be made here"};
inline constexpr EndingText kNoHook{Ending::kUnsupported, "no_hook",
                                    "a thread computes without end, or blocks, where no hook is"};
inline constexpr EndingText kManyFiles{Ending::kUnsupported, "many_files",
                                       "writing to files of more than 4 MiB, or to more than 64"};
inline constexpr EndingText kNamedBefore{Ending::kUnsupported, "named_before",
                                         "shm_open or sem_open of what was in /dev/shm before"};
inline constexpr EndingText kThreadHeap{Ending::kMemoryLimit, "thread_heap", "a thread allocated more than 32 MiB"};
inline constexpr EndingText kNoStack{Ending::kMemoryLimit, "no_stack", "no memory for another stack"};
inline constexpr EndingText kManyThreads{Ending::kTooManyThreads, "many_threads", "more than 64 threads"};
inline constexpr EndingText kManyProcesses{Ending::kTooManyThreads, "many_processes", "more than 32 processes"};
inline constexpr EndingText kFreedLocked{Ending::kMisuse, "freed_locked", "its memory was freed while it is locked"};
inline constexpr EndingText kUsedDestroyed{Ending::kMisuse, "used_destroyed", "used after it was destroyed"};
inline constexpr EndingText kNotHeld{Ending::kMisuse, "not_held", "unlocked by a thread that does not hold it"};
inline constexpr EndingText kDestroyedLocked{Ending::kMisuse, "destroyed_locked", "destroyed while it is locked"};
inline constexpr EndingText kJoinedTwice{Ending::kMisuse, "joined_twice", "joined a thread that was joined or detached before"};
inline constexpr EndingText kCannotGoOn{Ending::kDiverged, "cannot_go_on", "the thread cannot go on here"};
inline constexpr EndingText kAbort{Ending::kCrash, "abort", "abort"};
inline constexpr EndingText kStackOverflow{Ending::kCrash, "stack_overflow", "stack overflow"};
inline constexpr EndingText kNotJoined{Ending::kCrash, "not_joined",
                                       "std::terminate: a thread object was destroyed before it was joined?"};

}  // namespace ending_text

inline constexpr EndingText kEndingTexts[] = {
    ending_text::kWaitsMidway, ending_text::kManyChannels,  ending_text::kMuchMemory, ending_text::kManyObjects,
    ending_text::kOldStore,    ending_text::kManyStores,    ending_text::kFutex,      ending_text::kMakesProcess,
    ending_text::kNoHook,      ending_text::kThreadHeap,    ending_text::kNoStack,    ending_text::kManyThreads,
    ending_text::kFreedLocked, ending_text::kUsedDestroyed, ending_text::kNotHeld,    ending_text::kDestroyedLocked,
    ending_text::kJoinedTwice, ending_text::kCannotGoOn,    ending_text::kAbort,      ending_text::kStackOverflow,
    ending_text::kManyFiles,   ending_text::kNamedBefore,   ending_text::kNotJoined,  ending_text::kManyMappings,
    ending_text::kNoProcess,   ending_text::kManyProcesses,
};

// "_" and the name of these words, to be put behind a key; empty: they are none of the library's own.
inline std::string ending_text_suffix(std::string_view words) {
    for (const EndingText& each : kEndingTexts)
        if (each.words == words) return "_" + std::string(each.name);
    return {};
}

}  // namespace heddle::trace
