// For the tests of symbols: compiles a program of programs/ once per way of building it, and runs it to where it stops itself.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "core/base/unique_fd.h"
#include "core/symbols/image.h"
#include "core/symbols/memory_reader.h"

namespace heddle::symbols::testing {

struct Build {
    std::string compiler;  // "g++", "clang++"
    std::string flags;     // "-gdwarf-5", "-fsanitize=thread"
    std::string name() const;
};

// Path of the linked program; aborts the test run with the compiler's words when it does not compile.
const std::string& compiled(const std::string& program, const Build& build);
std::shared_ptr<const Image> image_of(const std::string& program, const Build& build);

// A process of that program which has stopped itself by SIGSTOP; killed with this object.
class StoppedProcess : public MemoryReader {
public:
    explicit StoppedProcess(const std::string& path);
    ~StoppedProcess() override;
    bool read(std::uint64_t address, void* out, std::size_t bytes) override;
    pid_t pid() const { return pid_; }
    std::uint64_t bias(const Image& image) const;  // from its /proc/PID/maps

private:
    pid_t pid_ = -1;
    UniqueFd memory_;
    std::string path_;
};

}  // namespace heddle::symbols::testing
