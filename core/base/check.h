// CHECK(condition): an assertion on Heddle's own code, on in release too. A failed one prints file, line and condition
// and aborts. It is for bugs only: bad input and failing system calls are Results.
#pragma once

namespace heddle {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}

#define CHECK(condition) \
    (__builtin_expect(static_cast<bool>(condition), 1) ? void() : ::heddle::check_failed(#condition, __FILE__, __LINE__))
