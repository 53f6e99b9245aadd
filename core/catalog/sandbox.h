// Sandbox: one Lua state that can ask the Facts and do nothing else. It loads no library, and stops an expression that runs too
// long or takes too much memory. Made by expression.cpp for one evaluation; one thread. Lua's errors (longjmp) stay inside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/catalog/fact_functions.h"
#include "core/catalog/facts.h"

struct lua_State;

namespace heddle::catalog {

class Sandbox {
public:
    explicit Sandbox(const Facts& facts);
    Sandbox(const Sandbox&) = delete;
    Sandbox& operator=(const Sandbox&) = delete;
    ~Sandbox();

    // The value of an expression, or why it has none.
    Result<FactValue> evaluate(std::string_view expression);
    // Whether it can be parsed; needs no facts.
    static Result<> parse(std::string_view expression);

private:
    struct Budget {
        std::size_t bytes = 0;
        long instructions = 0;
    };
    friend struct SandboxCalls;  // the functions that Lua calls back

    const Facts* facts_;
    Budget budget_;
    std::string message_;  // of the error being raised: Lua jumps over destructors, so it lives here
    FactValue answer_ = false;
    lua_State* state_ = nullptr;
};

}  // namespace heddle::catalog
