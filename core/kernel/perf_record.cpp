#include "core/kernel/perf_record.h"

#include <cstring>

#include "core/kernel/perf_registers.h"

namespace heddle::kernel {
namespace {

template <class T>
T load(std::span<const std::byte> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

constexpr std::size_t kHeaderBytes = sizeof(perf_event_header);
constexpr std::size_t kSampleIdBytes = 24;
constexpr std::size_t kTaskBytes = 24;  // u32 pid, ppid, tid, ptid; u64 time
constexpr std::uint64_t kNoRegisters = PERF_SAMPLE_REGS_ABI_NONE;

void read_sample_id(std::span<const std::byte> record, std::size_t at, KernelRecord& out) {
    out.pid = ProcessId(load<std::int32_t>(record, at));
    out.tid = ThreadId(load<std::int32_t>(record, at + 4));
    out.time = Nanoseconds(load<std::int64_t>(record, at + 8));
    out.cpu = CpuId(load<std::int32_t>(record, at + 16));
}

// A forked or ended thread: the record's body names it, its sample id names whoever was running.
bool read_task(std::span<const std::byte> body, KernelRecord& out) {
    if (body.size() < kTaskBytes) return false;
    out.pid = ProcessId(load<std::int32_t>(body, 0));
    out.new_thread = load<std::int32_t>(body, 4) == out.pid.value;
    out.tid = ThreadId(load<std::int32_t>(body, 8));
    out.other = ThreadId(load<std::int32_t>(body, 12));
    return true;
}

bool read_name(std::span<const std::byte> body, KernelRecord& out) {
    if (body.size() < 8) return false;
    out.pid = ProcessId(load<std::int32_t>(body, 0));
    out.tid = ThreadId(load<std::int32_t>(body, 4));
    const auto* text = reinterpret_cast<const char*>(body.data() + 8);
    out.name.assign(text, strnlen(text, body.size() - 8));
    return true;
}

bool read_registers(std::span<const std::byte> body, KernelRecord& out) {
    if (body.size() < 8 || load<std::uint64_t>(body, 0) == kNoRegisters) return false;
    const std::size_t count = user_register_count();
    if (body.size() < 8 + count * 8) return false;
    std::vector<std::uint64_t> raw(count);
    std::memcpy(raw.data(), body.data() + 8, count * 8);
    out.registers = to_register_set(raw);
    return true;
}

bool read_wake_up(std::span<const std::byte> body, const WakeUpFormat& format, KernelRecord& out) {
    if (body.size() < 4) return false;
    const auto raw_bytes = load<std::uint32_t>(body, 0);
    if (raw_bytes > body.size() - 4) return false;
    const auto raw = body.subspan(4, raw_bytes);
    if (raw.size() < 4 || format.pid_offset > raw.size() - 4 || format.target_cpu_offset > raw.size() - 4) return false;
    out.other = out.tid;
    out.tid = ThreadId(load<std::int32_t>(raw, format.pid_offset));
    out.pid = ProcessId(0);  // a tracepoint does not say; the observer knows it from the thread's birth
    out.cpu = CpuId(load<std::int32_t>(raw, format.target_cpu_offset));
    return true;
}

std::optional<KernelRecord> decode_sample(std::span<const std::byte> record, const PerfRecordLayout& layout) {
    if (record.size() < kHeaderBytes + kSampleIdBytes) return std::nullopt;
    KernelRecord out;
    read_sample_id(record, kHeaderBytes, out);
    const auto body = record.subspan(kHeaderBytes + kSampleIdBytes);
    switch (layout.sample) {
        case SampleBody::kNone:
            return std::nullopt;
        case SampleBody::kUserRegisters:
            out.kind = KernelRecord::Kind::kRegisters;
            return read_registers(body, out) ? std::optional(std::move(out)) : std::nullopt;
        case SampleBody::kWakeUp:
            out.kind = KernelRecord::Kind::kWakeUp;
            return read_wake_up(body, layout.wake_up, out) ? std::optional(std::move(out)) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::optional<KernelRecord> decode_perf_record(std::span<const std::byte> record, const PerfRecordLayout& layout) {
    if (record.size() < kHeaderBytes) return std::nullopt;
    const auto header = load<perf_event_header>(record, 0);
    if (header.type == PERF_RECORD_SAMPLE) return decode_sample(record, layout);
    if (record.size() < kHeaderBytes + kSampleIdBytes) return std::nullopt;

    KernelRecord out;
    read_sample_id(record, record.size() - kSampleIdBytes, out);
    const auto body = record.subspan(kHeaderBytes, record.size() - kHeaderBytes - kSampleIdBytes);
    switch (header.type) {
        case PERF_RECORD_SWITCH:
            out.kind =
                (header.misc & PERF_RECORD_MISC_SWITCH_OUT) ? KernelRecord::Kind::kSwitchOut : KernelRecord::Kind::kSwitchIn;
            out.preempted = (header.misc & PERF_RECORD_MISC_SWITCH_OUT) && (header.misc & PERF_RECORD_MISC_SWITCH_OUT_PREEMPT);
            return out;
        case PERF_RECORD_FORK:
            out.kind = KernelRecord::Kind::kFork;
            return read_task(body, out) ? std::optional(std::move(out)) : std::nullopt;
        case PERF_RECORD_EXIT:
            out.kind = KernelRecord::Kind::kExit;
            return read_task(body, out) ? std::optional(std::move(out)) : std::nullopt;
        case PERF_RECORD_COMM:
            out.kind = KernelRecord::Kind::kName;
            out.exec = header.misc & PERF_RECORD_MISC_COMM_EXEC;
            return read_name(body, out) ? std::optional(std::move(out)) : std::nullopt;
        case PERF_RECORD_LOST:
            if (body.size() < 16) return std::nullopt;
            out.kind = KernelRecord::Kind::kLost;
            out.count = load<std::uint64_t>(body, 8);
            out.pid = ProcessId(0);
            out.tid = ThreadId(0);
            return out;
        default:
            return std::nullopt;
    }
}

}  // namespace heddle::kernel
