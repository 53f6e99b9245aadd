#include "core/session/archive.h"

#include <charconv>
#include <ctime>

namespace heddle::session {
namespace {

using Exit = model::ProcessExit::Kind;

constexpr const char* kProgramAttachment = "program";
constexpr const char *kSourceAttachment = "source", *kSourcePath = "source_path";
constexpr const char *kInputAttachment = "input", *kArgument = "argument", *kInputPath = "input_path", *kCompiler = "compiler",
                     *kFlag = "flag";
constexpr std::size_t kMostSources = 1000, kMostArguments = 100'000;

std::string exit_kind_text(Exit kind) {
    switch (kind) {
        case Exit::kRunning:
            return "running";
        case Exit::kExited:
            return "exited";
        case Exit::kSignaled:
            return "signaled";
        case Exit::kStoppedByHeddle:
            return "stopped";
    }
    return "";
}

std::optional<Exit> parse_exit_kind(const std::string& text) {
    for (const Exit kind : {Exit::kRunning, Exit::kExited, Exit::kSignaled, Exit::kStoppedByHeddle}) {
        if (text == exit_kind_text(kind)) return kind;
    }
    return std::nullopt;
}

// Of the i-th entry or attachment of this name: the first one's has no number.
std::string numbered(const char* name, std::size_t i) {
    return i == 0 ? name : name + ("." + std::to_string(i));
}

std::string now_utc() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}

// Reads numbers and texts out of the metadata's free entries, and remembers the first one that is missing or no number.
class Entries {
public:
    explicit Entries(const std::map<std::string, std::string>& entries) : entries_(entries) {}

    std::string text(const std::string& name) {
        const auto found = entries_.find(name);
        if (found == entries_.end()) {
            bad_ = bad_.empty() ? name : bad_;
            return {};
        }
        return found->second;
    }
    std::int64_t number(const std::string& name) { return parse(name, text(name)); }
    std::int64_t parse(const std::string& name, const std::string& value) {
        std::int64_t parsed = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
        if (error != std::errc{} || end != value.data() + value.size()) bad_ = bad_.empty() ? name : bad_;
        return parsed;
    }
    const std::string& bad() const { return bad_; }

private:
    const std::map<std::string, std::string>& entries_;
    std::string bad_;
};

void put_own_program(const RunState& state, trace::RunFile& file) {
    if (!state.own) return;
    auto& more = file.metadata.more;
    more[kCompiler] = state.own->compiler;
    // What is only in Heddle's memory has no name that another Heddle could know.
    const std::string input = state.own->input.string();
    more[kInputPath] = input.starts_with("/proc/self/fd/") ? std::string() : input;
    const auto put = [&more](const char* name, const std::vector<std::string>& words) {
        for (std::size_t i = 0; i < words.size(); ++i) more[numbered(name, i)] = words[i];
    };
    put(kArgument, state.own->arguments), put(kFlag, state.own->flags);
    if (state.input) file.attachments[kInputAttachment] = *state.input;
}

// Older files hold its name only. A compiler that is no usual one's name is left out, and so are flags that have it execute
// something: the file may come from anyone.
void get_own_program(const trace::RunFile& file, RunState& state) {
    if (!catalog::is_own_id(state.info.scenario)) return;
    const auto& more = file.metadata.more;
    catalog::OwnProgram& own = state.own.emplace();
    own.targets = catalog::targets_of_id(state.info.scenario);
    const auto compiler = more.find(kCompiler), input_path = more.find(kInputPath);
    if (compiler != more.end() && compiler->second.find('/') == std::string::npos) own.compiler = compiler->second;
    if (input_path != more.end()) own.input = input_path->second;
    const auto words = [&more](const char* name) {
        std::vector<std::string> found;
        for (std::size_t i = 0; i < kMostArguments; ++i) {
            const auto word = more.find(numbered(name, i));
            if (word == more.end()) break;
            found.push_back(word->second);
        }
        return found;
    };
    own.arguments = words(kArgument), own.flags = catalog::harmless_flags(words(kFlag));
    const auto input = file.attachments.find(kInputAttachment);
    if (input != file.attachments.end()) state.input = input->second;
}

}  // namespace

