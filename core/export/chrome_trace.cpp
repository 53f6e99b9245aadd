#include "core/export/chrome_trace.h"

#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/export/chrome_writer.h"
#include "core/export/fields.h"
#include "core/trace/process_sample.h"

namespace heddle::exporter {

namespace {

using namespace heddle::trace;

// Tracks that are no thread get ids no kernel gives (man 5 proc, pid_max: at most 2^22), and no two the same: a viewer may
// know a track by its tid alone.
constexpr std::int64_t kCpuProcess = 2'000'000'000;
constexpr std::int64_t kStateTracks = 1'000'000'000;

enum class State { kNone, kReady, kRunning, kWaiting };

std::string_view state_name(State state) {
    switch (state) {
        case State::kNone:
            break;
        case State::kReady:
            return "Ready";
        case State::kRunning:
            return "Running";
        case State::kWaiting:
            return "Waiting";
    }
    return "";
}

struct Waking {
    std::size_t waker;  // thread index
    Nanoseconds time;
};

struct ThreadTracks {
    std::string name;
    Track state_track, hook_track;
    State state = State::kNone;
    std::vector<std::optional<CallId>> open;  // slices begun: a call, or a function
    std::optional<Waking> woken;
};

class Exporter {
public:
    Exporter(const EventLogView& log, const SymbolName& symbol, ChromeWriter writer)
        : log_(log), symbol_(symbol), writer_(std::move(writer)), threads_(log.threads().size()) {}

    Result<> run(const RunMetadata& metadata);

private:
    void learn_names();
    Result<> declare_tracks();
    Result<> kernel_event(const Event& event, ThreadTracks& thread);
    Result<> hook_event(const Event& event, ThreadTracks& thread);
    Result<> instant(const Event& event, ThreadTracks& thread);
    Result<> set_state(ThreadTracks& thread, State state, Nanoseconds time, const Arguments& args = {});
    Result<> set_cpu(CpuId cpu, const ThreadTracks* thread, Nanoseconds time);
    Result<> arrive(ThreadTracks& thread, Nanoseconds time);
    Result<> begin_slice(const Event& event, ThreadTracks& thread, std::optional<CallId> call, std::string_view name);
    Result<> end_slice(const Event& event, ThreadTracks& thread, std::optional<CallId> call);
    Result<> close_tracks(Nanoseconds end);
    std::string place(std::uint64_t pc) const;
    Arguments arguments(const Event& event) const;

