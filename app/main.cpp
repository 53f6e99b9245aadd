// heddle: reads the command line, then opens the window or carries out one command.
#include <spdlog/cfg/env.h>
#include <algorithm>
#include <string_view>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "app/commands/commands.h"
#include "app/shell/window_app.h"

namespace {

using namespace heddle;

// A subcommand with its examples below its options.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& what, const std::string& examples) {
    CLI::App* command = app.add_subcommand(name, what);
    command->footer("Examples:\n" + examples);
    return command;
}

void add_common(CLI::App* command, commands::Common& common) {
    command->add_flag("--json", common.json, "Print one JSON object on stdout; everything else goes to stderr");
}

const std::map<std::string, Language> kLanguages = {{"en", Language::kEnglish}, {"ko", Language::kKorean}};

void add_language(CLI::App* command, commands::Common& common) {
    command->add_option("--lang", common.language, "Language of the texts: en or ko")
        ->transform(CLI::CheckedTransformer(kLanguages))
        ->type_name("LANG");
}

// What one's own program is built and run with.
void add_program(CLI::App* command, catalog::OwnProgram& program, const std::string& type) {
    command->add_option("target", program.targets, "Scenario, or your own program: source files, a folder, a built program")
        ->required()
        ->type_name(type);
    command->add_option("--compiler", program.compiler, "gcc, clang or another; the first that is installed when left out")
        ->type_name("CC");
    command->add_option("--stdin", program.input, "What your program reads from its standard input; - for this one's own")
        ->type_name("FILE");
}

void add_run_command(CLI::App& app, commands::Common& common, commands::RunOptions& options) {
    CLI::App* command = add_command(app, "run", "Run a scenario or your own program and say what happened",
                                    "  heddle run races/lost-update\n"
                                    "  heddle run races/lost-update --variant mutex --set threads=4 --json\n"
                                    "  heddle run process/states -o states.heddle\n"
                                    "  heddle run races/lost-update --mode step --schedule h1:1.12,2.5 -o steps.heddle\n"
                                    "  heddle run homework.cpp queue.cpp --compiler clang --stdin numbers.txt -- 4 100");
    add_program(command, options.program, "ID|FILE|DIR|PROG");
    command->add_option("--variant", options.variant, "Variant of the program; the first one when left out")->type_name("V");
    command->add_option("--set", options.settings, "A parameter's value")->type_name("NAME=VALUE")->allow_extra_args(false);
    command->add_option("-o,--output", options.output_file, "Save the run to this .heddle file")->type_name("FILE");
    command->add_option("--time-limit", options.time_limit_s, "End the program after this many seconds")
        ->check(CLI::Range(0.1, 3600.0))
        ->type_name("S");
    command->add_option("--mode", options.mode, "run, or step: threads in turn, each until it has to wait")
        ->check(CLI::IsMember({"run", "step"}));
    command
        ->add_option("--schedule", options.schedule,
                     "with --mode step: go on to the end of this schedule only, as `heddle explore` prints it")
        ->type_name("SCHEDULE");
    command->add_flag("--no-perf", options.no_perf, "Do not ask the kernel for switch records: sample /proc instead");
    add_common(command, common);
    add_language(command, common);
}

void add_shot_command(CLI::App& app, commands::Common& common, commands::ShotOptions& options, std::string& size) {
    CLI::App* command = add_command(app, "shot", "Draw one picture of a run, without a display",
                                    "  heddle shot races/lost-update -o race.png\n"
                                    "  heddle shot process/states -o states.svg --view states --theme print --lang ko\n"
                                    "  heddle shot run.heddle -o at500.png --at 500 --scale 2 --size 1280x720");
    add_program(command, options.program, "ID|FILE.heddle|FILE|DIR|PROG");
    command->add_option("-o,--output", options.output_file, "Picture: .png or .svg")->required()->type_name("FILE");
    command->add_option("--variant", options.variant, "Variant of the program")->type_name("V");
    command->add_option("--set", options.settings, "A parameter's value")->type_name("NAME=VALUE")->allow_extra_args(false);
    command->add_option("--view", options.view, "One view alone instead of the whole window")->type_name("NAME");
    command->add_option("--at", options.at, "Number of events that have happened; the program's last store when left out")
        ->check(CLI::NonNegativeNumber)
        ->type_name("EVENT");
    command->add_option("--mode", options.mode, "run, step: threads in turn, or explore: all interleavings")
        ->check(CLI::IsMember({"run", "step", "explore"}));
    command->add_option("--schedule", options.schedule,
                        "with --mode step: what is replayed first, as `heddle explore` prints it");
    command
        ->add_option("--preemptions", options.manner.preemptions,
                     "with --mode explore: only schedules with at most so many preemptions")
        ->check(CLI::Range(0, 20))
        ->type_name("K");
    command->add_flag("--spurious", options.manner.spurious_wakeups,
                      "with --mode explore: waits may end without a signal, once for each thread");
    command->add_option("--timeout", options.search_s, "with --mode explore: search at most so many seconds, 20 when left out")
        ->check(CLI::Range(0.1, 600.0))
        ->type_name("S");
    command->add_flag("--presenter", options.presenter, "As the presenter mode shows it");
    command->add_option("--theme", options.theme, "dark, light or print")->check(CLI::IsMember({"dark", "light", "print"}));
    command->add_option("--scale", options.scale, "Pixels per unit: 1, 2 or 4")->check(CLI::IsMember({1.0F, 2.0F, 4.0F}));
    command->add_option("--size", size, "Width and height, 1280x720 to 3840x2160")->type_name("WxH");
    add_common(command, common);
    add_language(command, common);
}

