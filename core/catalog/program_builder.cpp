#include "core/catalog/program_builder.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/catalog/own_program.h"
#include "core/catalog/program_cache.h"
#include "core/catalog/subprocess.h"

namespace heddle::catalog {

namespace {

namespace fs = std::filesystem;
using Built = tl::expected<BuiltProgram, BuildError>;

// Raise it whenever a command line below changes.
constexpr char kFormat[] = "heddle-program-4";
constexpr char kCStandard[] = "-std=gnu17";

#if defined(__x86_64__)
constexpr char kMachine[] = "x86-64";
#else
constexpr char kMachine[] = "aarch64";
#endif

tl::unexpected<BuildError> failed(Error error, std::vector<Diagnostic> diagnostics = {}) {
    BuildError result(std::move(error));
    result.diagnostics = std::move(diagnostics);
    return tl::unexpected<BuildError>(std::move(result));
}

struct Plan {
    std::vector<fs::path> sources;  // absolute
    std::vector<std::string> flags;
    std::string compiler, key, program;
    fs::path precompiled;
    fs::path root;  // the folder that all sources lie below
};

Result<Plan> plan(const std::vector<fs::path>& sources, const std::vector<std::string>& flags, const BuildOptions& options) {
    if (sources.empty()) return fail("there is no source file to build");
    std::error_code error;
    Plan result;
    result.flags = flags;
    result.compiler = cxx_compiler(options.compiler);
    result.program = sources.front().stem().string();
    if (flags.empty()) result.precompiled = options.precompiled;
    for (const fs::path& source : sources) result.sources.push_back(fs::absolute(source, error).lexically_normal());
    result.root = source_folder_of(result.sources);
    ContentHash hash;
    hash.add(kFormat);
    hash.add(kMachine);
    hash.add(fs::path(result.compiler).filename().string());
    for (const std::string& flag : flags) hash.add(flag);
    for (const fs::path& source : result.sources) {
        errno = 0;
        std::ifstream file(source, std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (!file) return fail_errno("cannot read the program", source.string());
        hash.add(source.lexically_relative(result.root).string());
        hash.add(text);
        if (is_c_source(source)) hash.add(kCStandard);
    }
    result.key = hash.text();
    return result;
}

struct Step {
    std::vector<std::string> command;
    fs::path source;  // empty: it links
};

bool is_link_flag(const std::string& flag) {
    return flag.starts_with("-l") || flag.starts_with("-L") || flag.starts_with("-Wl,");
}

// What brings a library, or another kind of program, with it: for both.
bool is_for_linking_too(const std::string& flag) {
    constexpr std::array<std::string_view, 5> kBegin = {"-fopenmp", "-flto", "-static", "-stdlib=", "-m"};
    return std::any_of(kBegin.begin(), kBegin.end(), [&](std::string_view begin) { return flag.starts_with(begin); });
}

std::vector<std::string> compile_command(const Plan& plan, const fs::path& source) {
    std::vector<std::string> command = usual_compile_command(plan.compiler);
    if (!is_c_source(source)) return command;
    command[0] = c_compiler(plan.compiler);
    std::replace_if(
        command.begin(), command.end(), [](const std::string& word) { return word.starts_with("-std="); }, kCStandard);
    return command;
}

// Compiles each source in `folder`, then links without -fsanitize: the hooks stay unresolved until the runtime is preloaded.
// Neither the sources' folder nor `folder` (empty: not known yet) gets into the debug information.
std::vector<Step> steps(const Plan& plan, const fs::path& folder) {
    std::vector<Step> result;
    const bool all_c =
        std::all_of(plan.sources.begin(), plan.sources.end(), [](const fs::path& s) { return is_c_source(s) || is_header(s); });
    std::vector<std::string> link = {all_c ? c_compiler(plan.compiler) : plan.compiler, "-o", plan.program};
    for (const fs::path& source : plan.sources) {
        if (is_header(source)) continue;
        const std::string object = std::to_string(result.size()) + ".o";
        std::vector<std::string> compile = compile_command(plan, source);
        for (const fs::path& hidden : {plan.root, folder}) {
            if (!hidden.empty()) compile.push_back("-ffile-prefix-map=" + hidden.string() + "=" + kSourcePrefix);
        }
        for (const std::string& flag : plan.flags)
            if (!is_link_flag(flag)) compile.push_back(flag);
        if (!plan.precompiled.empty() && !folder.empty() && !is_c_source(source))
            compile.insert(compile.end(), {"-include", plan.precompiled.string()});
        compile.insert(compile.end(), {"-c", source.string(), "-o", object});
        result.push_back({std::move(compile), source});
        link.push_back(object);
    }
    for (const std::string& flag : plan.flags)
        if (is_link_flag(flag) || is_for_linking_too(flag)) link.push_back(flag);
    // -rdynamic: without it GNU ld leaves unresolved functions out of the dynamic symbols, and the program cannot be loaded. It
    // warns of each, so that those which are no hooks can be told.
    link.insert(link.end(),
                {"-rdynamic", "-Wl,--warn-unresolved-symbols", "-Wl,-z,lazy", "-pthread", "-Wl,--as-needed", "-lm"});
    result.push_back({std::move(link), {}});
    return result;
}

std::string one_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
    return line;
}

bool is_clang(const std::string& compiler) {
    return fs::path(compiler).filename().string().rfind("clang", 0) == 0;
}

Error compiler_missing(const std::string& compiler) {
    const std::string name = fs::path(compiler).filename().string();
    const char* remedy = "name one that is installed: gcc or clang";
    if (is_clang(compiler)) remedy = "apt install clang";
    if (name == "g++" || name == "gcc") remedy = "apt install g++";
    return {"the compiler is missing", compiler, 0, remedy};
}

bool is_error(const Diagnostic& diagnostic) {
    return diagnostic.severity == "error" || diagnostic.severity == "fatal error";
}

std::string place_of(const Diagnostic& diagnostic) {
    if (diagnostic.line == 0) return diagnostic.file.string();
    return diagnostic.file.string() + ":" + std::to_string(diagnostic.line);
}

// What the compiler said, in one sentence: its first error, else its first line.
Error compile_error(const std::vector<Diagnostic>& diagnostics, const std::string& output) {
    const auto first = std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
    if (first == diagnostics.end()) return {"the program does not compile", output.substr(0, output.find('\n')), 0, ""};
    return {"the program does not compile: " + first->message, place_of(*first), 0, ""};
}

Error link_error(const std::vector<Diagnostic>& diagnostics, const std::string& output, const Plan& plan) {
    const auto says = [&](std::string_view what) {
        return std::find_if(diagnostics.begin(), diagnostics.end(),
                            [&](const Diagnostic& each) { return each.message.find(what) != std::string::npos; });
    };
    if (const auto none = says("undefined reference to `main'"); none != diagnostics.end())
        return {"the program has no main function", plan.sources.front().string(), 0,
                "write int main(), or name the file that has it, too"};
    if (const auto second = says("multiple definition of `main'"); second != diagnostics.end())
        return {"the program has more than one main function", place_of(*second), 0, "name only the files of one program"};
    if (diagnostics.empty()) return {"the program does not link", output.substr(0, output.find('\n')), 0, ""};
    const Diagnostic& first = diagnostics.front();
    return {"the program does not link: " + first.message, place_of(first), 0,
            first.message.starts_with("undefined")
                ? "name the file that defines it, too, or add -lNAME to the compiler flags (I in the window)"
                : ""};
}

// One step to its end; an Error when there was no end worth the name.
Result<Finished> run_step(const Plan& plan, const Step& step, const fs::path& folder, const BuildOptions& options) {
    auto finished = run_to_end(step.command, folder, options.time_limit, options.stop);
    if (!finished && finished.error().errno_value == ENOENT) return tl::unexpected(compiler_missing(step.command.front()));
    if (!finished) return tl::unexpected(finished.error());
    if (finished->cancelled) return fail("building was cancelled", plan.program);
    if (finished->timed_out) return fail("the compiler took too long", std::to_string(options.time_limit.count()) + " s");
    if (finished->signal != 0)
        return fail("the compiler was ended by a signal", ::strsignal(finished->signal), "Is there enough memory?");
    return finished;
}

// All files are compiled, also after one that does not, so that all errors can be shown at once.
tl::expected<void, BuildError> run_steps(const Plan& plan, const fs::path& folder, const BuildOptions& options) {
    const std::vector<Step> all = steps(plan, folder);
    std::vector<Diagnostic> diagnostics;
    std::string complaint;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool links = all[i].source.empty();
        if (links && !complaint.empty()) {
            Error error = compile_error(diagnostics, complaint);
            return failed(std::move(error), std::move(diagnostics));
        }
        if (options.progress) options.progress({static_cast<int>(i) + 1, static_cast<int>(all.size()), all[i].source});
        const Result<Finished> finished = run_step(plan, all[i], folder, options);
        if (!finished) return failed(finished.error());
        if (links) {
            auto found = parse_link_diagnostics(finished->output);
            for (Diagnostic& each : found) each.file = source_path(each.file.string(), plan.root);
            if (finished->exit_code == 0 && std::none_of(found.begin(), found.end(), is_error)) break;
            Error error = link_error(found, finished->output, plan);
            return failed(std::move(error), std::move(found));
        }
        if (finished->exit_code == 0) continue;
        for (Diagnostic& each : parse_diagnostics(finished->output)) diagnostics.push_back(std::move(each));
        complaint += finished->output.empty() ? "the compiler gave no reason" : finished->output;
    }
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".o") fs::remove(entry.path(), error);
    }
    return {};
}

