// A function of libc or of the C++ library that reads and writes the program's memory without any hook, as the two libraries
// inside the program stand in front of it. Each gives library_access(caller, frame): what takes the accesses of a call from
// there, or nothing, where the call is not the program's own. An Access has
// - read(pointer, bytes), write(pointer, bytes): accesses of the program to a block, in the order in which they are told;
// - store(pointer, bytes): the same as write, of one object that has its new value;
// - offer(pointer, bytes): the same as read, where the kernel refuses an address that is not the program's;
// - expect(pointer, bytes): the call may write there before it returns;
// - can_look(pointer, bytes), of the class: whether what the call is given lies in memory that may be read;
// - draws(): it takes the next of what libc counts out to all threads, under a lock of its own: rand's numbers;
// - keeps(pointer, state): there lies what libc keeps for the whole program (trace/library_state.h);
// - takes(stream): it reads from the stream, or prints to it;
// - takes_wide(stream): the same, by letters that not every stream can take;
// - enter(), returned(): the function itself begins, and is over;
// - show(): what was written is there now.
#pragma once

#include <dlfcn.h>
#include <errno.h>

#include <type_traits>

namespace heddle::trace {

// What a hook does to errno is not the call's.
class KeptErrno {
public:
    KeptErrno() = default;
    ~KeptErrno() { errno = kept_; }
    KeptErrno(const KeptErrno&) = delete;
    KeptErrno& operator=(const KeptErrno&) = delete;

private:
    const int kept_ = errno;
};

struct Nothing {};  // returned by a function without result

template <typename Call>
auto done_by(const Call& call) {
    if constexpr (std::is_void_v<decltype(call())>) {
        call();
        return Nothing{};
    } else {
        return call();
    }
}

}  // namespace heddle::trace

// The function of that name: tells what it reads beforehand and what it has written (`done`: its result) afterwards. What a
// call writes whose length is known is told beforehand, too.
#define HEDDLE_DEFINE_LIBRARY_CALL(result, name, parameters, arguments, before, after)                    \
    extern "C" __attribute__((visibility("default"))) result heddle_library_##name parameters asm(#name); \
    result heddle_library_##name parameters {                                                             \
        static auto* const real = reinterpret_cast<result(*) parameters>(::dlsym(RTLD_NEXT, #name));      \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));            \
        if (!access) return real arguments;                                                               \
        before;                                                                                           \
        access.enter();                                                                                   \
        [[maybe_unused]] const auto done = ::heddle::trace::done_by([&] { return real arguments; });      \
        access.returned();                                                                                \
        const ::heddle::trace::KeptErrno kept;                                                            \
        after;                                                                                            \
        access.show();                                                                                    \
        return static_cast<result>(done);                                                                 \
    }
// The same for a function with a format, and for what it is called with a list: its last argument, `list`.
#define HEDDLE_INSIDE(...) __VA_ARGS__
#define HEDDLE_DEFINE_FORMAT_CALL(name, with_list, parameters, arguments, before, after)                                   \
    extern "C" __attribute__((visibility("default"))) int heddle_library_##name(HEDDLE_INSIDE parameters, ...) asm(#name); \
    int heddle_library_##name(HEDDLE_INSIDE parameters, ...) {                                                             \
        static auto* const real =                                                                                          \
            reinterpret_cast<int (*)(HEDDLE_INSIDE parameters, va_list)>(::dlsym(RTLD_NEXT, #with_list));                  \
        va_list list;                                                                                                      \
        va_start(list, format);                                                                                            \
        auto access = library_access(__builtin_return_address(0), __builtin_frame_address(0));                             \
        if (!access) {                                                                                                     \
            const int passed = real(HEDDLE_INSIDE arguments, list);                                                        \
            va_end(list);                                                                                                  \
            return passed;                                                                                                 \
        }                                                                                                                  \
        before;                                                                                                            \
        access.enter();                                                                                                    \
        const int done = real(HEDDLE_INSIDE arguments, list);                                                              \
        access.returned();                                                                                                 \
        const ::heddle::trace::KeptErrno kept;                                                                             \
        after;                                                                                                             \
        access.show();                                                                                                     \
        va_end(list);                                                                                                      \
        return done;                                                                                                       \
    }                                                                                                                      \
    HEDDLE_DEFINE_LIBRARY_CALL(int, with_list, (HEDDLE_INSIDE parameters, va_list list), (HEDDLE_INSIDE arguments, list),  \
                               before, after)
