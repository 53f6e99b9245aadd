#include "core/catalog/own_program.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <set>

#include "core/catalog/command_words.h"

namespace heddle::catalog {
namespace fs = std::filesystem;
namespace {

constexpr std::array<std::string_view, 5> kCxxEndings = {".cc", ".cpp", ".cxx", ".c++", ".C"};
constexpr std::array<std::string_view, 5> kHeaderEndings = {".h", ".hh", ".hpp", ".hxx", ".inl"};
constexpr std::size_t kMostSources = 500, kMostSourceBytes = std::size_t{16} << 20;
constexpr char kRemedy[] = "name a .c or .cpp file, a folder of them, or a program";

bool ends_like(const fs::path& path, const auto& endings) {
    const std::string ending = path.extension().string();
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

bool can_run(const fs::path& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

bool in_path(const std::string& program) {
    if (program.find('/') != std::string::npos) return can_run(program);
    const char* const search = std::getenv("PATH");
    std::string rest = search != nullptr ? search : "/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        if (can_run(rest.substr(0, colon) + "/" + program)) return true;
        rest = colon == std::string::npos ? std::string() : rest.substr(colon + 1);
    }
    return false;
}

// Readable, a file, and not endless.
Result<> check_source(const fs::path& path) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) return fail("this is not a file", path.string(), kRemedy);
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail_errno("the source file cannot be read", path.string(), "chmod u+r " + path.string());
    const std::uintmax_t size = fs::file_size(path, error);
    if (size > kMostSourceBytes) return fail("the source file is too large", path.string(), "Heddle builds files up to 16 MiB");
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        return fail("the source file is empty", path.string(), "write a program with a main function into it, and save it");
    if (text.find('\0') != std::string::npos)
        return fail("the source file holds no text", path.string(), "save it as plain text in UTF-8");
    return {};
}

Result<std::vector<fs::path>> sources_in(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> found;
    fs::directory_iterator entries(folder, error);
    if (error) {
        errno = error.value();
        return fail_errno("the folder cannot be read", folder.string(), "chmod u+rx " + folder.string());
    }
    for (const fs::directory_entry& entry : entries) {
        if (is_source(entry.path()) && !entry.path().filename().string().starts_with(".")) found.push_back(entry.path());
    }
    if (found.empty())
        return fail("there is no source file in this folder", folder.string(),
                    "put a .c or .cpp file there, or name another folder");
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::vector<fs::path>> sources_of(const std::vector<fs::path>& targets) {
    std::vector<fs::path> sources;
    const auto add = [&](const fs::path& source) {
        if (std::find(sources.begin(), sources.end(), source) == sources.end()) sources.push_back(source);
    };
    std::error_code error;
    for (const fs::path& target : targets) {
        if (fs::is_directory(target, error)) {
            for (const fs::path& source : TRY(sources_in(target))) add(source);
        } else if (!fs::exists(target, error)) {
            return fail("there is no such file", target.string(), kRemedy);
        } else if (is_header(target)) {
            return fail("a header alone is no program", target.string(), "name the .c or .cpp file that includes it");
        } else if (!is_source(target)) {
            return fail(targets.size() > 1 && can_run(target) ? "a built program can only be named alone"
                                                              : "this is neither C or C++ source nor a program",
                        target.string(), kRemedy);
        } else {
            add(target);
        }
    }
    if (sources.size() > kMostSources)
        return fail("there are too many source files", std::to_string(sources.size()), "name those of one program");
    for (const fs::path& source : sources) TRY(check_source(source));
    return sources;
}

// What a line includes by "…"; empty: nothing.
std::string included_name(std::string_view line) {
    const auto skip_blanks = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
    skip_blanks();
    if (!line.starts_with('#')) return {};
    line.remove_prefix(1);
    skip_blanks();
    if (!line.starts_with("include")) return {};
    line.remove_prefix(7);
    skip_blanks();
    const std::size_t end = line.starts_with('"') ? line.find('"', 1) : std::string_view::npos;
    return end == std::string_view::npos ? std::string() : std::string(line.substr(1, end - 1));
}

struct Family {
    const char *id, *title, *compiler;
};
constexpr Family kFamilies[] = {{"gcc", "GCC", "g++"}, {"clang", "Clang", "clang++"}};

// The asked for compiler first, then the others that are installed, so that one can change over.
std::vector<Variant> variants_for(const std::string& compiler, const std::vector<fs::path>& files) {
    std::vector<Variant> variants;
    const auto add = [&](const std::string& id, const std::string& title, const std::string& program) {
        variants.push_back({id, {title, title}, files.front(), {files.begin() + 1, files.end()}, program});
    };
    const auto family = std::find_if(std::begin(kFamilies), std::end(kFamilies),
                                     [&](const Family& each) { return compiler == each.id || compiler == each.compiler; });
    if (!compiler.empty() && family == std::end(kFamilies)) {
        const std::string name = fs::path(compiler).filename().string();
        add(name, name, compiler);
    } else if (!compiler.empty()) {
        add(family->id, family->title, family->compiler);
    }
    for (const Family& each : kFamilies) {
        const bool there = !variants.empty() && variants.front().id == each.id;
        if (!there && in_path(each.compiler)) add(each.id, each.title, each.compiler);
    }
    if (variants.empty()) add("gcc", "GCC", "g++");  // building says that it is missing
    return variants;
}

// The compiler works in a folder of its own: paths are made absolute. from: where the others begin.
std::vector<std::string> with_absolute_paths(std::vector<std::string> flags, const fs::path& from) {
    const auto absolute = [&](const std::string& path) { return (from / path).lexically_normal().string(); };
    for (std::size_t i = 0; i < flags.size(); ++i) {
        for (const std::string_view option : {"-I", "-L", "-isystem", "-iquote", "-include"}) {
            if (flags[i] == option && i + 1 < flags.size()) {
                flags[i + 1] = absolute(flags[i + 1]);
            } else if (option.size() == 2 && flags[i].starts_with(option) && flags[i].size() > 2) {
                flags[i] = std::string(option) + absolute(flags[i].substr(2));
            }
        }
    }
    return flags;
}

// As one would type it.
std::string command_line(const OwnProgram& own, const std::vector<fs::path>& targets) {
    std::string text;
    for (const fs::path& target : targets) text += (text.empty() ? "" : " ") + quoted_word(target.string());
    if (!own.arguments.empty()) text += " " + joined_words(own.arguments);
    const fs::path& input = own.input_name.empty() && own.keeps_input == nullptr ? own.input : own.input_name;
    if (!input.empty()) text += " < " + quoted_word(input.string());
    return text;
}

std::string id_of(const std::vector<fs::path>& targets) {
    std::string id;
    for (const fs::path& target : targets) id += (id.empty() ? "" : ":") + target.string();
    return id;
}

std::string title_of(const std::vector<fs::path>& targets) {
    const auto name = [](const fs::path& path) {
        return (path.has_filename() ? path : path.parent_path()).filename().string();
    };
    if (targets.size() == 1) return name(targets.front());
    const std::string first = name(targets[0]);
    return targets.size() == 2 ? first + " + " + name(targets[1]) : first + " + " + std::to_string(targets.size() - 1);
}

}  // namespace

bool is_c_source(const fs::path& path) {
    return path.extension() == ".c";
}
bool is_source(const fs::path& path) {
    return is_c_source(path) || ends_like(path, kCxxEndings);
}
bool is_header(const fs::path& path) {
    return ends_like(path, kHeaderEndings);
}

std::vector<std::string> harmless_flags(const std::vector<std::string>& flags) {
    constexpr std::array<std::string_view, 5> kWithValue = {"-I", "-L", "-l", "-D", "-U"};
    constexpr std::array<std::string_view, 6> kBegin = {"-O", "-std=", "-fno-", "-fopenmp", "-pthread", "-m"};
    std::vector<std::string> harmless;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        const std::string& flag = flags[i];
        const bool alone = std::find(kWithValue.begin(), kWithValue.end(), flag) != kWithValue.end();
        const auto begins = [&flag](std::string_view begin) { return flag.starts_with(begin); };
        const bool warning = begins("-W") && flag.find(',') == std::string::npos;  // -Wl,… is for the linker
        if (alone) {
            if (i + 1 < flags.size()) harmless.push_back(flag + flags[++i]);
        } else if (warning || flag == "-g" || std::any_of(kWithValue.begin(), kWithValue.end(), begins) ||
                   std::any_of(kBegin.begin(), kBegin.end(), begins)) {
            harmless.push_back(flag);
        }
    }
    return harmless;
}

