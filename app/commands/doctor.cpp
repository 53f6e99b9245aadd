// heddle doctor: what this machine lets Heddle see, what is lost without the rest, and the command that would allow it.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/canvas/font_files.h"
#include "app/commands/commands.h"
#include "app/failure_text.h"
#include "core/kernel/facilities.h"

namespace heddle::commands {

namespace {

// Fonts are no matter of the kernel's, but whoever reads this list looks for them here.
void add_fonts(std::vector<kernel::Facility>& facilities) {
    const auto fonts = canvas::find_fonts();
    if (!fonts) {
        facilities.push_back({"text-font", false, fonts.error().message(), "sudo apt install fonts-dejavu-core"});
        return;
    }
    facilities.push_back({"text-font", true, fonts->sans.family + ", " + fonts->mono.family, {}});
    if (fonts->no_korean)
        facilities.push_back({fonts->no_korean->facility, false, fonts->no_korean->reason, fonts->no_korean->remedy});
    else
        facilities.push_back({"korean-font", true, fonts->korean->family, {}});
}

}  // namespace

int doctor(const Common& common) {
    const auto texts = load_texts(common);
    if (!texts) return say_error(common, texts.error(), kFailed);
    nlohmann::json facilities = nlohmann::json::array();
    std::vector<kernel::Facility> all = kernel::probe_facilities();
    add_fonts(all);
    for (const kernel::Facility& facility : all) {
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
        fmt::print("{} {}\n    {}\n", facility.works ? "✓" : "✗", title, reason_text(*texts, facility.detail));
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
