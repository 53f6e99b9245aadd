#include "core/session/live_run.h"

#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "core/catalog/program_builder.h"
#include "core/kernel/facilities.h"
#include "core/session/installation.h"
#include "core/session/kept_input.h"
#include "core/session/user_sources.h"

namespace heddle::session {
namespace {

std::string cpu_model() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (!line.starts_with("model name")) continue;
        const std::size_t colon = line.find(": ");
        return colon == std::string::npos ? "" : line.substr(colon + 2);
    }
    return {};
}

// The CPUs Heddle itself may use, ascending.
std::vector<int> allowed_cpus() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    ::sched_getaffinity(0, sizeof allowed, &allowed);
    std::vector<int> cpus;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<std::size_t>(cpu), &allowed)) cpus.push_back(cpu);
    }
    return cpus;
}

// A scenario's cpus are positions among the allowed ones; what this machine does not have is left out.
std::vector<int> chosen_cpus(const std::vector<int>& positions) {
    const std::vector<int> allowed = allowed_cpus();
    std::vector<int> chosen;
    for (const int position : positions) {
        if (position >= 0 && static_cast<std::size_t>(position) < allowed.size()) {
            chosen.push_back(allowed[static_cast<std::size_t>(position)]);
        }
    }
    return chosen;
}

model::ProcessExit exit_of(int wait_status, StopReason reason) {
    if (reason != StopReason::kNone)
        return {model::ProcessExit::Kind::kStoppedByHeddle, 0, WIFSIGNALED(wait_status) ? WTERMSIG(wait_status) : 0};
    if (WIFSIGNALED(wait_status)) return {model::ProcessExit::Kind::kSignaled, 0, WTERMSIG(wait_status)};
    return {model::ProcessExit::Kind::kExited, WEXITSTATUS(wait_status), 0};
}

std::optional<catalog::OwnProgram> own_program_of(const RunRequest& request) {
    const catalog::Scenario& scenario = request.scenario;
    if (!catalog::is_own_id(scenario.id)) return std::nullopt;
    catalog::OwnProgram own;
    own.targets = catalog::targets_of_id(scenario.id);
    own.compiler = scenario.variant(request.variant)->compiler;
    own.flags = scenario.compile_flags;
    own.arguments = scenario.arguments;
    own.input = scenario.input;
    own.keeps_input = scenario.keeps_input;
    return own;
}

}  // namespace

Result<RunRequest> complete_request(RunRequest request) {
    const catalog::Scenario& scenario = request.scenario;
    if (request.variant.empty() && !scenario.variants.empty()) request.variant = scenario.variants.front().id;
    if (scenario.variant(request.variant) == nullptr) {
        std::string known;
        for (const catalog::Variant& variant : scenario.variants) known += (known.empty() ? "" : ", ") + variant.id;
        return fail("unknown variant of " + scenario.id, request.variant, "choose one of: " + known);
    }
    for (const auto& [name, value] : request.parameters) {
        const catalog::Parameter* const parameter = scenario.parameter(name);
        if (parameter == nullptr) {
            std::string known;
            for (const catalog::Parameter& one : scenario.parameters) known += (known.empty() ? "" : ", ") + one.name;
            return fail("unknown parameter of " + scenario.id, name, known.empty() ? "it has none" : "choose one of: " + known);
        }
        if (value < parameter->minimum || value > parameter->maximum) {
            return fail(
                "parameter out of range", name + "=" + std::to_string(value),
                "give a number from " + std::to_string(parameter->minimum) + " to " + std::to_string(parameter->maximum));
        }
    }
    // Where somebody goes step by step, or every order is tried, small ones.
    if (request.mode != model::Mode::kRun) {
        for (const auto& [name, value] : scenario.explore.parameters) request.parameters.try_emplace(name, value);
    }
    for (const catalog::Parameter& parameter : scenario.parameters) {
        request.parameters.try_emplace(parameter.name, parameter.default_value);
    }
    return request;
}

