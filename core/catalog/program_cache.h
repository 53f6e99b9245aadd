// Where built programs are kept: <folder>/<key>/<program>. An entry appears as a whole, by one rename, so that concurrent
// builders and readers never see half of it. Used by program_builder.cpp; any thread, any number of processes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace heddle::catalog {

// A running hash over parts, each ended so that ("ab","c") and ("a","bc") differ: 128 bits, FNV-1a with two offsets. It tells
// contents apart; it does not guard against an attacker, who could as well write the cache.
class ContentHash {
public:
    void add(std::string_view part);
    std::string text() const;  // 32 hexadecimal digits

private:
    void add_byte(std::uint8_t byte);
    std::uint64_t first_ = 0xcbf29ce484222325, second_ = 0x6c62272e07bb0142;
};

// The program of an entry, when it is there and is an ELF file that may be run.
bool holds_program(const std::filesystem::path& program);

// A new private folder inside `parent`, which is made when missing; an Error when it cannot be written.
Result<std::filesystem::path> make_work_folder(const std::filesystem::path& parent);

// Moves a work folder to <cache>/<key>. Where another builder was first, its entry stays and the work folder is removed.
Result<> publish(const std::filesystem::path& work_folder, const std::filesystem::path& entry, const std::string& program);

// Removes the folder when the last copy goes.
std::shared_ptr<const void> remove_with_last(const std::filesystem::path& folder);

}  // namespace heddle::catalog