    const EventLogView& log_;
    const SymbolName& symbol_;
    ChromeWriter writer_;
    std::vector<ThreadTracks> threads_;  // by ThreadIndex
    std::map<ProcessId, std::string> process_names_;
    std::unordered_map<ThreadId, std::size_t> current_;  // the thread that has this tid now
    std::map<CpuId, const ThreadTracks*> cpus_;          // what runs there; null: nothing of the lab
};

Track cpu_track(CpuId cpu) {
    return {kCpuProcess, kCpuProcess + 1 + cpu.value};
}

Result<> Exporter::run(const RunMetadata& metadata) {
    Arguments other;
    other.text("scenario", metadata.scenario).text("variant", metadata.variant).text("mode", metadata.mode);
    other.text("heddle", metadata.heddle_version).text("machine", metadata.machine).text("kernel", metadata.kernel);
    other.text("date", metadata.date);
    TRY(writer_.open(other));
    learn_names();
    TRY(declare_tracks());
    for (std::uint64_t i = 0; i < log_.size(); ++i) {
        const Event event = log_.event(i);
        ThreadTracks& thread = threads_[event.thread.value];
        current_[log_.threads()[event.thread.value].tid] = event.thread.value;
        const bool kernel = log_.packed(i).kind() >= Kind::kFirstKernelKind;
        TRY(kernel ? kernel_event(event, thread) : hook_event(event, thread));
    }
    TRY(close_tracks(log_.empty() ? Nanoseconds{} : log_.time(log_.size() - 1)));
    return writer_.close();
}

// Names first, so that every track is declared before it is used: the last name a thread had.
void Exporter::learn_names() {
    for (std::uint64_t i = 0; i < log_.size(); ++i) {
        const PackedEvent& packed = log_.packed(i);
        const Kind kind = packed.kind();
        if (kind == Kind::kName || kind == Kind::kThreadName) threads_[packed.thread].name = log_.blob(packed.extra);
        if (kind == Kind::kSwitchIn || kind == Kind::kSwitchOut) {
            cpus_.try_emplace(CpuId{static_cast<std::int32_t>(packed.extra)}, nullptr);
        }
    }
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        const ThreadInfo& info = log_.threads()[i];
        ThreadTracks& thread = threads_[i];
        if (thread.name.empty()) thread.name = info.main() ? "main" : "thread";
        thread.hook_track = {info.pid.value, info.tid.value};
        thread.state_track = {info.pid.value, kStateTracks + static_cast<std::int64_t>(i)};
        std::string& process = process_names_[info.pid];
        if (process.empty() || info.main()) process = thread.name;
    }
}

Result<> Exporter::declare_tracks() {
    int order = 0;
    if (!cpus_.empty()) TRY(writer_.process_name(kCpuProcess, "CPUs", order++));
    for (const auto& [cpu, unused] : cpus_) {
        TRY(writer_.thread_name(cpu_track(cpu), "CPU " + std::to_string(cpu.value), cpu.value));
    }
    for (const auto& [pid, name] : process_names_) TRY(writer_.process_name(pid.value, name, order++));
    for (std::size_t i = 0; i < threads_.size(); ++i) {
        const ThreadTracks& thread = threads_[i];
        const int index = static_cast<int>(i);
        const std::string name = thread.name + " " + std::to_string(log_.threads()[i].tid.value);
        TRY(writer_.thread_name(thread.state_track, name + " state", 2 * index));
        TRY(writer_.thread_name(thread.hook_track, name, 2 * index + 1));
    }
    return {};
}

Result<> Exporter::kernel_event(const Event& event, ThreadTracks& thread) {
    if (const auto* in = std::get_if<SwitchIn>(&event.body)) {
        TRY(set_cpu(in->cpu, &thread, event.time));
        TRY(set_state(thread, State::kRunning, event.time, Arguments().number("cpu", in->cpu.value)));
        return arrive(thread, event.time);
    }
    if (const auto* out = std::get_if<SwitchOut>(&event.body)) {
        TRY(set_cpu(out->cpu, nullptr, event.time));
        return set_state(thread, out->preempted ? State::kReady : State::kWaiting, event.time,
                         Arguments().text("why", out->preempted ? "preempted" : "gave up the CPU"));
    }
    if (const auto* wake = std::get_if<WakeUp>(&event.body)) {
        const auto waker = current_.find(wake->waker);
        // An arrow begins in a slice: the waker's, if it was a thread of the lab that ran (and not an interrupt beside it).
        const bool ran = waker != current_.end() && threads_[waker->second].state == State::kRunning;
        if (ran) thread.woken = {waker->second, event.time};
        if (thread.state == State::kRunning) return {};
        return set_state(thread, State::kReady, event.time, Arguments().text("why", "woken"));
    }
    if (std::holds_alternative<KernelFork>(event.body)) {
        TRY(set_state(thread, State::kReady, event.time, Arguments().text("why", "new")));
    }
    if (std::holds_alternative<KernelExit>(event.body)) TRY(set_state(thread, State::kNone, event.time));
    if (const auto* sampled = std::get_if<ProcessSampled>(&event.body)) {
        const auto sample = decode_process_sample(sampled->bytes);
        if (!sample) return {};
        return writer_.counter(sample->pid.value, event.time, "memory (KiB)",
                               Arguments().number("resident", static_cast<std::int64_t>(sample->resident_bytes / 1024)));
    }
    return instant(event, thread);
}

Result<> Exporter::hook_event(const Event& event, ThreadTracks& thread) {
    if (std::holds_alternative<FunctionEntry>(event.body)) {
        return begin_slice(event, thread, std::nullopt, place(event.pc));
    }
    if (std::holds_alternative<FunctionExit>(event.body)) return end_slice(event, thread, std::nullopt);
    if (const auto* call = std::get_if<CallBegin>(&event.body)) {
        return begin_slice(event, thread, call->call, call_name(call->call));
    }
    if (const auto* call = std::get_if<CallEnd>(&event.body)) return end_slice(event, thread, call->call);
    return instant(event, thread);
}

Result<> Exporter::begin_slice(const Event& event, ThreadTracks& thread, std::optional<CallId> call, std::string_view name) {
    thread.open.push_back(call);
    return writer_.begin(thread.hook_track, event.time, call ? "call" : "function", name, arguments(event));
}

// Ends the innermost slice of its like and what is still open inside it (left by an exception, say). A call that began before
// the recording, or never waits, is an instant.
Result<> Exporter::end_slice(const Event& event, ThreadTracks& thread, std::optional<CallId> call) {
    std::size_t depth = thread.open.size();
    while (depth != 0 && thread.open[depth - 1] != call) --depth;
    if (depth == 0) return instant(event, thread);
    for (; thread.open.size() > depth; thread.open.pop_back()) TRY(writer_.end(thread.hook_track, event.time));
    thread.open.pop_back();
    return writer_.end(thread.hook_track, event.time, call ? arguments(event) : Arguments());
}

Result<> Exporter::instant(const Event& event, ThreadTracks& thread) {
    const Fields fields = fields_of(event);
    return writer_.instant(thread.hook_track, event.time, "event", fields.call.empty() ? fields.kind : fields.call,
                           arguments(event));
}

Result<> Exporter::set_state(ThreadTracks& thread, State state, Nanoseconds time, const Arguments& args) {
    if (thread.state != State::kNone) TRY(writer_.end(thread.state_track, time));
    thread.state = state;
    if (state == State::kNone) return {};
    return writer_.begin(thread.state_track, time, "state", state_name(state), args);
}

Result<> Exporter::set_cpu(CpuId cpu, const ThreadTracks* thread, Nanoseconds time) {
    const ThreadTracks*& running = cpus_[cpu];
    if (running != nullptr) TRY(writer_.end(cpu_track(cpu), time));
    running = thread;
    if (thread == nullptr) return {};
    const std::string name = thread->name + " " + std::to_string(thread->hook_track.tid);
    return writer_.begin(cpu_track(cpu), time, "cpu", name, Arguments().number("pid", thread->hook_track.pid));
}

// The arrow of the wake-up, now that the woken thread runs.
Result<> Exporter::arrive(ThreadTracks& thread, Nanoseconds time) {
    if (!thread.woken) return {};
    const Waking woken = *std::exchange(thread.woken, std::nullopt);
    return writer_.flow("wake-up", threads_[woken.waker].state_track, woken.time, thread.state_track, time);
}

Result<> Exporter::close_tracks(Nanoseconds end) {
    for (ThreadTracks& thread : threads_) {
        for (; !thread.open.empty(); thread.open.pop_back()) TRY(writer_.end(thread.hook_track, end));
        TRY(set_state(thread, State::kNone, end));
    }
    for (const auto& [cpu, running] : cpus_) {
        if (running != nullptr) TRY(writer_.end(cpu_track(cpu), end));
    }
    return {};
}

std::string Exporter::place(std::uint64_t pc) const {
    std::string name = symbol_ ? symbol_(pc) : std::string{};
    if (!name.empty()) return name;
    std::array<char, 24> digits{};
    std::snprintf(digits.data(), digits.size(), "0x%llx", static_cast<unsigned long long>(pc));
    return digits.data();
}

Arguments Exporter::arguments(const Event& event) const {
    const Fields fields = fields_of(event);
    Arguments args;
    if (fields.address) args.hex("address", *fields.address);
    if (fields.size) args.number("size", static_cast<std::int64_t>(*fields.size));
    if (fields.value) args.hex("value", *fields.value);
    if (fields.number) args.number("number", *fields.number);
    if (!fields.text.empty()) args.text("text", fields.text);
    if (event.pc != 0) args.text("at", place(event.pc));
    return args;
}

}  // namespace

Result<> export_chrome_trace(const std::string& path, const trace::EventLogView& log, const trace::RunMetadata& metadata,
                             const SymbolName& symbol) {
    AtomicFile file = TRY(AtomicFile::create(path));
    Exporter exporter(log, symbol, ChromeWriter(std::move(file), log.empty() ? Nanoseconds{} : log.time(0)));
    return exporter.run(metadata);
}

}  // namespace heddle::exporter