const std::map<std::string, explore::SearchPolicy> kPolicies = {
    {"dpor", explore::SearchPolicy::kDpor}, {"random", explore::SearchPolicy::kRandom}, {"pct", explore::SearchPolicy::kPct}};

void add_explore_command(CLI::App& app, commands::Common& common, commands::ExploreOptions& options) {
    CLI::App* command = add_command(app, "explore", "Search all interleavings for a bug, or show that there is none",
                                    "  heddle explore races/lost-update --all\n"
                                    "  heddle explore homework.cpp --json\n"
                                    "  heddle explore ./program --policy pct --limit 100000 -- argument\n"
                                    "  heddle explore homework.cpp --replay h1:1.12,2.5,1.14 --times 1000");
    add_program(command, options.program, "ID|FILE|DIR|PROG");
    command->add_option("--variant", options.variant, "Variant of the scenario's program")->type_name("V");
    command->add_option("--set", options.settings, "A scenario's parameter")->type_name("NAME=VALUE")->allow_extra_args(false);
    command->add_option("--policy", options.search.policy, "dpor (complete), random or pct")
        ->transform(CLI::CheckedTransformer(kPolicies))
        ->type_name("POLICY");
    command->add_option("--limit", options.search.limit, "At most so many executions")
        ->check(CLI::PositiveNumber)
        ->type_name("N");
    command->add_option("--timeout", options.search.timeout_s, "At most so many seconds")
        ->check(CLI::Range(0.1, 86400.0))
        ->type_name("S");
    command->add_option("--preemptions", options.search.preemptions, "Only schedules with at most so many preemptions")
        ->check(CLI::Range(0, 20))
        ->type_name("K");
    command->add_flag("--all", options.search.all, "Go on after the first bug and count every outcome");
    command->add_flag("--spurious", options.search.spurious_wakeups,
                      "Waits on condition variables may end without a signal, once for each thread");
    command->add_option("--replay", options.schedule, "Run this schedule instead of searching")->type_name("SCHEDULE");
    command->add_option("--times", options.times, "How often to replay it")->check(CLI::Range(1, 1'000'000))->type_name("N");
    add_common(command, common);
}

