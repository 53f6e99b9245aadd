#include "core/model/world.h"

#include <algorithm>

namespace heddle::model {

// One overload per kind of event, so that the compiler lists what a new kind must handle.
struct World::Visitor {
    World& world;
    const Context& context;

    void operator()(const trace::MemoryAccess& access) const {
        if (!context.thread) return;
        const ThreadWorld& thread = world.hook_spoke(context);
        ProcessWorld& process = world.edit_process(thread.process);
        if (access.access == trace::AccessKind::kReadRange) return;
        if (access.access == trace::AccessKind::kWriteRange) {
            process.memory.forget(access.address, access.size, context.thread);
        } else if (!access.value_known) {
            if (access.writes()) process.memory.forget(access.address, access.size, context.thread);
        } else if (access.writes()) {
            process.memory.store(access.address, access.size, access.value, context.thread);
        } else {
            process.memory.observe(access.address, access.size, access.value);
        }
    }
    void operator()(const trace::Fence&) const {
        if (context.thread) world.hook_spoke(context);
    }
    void operator()(const trace::FunctionEntry& entry) const {
        if (!context.thread) return;
        ThreadWorld& thread = world.hook_spoke(context);
        thread.stack.enter({context.pc, entry.frame_address, entry.call_site, entry.depth});
        // What an earlier, deeper frame left where this one's locals will lie says nothing of them.
        constexpr std::uint64_t kReturnAndBase = 16, kForgotten = 128;
        if (entry.frame_address > kReturnAndBase + kForgotten) {
            MemoryImage& memory = world.edit_process(thread.process).memory;
            memory.forget(entry.frame_address - kReturnAndBase - kForgotten, kForgotten, kNobody);
        }
    }
    void operator()(const trace::FunctionExit& exit) const {
        if (!context.thread) return;
        ThreadWorld& thread = world.hook_spoke(context);
        if (const std::uint64_t back_to = thread.stack.leave(exit.depth)) thread.pc = back_to;
    }
    void operator()(const trace::CallBegin& call) const {
        if (context.thread) world.on(call, context);
    }
    void operator()(const trace::CallEnd& call) const {
        if (context.thread) world.on(call, context);
    }
    void operator()(const trace::ThreadStart& start) const {
        if (context.thread) world.on(start, context);
    }
    void operator()(const trace::ThreadEnd& end) const {
        if (context.thread) world.on(end, context);
    }
    void operator()(const trace::ThreadNamed& named) const {
        if (context.thread) world.edit_thread(context.thread).name = named.name;
    }
    void operator()(const trace::ProcessStart& start) const {
        if (context.thread) world.on(start, context);
    }
    void operator()(const trace::ProcessEnd& end) const {
        if (context.thread) world.on(end, context);
    }
    void operator()(const trace::FrameBytes& frame) const {
        if (!context.thread) return;
        world.edit_process(world.thread(context.thread).process).memory.observe_bytes(frame.address, frame.bytes);
    }
    void operator()(const trace::PageState& page) const {
        if (!context.thread) return;
        TrackedPage& tracked = world.edit_process(world.thread(context.thread).process).pages.write()[page.page];
        tracked.present = page.present;
        tracked.exclusive = page.exclusive;
        tracked.file = page.file;
        tracked.was_shared |= page.present && !page.exclusive;
        tracked.copied |= tracked.was_shared && page.present && page.exclusive;
        tracked.bytes = page.page_bytes;
        tracked.frame_number = page.frame_number;
        tracked.event = context.index;
    }
    void operator()(const trace::SignalDelivered& signal) const {
        if (context.thread) world.hook_spoke(context).last_signal = signal.signal;
    }
    void operator()(const trace::StackBounds& bounds) const {
        if (!context.thread) return;
        ThreadWorld& thread = world.edit_thread(context.thread);
        thread.stack_lowest = bounds.lowest;
        thread.stack_bytes = bounds.bytes;
    }
    void operator()(const trace::SwitchIn& in) const {
        if (context.thread) world.on(in, context);
    }
    void operator()(const trace::SwitchOut& out) const {
        if (context.thread) world.on(out, context);
    }
    void operator()(const trace::WakeUp& wake) const {
        if (context.thread) world.on(wake, context);
    }
    void operator()(const trace::KernelFork&) const {}  // done when the thread was born, see thread_of
    void operator()(const trace::KernelExit& exit) const {
        if (context.thread) world.on(exit, context);
    }
    void operator()(const trace::KernelName& named) const {
        if (!context.thread) return;
        const ThreadWorld& thread = world.thread(context.thread);
        if (thread.main) {
            world.edit_process(thread.process).name = named.name;
        } else if (named.name != world.process(thread.process).name) {
            world.edit_thread(context.thread).name = named.name;
        }
    }
    void operator()(const trace::Registers&) const {
        if (!context.thread) return;
        ThreadWorld& thread = world.edit_thread(context.thread);
        thread.registers = context.extra;
        thread.stack_pointer = context.address;
        thread.instruction_pointer = context.value;
    }
    void operator()(const trace::ProcessSampled& sampled) const {
        if (context.thread) world.on(sampled, context);
    }
    void operator()(const trace::Output& output) const { world.output_[output.stream == 1 ? 0 : 1] += output.bytes.size(); }
    void operator()(const trace::ProcessReaped& reaped) const {
        if (context.thread) world.on(reaped, context);
    }
    void operator()(const trace::Lost& lost) const { world.lost_ += lost.count; }
    void operator()(const trace::Note&) const {}
};

void World::apply(const trace::PackedEvent& packed, std::string_view blob, std::span<const trace::ThreadInfo> threads,
                  std::uint64_t index, WorldSink* sink) {
    const trace::Event event = trace::decode(packed, blob);
    if (events_ == 0) start_ = event.time;
    events_ = index + 1;
    time_ = event.time;
    last_transition_.reset();
    Context context{index, event.time, event.pc, kNobody, packed.extra, packed.address, packed.value, sink};
    context.thread = thread_of(event.thread, threads, packed, context);
    if (context.thread && sink && packed.kind() <= trace::Kind::kLastHookKind)
        sink->hook_event(context.thread, event.time, index);
    std::visit(Visitor{*this, context}, event.body);
}

Number World::number_of(trace::ThreadIndex index) const {
    return index.value < number_by_index_.size() ? number_by_index_[index.value] : kNobody;
}

CpuWorld& World::edit_cpu(CpuId id) {
    std::vector<CpuWorld>& cpus = cpus_.write();
    auto at = std::lower_bound(cpus.begin(), cpus.end(), id, [](const CpuWorld& cpu, CpuId wanted) { return cpu.id < wanted; });
    if (at == cpus.end() || at->id != id) {
        at = cpus.insert(at, CpuWorld{});
        at->id = id;
    }
    return *at;
}

std::uint64_t World::copied_bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& process : processes_) bytes += process->memory.copied_bytes();
    return bytes;
}

std::uint64_t World::own_bytes() const {
    return sizeof(World) + threads_.size() * (sizeof(threads_[0]) + sizeof(Number)) +
           live_.size() * (sizeof(ThreadWorld) + 4096) + processes_.size() * (sizeof(processes_[0]) + 1024);
}

}  // namespace heddle::model
