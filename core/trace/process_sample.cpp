#include "core/trace/process_sample.h"

#include <utility>

#include "core/trace/byte_codec.h"

namespace heddle::trace {

namespace {

constexpr std::uint8_t kSampleVersion = 1;

// The fields in their order, once for both directions: `f` puts or gets each of them. Ids go by their values.
template <class F, class Sample>
void mapping_fields(F&& f, Sample& m) {
    f(m.start), f(m.end), f(m.offset), f(m.permissions), f(m.path);
    f(m.resident_bytes), f(m.proportional_bytes), f(m.private_dirty_bytes);
}

template <class F, class Sample>
void descriptor_fields(F&& f, Sample& d) {
    f(d.number), f(d.target);
}

template <class F, class Sample>
void thread_fields(F&& f, Sample& t) {
    f(t.tid.value), f(t.name), f(t.state), f(t.user_ticks), f(t.system_ticks);
    f(t.voluntary_switches), f(t.involuntary_switches), f(t.run_nanoseconds), f(t.wait_nanoseconds);
    f(t.cpu), f(t.priority), f(t.nice), f(t.policy), f(t.wait_channel), f(t.syscall);
    f(t.stack_pointer), f(t.instruction_pointer);
}

template <class F, class Sample>
void process_fields(F&& f, Sample& p) {
    f(p.pid.value), f(p.parent.value), f(p.name), f(p.executable);
    f(p.virtual_bytes), f(p.resident_bytes), f(p.page_table_bytes), f(p.data_bytes), f(p.stack_bytes);
    f(p.clock_ticks_per_second), f(p.minor_faults), f(p.major_faults), f(p.uid), f(p.gid);
}

template <class List, class PutItem>
void put_list(ByteWriter& out, const List& list, PutItem put_item) {
    out.put(static_cast<std::uint32_t>(list.size()));
    for (const auto& item : list) put_item(item);
}

template <class List, class GetItem>
void get_list(ByteReader& in, List& list, GetItem get_item) {
    list.resize(in.get_count(4));
    for (auto& item : list) {
        if (in.failed()) return;
        get_item(item);
    }
}

}  // namespace

std::string encode(const ProcessSample& sample) {
    ByteWriter out;
    const auto put = [&out](const auto& field) { out.put(field); };
    out.put(kSampleVersion);
    process_fields(put, sample);
    put_list(out, sample.arguments, put);
    put_list(out, sample.threads, [&](const ThreadSample& t) { thread_fields(put, t); });
    put_list(out, sample.descriptors, [&](const DescriptorSample& d) { descriptor_fields(put, d); });
    put_list(out, sample.mappings, [&](const MappingSample& m) { mapping_fields(put, m); });
    return out.take();
}

Result<ProcessSample> decode_process_sample(std::string_view bytes) {
    ByteReader in(bytes);
    const auto get = [&in](auto& field) { in.get(field); };
    std::uint8_t version = 0;
    in.get(version);
    if (version != kSampleVersion) return fail("a process sample of an unknown version", std::to_string(version));
    ProcessSample sample;
    process_fields(get, sample);
    get_list(in, sample.arguments, get);
    get_list(in, sample.threads, [&](ThreadSample& t) { thread_fields(get, t); });
    get_list(in, sample.descriptors, [&](DescriptorSample& d) { descriptor_fields(get, d); });
    get_list(in, sample.mappings, [&](MappingSample& m) { mapping_fields(get, m); });
    if (!in.complete()) return fail("a damaged process sample", std::to_string(bytes.size()) + " bytes");
    return sample;
}

const std::vector<std::string_view>& register_names() {
#if defined(__x86_64__)
    // The order of enum perf_event_x86_regs, linux/arch/x86/include/uapi/asm/perf_regs.h.
    static const std::vector<std::string_view> names = {"rax", "rbx",    "rcx", "rdx", "rsi", "rdi", "rbp", "rsp",
                                                        "rip", "rflags", "cs",  "ss",  "ds",  "es",  "fs",  "gs",
                                                        "r8",  "r9",     "r10", "r11", "r12", "r13", "r14", "r15"};
#elif defined(__aarch64__)
    // The order of enum perf_event_arm_regs, linux/arch/arm64/include/uapi/asm/perf_regs.h.
    static const std::vector<std::string_view> names = {
        "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15", "x16",
        "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "lr",  "sp",  "pc"};
#endif
    return names;
}

std::string encode(const RegisterSet& registers) {
    ByteWriter out;
    put_list(out, registers.values, [&](std::uint64_t value) { out.put(value); });
    return out.take();
}

Result<RegisterSet> decode_register_set(std::string_view bytes) {
    ByteReader in(bytes);
    RegisterSet registers;
    get_list(in, registers.values, [&](std::uint64_t& value) { in.get(value); });
    if (!in.complete()) return fail("a damaged register set", std::to_string(bytes.size()) + " bytes");
    return registers;
}

}  // namespace heddle::trace