std::optional<std::pair<int, int>> parse_size(const std::string& text) {
    int width = 0, height = 0, used = 0;
    if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &used) != 2 || used != static_cast<int>(text.size())) return {};
    if (width < 320 || width > 3840 || height < 200 || height > 2160) return {};
    return std::pair{width, height};
}

}  // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_color_mt("heddle"));
    spdlog::set_pattern("%^%l%$: %v");
    spdlog::cfg::load_env_levels();  // SPDLOG_LEVEL=debug says how long things took

    CLI::App app{
        "Heddle shows what processes and threads really do: it runs real programs and draws what the kernel and its hooks saw.",
        "heddle"};
    app.footer("Examples:\n  heddle\n  heddle open races/lost-update\n  heddle run races/lost-update --json\n  heddle doctor");
    app.set_version_flag("--version", HEDDLE_VERSION);
    app.require_subcommand(0, 1);

    commands::Common common;
    std::string target, output_file, size, folder;
    std::vector<std::string> ids;
    commands::RunOptions run_options;
    commands::ShotOptions shot_options;

    catalog::OwnProgram opened, built;
    CLI::App* open =
        add_command(app, "open", "Open the window on a scenario, a saved run or your own program",
                    "  heddle open races/lost-update\n  heddle open run.heddle\n  heddle open homework.cpp -- 4 100");
    add_program(open, opened, "ID|FILE.heddle|FILE|DIR|PROG");
    CLI::App* list =
        add_command(app, "list", "List the scenarios", "  heddle list\n  heddle list --lang ko\n  heddle list --json");
    add_common(list, common);
    add_language(list, common);
    add_run_command(app, common, run_options);
    commands::ExploreOptions explore_options;
    add_explore_command(app, common, explore_options);
    CLI::App* build = add_command(app, "build", "Build your own program so that Heddle can run and explore it",
                                  "  heddle build homework.cpp\n  heddle build folder -- -O1 -DN=3");
    build->add_option("files", built.targets, "Source files or a folder; compiler flags after --")
        ->required()
        ->type_name("FILE|DIR");
    build->add_option("--compiler", built.compiler, "gcc, clang or another; the first that is installed when left out")
        ->type_name("CC");
    add_common(build, common);
    CLI::App* check = add_command(app, "check", "Verify what the lessons claim, on this machine",
                                  "  heddle check\n  heddle check races/lost-update process/states");
    check->add_option("ids", ids, "Scenarios; all when left out")->type_name("ID");
    add_common(check, common);
    add_language(check, common);
    add_shot_command(app, common, shot_options, size);
    CLI::App* export_command = add_command(app, "export", "Write a saved run for other tools",
                                           "  heddle export run.heddle -o run.json   # Perfetto, chrome://tracing\n"
                                           "  heddle export run.heddle -o run.csv");
    export_command->add_option("file", target, "Saved run")->required()->type_name("FILE.heddle");
    export_command->add_option("-o,--output", output_file, "Chrome trace .json, or .csv")->required()->type_name("FILE");
    add_common(export_command, common);
    CLI::App* doctor = add_command(app, "doctor", "Say what this machine lets Heddle see, and how to allow the rest",
                                   "  heddle doctor\n  heddle doctor --json");
    add_common(doctor, common);
    add_language(doctor, common);
    CLI::App* prebuild = app.add_subcommand("prebuild", "Build every scenario's programs into a folder")->group("");
    prebuild->add_option("folder", folder)->required();

    // What stands after "--" is handed on: arguments of one's own program, flags for the compiler.
    const int own_arguments = static_cast<int>(std::find(argv, argv + argc, std::string_view("--")) - argv);
    const std::vector<std::string> handed_on(argv + std::min(own_arguments + 1, argc), argv + argc);
    try {
        app.parse(own_arguments, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? commands::kDone : commands::kBadUse;
    }

    if (!size.empty()) {
        const auto parsed = parse_size(size);
        if (!parsed) {
            return commands::say_error(common,
                                       Error{"bad --size", size, 0, "give width x height, like 1600x1000, up to 3840x2160"});
        }
        std::tie(shot_options.width, shot_options.height) = *parsed;
    }
    catalog::OwnProgram* const own[] = {&run_options.program, &explore_options.program, &shot_options.program, &opened};
    for (catalog::OwnProgram* const each : own) each->arguments = handed_on;
    built.flags = handed_on;
    const auto is = [&](const char* name) { return app.got_subcommand(name); };
    if (!handed_on.empty() && !is("build") && !is("explore") && !is("run") && !is("shot") && !is("open")) {
        return commands::say_error(common, Error{"nothing can follow --", handed_on.front(), 0,
                                                 "only run, open, explore, shot and build hand on what follows"});
    }
    if (list->parsed()) return commands::list(common);
    if (is("run")) return commands::run(common, run_options);
    if (build->parsed()) return commands::build(common, built);
    if (is("explore")) return commands::explore(common, explore_options);
    if (check->parsed()) return commands::check(common, ids);
    if (is("shot")) return commands::shot(common, shot_options);
    if (export_command->parsed()) return commands::export_run(common, target, output_file);
    if (doctor->parsed()) return commands::doctor(common);
    if (prebuild->parsed()) return commands::prebuild(common, folder);
    if (open->parsed()) {
        const auto input = commands::input_file(opened.input);
        if (!input) return commands::say_error(common, input.error());
        opened.input = *input;
    }
    return shell::open_window_app(opened);
}
