// Expressions of claims and predict questions: Lua 5.4 expressions over the Facts of a run, without any library, with limits on
// instructions and memory, so that a scenario's author can neither hang nor harm Heddle. Pure; any thread; never throws.
//
// Names an expression may use: the scenario's parameters; threads, processes, events, dropped, findings; exit.code,
// exit.signal, switches.captured|kernel|preempted|voluntary|migrations, pages.shared|copied; output; and the functions
//   value(variable[, process])  address(variable[, process])  region(variable)  pointee(variable)   number(name)
//   transitions(from, to)  caused(cause)  cpu_share(thread)  deepest_recursion(function)
//   process_signal(process)  process_exit_code(process)  page_was_shared(variable[, process])  page_is_private(variable[,
//   process]) printed(text): the number after the last place where the program printed this text      contains(text, part) abs
//   floor min max
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/catalog/facts.h"

namespace heddle::catalog {

struct Verdict {
    bool ok = false;
    std::string detail;  // what was compared: "value("counter") = 173204, threads * increments = 200000"
};

// Syntax, and that every name is one of the above or of `parameters`.
Result<> check_expression(std::string_view expression, const std::vector<std::string>& parameters);

// Fails when a fact is missing ("the run has no value("counter")"), a limit is reached, or the result is not true or false.
Result<Verdict> evaluate(std::string_view expression, const Facts& facts);

// A word that is already taken in expressions, so no parameter may have it ("threads" may: it then means the parameter).
bool is_reserved_name(std::string_view name);

}  // namespace heddle::catalog
