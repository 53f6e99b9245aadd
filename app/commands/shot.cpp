// heddle shot: runs a scenario, or opens a saved run, and draws one picture of it without a display.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/shell/picture.h"
#include "app/shell/speed.h"
#include "app/shell/workbench.h"
#include "core/session/explore_session.h"
#include "core/session/session.h"

namespace heddle::commands {
namespace {

ThemeKind theme_of(const std::string& name) {
    return name == "light" ? ThemeKind::kLight : name == "print" ? ThemeKind::kPrint : ThemeKind::kDark;
}

bool is_saved_run(const ShotOptions& options) {
    return options.program.targets.size() == 1 && options.program.targets.front().ends_with(".heddle");
}

Result<session::RunRequest> request_of(const catalog::Catalog& catalog, const ShotOptions& options) {
    session::RunRequest request = TRY(request_for(catalog, options.program, options.variant, options.settings));
    if (options.mode == "step") request.mode = model::Mode::kStep;
    request.schedule = options.schedule;
    request.manner = options.manner;
    return request;
}

// What the picture is of. The snapshot belongs to the session, where there is one.
struct Shown {
    std::optional<catalog::Scenario> scenario = {};
    std::unique_ptr<session::Session> session = nullptr;
    std::shared_ptr<const model::Snapshot> snapshot = nullptr;
};

Result<Shown> open_run(const catalog::Catalog& catalog, const ShotOptions& options) {
    Shown shown;
    const std::string& target = options.program.targets.front();
    if (is_saved_run(options)) {
        if (!options.variant.empty() || !options.settings.empty())
            return fail("a saved run cannot be changed", target, "leave out --variant and --set");
        shown.session = TRY(session::Session::open(target));
        const model::RunInfo run = shown.session->snapshot()->run;
        if (const auto& own = shown.session->own_program()) shown.scenario = catalog::named_program(*own, run.variant);
        if (const auto found = catalog.find(run.scenario)) {
            shown.scenario = **found;
            shown.session = TRY(session::Session::open(target, **found));
        }
        return shown;
    }
    session::RunRequest request = TRY(request_of(catalog, options));
    shown.scenario = request.scenario;
    shown.session = TRY(session::Session::start(std::move(request)));
    return shown;
}

bool runs_own_code(const model::Snapshot& snapshot) {
    const auto own = [](const model::FrameView& frame) { return frame.user_code; };
    return std::any_of(snapshot.threads.begin(), snapshot.threads.end(), [&](const model::ThreadView& thread) {
        return thread.state == model::ThreadState::kRunning && std::any_of(thread.stack.begin(), thread.stack.end(), own);
    });
}

// Where a function of the program's own was about to return, at the last event before that tells something; 0: none of the last
// returns was from such a function.
std::uint64_t last_return(session::Session& session, const model::Snapshot& end) {
    constexpr int kMostReturns = 64;  // that are looked at
    int returns = 0;
    for (std::uint64_t at = end.log.size(); at > 0 && returns < kMostReturns; --at) {
        if (end.log.packed(at - 1).kind() != trace::Kind::kFunctionExit) continue;
        ++returns;
        if (!runs_own_code(*session.snapshot_at(at - 1))) continue;
        const std::uint64_t stop = session.stop_up_to(at - 1);
        return stop > 0 && runs_own_code(*session.snapshot_at(stop)) ? stop : at - 1;
    }
    return 0;
}

// The instant a picture shows when none was asked for: the last one at which the program stored something that has a name,
// while its memory is still there to be seen; where it never did, the last at which a function of its own was about to
// return, with its frames; else the last at which somebody got a CPU. A run without hooks is shown at its end.
std::uint64_t telling_instant(session::Session& session, const model::Snapshot& end) {
    constexpr int kMostStores = 64;  // that are looked at
    int stores = 0;
    std::uint64_t dispatch = 0;
    for (std::uint64_t at = end.log.size(); at > 0 && stores < kMostStores; --at) {
        const trace::Kind kind = end.log.packed(at - 1).kind();
        if (kind == trace::Kind::kSwitchIn && dispatch == 0) dispatch = at;
        if (kind != trace::Kind::kWrite && (kind < trace::Kind::kAtomicStore || kind > trace::Kind::kAtomicCompareOk)) continue;
        ++stores;
        const auto told = session.snapshot_at(at)->sentence.arguments;
        const auto name = told.find("name");
        if (name != told.end() && name->second.find_first_of("[") != 0 && !name->second.starts_with("0x")) return at;
    }
    if (const std::uint64_t at = last_return(session, end); at > 0) return at;
    return stores > 0 && dispatch > 0 ? dispatch : end.log.size();
}

Result<Shown> run_scenario(const catalog::Catalog& catalog, const ShotOptions& options) {
    Shown shown = TRY(open_run(catalog, options));
    shown.snapshot = shown.session->wait();
    if (shown.snapshot->status == model::RunStatus::kFailed || (options.mode == "step" && !options.at)) return shown;
    const std::uint64_t at =
        options.at ? static_cast<std::uint64_t>(*options.at) : telling_instant(*shown.session, *shown.snapshot);
    auto still = std::make_shared<model::Snapshot>(*shown.session->snapshot_at(at));
    // A picture stands still: it shows the speed at which the window would play this run.
    still->speed = shell::fitting_speed(still->live_time - still->start_time, still->log.size(), true);
    shown.snapshot = std::move(still);
    return shown;
}

Result<Shown> explore_scenario(const catalog::Catalog& catalog, const ShotOptions& options) {
    if (is_saved_run(options))
        return fail("a saved run holds no exploration", options.program.targets.front(), "name a scenario");
    Shown shown;
    session::RunRequest request = TRY(request_of(catalog, options));
    request.time_limit_s = options.search_s;
    shown.scenario = request.scenario;
    shown.snapshot = TRY(session::ExploreSession::start(std::move(request)))->wait();
    return shown;
}

}  // namespace

int shot(const Common& common, const ShotOptions& options) {
    shell::PictureSpec spec;
    spec.view = options.view, spec.theme = theme_of(options.theme), spec.scale = options.scale;
    spec.width = options.width, spec.height = options.height;
    spec.language = common.language, spec.presenter = options.presenter;
    if (const auto good = shell::check_picture(spec, options.output_file); !good) return say_error(common, good.error());

    const auto installation = session::find_installation();
    if (!installation) return say_error(common, installation.error(), kFailed);
    const auto catalog = load_catalog(*installation);
    if (!catalog) return say_error(common, catalog.error(), kFailed);
    const bool exploring = options.view == "interleavings" || options.mode == "explore";
    const auto shown = exploring ? explore_scenario(*catalog, options) : run_scenario(*catalog, options);
    if (!shown) return say_error(common, shown.error());
    const model::Snapshot& snapshot = *shown->snapshot;
    if (snapshot.status == model::RunStatus::kFailed) {
        // What the compiler says has its own place, and nothing was run.
        if (!snapshot.build_messages.empty()) return say_error(common, Error{snapshot.failure, "", 0, ""}, kBadUse);
        return say_error(common, Error{snapshot.failure, options.program.targets.front(), 0, ""}, kFailed);
    }
    if (is_saved_run(options)) spec.date = shell::date_of(options.program.targets.front());
    const catalog::Scenario* const scenario = shown->scenario ? &*shown->scenario : nullptr;
    if (const auto saved = shell::save_picture(*catalog, scenario, snapshot, spec, options.output_file); !saved)
        return say_error(common, saved.error(), kFailed);
    if (common.json) {
        const nlohmann::json object = {{"picture", options.output_file},
                                       {"scenario", snapshot.run.scenario},
                                       {"variant", snapshot.run.variant},
                                       {"event", snapshot.playhead}};
        fmt::print("{}\n", object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return kDone;
}

}  // namespace heddle::commands
