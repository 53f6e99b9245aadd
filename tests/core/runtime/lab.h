// Lab: compiles small programs as scenarios are compiled, runs them under the runtime library with an arena of their own, and
// decodes the rings directly by core/trace/arena.h. For the runtime's tests only; one thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/trace/arena.h"
#include "core/trace/call.h"
#include "core/trace/record.h"

namespace heddle::runtime_test {

using trace::CallId;
using trace::Kind;
using trace::Record;

// One owner of a slot: what it recorded, in order.
struct Tape {
    std::int32_t pid = 0;
    std::int32_t tid = 0;
    trace::SlotState state = trace::SlotState::kFree;
    std::vector<Record> records;  // whole; payload records included
    std::uint64_t dropped = 0;
    bool has_pending = false;
    Record pending{};

    std::vector<Record> of(Kind kind) const;
    std::vector<Record> calls(CallId id, Kind kind = Kind::kCallEnd) const;
    bool has(Kind kind) const { return !of(kind).empty(); }
    // The bytes that follow a record with a payload.
    std::string payload(std::size_t index) const;
};

struct Outcome {
    int wait_status = 0;
    std::string out;
    std::string err;
    std::vector<Tape> tapes;  // by slot
    std::uint64_t threads_without_slot = 0;
    std::int32_t live_processes = 0;

    const Tape& first() const;  // the tape that starts with the first process
    std::vector<const Tape*> of_pid(std::int32_t pid) const;
    std::vector<Record> all(Kind kind) const;
    std::uint64_t dropped() const;
    bool clean_exit() const { return wait_status == 0; }
};

struct Options {
    std::uint32_t slots = 64;
    std::uint64_t ring_capacity = 1 << 14;
    std::uint32_t process_limit = 0;
    bool with_arena = true;
    bool preload = false;
    bool drain = false;  // take records out and free ended slots while the program runs; the tapes then hold counts only
    std::string arena_variable = "1000";
};

Outcome run(const std::vector<std::string>& command, const Options& options = {});

// Path of tests/core/runtime/programs/NAME.cpp compiled with hooks (`hooked`) or without, and linked to the runtime library
// when hooked. Compiled once per test process; fails the test when it does not compile.
std::string program(const std::string& compiler, const std::string& name, bool hooked = true);

// Value of a line "name=value" that a program printed, as a number; 0 when there is none.
std::uint64_t printed(const std::string& text, const std::string& name);

std::string runtime_library();

}  // namespace heddle::runtime_test