bool names_a_path(std::string_view target) {
    const fs::path path(target);
    std::error_code error;
    return target.starts_with('/') || target.starts_with("./") || target.starts_with("../") || path.has_extension() ||
           fs::exists(path, error);
}

bool is_own_id(std::string_view id) {
    return id.starts_with('/');
}

std::vector<std::string> targets_of_id(std::string_view id) {
    std::vector<std::string> targets;
    while (!id.empty()) {
        const std::size_t next = id.find(":/");
        targets.emplace_back(id.substr(0, next));
        id = next == std::string_view::npos ? std::string_view() : id.substr(next + 1);
    }
    return targets;
}

std::vector<fs::path> own_headers(const std::vector<fs::path>& sources, const std::vector<std::string>& flags) {
    std::vector<fs::path> folders;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        if (flags[i] == "-I" && i + 1 < flags.size()) folders.emplace_back(flags[i + 1]);
        if (flags[i].starts_with("-I") && flags[i].size() > 2) folders.emplace_back(flags[i].substr(2));
    }
    std::vector<fs::path> found, open = sources;
    std::set<fs::path> seen(sources.begin(), sources.end());
    while (!open.empty() && seen.size() < kMostSources) {
        const fs::path file = open.back();
        open.pop_back();
        std::ifstream text(file);
        for (std::string line; std::getline(text, line);) {
            const std::string name = included_name(line);
            if (name.empty()) continue;
            std::vector<fs::path> places = {file.parent_path()};
            places.insert(places.end(), folders.begin(), folders.end());
            for (const fs::path& place : places) {
                std::error_code error;
                const fs::path header = fs::absolute(place / name, error).lexically_normal();
                if (!fs::is_regular_file(header, error)) continue;
                if (seen.insert(header).second) found.push_back(header), open.push_back(header);
                break;
            }
        }
    }
    return found;
}

