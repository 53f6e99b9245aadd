// Asks an image all that Heddle asks of one, over a memory of zeros. For images of files that are not what they say.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/symbols/image.h"
#include "core/symbols/render.h"

namespace heddle::symbols::testing {

struct Zeros : MemoryReader {
    bool read(std::uint64_t, void* out, std::size_t bytes) override {
        std::fill_n(static_cast<char*>(out), bytes, '\0');
        return true;
    }
};

inline void ask_everything(const Image& image) {
    Zeros memory;
    LocationContext frame{.bias = 0, .cfa = 0x7000, .thread_block = 0x8000, .memory = &memory};
    for (const Global& global : image.globals()) {
        image.find_variable(global.address);
        render(image, 0, global.type, global.address, memory);
    }
    for (const Function& function : image.functions()) {
        image.lookup_line(function.low);
        image.locals_at(function, function.low, frame);
    }
    image.load_bias(0x5555'0000, 0);
    std::uint64_t word = 0;
    for (const Section& section : image.sections()) image.read_initial(section.address, &word, sizeof word);
}

}  // namespace heddle::symbols::testing
