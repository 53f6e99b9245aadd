// What an event says, as the columns of a table: the common ground of the exporters. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/trace/event.h"

namespace heddle::exporter {

struct Fields {
    std::string_view kind;                       // "read", "switch out", …: part of the CSV format
    std::string_view call;                       // of call events: "pthread_mutex_lock"
    std::optional<std::uint64_t> address, size;  // size in bytes
    std::optional<std::uint64_t> value;          // of an access
    std::optional<std::int64_t> number;          // result, code, signal, tid, pid, count: see `kind`
    std::optional<std::int32_t> cpu;
    std::string text;  // UTF-8 as far as the program's own bytes are
};

Fields fields_of(const trace::Event& event);

}  // namespace heddle::exporter
