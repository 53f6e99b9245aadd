// Result<T>: what a fallible function returns. Error says what failed, on what, why, and what the user can do.
// Used everywhere above the runtime library, on any thread. Never throws; nothing here allocates but the strings.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

namespace heddle {

struct Error {
    std::string what;     // what failed: "cannot open the trace file"
    std::string subject;  // on what: a path, an id, "line 12"
    int errno_value = 0;  // errno of the failing call; 0 when no system call failed
    std::string remedy;   // what the user can do next; may be empty

    // "what: subject: strerror. remedy" in one line, without the empty parts.
    std::string message() const;
};

template <class T = void>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string what, std::string subject = {}, std::string remedy = {}) {
    return tl::unexpected<Error>(Error{std::move(what), std::move(subject), 0, std::move(remedy)});
}

// Takes errno as it is at the call.
tl::unexpected<Error> fail_errno(std::string what, std::string subject = {}, std::string remedy = {});

// The value out of a Result that has one; for TRY, where the value may be void.
template <class T, class E>
T take_value(tl::expected<T, E>&& result) {
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace heddle

// TRY(expression): the value of a Result, or return its Error from the enclosing function (man gcc, "Statement Exprs").
#define TRY(expression)                                                                   \
    ({                                                                                    \
        auto heddle_result = (expression);                                                \
        if (!heddle_result) return tl::make_unexpected(std::move(heddle_result).error()); \
        ::heddle::take_value(std::move(heddle_result));                                   \
    })