model::RunInfo describe_run(const RunRequest& request) {
    model::RunInfo info;
    info.scenario = request.scenario.id;
    info.variant = request.variant;
    info.parameters = request.parameters;
    info.manner = request.manner;
    info.about_orders = !catalog::is_own_id(request.scenario.id) && request.scenario.can_be_explored();
    utsname system{};
    ::uname(&system);
    info.machine = system.nodename;
    info.kernel = std::string(system.sysname) + " " + system.release;
    info.cpu_model = cpu_model();
    info.cpus = static_cast<int>(allowed_cpus().size());
    if (request.mode != model::Mode::kRun) {
        info.mode = request.mode == model::Mode::kStep ? "step" : "explore";
        info.badge = model::Badge::kControlled;
    }
    return info;
}

tl::expected<std::unique_ptr<LiveRun>, catalog::BuildError> LiveRun::start(const RunRequest& request, const Hooks& hooks) {
    const Installation installation = TRY(find_installation());
    const catalog::Variant& variant = *request.scenario.variant(request.variant);
    catalog::BuildOptions build;
    build.prebuilt = installation.prebuilt;
    build.stop = hooks.stop;
    build.progress = hooks.progress;
    catalog::BuiltProgram program = TRY(catalog::build_program(request.scenario, variant, build));

    std::unique_ptr<LiveRun> run(new LiveRun);
    RunState& state = run->initial_;
    state.info = describe_run(request);
    state.info.program = std::filesystem::canonical(program.path).string();
    state.status = model::RunStatus::kRunning;
    state.unavailable = kernel::missing_page_facts();
    state.program_bytes = read_program(program.path);
    state.sources = user_sources(variant, state.program_bytes);
    state.own = own_program_of(request);
    if (state.own) state.input = read_input(state.own->input);
    if (!has_hooks(state.program_bytes))
        state.unavailable.push_back({"hooks", "the program was built without hooks", "heddle run FILE.cpp"});

    run->keeps_program_ = std::move(program.keeps_folder);

    RecorderOptions options;
    options.lab.supervisor = installation.lab;
    options.lab.preload = {installation.runtime};
    options.lab.command = {state.info.program};
    for (const catalog::Parameter& parameter : request.scenario.parameters) {
        options.lab.command.push_back(std::to_string(request.parameters.at(parameter.name)));
    }
    const std::vector<std::string>& own = request.scenario.arguments;
    options.lab.command.insert(options.lab.command.end(), own.begin(), own.end());
    options.lab.input = request.scenario.input;
    options.lab.cpus = chosen_cpus(request.scenario.cpus);
    options.limits.seconds = request.time_limit_s.value_or(request.scenario.time_limit_s);
    options.observer.perf = request.allow_perf;
    if (request.mode == model::Mode::kStep) {
        // On one CPU, as only one of them moves; at the same addresses each time, so that a replay is the same run.
        const int cpu = allowed_cpus().front();
        run->gate_ = std::make_shared<Gate>(TRY(SharedBoard::create()), CpuId(cpu));
        options.gate = run->gate_;
        options.lab.preload = {installation.runtime, installation.fibers};
        options.lab.cpus = {cpu};
        options.lab.fixed_addresses = true;
        if (!request.to_the_end) options.limits.seconds = std::numeric_limits<double>::infinity();
    }
    run->recorder_ = TRY(Recorder::start(std::move(options)));
    return run;
}

RunState LiveRun::state() const {
    RunState state = initial_;
    const Recorder& recorder = *recorder_;
    const bool exact = recorder.observer().exact();
    if (!gate_) state.info.badge = exact ? model::Badge::kReal : model::Badge::kSampled;
    state.switches = recorder.switches();
    state.switches.source = gate_ ? "switches.gate" : exact ? "switches.kernel" : "switches.sampled";
    state.dropped = recorder.ring_stats().dropped + recorder.lost_records();
    const std::vector<Unavailable>& unseen = recorder.observer().unavailable();
    state.unavailable.insert(state.unavailable.begin(), unseen.begin(), unseen.end());
    state.stop_reason = recorder.stop_reason();
    state.killed_rest = recorder.killed_rest();
    if (!recorder.ended()) return state;
    state.status = model::RunStatus::kEnded;
    state.exit = exit_of(recorder.wait_status(), recorder.stop_reason());
    if (recorder.exec_error() != 0) {
        state.status = model::RunStatus::kFailed;
        state.failure = Error{"cannot execute the program", state.info.program, recorder.exec_error(), ""}.message();
    }
    return state;
}

}  // namespace heddle::session
