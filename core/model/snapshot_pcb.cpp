// The process control block, in the order of the textbook.
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "core/model/naming.h"
#include "core/model/snapshot_maker.h"

namespace heddle::model {
namespace {

std::string bytes_text(std::uint64_t bytes) {
    std::array<char, 32> text{};
    if (bytes >= std::uint64_t{1} << 30) {
        std::snprintf(text.data(), text.size(), "%.1f GiB", static_cast<double>(bytes) / (1 << 30));
    } else if (bytes >= std::uint64_t{1} << 20) {
        std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
    } else {
        std::snprintf(text.data(), text.size(), "%llu KiB", static_cast<unsigned long long>(bytes / 1024));
    }
    return text.data();
}

std::string milliseconds(Nanoseconds time) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.3f ms", static_cast<double>(time.count()) / 1e6);
    return text.data();
}

std::string policy_name(int policy) {  // man 7 sched
    static constexpr const char* kNames[] = {"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR",      "SCHED_BATCH",
                                             "4",           "SCHED_IDLE", "SCHED_DEADLINE"};
    return policy >= 0 && policy < 7 ? kNames[policy] : std::to_string(policy);
}

std::string_view state_key(ThreadState state) {
    static constexpr std::string_view kKeys[] = {"state.new", "state.ready", "state.running", "state.waiting",
                                                 "state.terminated"};
    return kKeys[static_cast<std::size_t>(state)];
}

// A process runs when one of its threads does, and so on: the liveliest state of its threads.
ThreadState process_state(const World& world, const ProcessWorld& process) {
    static constexpr ThreadState kLiveliest[] = {ThreadState::kRunning, ThreadState::kReady, ThreadState::kWaiting,
                                                 ThreadState::kNew};
    for (const ThreadState state : kLiveliest)
        for (const Number thread : process.threads)
            if (world.thread(thread).state == state) return state;
    return ThreadState::kTerminated;
}

}  // namespace

std::vector<PcbField> SnapshotMaker::pcb(const World& world, const ProcessWorld& process) const {
    std::vector<PcbField> fields;
    const auto add = [&](const char* key, std::string value, bool is_key = false) {
        fields.push_back({key, std::move(value), is_key, false});
    };
    const ThreadWorld& main = world.thread(process.threads.empty() ? 1 : process.threads.front());
    const trace::ProcessSample* sample = process.sample.get();
    const trace::ThreadSample* main_sample = sample && !sample->threads.empty() ? &sample->threads.front() : nullptr;

    add("pcb.pid", std::to_string(process.pid.value));
    add("pcb.ppid", process.parent_pid.value ? std::to_string(process.parent_pid.value) : "");
    add("pcb.parent", process.parent ? process_text(process.parent) : "");
    add("pcb.state", std::string(state_key(process_state(world, process))), true);

    std::string counter;
    if (const Program* program = this->program(process)) {
        if (const Place* place = program->user_place(main.pc, main.stack))
            counter = std::filesystem::path(place->file->path).filename().string() + ":" + std::to_string(place->line);
    }
    const std::uint64_t pc = main.pc                    ? main.pc
                             : main.instruction_pointer ? main.instruction_pointer
                             : main_sample              ? main_sample->instruction_pointer
                                                        : 0;
    if (pc) counter = counter.empty() ? hex_text(pc) : joined({counter, " (", hex_text(pc), ")"});
    add("pcb.program_counter", counter);
    const std::uint64_t sp = main.stack_pointer ? main.stack_pointer : main_sample ? main_sample->stack_pointer : 0;
    add("pcb.stack_pointer", sp ? hex_text(sp) : main.stack.empty() ? "" : hex_text(main.stack.top().frame_address));

    Nanoseconds cpu_time{};
    std::uint64_t voluntary = 0, involuntary = 0, alive = 0;
    for (const Number number : process.threads) {
        const ThreadWorld& thread = world.thread(number);
        cpu_time += thread.in_state(ThreadState::kRunning, world.time());
        voluntary += thread.voluntary_switches;
        involuntary += thread.preemptions;
        alive += thread.state != ThreadState::kTerminated;
    }
    add("pcb.cpu_time", milliseconds(cpu_time));
    add("pcb.priority", main_sample ? std::to_string(main_sample->priority) : "");
    add("pcb.nice", main_sample ? std::to_string(main_sample->nice) : "");
    add("pcb.policy", main_sample ? policy_name(main_sample->policy) : "");
    add("pcb.voluntary_switches", std::to_string(voluntary));
    add("pcb.involuntary_switches", std::to_string(involuntary));
    add("pcb.page_tables", sample && sample->page_table_bytes ? bytes_text(sample->page_table_bytes) : "");
    add("pcb.resident", sample ? bytes_text(sample->resident_bytes) : "");
    add("pcb.virtual", sample ? bytes_text(sample->virtual_bytes) : "");
    std::string files;
    if (sample) {
        for (const trace::DescriptorSample& file : sample->descriptors) {
            if (file.number >= 1000) continue;  // Heddle's own, see core/trace/arena.h
            if (!files.empty()) files += ", ";
            files += std::to_string(file.number);
        }
    }
    add("pcb.open_files", files);
    add("pcb.threads", std::to_string(alive));
    return fields;
}

std::vector<PcbField> SnapshotMaker::registers(const ThreadWorld& thread) const {
    std::vector<PcbField> fields;
    if (thread.registers == 0) return fields;
    const auto decoded = trace::decode_register_set(observatory_.log_.blob(thread.registers));
    if (!decoded) return fields;
    const auto& names = trace::register_names();
    const bool was = thread.number <= static_cast<Number>(before_.thread_count()) &&
                     before_.thread(thread.number).registers == thread.registers;
    for (std::size_t i = 0; i < decoded->values.size() && i < names.size(); ++i)
        fields.push_back({std::string(names[i]), hex_text(decoded->values[i]), false, !was});
    return fields;
}

void SnapshotMaker::mark_changed(std::vector<PcbField>& fields, const std::vector<PcbField>& before) {
    for (PcbField& field : fields) {
        for (const PcbField& old : before)
            if (old.key == field.key) field.changed = old.value != field.value;
    }
}

}  // namespace heddle::model
