#include <fmt/format.h>

#include "app/commands/commands.h"
#include "app/commands/report.h"
#include "core/session/session.h"

namespace heddle::commands {

namespace {

Result<session::RunRequest> make_request(const catalog::Catalog& catalog, const RunOptions& options) {
    session::RunRequest request = TRY(request_for(catalog, options.program, options.variant, options.settings));
    request.time_limit_s = options.time_limit_s;
    request.allow_perf = !options.no_perf;
    if (options.mode == "step") request.mode = model::Mode::kStep;
    if (options.mode != "step" && !options.schedule.empty())
        return fail("only threads that take turns follow a schedule", options.schedule, "add --mode step");
    request.schedule = options.schedule;
    request.to_the_end = options.schedule.empty();
    // Here, where what is wrong with the program can be said in full; the session finds it built.
    const catalog::Variant* const variant = TRY(find_variant(request.scenario, request.variant));
    TRY(build_variant(request.scenario, *variant));
    return request;
}

}  // namespace

int run(const Common& common, const RunOptions& options) {
    const auto installation = session::find_installation();
    if (!installation) return say_error(common, installation.error(), kFailed);
    const auto catalog = load_catalog(*installation);
    if (!catalog) return say_error(common, catalog.error(), kFailed);
    auto request = make_request(*catalog, options);
    if (!request) return say_error(common, request.error());

    auto session = session::Session::start(std::move(*request));
    if (!session) return say_error(common, session.error());
    const auto snapshot = (*session)->wait();
    if (snapshot->status == model::RunStatus::kFailed) return say_error(common, Error{snapshot->failure, "", 0, ""}, kFailed);

    if (common.json) {
        fmt::print("{}\n", run_report_json(*snapshot));
    } else {
        const auto texts = load_texts(common);
        if (!texts) return say_error(common, texts.error(), kFailed);
        fmt::print("{}", run_report_text(*snapshot, *texts));
    }
    if (!options.output_file.empty()) {
        if (const auto saved = (*session)->save(options.output_file); !saved) return say_error(common, saved.error(), kFailed);
    }
    return succeeded(*snapshot) ? kDone : kFailed;
}

}  // namespace heddle::commands
