// A run as comma-separated values (RFC 4180, UTF-8, CRLF): one row per event, in order of time. Called on any thread that may
// wait for the disk. The first row names the columns:
//
//   event    number of the event, from 0
//   time_ns  nanoseconds since the first event
//   pid, tid the thread's
//   kind     what happened: "read", "write", "call begin", "switch out", …
//   call     of calls: the function's name
//   address  what was accessed, or the object of a call; hexadecimal
//   size     in bytes; of a process sample: resident memory
//   value    of an access; hexadecimal
//   number   a result, code, signal or count, the other thread's tid, …: depends on kind
//   cpu      of switches and wake-ups
//   pc       where in the program; hexadecimal
//   symbol   that place by name, where names are known
//   text     memory order, a name, the output, …: depends on kind
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/trace/event_log.h"

namespace heddle::exporter {

// The name of a place in the program: "main at main.cpp:12"; empty when unknown. May be an empty function.
using SymbolName = std::function<std::string(std::uint64_t pc)>;

// Appends one field, quoted where it has to be.
void append_csv_field(std::string& row, std::string_view text);

Result<> export_csv(const std::string& path, const trace::EventLogView& log, const SymbolName& symbol = {});

}  // namespace heddle::exporter
