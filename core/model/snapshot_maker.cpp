#include "core/model/snapshot_maker.h"

#include <algorithm>
#include <filesystem>

#include "core/model/explain.h"
#include "core/model/naming.h"
#include "core/model/wait_cause.h"

namespace heddle::model {
namespace {

constexpr std::size_t kOutputShown = 64 * 1024;

}  // namespace

std::shared_ptr<Snapshot> SnapshotMaker::make() {
    auto out = std::make_shared<Snapshot>();
    out->run = observatory_.options_.run;
    out->playhead = now_.events();
    out->start_time = observatory_.head_.start();
    out->live_time = observatory_.head_.time();
    out->playhead_time = now_.events() == 0 ? out->start_time : now_.time();
    out->following = transport_.following;
    out->playing = transport_.playing;
    out->speed = transport_.speed;
    out->log = observatory_.log_;
    out->timeline = observatory_.timeline_.view();
    out->dropped = now_.lost();
    out->edges = now_.edges();
    out->transition = now_.last_transition();
    find_event();
    add_threads(*out);
    if (out->transition) {
        if (const ThreadView* thread = out->thread(out->transition->thread)) out->transition->waits_for = thread->waits_for;
    }
    for (Number number = 1; number <= static_cast<Number>(now_.process_count()); ++number) {
        const ProcessWorld& process = now_.process(number);
        ProcessView view;
        view.number = number;
        view.parent = process.parent;
        view.pid = process.pid;
        view.parent_pid = process.parent_pid;
        view.name = process.name;
        const Program* program = this->program(process);
        view.executable = process.sample ? process.sample->executable : program ? program->path() : std::string();
        if (view.name.empty()) view.name = std::filesystem::path(view.executable).filename().string();
        view.exit = process.exit;
        view.threads = process.threads;
        view.pcb = pcb(now_, process);
        if (number <= static_cast<Number>(before_.process_count()))
            mark_changed(view.pcb, pcb(before_, before_.process(number)));
        view.regions = regions(process, *out);
        view.pages = pages(process, view.regions);
        out->processes.push_back(std::move(view));
    }
    if (!out->processes.empty()) out->exit = out->processes.front().exit;
    add_cpus(*out);
    add_sync(*out);
    add_code(*out);
    add_output(*out);
    add_switches(*out);
    if (now_.events() > 0) out->sentence = explain(observatory_.log_, focus(), before_, now_, observatory_.programs_);
    if (const int line = line_come_to(*out))
        out->sentence = {
            "event.came_to", {{"thread", thread_text(event_thread_)}, {"line", std::to_string(line)}}, event_thread_};
    return out;
}

void SnapshotMaker::find_event() {
    if (now_.events() == 0) return;
    const trace::Event event = observatory_.log_.event(focus());
    event_thread_ = now_.number_of(event.thread);
    if (!event_thread_) return;
    access_.process = now_.thread(event_thread_).process;
    if (const auto* access = std::get_if<trace::MemoryAccess>(&event.body); access && access->writes()) {
        access_.address = access->address;
        access_.size = access->size;
    } else if (const auto* call = std::get_if<trace::CallEnd>(&event.body)) {
        const auto& locks = *now_.process(access_.process).locks;
        if (locks.contains(call->object)) {
            access_.address = call->object;
            access_.size = 16;
        }
        sync_address_ = call->object;
    } else if (const auto* begin = std::get_if<trace::CallBegin>(&event.body)) {
        sync_address_ = begin->object;
    }
}

bool SnapshotMaker::changed(Number process, std::uint64_t address, std::uint64_t size) const {
    return access_.size > 0 && process == access_.process && address < access_.address + access_.size &&
           access_.address < address + size;
}

void SnapshotMaker::add_threads(Snapshot& out) const {
    const Nanoseconds now = now_.time();
    for (Number number = 1; number <= static_cast<Number>(now_.thread_count()); ++number) {
        const ThreadWorld& thread = now_.thread(number);
        ThreadView view;
        view.index = thread.index;
        view.number = number;
        view.process = thread.process;
        view.tid = thread.tid;
        view.pid = now_.process(thread.process).pid;
        view.name = thread.name.empty() ? thread_text(number) : thread.name;
        view.main = thread.main;
        view.state = thread.state;
        view.cause = thread.cause;
        view.waits_for = waits_for(thread);
        view.cpu = thread.cpu;
        view.since = thread.since;
        view.dispatches = thread.dispatches;
        view.preemptions = thread.preemptions;
        view.voluntary_switches = thread.voluntary_switches;
        view.migrations = thread.migrations;
        view.running_time = thread.in_state(ThreadState::kRunning, now);
        view.ready_time = thread.in_state(ThreadState::kReady, now);
        view.waiting_time = thread.in_state(ThreadState::kWaiting, now);
        if (const Program* program = this->program(now_.process(thread.process))) {
            if (const Place* place = program->user_place(thread.pc, thread.stack)) {
                view.file = place->file->path;
                view.line = place->line;
            }
        }
        if (thread.state != ThreadState::kTerminated) view.stack = frames(thread);
        view.registers = registers(thread);
        const bool was = number <= static_cast<Number>(before_.thread_count());
        view.changed = number == event_thread_ || !was || before_.thread(number).state != thread.state;
        out.threads.push_back(std::move(view));
    }
}

std::string SnapshotMaker::variable_name(Number process, std::uint64_t address) const {
    const Program* program = this->program(now_.process(process));
    if (!program || address == 0) return {};
    const auto found = program->image().find_variable(address - program->bias());
    return found ? without_internals(found->path) : std::string();
}

std::string SnapshotMaker::waits_for(const ThreadWorld& thread) const {
    if (thread.state != ThreadState::kWaiting) return {};
    const Waiting& waiting = thread.waiting;
    if (waiting.call != trace::CallId::kNone) {
        std::string text(trace::call_name(waiting.call));
        if (is_io(waiting.call) && waiting.argument < 65536) return text + "(fd " + std::to_string(waiting.argument) + ")";
        if (const std::string name = variable_name(thread.process, waiting.object); !name.empty())
            return text + "(" + name + ")";
        return text;
    }
    if (const auto name = syscall_name(waiting.syscall); !name.empty()) return std::string(name);
    return waiting.channel == "0" ? std::string() : waiting.channel;
}

void SnapshotMaker::add_cpus(Snapshot& out) const {
    for (const CpuWorld& cpu : now_.cpus()) {
        CpuView view{cpu.id, cpu.running, cpu.switches, cpu.time_by_thread};
        if (cpu.running && now_.time() > cpu.since) {
            auto at = std::lower_bound(view.time_by_thread.begin(), view.time_by_thread.end(), cpu.running,
                                       [](const auto& entry, Number number) { return entry.first < number; });
            if (at == view.time_by_thread.end() || at->first != cpu.running)
                at = view.time_by_thread.insert(at, {cpu.running, {}});
            at->second += now_.time() - cpu.since;
        }
        out.cpus.push_back(std::move(view));
    }
}

// In Step: where the event that is told of was.
const Place* SnapshotMaker::focus_place(const Snapshot& out) const {
    const ThreadView* const current = out.thread(event_thread_);
    if (!transport_.focus || !current || event_thread_ > static_cast<Number>(before_.thread_count())) return nullptr;
    const Program* const program = this->program(now_.process(current->process));
    const std::uint64_t pc = observatory_.log_.event(focus()).pc;
    return program && pc ? program->user_place(pc, before_.thread(event_thread_).stack) : nullptr;
}

// In Step: the line at which a thread stands whose last step told of nothing but a function that it entered, and which has gone
// on since, through what is no stop; 0: it stands there yet, or did something.
int SnapshotMaker::line_come_to(const Snapshot& out) const {
    const Place* const place = focus_place(out);
    if (!place || !std::holds_alternative<trace::FunctionEntry>(observatory_.log_.event(focus()).body)) return 0;
    const ThreadView& current = *out.thread(event_thread_);
    return current.line > 0 && (current.line != place->line || current.file != place->file->path) ? current.line : 0;
}

void SnapshotMaker::add_code(Snapshot& out) const {
    std::string path;
    const ThreadView* current = out.thread(event_thread_);
    if (current && current->line > 0) {
        path = current->file;
        out.code.current_line = current->line;
        out.code.current_thread = current->number;
    }
    // What is told of may lie before what the thread has gone on to do since.
    if (const Place* const place = focus_place(out); place && line_come_to(out) == 0) {
        path = place->file->path;
        out.code.current_line = place->line;
        out.code.current_thread = event_thread_;
    }
    for (const std::string& each : observatory_.options_.sources)
        if (auto source = observatory_.source(each)) out.code.sources.push_back(std::move(source));
    if (path.empty() && !out.code.sources.empty()) path = out.code.sources.front()->path;
    for (auto thread = out.threads.begin(); path.empty() && thread != out.threads.end(); ++thread) path = thread->file;
    if (path.empty()) return;
    out.code.source = observatory_.source(path);
    for (const ThreadView& thread : out.threads) {
        if (thread.line > 0 && thread.file == path && thread.state != ThreadState::kTerminated)
            out.code.markers.push_back({thread.number, thread.line});
    }
}

void SnapshotMaker::add_output(Snapshot& out) const {
    const auto& events = observatory_.outputs_;
    const auto end = std::lower_bound(events.begin(), events.end(), now_.events());
    std::string* const texts[2] = {&out.output, &out.errors};
    std::size_t kept[2] = {0, 0};
    auto first = end;
    while (first != events.begin()) {
        const auto& packed = observatory_.log_.packed(*std::prev(first));
        std::size_t& have = kept[packed.detail() == 1 ? 0 : 1];
        if (kept[0] >= kOutputShown || kept[1] >= kOutputShown) break;
        have += observatory_.log_.blob(packed.extra).size();
        --first;
    }
    for (; first != end; ++first) {
        const auto& packed = observatory_.log_.packed(*first);
        texts[packed.detail() == 1 ? 0 : 1]->append(observatory_.log_.blob(packed.extra));
    }
    for (std::string* text : texts)
        if (text->size() > kOutputShown) text->erase(0, text->size() - kOutputShown);
}

void SnapshotMaker::add_switches(Snapshot& out) const {
    out.switches.source = out.run.badge == Badge::kSampled ? "switches.sampled" : "switches.kernel";
    for (const ThreadView& thread : out.threads) {
        out.switches.captured += now_.thread(thread.number).switch_outs;
        out.switches.preempted += thread.preemptions;
        out.switches.voluntary += thread.voluntary_switches;
        out.switches.migrations += thread.migrations;
    }
}

}  // namespace heddle::model
