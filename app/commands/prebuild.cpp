// heddle prebuild: builds every scenario's programs ahead of time, so that a machine without a compiler runs them, too. Called
// by Heddle's own build.
#include "app/commands/commands.h"
#include "core/catalog/program_builder.h"

namespace heddle::commands {

int prebuild(const Common& common, const std::string& folder) {
    const auto installation = session::find_installation();
    if (!installation) return say_error(common, installation.error(), kFailed);
    const auto catalog = load_catalog(*installation);
    if (!catalog) return say_error(common, catalog.error(), kFailed);
    if (!catalog->problems().empty()) return kFailed;
    if (const auto built = catalog::prebuild_all(*catalog, folder); !built) return say_error(common, built.error(), kFailed);
    return kDone;
}

}  // namespace heddle::commands