Result<Scenario> find_scenario(const Catalog& catalog, const OwnProgram& wanted) {
    const std::string first = wanted.targets.empty() ? std::string() : wanted.targets.front();
    auto found = catalog.find(first);
    const bool path = std::any_of(wanted.targets.begin(), wanted.targets.end(), names_a_path);
    if (wanted.targets.size() != 1 || (!found && path)) return own_program(wanted);
    Scenario scenario = *TRY(std::move(found));
    if (!wanted.arguments.empty() || !wanted.input.empty())
        return fail("a scenario takes no arguments and no input",
                    wanted.arguments.empty() ? wanted.input.string() : wanted.arguments.front(),
                    "give its parameters with --set; only one's own program takes what follows --");
    if (!wanted.compiler.empty())
        for (Variant& variant : scenario.variants) variant.compiler = wanted.compiler;
    return scenario;
}

Scenario named_program(const OwnProgram& own, const std::string& variant) {
    const std::vector<fs::path> targets(own.targets.begin(), own.targets.end());
    Scenario scenario;
    scenario.id = id_of(targets);
    const std::string title = title_of(targets), line = command_line(own, targets);
    scenario.title = {title, title};
    scenario.summary = {line, line};
    std::string name = variant;
    for (const Family& each : kFamilies)
        if (variant == each.id) name = each.title;
    scenario.variants = {{variant, {name, name}, {}}};
    return scenario;
}

Result<Scenario> own_program(const OwnProgram& own) {
    if (own.targets.empty()) return fail("no program was named", "", kRemedy);
    std::vector<fs::path> targets;
    std::error_code error;
    for (const std::string& target : own.targets) targets.push_back(fs::absolute(target, error).lexically_normal());
    for (fs::path& target : targets)
        if (!target.has_filename() && target.has_parent_path()) target = target.parent_path();  // "folder/"

    Scenario scenario;
    scenario.id = id_of(targets);
    const std::string title = title_of(targets), line = command_line(own, targets);
    scenario.title = {title, title};
    scenario.summary = {line, line};
    scenario.arguments = own.arguments;
    scenario.keeps_input = own.keeps_input;
    if (!own.input.empty()) {
        scenario.input = fs::absolute(own.input, error).lexically_normal();
        if (!fs::exists(scenario.input, error))
            return fail("there is no such input file", scenario.input.string(), "name the file that the program shall read");
        if (fs::is_directory(scenario.input, error) || ::access(scenario.input.c_str(), R_OK) != 0)
            return fail("the input file cannot be read", scenario.input.string(), "name a file that you may read");
    }
    const fs::path& only = targets.front();
    scenario.folder = fs::is_directory(only, error) ? only : only.parent_path();
    scenario.compile_flags =
        with_absolute_paths(own.flags, own.flags_beside_program ? scenario.folder : fs::current_path(error));
    if (targets.size() == 1 && fs::is_regular_file(only, error) && !is_source(only) && !is_header(only) && can_run(only)) {
        scenario.variants = {{"built", scenario.title, {}, {}, {}, only}};
        return scenario;
    }
    std::vector<fs::path> files = TRY(sources_of(targets));
    std::vector<fs::path> headers = own_headers(files, scenario.compile_flags);
    std::sort(headers.begin(), headers.end());
    files.insert(files.end(), headers.begin(), headers.end());
    scenario.variants = variants_for(own.compiler, files);
    return scenario;
}

}  // namespace heddle::catalog
