// ELF files and their DWARF: the observed program, which a student built, or which lies in a saved run.
#include <fstream>
#include <iterator>

#include "tests/core/symbols/ask_everything.h"
#include "tests/core/symbols/program.h"
#include "tests/fuzz/driver.h"

namespace heddle::fuzz {

const int kMutations = 1500;

std::vector<std::string> seeds() {
    std::vector<std::string> files;
    for (const char* flags : {"-gdwarf-5", "-gdwarf-4"}) {
        std::ifstream file(symbols::testing::compiled("tiny", {"g++", flags}), std::ios::binary);
        files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return files;
}

}  // namespace heddle::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using namespace heddle::symbols;
    const auto image = load_image_from_bytes(std::string(reinterpret_cast<const char*>(bytes), size), "fuzzed");
    if (image) testing::ask_everything(**image);
    return 0;
}
