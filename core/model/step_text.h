// StepText: a step of an explored execution for a person: who, where, what on what. A plain value.
#pragma once

#include <cstdint>
#include <string>

namespace heddle::model {

struct StepText {
    std::int32_t thread = 0;  // 1 for T1
    std::string file, function;
    int line = 0;
    bool user_code = false;  // the line is in the program's own files
    std::string operation;   // "read", "write", "lock", …: "explore.step.<operation>" is its text
    std::string object;      // "counter", "m", "0x…"
    std::string value;       // read or stored, where known
    int older = 0;           // of a load: how many stores before the latest the one is that it returned
    bool operator==(const StepText&) const = default;
};

}  // namespace heddle::model