Built build_in_private_folder(const Plan& plan, const BuildOptions& options, BuiltProgram built) {
    std::error_code error;
    const auto folder = make_work_folder(fs::temp_directory_path(error));
    if (!folder) return failed(folder.error());
    built.keeps_folder = remove_with_last(*folder);
    if (auto done = run_steps(plan, *folder, options); !done) return tl::make_unexpected(done.error());
    built.path = *folder / plan.program;
    built.note = "The program could not be kept for the next time; it was built in " + folder->string() + ".";
    return built;
}

}  // namespace

Built build_program(const std::vector<fs::path>& sources, const std::vector<std::string>& flags, const BuildOptions& options) {
    const auto planned = plan(sources, flags, options);
    if (!planned) return failed(planned.error());
    BuiltProgram built;
    built.compiler = planned->compiler;
    for (const Step& step : steps(*planned, {})) built.command_lines.push_back(one_line(step.command));

    const fs::path cache = options.cache.empty() ? default_cache_folder() : options.cache;
    for (const fs::path& folder : {options.prebuilt, cache}) {
        const fs::path program = folder / planned->key / planned->program;
        if (folder.empty() || !holds_program(program)) continue;
        built.path = program;
        built.was_cached = true;
        return built;
    }
    if (cache.empty()) return build_in_private_folder(*planned, options, std::move(built));
    const auto work = make_work_folder(cache);
    if (!work) return build_in_private_folder(*planned, options, std::move(built));
    const auto cleanup = remove_with_last(*work);
    if (auto done = run_steps(*planned, *work, options); !done) return tl::make_unexpected(done.error());
    if (auto done = publish(*work, cache / planned->key, planned->program); !done) return failed(done.error());
    built.path = cache / planned->key / planned->program;
    return built;
}

