// AtomicFile: writes a file so that its old content stays until the new one is complete and on disk: a temporary file beside
// it, fsync, rename. Any error, or a writer that is destroyed before commit(), removes the temporary file. A path that names a
// device or a pipe is written directly. Belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace heddle {

class AtomicFile {
public:
    static Result<AtomicFile> create(const std::string& path);

    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;
    ~AtomicFile();

    Result<> write(std::string_view bytes);                            // at the end; buffered
    Result<> overwrite(std::uint64_t offset, std::string_view bytes);  // of what was written before
    Result<> commit();                                                 // nothing may be written after it
    std::uint64_t size() const { return written_ + buffer_.size(); }

private:
    AtomicFile(UniqueFd fd, std::string path, std::string temporary);
    Result<> flush();
    Result<> write_all(std::string_view bytes);
    void abandon();

    UniqueFd fd_;
    std::string path_;
    std::string temporary_;  // empty when written directly, and after commit
    std::string buffer_;
    std::uint64_t written_ = 0;
};

}  // namespace heddle
