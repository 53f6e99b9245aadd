#include "core/session/kernel_events.h"

namespace heddle::session {
namespace {

using kernel::KernelRecord;
using trace::Kind;

trace::PackedEvent make_event(const KernelRecord& record, trace::EventLog& log) {
    trace::PackedEvent event{};
    event.nanoseconds = record.time.count();
    const auto set = [&event](Kind kind, std::uint8_t detail = 0) { event.tail = trace::make_tail(kind, detail, 0); };
    const auto cpu = static_cast<std::uint32_t>(record.cpu.value);
    switch (record.kind) {
        case KernelRecord::Kind::kSwitchIn:
            set(Kind::kSwitchIn);
            event.extra = cpu;
            break;
        case KernelRecord::Kind::kSwitchOut:
            set(Kind::kSwitchOut, record.preempted ? 1 : 0);
            event.extra = cpu;
            break;
        case KernelRecord::Kind::kFork:
            set(Kind::kFork, static_cast<std::uint8_t>((record.new_thread ? trace::kNewThread : 0) |
                                                       (record.sampled ? trace::kSampledBirth : 0)));
            event.value = static_cast<std::uint64_t>(record.other.value);
            break;
        case KernelRecord::Kind::kExit:
            set(Kind::kExit);
            break;
        case KernelRecord::Kind::kName:
            set(Kind::kName);
            event.extra = log.add_blob(record.name);
            break;
        case KernelRecord::Kind::kWakeUp:
            set(Kind::kWakeUp);
            event.value = static_cast<std::uint64_t>(record.other.value);
            event.extra = cpu;
            break;
        case KernelRecord::Kind::kRegisters: {
            set(Kind::kRegisters);
            const auto& values = record.registers.values;
            const auto named = [&](std::string_view name) -> std::uint64_t {
                const auto& names = trace::register_names();
                for (std::size_t i = 0; i < names.size() && i < values.size(); ++i) {
                    if (names[i] == name) return values[i];
                }
                return 0;
            };
            event.address = named("rsp") | named("sp");
            event.value = named("rip") | named("pc");
            event.extra = log.add_blob(trace::encode(record.registers));
            break;
        }
        case KernelRecord::Kind::kLost:
            set(Kind::kLost, static_cast<std::uint8_t>(trace::LostWhere::kKernelRing));
            event.value = record.count;
            break;
    }
    event.thread = log.thread(record.tid, record.pid, record.time).value;
    return event;
}

}  // namespace

void append_kernel_events(const std::vector<KernelRecord>& records, trace::EventLog& log,
                          std::vector<trace::PackedEvent>& out) {
    out.reserve(out.size() + records.size());
    for (const KernelRecord& record : records) {
        out.push_back(make_event(record, log));
        if (record.kind == KernelRecord::Kind::kExit) log.end_thread(record.tid, record.time);
    }
}

}  // namespace heddle::session
