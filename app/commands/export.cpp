// heddle export: a saved run for other tools.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "core/export/chrome_trace.h"
#include "core/export/csv.h"
#include "core/trace/run_file.h"

namespace heddle::commands {

int export_run(const Common& common, const std::string& file, const std::string& output_file) {
    const bool json = output_file.ends_with(".json"), csv = output_file.ends_with(".csv");
    if (!json && !csv)
        return say_error(common, Error{"unknown kind of export", output_file, 0, "name it .json (Perfetto) or .csv"});
    const auto run = trace::open_run(file);
    if (!run) return say_error(common, run.error());
    const auto written = json ? exporter::export_chrome_trace(output_file, run->log, run->metadata)
                              : exporter::export_csv(output_file, run->log);
    if (!written) return say_error(common, written.error(), kFailed);
    if (common.json) {
        const nlohmann::json object = {{"file", output_file}, {"events", run->log.size()}};
        fmt::print("{}\n", object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return kDone;
}

}  // namespace heddle::commands
