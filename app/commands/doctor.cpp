// heddle doctor: what this machine lets Heddle see, what is lost without the rest, and the command that would allow it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "core/kernel/facilities.h"

namespace heddle::commands {

int doctor(const Common& common) {
    const auto texts = load_texts(common);
    if (!texts) return say_error(common, texts.error(), kFailed);
    nlohmann::json facilities = nlohmann::json::array();
    for (const kernel::Facility& facility : kernel::probe_facilities()) {
        const std::string title = texts->tr("doctor." + facility.id + ".title");
        const std::string lost = texts->tr("doctor." + facility.id + ".lost");
        if (common.json) {
            facilities.push_back({{"id", facility.id},
                                  {"works", facility.works},
                                  {"title", title},
                                  {"detail", facility.detail},
                                  {"lost_without", lost},
                                  {"remedy", facility.remedy}});
            continue;
        }
        fmt::print("{} {}\n    {}\n", facility.works ? "✓" : "✗", title, facility.detail);
        if (facility.works) continue;
        fmt::print("    {}\n", lost);
        if (!facility.remedy.empty()) fmt::print("    $ {}\n", facility.remedy);
    }
    if (common.json) {
        fmt::print("{}\n",
                   nlohmann::json{{"facilities", facilities}}.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return kDone;
}

}  // namespace heddle::commands