trace::RunFile to_run_file(const RunState& state, const trace::EventLogView& log) {
    trace::RunFile file;
    trace::RunMetadata& meta = file.metadata;
    meta.scenario = state.info.scenario;
    meta.variant = state.info.variant;
    meta.mode = state.info.mode;
    meta.heddle_version = HEDDLE_VERSION;
    meta.machine = state.info.machine;
    meta.kernel = state.info.kernel;
    meta.date = now_utc();
    for (const auto& [name, value] : state.info.parameters) meta.parameters[name] = std::to_string(value);
    meta.exit_kind = exit_kind_text(state.exit.kind);
    meta.exit_code = state.exit.kind == Exit::kExited ? state.exit.code : state.exit.signal;
    auto& more = meta.more;
    more["program"] = state.info.program;
    more["cpu_model"] = state.info.cpu_model;
    more["cpus"] = std::to_string(state.info.cpus);
    more["badge"] = std::to_string(static_cast<int>(state.info.badge));
    more["stop_reason"] = std::to_string(static_cast<int>(state.stop_reason));
    more["killed_rest"] = std::to_string(state.killed_rest);
    more["dropped"] = std::to_string(state.dropped);
    for (std::size_t i = 0; i < state.sources.size(); ++i) more[numbered(kSourcePath, i)] = state.sources[i].path.string();
    more["switches.source"] = state.switches.source;
    more["switches.captured"] = std::to_string(state.switches.captured);
    more["switches.after_exit"] = std::to_string(state.switches.after_exit);
    more["switches.kernel"] = std::to_string(state.switches.kernel);
    more["switches.preempted"] = std::to_string(state.switches.preempted);
    more["switches.voluntary"] = std::to_string(state.switches.voluntary);
    more["switches.migrations"] = std::to_string(state.switches.migrations);
    more["unavailable"] = std::to_string(state.unavailable.size());
    for (std::size_t i = 0; i < state.unavailable.size(); ++i) {
        const std::string name = "unavailable." + std::to_string(i);
        more[name + ".facility"] = state.unavailable[i].facility;
        more[name + ".reason"] = state.unavailable[i].reason;
        more[name + ".remedy"] = state.unavailable[i].remedy;
    }
    file.log = log;
    file.attachments[kProgramAttachment] = state.program_bytes;
    for (std::size_t i = 0; i < state.sources.size(); ++i)
        file.attachments[numbered(kSourceAttachment, i)] = state.sources[i].text;
    put_own_program(state, file);
    return file;
}

Result<RunState> from_run_file(const trace::RunFile& file) {
    const trace::RunMetadata& meta = file.metadata;
    Entries entries(meta.more);
    RunState state;
    state.status = model::RunStatus::kEnded;
    state.info.scenario = meta.scenario;
    state.info.variant = meta.variant;
    state.info.mode = meta.mode;
    state.info.machine = meta.machine;
    state.info.kernel = meta.kernel;
    for (const auto& [name, value] : meta.parameters) state.info.parameters[name] = entries.parse(name, value);
    const auto kind = parse_exit_kind(meta.exit_kind);
    if (!kind) return fail("the saved run has an unknown kind of exit", meta.exit_kind, "save the run again");
    state.exit.kind = *kind;
    (*kind == Exit::kExited ? state.exit.code : state.exit.signal) = meta.exit_code;

    const auto small = [&entries](const std::string& name, int last) {
        const std::int64_t value = entries.number(name);
        return value >= 0 && value <= last ? static_cast<int>(value) : 0;
    };
    state.info.program = entries.text("program");
    state.info.cpu_model = entries.text("cpu_model");
    state.info.cpus = small("cpus", 1 << 16);
    state.info.badge = static_cast<model::Badge>(small("badge", static_cast<int>(model::Badge::kSampled)));
    state.stop_reason = static_cast<StopReason>(small("stop_reason", static_cast<int>(StopReason::kDeadlock)));
    state.killed_rest = entries.number("killed_rest");
    state.dropped = static_cast<std::uint64_t>(entries.number("dropped"));
    state.switches.source = entries.text("switches.source");
    state.switches.captured = static_cast<std::uint64_t>(entries.number("switches.captured"));
    state.switches.after_exit = static_cast<std::uint64_t>(entries.number("switches.after_exit"));
    state.switches.kernel = entries.number("switches.kernel");
    state.switches.preempted = static_cast<std::uint64_t>(entries.number("switches.preempted"));
    state.switches.voluntary = static_cast<std::uint64_t>(entries.number("switches.voluntary"));
    state.switches.migrations = static_cast<std::uint64_t>(entries.number("switches.migrations"));
    const int unavailable = small("unavailable", 1000);
    for (int i = 0; i < unavailable; ++i) {
        const std::string name = "unavailable." + std::to_string(i);
        state.unavailable.push_back(
            {entries.text(name + ".facility"), entries.text(name + ".reason"), entries.text(name + ".remedy")});
    }
    if (!entries.bad().empty()) return fail("the saved run has no usable entry", entries.bad(), "save the run again");
    const auto attachment = [&file](const std::string& name) {
        const auto found = file.attachments.find(name);
        return found == file.attachments.end() ? std::string() : found->second;
    };
    state.program_bytes = attachment(kProgramAttachment);
    for (std::size_t i = 0; i < kMostSources; ++i) {
        const auto path = meta.more.find(numbered(kSourcePath, i));
        if (path == meta.more.end()) break;
        state.sources.push_back({path->second, attachment(numbered(kSourceAttachment, i))});
    }
    get_own_program(file, state);
    return state;
}

}  // namespace heddle::session