Built build_program(const Scenario& scenario, const Variant& variant, const BuildOptions& options) {
    if (variant.program.empty()) {
        BuildOptions own = options;
        if (!variant.compiler.empty()) own.compiler = variant.compiler;
        return build_program(sources_of(variant), scenario.compile_flags, own);
    }
    if (::access(variant.program.c_str(), X_OK) != 0) {
        Error error{"the program cannot be run", variant.program.string(), errno, "build it again"};
        return failed(std::move(error));
    }
    BuiltProgram built;
    built.path = variant.program;
    built.was_cached = true;
    return built;
}

std::vector<fs::path> sources_of(const Variant& variant) {
    std::vector<fs::path> sources;
    if (!variant.source.empty()) sources.push_back(variant.source);
    sources.insert(sources.end(), variant.more_sources.begin(), variant.more_sources.end());
    return sources;
}

std::vector<std::string> usual_compile_command(const std::string& compiler) {
    // -fno-builtin: what GCC makes of a strcpy by itself has no hooks.
    std::vector<std::string> command = {compiler, "-std=c++20", "-g", "-O0", "-fno-builtin", "-fsanitize=thread", "-pthread"};
    // Clang leaves a read without its hook when a write to the same place follows: the very two steps of counter++.
    if (is_clang(compiler)) command.insert(command.end(), {"-mllvm", "-tsan-instrument-read-before-write=1"});
    return command;
}

fs::path default_cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && cache[0] == '/') return fs::path(cache) / "heddle/programs";
    const char* home = std::getenv("HOME");
    if (home != nullptr && home[0] == '/') return fs::path(home) / ".cache/heddle/programs";
    return {};
}

namespace {
// The compiler's name with one ending in place of another; a version behind it stays.
std::string renamed(const std::string& compiler, std::string_view from, std::string_view to) {
    const std::size_t name = compiler.rfind('/') + 1;  // 0 without a folder
    const std::size_t at = compiler.find(from, name);
    if (at == std::string::npos) return compiler;
    return compiler.substr(0, at) + std::string(to) + compiler.substr(at + from.size());
}
}  // namespace

std::string c_compiler(const std::string& compiler) {
    const std::string plain = renamed(compiler, "clang++", "clang");
    return plain != compiler ? plain : renamed(compiler, "g++", "gcc");
}

std::string cxx_compiler(const std::string& compiler) {
    const std::string c = c_compiler(compiler);
    if (c != compiler) return compiler;
    const std::string clang = renamed(compiler, "clang", "clang++");
    return clang != compiler ? clang : renamed(compiler, "gcc", "g++");
}

fs::path source_folder_of(const std::vector<fs::path>& sources) {
    if (sources.empty()) return {};
    fs::path shared = sources.front().parent_path();
    for (const fs::path& source : sources) {
        const fs::path folder = source.parent_path();
        fs::path common;
        auto mine = shared.begin();
        for (auto theirs = folder.begin(); mine != shared.end() && theirs != folder.end() && *mine == *theirs; ++mine, ++theirs)
            common /= *mine;
        shared = common;
    }
    return shared;
}

fs::path debug_path(const fs::path& source, const fs::path& source_folder) {
    return fs::path(kSourcePrefix) / source.lexically_relative(source_folder);
}

fs::path source_path(std::string_view debug_path, const fs::path& source_folder) {
    const std::string prefix = std::string(kSourcePrefix) + "/";
    if (debug_path.substr(0, prefix.size()) != prefix) return fs::path(debug_path);
    return source_folder / fs::path(debug_path.substr(prefix.size()));
}

}  // namespace heddle::catalog
