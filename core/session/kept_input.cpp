#include "core/session/kept_input.h"

#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "core/base/unique_fd.h"

namespace heddle::session {

std::optional<std::string> read_input(const std::filesystem::path& input) {
    constexpr std::uintmax_t kMostBytes = std::uintmax_t{16} << 20;
    std::error_code error;
    if (!std::filesystem::is_regular_file(input, error) || std::filesystem::file_size(input, error) > kMostBytes) return {};
    std::ifstream file(input, std::ios::binary);
    if (!file) return {};
    return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

Result<> give_input(catalog::OwnProgram& own, const std::string& bytes) {
    if (read_input(own.input) == bytes) return {};
    auto memory = std::make_shared<UniqueFd>(::memfd_create("heddle-input", MFD_CLOEXEC));
    if (!*memory) return fail_errno("cannot keep the input", own.input.string());
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t written = ::write(memory->get(), bytes.data() + done, bytes.size() - done);
        if (written <= 0) return fail_errno("cannot keep the input", own.input.string());
        done += static_cast<std::size_t>(written);
    }
    own.input_name = own.input;
    own.input = "/proc/self/fd/" + std::to_string(memory->get());
    own.keeps_input = std::move(memory);
    return {};
}

}  // namespace heddle::session
