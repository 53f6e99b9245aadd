#include "core/catalog/program_cache.h"

#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace heddle::catalog {

namespace fs = std::filesystem;

void ContentHash::add_byte(std::uint8_t byte) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    first_ = (first_ ^ byte) * kPrime;
    second_ = (second_ ^ static_cast<std::uint8_t>(byte + 0x5b)) * kPrime;
    second_ ^= second_ >> 29;
}

void ContentHash::add(std::string_view part) {
    for (const char c : part) add_byte(static_cast<std::uint8_t>(c));
    for (std::uint64_t size = part.size(), i = 0; i < 8; ++i) add_byte(static_cast<std::uint8_t>(size >> (8 * i)));
}

std::string ContentHash::text() const {
    char digits[33];
    std::snprintf(digits, sizeof digits, "%016llx%016llx", static_cast<unsigned long long>(first_),
                  static_cast<unsigned long long>(second_));
    return digits;
}

bool holds_program(const fs::path& program) {
    std::error_code error;
    if (!fs::is_regular_file(program, error) || ::access(program.c_str(), X_OK) != 0) return false;
    std::array<char, 4> magic{};
    std::ifstream file(program, std::ios::binary);
    return file.read(magic.data(), magic.size()) && std::memcmp(magic.data(), "\177ELF", magic.size()) == 0;
}

Result<fs::path> make_work_folder(const fs::path& parent) {
    std::error_code error;
    fs::create_directories(parent, error);
    std::string name = (parent / ".work-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return fail_errno("cannot make a folder", parent.string());
    return fs::path(name);
}

Result<> publish(const fs::path& work_folder, const fs::path& entry, const std::string& program) {
    std::error_code error;
    fs::permissions(
        work_folder,
        fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec,
        error);
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (::rename(work_folder.c_str(), entry.c_str()) == 0) return {};
        if (holds_program(entry / program)) {  // another builder was first
            fs::remove_all(work_folder, error);
            return {};
        }
        // A damaged entry: move it aside under a name of our own, then try again.
        const fs::path aside = work_folder.string() + ".damaged";
        if (::rename(entry.c_str(), aside.c_str()) != 0 && errno != ENOENT) break;
        fs::remove_all(aside, error);
    }
    return fail_errno("cannot put the program into the cache", entry.string());
}

std::shared_ptr<const void> remove_with_last(const fs::path& folder) {
    return {new fs::path(folder), [](const fs::path* owned) {
                std::error_code error;
                fs::remove_all(*owned, error);
                delete owned;
            }};
}

}  // namespace heddle::catalog
