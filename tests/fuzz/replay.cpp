// The ordinary test of one driver: its seeds and mutations of them, the same in every run. With files as arguments it runs
// those; with --write FOLDER it writes the seeds there, for libFuzzer.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "tests/fuzz/driver.h"

namespace heddle::fuzz {
namespace {

void run(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Mutator {
public:
    std::string mutate(std::string bytes) {
        for (auto changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) change(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % std::max<std::size_t>(end, 1)); }

    void change(std::string& bytes) {
        const std::size_t at = below(bytes.size()), length = 1 + below(std::min<std::size_t>(bytes.size() - at, 64));
        static constexpr std::uint64_t kTelling[] = {0, 1, 0x7f, 0xff, 0x7fff'ffff, 0xffff'ffff, ~std::uint64_t{0}};
        switch (below(6)) {
            case 0:
                bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
                break;
            case 1:
                bytes[at] = static_cast<char>(random_());
                break;
            case 2: {  // a number at its limit
                const std::uint64_t value = kTelling[below(std::size(kTelling))];
                std::memcpy(&bytes[at], &value, std::min<std::size_t>(bytes.size() - at, std::size_t{1} << below(4)));
                break;
            }
            case 3:
                bytes.erase(at, length);
                break;
            case 4:
                bytes.insert(below(bytes.size()), bytes.substr(at, length));
                break;
            default:
                if (below(8) == 0) bytes.resize(at);
        }
    }

    std::mt19937_64 random_{20};
};

std::string content_of(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

int write_seeds(const std::filesystem::path& folder) {
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& seed : seeds())
        std::ofstream(folder / ("seed-" + std::to_string(++number)), std::ios::binary) << seed;
    return number > 0 ? 0 : 1;
}

}  // namespace
}  // namespace heddle::fuzz

int main(int count, char** words) {
    using namespace heddle::fuzz;
    if (count == 3 && std::string_view(words[1]) == "--write") return write_seeds(words[2]);
    for (int i = 1; i < count; ++i) run(content_of(words[i]));
    if (count > 1) return 0;
    Mutator mutator;
    std::size_t inputs = 0;
    for (const std::string& seed : seeds()) {
        run(seed);
        for (int i = 0; i < kMutations; ++i) run(mutator.mutate(seed));
        inputs += 1 + static_cast<std::size_t>(kMutations);
    }
    std::printf("%zu inputs, each read or refused\n", inputs);
    return inputs > 0 ? 0 : 1;
}
