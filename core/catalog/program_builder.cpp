#include "core/catalog/program_builder.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "core/catalog/program_cache.h"
#include "core/catalog/subprocess.h"

namespace heddle::catalog {

namespace {

namespace fs = std::filesystem;
using Built = tl::expected<BuiltProgram, BuildError>;

// Raise it whenever a command line below changes.
constexpr char kFormat[] = "heddle-program-3";

#if defined(__x86_64__)
constexpr char kMachine[] = "x86-64";
#else
constexpr char kMachine[] = "aarch64";
#endif

tl::unexpected<BuildError> failed(Error error, std::vector<Diagnostic> diagnostics = {}) {
    BuildError result;
    static_cast<Error&>(result) = std::move(error);
    result.diagnostics = std::move(diagnostics);
    return tl::unexpected<BuildError>(std::move(result));
}

struct Plan {
    std::vector<fs::path> sources;  // absolute
    std::vector<std::string> flags;
    std::string compiler, key, program;
    fs::path precompiled;
};

Result<Plan> plan(const std::vector<fs::path>& sources, const std::vector<std::string>& flags, const BuildOptions& options) {
    if (sources.empty()) return fail("there is no source file to build");
    Plan result{
        {}, flags, options.compiler, {}, sources.front().stem().string(), flags.empty() ? options.precompiled : fs::path()};
    ContentHash hash;
    hash.add(kFormat);
    hash.add(kMachine);
    hash.add(fs::path(options.compiler).filename().string());
    for (const std::string& flag : flags) hash.add(flag);
    for (const fs::path& source : sources) {
        errno = 0;
        std::ifstream file(source, std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
        if (!file) return fail_errno("cannot read the program", source.string());
        hash.add(source.filename().string());
        hash.add(text);
        std::error_code error;
        result.sources.push_back(fs::absolute(source, error));
    }
    result.key = hash.text();
    return result;
}

bool is_header(const fs::path& source) {
    return source.extension() == ".h" || source.extension() == ".hpp";
}

// Compiles each source in `folder`, then links without -fsanitize: the hooks stay unresolved until the runtime is preloaded.
// Neither the sources' folder nor `folder` (empty: not known yet) gets into the debug information.
std::vector<std::vector<std::string>> commands(const Plan& plan, const fs::path& folder) {
    std::vector<std::vector<std::string>> result;
    std::vector<std::string> link = {plan.compiler, "-o", plan.program};
    for (const fs::path& source : plan.sources) {
        if (is_header(source)) continue;
        const std::string object = std::to_string(result.size()) + ".o";
        std::vector<std::string> compile = usual_compile_command(plan.compiler);
        for (const fs::path& hidden : {source.parent_path(), folder}) {
            if (!hidden.empty()) compile.push_back("-ffile-prefix-map=" + hidden.string() + "=" + kSourcePrefix);
        }
        compile.insert(compile.end(), plan.flags.begin(), plan.flags.end());
        if (!plan.precompiled.empty() && !folder.empty())
            compile.insert(compile.end(), {"-include", plan.precompiled.string()});
        compile.insert(compile.end(), {"-c", source.string(), "-o", object});
        result.push_back(std::move(compile));
        link.push_back(object);
    }
    // -rdynamic: without it GNU ld leaves unresolved functions out of the dynamic symbols, and the program cannot be loaded.
    link.insert(link.end(), {"-rdynamic", "-Wl,--unresolved-symbols=ignore-all", "-Wl,-z,lazy", "-pthread"});
    result.push_back(std::move(link));
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
    return {"the C++ compiler is missing", compiler, 0, is_clang(compiler) ? "apt install clang" : "apt install g++"};
}

// What the compiler said, in one sentence: its first error, else its first line.
Error compile_error(const std::vector<Diagnostic>& diagnostics, const std::string& output) {
    const auto first = std::find_if(diagnostics.begin(), diagnostics.end(),
                                    [](const Diagnostic& d) { return d.severity == "error" || d.severity == "fatal error"; });
    if (first == diagnostics.end()) return {"the program does not compile", output.substr(0, output.find('\n')), 0, ""};
    return {"the program does not compile: " + first->message, first->file.string() + ":" + std::to_string(first->line), 0, ""};
}

tl::expected<void, BuildError> run_commands(const Plan& plan, const fs::path& folder, const BuildOptions& options) {
    for (const auto& command : commands(plan, folder)) {
        const auto finished = run_to_end(command, folder, options.time_limit, options.stop);
        if (!finished && finished.error().errno_value == ENOENT) return failed(compiler_missing(plan.compiler));
        if (!finished) return failed(finished.error());
        if (finished->cancelled) return failed({"building was cancelled", plan.program, 0, ""});
        if (finished->timed_out) {
            return failed({"the compiler took too long", std::to_string(options.time_limit.count()) + " s", 0, ""});
        }
        if (finished->signal != 0) {
            return failed({"the compiler was ended by a signal", ::strsignal(finished->signal), 0, "Is there enough memory?"});
        }
        if (finished->exit_code != 0) {
            auto diagnostics = parse_diagnostics(finished->output);
            Error error = compile_error(diagnostics, finished->output);
            return failed(std::move(error), std::move(diagnostics));
        }
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
    if (auto done = run_commands(plan, *folder, options); !done) return tl::make_unexpected(done.error());
    built.path = *folder / plan.program;
    built.note = "The program could not be kept for the next time; it was built in " + folder->string() + ".";
    return built;
}

}  // namespace

Built build_program(const std::vector<fs::path>& sources, const std::vector<std::string>& flags, const BuildOptions& options) {
    const auto planned = plan(sources, flags, options);
    if (!planned) return failed(planned.error());
    BuiltProgram built;
    built.compiler = options.compiler;
    for (const auto& command : commands(*planned, {})) built.command_lines.push_back(one_line(command));

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
    if (auto done = run_commands(*planned, *work, options); !done) return tl::make_unexpected(done.error());
    if (auto done = publish(*work, cache / planned->key, planned->program); !done) return failed(done.error());
    built.path = cache / planned->key / planned->program;
    return built;
}

Built build_program(const Scenario& scenario, const Variant& variant, const BuildOptions& options) {
    return build_program({variant.source}, scenario.compile_flags, options);
}

std::vector<std::string> usual_compile_command(const std::string& compiler) {
    std::vector<std::string> command = {compiler, "-std=c++20", "-g", "-O0", "-fsanitize=thread", "-pthread"};
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

fs::path source_path(std::string_view debug_path, const fs::path& source_folder) {
    const std::string prefix = std::string(kSourcePrefix) + "/";
    if (debug_path.substr(0, prefix.size()) != prefix) return fs::path(debug_path);
    return source_folder / fs::path(debug_path.substr(prefix.size()));
}

}  // namespace heddle::catalog
