// MappedFile: a file's bytes, mapped read-only: font collections of 20 MB are touched only where they are used. Movable;
// the bytes stay where they are until the owner dies. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace heddle::canvas {

class MappedFile {
public:
    static Result<MappedFile> open(const std::string& path);
    MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    MappedFile& operator=(MappedFile&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~MappedFile();

    std::string_view bytes() const { return bytes_; }

private:
    explicit MappedFile(std::string_view bytes) : bytes_(bytes) {}
    std::string_view bytes_;
};

}  // namespace heddle::canvas
