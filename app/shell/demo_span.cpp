#include "app/shell/demo_span.h"

#include <algorithm>
#include <map>
#include <vector>

namespace heddle::shell {
namespace {

constexpr std::uint64_t kLead = 6, kMost = 18, kTail = 3;  // accesses before the reading, in all before the loss, after it

struct Variable {
    std::vector<std::uint64_t> accesses;  // plain reads and writes, ascending
    std::map<std::uint32_t, std::uint64_t> last_read;
    std::optional<std::pair<std::uint32_t, std::uint64_t>> last_write;  // thread, event
    bool shared = false;
};

struct Loss {
    std::uint64_t address, read, write;
};

DemoSpan span_around(const std::vector<std::uint64_t>& accesses, std::uint64_t read, std::uint64_t write) {
    const auto place = [&](std::uint64_t event) {
        return static_cast<std::size_t>(std::lower_bound(accesses.begin(), accesses.end(), event) - accesses.begin());
    };
    const std::size_t from_read = place(read) - std::min<std::size_t>(place(read), kLead);
    const std::size_t from_write = place(write) - std::min<std::size_t>(place(write), kMost);
    const std::size_t last = std::min(accesses.size() - 1, place(write) + kTail);
    return {accesses[std::max(from_read, from_write)], accesses[last] + 1, true};
}

}  // namespace

std::optional<DemoSpan> find_demo_span(const trace::EventLogView& log) {
    std::map<std::uint64_t, Variable> variables;
    std::optional<Loss> best;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        const trace::PackedEvent& event = log.packed(i);
        const bool writes = event.kind() == trace::Kind::kWrite;
        if (!writes && event.kind() != trace::Kind::kRead) continue;
        Variable& variable = variables[event.address];
        if (!variable.accesses.empty() && log.packed(variable.accesses.back()).thread != event.thread) variable.shared = true;
        variable.accesses.push_back(i);
        if (!writes) {
            variable.last_read[event.thread] = i;
            continue;
        }
        const auto read = variable.last_read.find(event.thread);
        if (variable.last_write && variable.last_write->first != event.thread && read != variable.last_read.end() &&
            variable.last_write->second > read->second && (!best || i - read->second < best->write - best->read))
            best = {event.address, read->second, i};
        variable.last_write = {event.thread, i};
    }
    if (best) return span_around(variables[best->address].accesses, best->read, best->write);
    const Variable* most = nullptr;
    for (const auto& [address, variable] : variables)
        if (variable.shared && (most == nullptr || variable.accesses.size() > most->accesses.size())) most = &variable;
    if (most == nullptr) return std::nullopt;
    return DemoSpan{most->accesses.front(), most->accesses[std::min<std::size_t>(most->accesses.size() - 1, 2 * kMost)] + 1,
                    false};
}

}  // namespace heddle::shell
