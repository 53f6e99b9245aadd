// What every driver in this folder gives: libFuzzer's entry point over one reader of input that nobody vouches for, and inputs
// to begin with. A driver is used twice: test_fuzz_<name> (replay.cpp) runs it in every build over the seeds and some thousand
// mutations, always the same; with clang and HEDDLE_FUZZ (preset fuzz) fuzz_<name> lets libFuzzer search:
//
//   test_fuzz_run_file --write corpus && fuzz_run_file corpus
//
// What libFuzzer found: test_fuzz_run_file FILE runs it again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

// An input is read, or refused with an Error. Anything else (a crash, a failed CHECK, no end) is the reader's bug.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace heddle::fuzz {

std::vector<std::string> seeds();
extern const int kMutations;  // of each seed, in the ordinary test

// Takes numbers off the front of an input; zeros when it is over.
class Input {
public:
    Input(const std::uint8_t* bytes, std::size_t size) : rest_(reinterpret_cast<const char*>(bytes), size) {}
    bool over() const { return rest_.empty(); }
    template <class T>
    T take() {
        T value{};
        take_into(&value, sizeof value);
        return value;
    }
    void take_into(void* to, std::size_t size) {
        const std::size_t there = std::min(size, rest_.size());
        std::memcpy(to, rest_.data(), there);
        rest_.remove_prefix(there);
    }

private:
    std::string_view rest_;
};

}  // namespace heddle::fuzz
