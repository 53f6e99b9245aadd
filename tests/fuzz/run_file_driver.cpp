// A saved run, which may come from anyone: the file is opened, and what was opened is folded and looked at. Checksums are put
// right first, or nothing would get past them, unless the input says that they stay.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/unique_fd.h"
#include "core/session/archive.h"
#include "core/session/run_document.h"
#include "core/session/saved_steps.h"
#include "core/session/step_history.h"
#include "core/trace/run_file_layout.h"
#include "tests/core/trace/log_fixtures.h"
#include "tests/fuzz/driver.h"

namespace heddle::fuzz {
namespace {

using namespace heddle::trace;

class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes = {}) : fd_(::memfd_create("run", MFD_CLOEXEC)) {
        if (::write(fd_.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) __builtin_trap();
    }
    std::string path() const { return "/proc/self/fd/" + std::to_string(fd_.get()); }

private:
    UniqueFd fd_;
};

// Sections one after the other, each as long as it says and as there is; the last one takes the rest.
void put_right(std::string& bytes) {
    RunFileFront front;
    if (bytes.size() < sizeof front) return;
    std::memcpy(&front, bytes.data(), sizeof front);
    if (front.header.reserved & 1) return;
    front.header.magic = kRunFileMagic, front.header.version = kRunFileVersion;
    front.header.sections = kSections, front.header.total_bytes = bytes.size();
    std::uint64_t at = sizeof front;
    for (std::size_t i = 0; i < kSections; ++i) {
        SectionEntry& entry = front.table[i];
        entry.id = static_cast<std::uint32_t>(i + 1), entry.offset = at;
        entry.bytes = i + 1 == kSections ? bytes.size() - at : std::min(entry.bytes, bytes.size() - at);
        at += entry.bytes;
    }
    const auto& threads = front.table[1];
    auto& events = front.table[0];
    const std::uint64_t thread_count = threads.bytes / 16;
    events.items = events.bytes / sizeof(PackedEvent), front.table[1].items = thread_count;
    std::int64_t latest = 0;
    for (std::uint64_t i = 0; i < events.items && thread_count > 0; ++i) {
        PackedEvent event;
        char* const where = &bytes[events.offset + i * sizeof event];
        std::memcpy(&event, where, sizeof event);
        event.thread %= static_cast<std::uint32_t>(thread_count);
        if (event.nanoseconds > latest) latest += (event.nanoseconds - latest) % (std::int64_t{1} << 36);
        event.nanoseconds = latest;
        std::memcpy(where, &event, sizeof event);
    }
    for (SectionEntry& entry : front.table) entry.crc = checksum(0, bytes.data() + entry.offset, entry.bytes);
    front.header.crc = checksum(front);
    std::memcpy(bytes.data(), &front, sizeof front);
}

// Four threads, as of a Step run: one signals, three wait.
std::string some_steps() {
    session::StepRecord record;
    for (std::uint8_t i = 0; i < 40; ++i) {
        sched::MadeStep made{};
        made.step.thread = i % 4, made.step.enabled = 15;
        made.step.operation.kind = i % 4 == 0 ? OperationKind::kSignal : OperationKind::kWait;
        made.step.operation.tick = i, made.step.operation.object = 0x5000, made.step.operation.second = 0x5100;
        made.step.operation.pc = 0x401000;
        record.steps.push_back(made);
        record.times.emplace_back(1000 + 100 * i);
    }
    record.tids = {100, 101, 102, 103};
    record.standing.alive = 15;
    for (Operation& next : record.standing.pending) next.kind = OperationKind::kLock, next.second = 0x5000;
    record.ended = sched::Ended{Ending::kLockLeak, 0, 0x5100, 0, 1, "text"};
    return session::to_bytes(record);
}

std::string saved(const session::RunState& state, const EventLogView& log, const std::string& steps = {}) {
    std::string path = "/tmp/heddle-fuzz-XXXXXX";
    const UniqueFd made(::mkstemp(path.data()));
    RunFile file = session::to_run_file(state, log);
    if (!steps.empty()) file.attachments["steps"] = steps;
    if (!made || !save_run(path, file)) __builtin_trap();
    std::string bytes(1 << 20, '\0');
    const UniqueFd written(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    bytes.resize(static_cast<std::size_t>(::read(written.get(), bytes.data(), bytes.size())));
    ::unlink(path.c_str());
    return bytes;
}

// Two processes of two threads, each doing one thing of every kind.
EventLogView one_of_everything(EventLog& log) {
    std::vector<PackedEvent> events;
    const std::uint32_t blob = log.add_blob("worker"), registers = log.add_blob(std::string(200, '\1'));
    std::int64_t time = 1000;
    for (int thread = 0; thread < 4; ++thread) {
        const auto index = log.thread(ThreadId(100 + thread), ProcessId(thread < 2 ? 100 : 102), Nanoseconds(time));
        for (std::uint32_t kind = 1; kind <= static_cast<std::uint32_t>(Kind::kNote); ++kind) {
            if (kind > static_cast<std::uint32_t>(Kind::kLastHookKind) &&
                kind < static_cast<std::uint32_t>(Kind::kFirstKernelKind))
                continue;
            for (std::uint8_t detail = 0; detail < 3; ++detail)
                events.push_back(packed(time += 10, static_cast<Kind>(kind), detail, 0x5000 + 8 * kind, 100, index.value,
                                        kind == static_cast<std::uint32_t>(Kind::kRegisters) ? registers : blob, 0x401000));
        }
        for (std::uint8_t call = 1; call < 80; ++call) {
            events.push_back(packed(time += 10, Kind::kCallBegin, call, 0x6000, 1, index.value));
            events.push_back(packed(time += 10, Kind::kCallEnd, call, 0x6000, 0, index.value));
        }
    }
    log.insert(std::move(events));
    return log.view();
}

}  // namespace

const int kMutations = 4000;

std::vector<std::string> seeds() {
    session::RunState state;
    state.info.scenario = "races/lost-update", state.info.variant = "broken", state.info.parameters = {{"threads", 2}};
    state.exit.kind = model::ProcessExit::Kind::kExited;
    state.unavailable = {{"perf-switches", "refused", ""}};
    state.sources = {{"/heddle/program/a.cpp", "int main() {}\n"}, {"/heddle/program/b.h", "int b;\n"}};
    state.program_bytes = "\177ELF";
    EventLog log, empty;
    const EventLogView everything = one_of_everything(log);
    return {saved(state, everything), saved(state, empty.view()), saved(state, everything, some_steps())};
}

}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace heddle;
    std::string file(reinterpret_cast<const char*>(bytes), size);
    fuzz::put_right(file);
    const fuzz::MemoryFile memory(file);
    const auto run = trace::open_run(memory.path());
    if (!run) return 0;
    auto state = session::from_run_file(*run);
    if (!state) return 0;
    session::RunDocument document(std::move(*state), {});
    document.take_events(run->log, 0);
    document.finish();
    const std::uint64_t events = run->log.size();
    for (const std::uint64_t playhead : {events, events / 2, events / 3, std::uint64_t{0}})
        (void)document.snapshot({playhead, false, false, 1});
    const auto steps = run->attachments.find("steps");
    if (steps == run->attachments.end()) return 0;
    auto record = session::from_bytes(steps->second);
    if (!record) return 0;
    const session::SavedSteps source(std::move(*record));
    session::StepHistory history(source, document);
    (void)history.findings();
    for (const std::uint64_t playhead : {events, events / 2, std::uint64_t{0}}) (void)history.view(playhead, true);
    return 0;
}
