// scenario.toml and chapters.toml, as a student may write them.
#include <fstream>
#include <iterator>

#include "core/catalog/scenario_file.h"
#include "tests/fuzz/driver.h"
#include "tests/support/folders.h"

namespace heddle::fuzz {

const int kMutations = 1000;

std::vector<std::string> seeds() {
    std::vector<std::string> texts;
    for (const char* file : {"chapters.toml", "races/lost-update/scenario.toml", "process/states/scenario.toml"}) {
        std::ifstream stream(testing_support::source_folder() + "/scenarios/" + file, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return texts;
}

}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(bytes), size);
    (void)heddle::catalog::parse_scenario(text, "scenario.toml");
    (void)heddle::catalog::parse_chapters(text, "chapters.toml");
    return 0;
}
