#include "core/export/fields.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/trace/process_sample.h"

namespace heddle::exporter {

namespace {

using namespace heddle::trace;

constexpr std::array<std::string_view, 11> kAccessNames = {
    "read",         "write",           "read range",    "write range",       "vtable write",         "atomic load",
    "atomic store", "atomic exchange", "atomic update", "atomic compare ok", "atomic compare failed"};
constexpr std::array<std::string_view, 6> kOrderNames = {"relaxed", "consume",         "acquire",
                                                         "release", "acquire-release", "sequential"};

std::string hex(std::string_view bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += kDigits[static_cast<unsigned char>(c) >> 4];
        text += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::string registers_text(std::string_view bytes) {
    const auto registers = decode_register_set(bytes);
    if (!registers) return {};
    std::string text;
    for (std::size_t i = 0; i < std::min(registers->values.size(), register_names().size()); ++i) {
        std::array<char, 32> value{};
        std::snprintf(value.data(), value.size(), "=0x%llx", static_cast<unsigned long long>(registers->values[i]));
        text += (i == 0 ? "" : " ") + std::string(register_names()[i]) + value.data();
    }
    return text;
}

std::string_view start_name(StartKind start) {
    switch (start) {
        case StartKind::kFirst:
            return "first";
        case StartKind::kForked:
            return "forked";
        case StartKind::kExecuted:
            return "executed";
    }
    return {};
}

std::string_view lost_name(LostWhere where) {
    switch (where) {
        case LostWhere::kRing:
            return "a thread's ring was full";
        case LostWhere::kNoSlot:
            return "threads without a slot";
        case LostWhere::kKernelRing:
            return "the kernel's ring was full";
        case LostWhere::kDamagedArena:
            return "the program overwrote the trace";
    }
    return {};
}

struct ToFields {
    Fields& f;

    void operator()(const MemoryAccess& e) {
        f.kind = kAccessNames[static_cast<std::size_t>(e.access)];
        f.address = e.address;
        f.size = e.size;
        const bool range = e.access == AccessKind::kReadRange || e.access == AccessKind::kWriteRange;
        if (!range && e.value_known) f.value = e.value;
        if (e.atomic()) f.text = kOrderNames[static_cast<std::size_t>(e.order)];
    }
    void operator()(const Fence& e) { f.kind = "fence", f.text = kOrderNames[static_cast<std::size_t>(e.order)]; }
    void operator()(const FunctionEntry& e) { f.kind = "function entry", f.address = e.frame_address, f.number = e.depth; }
    void operator()(const FunctionExit& e) { f.kind = "function exit", f.number = e.depth; }
    void operator()(const CallBegin& e) {
        f.kind = "call begin", f.call = call_name(e.call), f.address = e.object;
        f.number = static_cast<std::int64_t>(e.argument);
    }
    void operator()(const CallEnd& e) {
        f.kind = "call end", f.call = call_name(e.call), f.address = e.object, f.number = e.result;
    }
    void operator()(const ThreadStart& e) { f.kind = "thread start", f.address = e.handle, f.number = e.creator.value; }
    void operator()(const ThreadEnd&) { f.kind = "thread end"; }
    void operator()(const ThreadNamed& e) { f.kind = "thread name", f.text = e.name; }
    void operator()(const ProcessStart& e) {
        f.kind = "process start", f.number = e.parent.value, f.text = start_name(e.start);
    }
    void operator()(const ProcessEnd& e) { f.kind = "process end", f.number = e.code; }
    void operator()(const FrameBytes& e) {
        f.kind = "stack bytes", f.address = e.address, f.size = e.bytes.size(), f.text = hex(e.bytes);
    }
    void operator()(const PageState& e) {
        f.kind = "page", f.address = e.page, f.size = e.page_bytes;
        f.number = static_cast<std::int64_t>(e.frame_number);
        f.text = e.present ? "present" : "absent";
        if (e.exclusive) f.text += " exclusive";
        if (e.file) f.text += " file";
    }
    void operator()(const SignalDelivered& e) { f.kind = "signal", f.address = e.address, f.number = e.signal; }
    void operator()(const StackBounds& e) { f.kind = "stack", f.address = e.lowest, f.size = e.bytes; }
    void operator()(const SwitchIn& e) { f.kind = "switch in", f.cpu = e.cpu.value; }
    void operator()(const SwitchOut& e) {
        f.kind = "switch out", f.cpu = e.cpu.value, f.text = e.preempted ? "preempted" : "voluntary";
    }
    void operator()(const WakeUp& e) { f.kind = "wake-up", f.cpu = e.cpu.value, f.number = e.waker.value; }
    void operator()(const KernelFork& e) {
        f.kind = "fork", f.number = e.parent.value, f.text = e.new_thread ? "thread" : "process";
    }
    void operator()(const KernelExit&) { f.kind = "exit"; }
    void operator()(const KernelName& e) { f.kind = "name", f.text = e.name; }
    void operator()(const Registers& e) { f.kind = "registers", f.text = registers_text(e.bytes); }
    void operator()(const ProcessSampled& e) {
        f.kind = "process sample";
        const auto sample = decode_process_sample(e.bytes);
        if (!sample) return;
        f.text = sample->name;
        f.size = sample->resident_bytes;
    }
    void operator()(const Output& e) { f.kind = "output", f.number = e.stream, f.text = e.bytes; }
    void operator()(const ProcessReaped& e) { f.kind = "process reaped", f.number = e.wait_status; }
    void operator()(const Lost& e) {
        f.kind = "lost", f.number = static_cast<std::int64_t>(e.count), f.text = lost_name(e.where);
    }
    void operator()(const Note& e) { f.kind = "note", f.text = e.text; }
};

}  // namespace

Fields fields_of(const trace::Event& event) {
    Fields fields;
    std::visit(ToFields{fields}, event.body);
    return fields;
}

}  // namespace heddle::exporter
