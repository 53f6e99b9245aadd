#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace heddle {

namespace {

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

const char kRemedy[] = "Check that the folder exists, may be written and has room; an older file is as it was";

// The file that a symbolic link leads to, so that the link itself stays.
std::string resolved(const std::string& path) {
    char* const real = ::realpath(path.c_str(), nullptr);
    std::string result = real != nullptr ? real : path;
    std::free(real);
    return result;
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

mode_t mode_for_new_files() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666 & ~mask;
}

}  // namespace

Result<AtomicFile> AtomicFile::create(const std::string& path) {
    const std::string target = resolved(path);
    struct stat status {};
    const bool exists = ::stat(target.c_str(), &status) == 0;
    if (exists && S_ISDIR(status.st_mode)) return fail("cannot write the file", path, "It is a folder");
    if (exists && !S_ISREG(status.st_mode)) {
        UniqueFd fd(::open(target.c_str(), O_WRONLY | O_CLOEXEC));
        if (!fd) return fail_errno("cannot write", path);
        return AtomicFile(std::move(fd), path, {});
    }
    std::string temporary = target + ".XXXXXX";
    UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd) return fail_errno("cannot write the file", path, kRemedy);
    AtomicFile file(std::move(fd), target, temporary);
    if (::fchmod(file.fd_.get(), exists ? status.st_mode & 07777 : mode_for_new_files()) != 0) {
        return fail_errno("cannot write the file", path, kRemedy);
    }
    return file;
}

AtomicFile::AtomicFile(UniqueFd fd, std::string path, std::string temporary)
    : fd_(std::move(fd)), path_(std::move(path)), temporary_(std::move(temporary)) {}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : fd_(std::move(other.fd_)),
      path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      buffer_(std::move(other.buffer_)),
      written_(other.written_) {}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
    if (this == &other) return *this;
    abandon();
    fd_ = std::move(other.fd_);
    path_ = std::move(other.path_);
    temporary_ = std::exchange(other.temporary_, {});
    buffer_ = std::move(other.buffer_);
    written_ = other.written_;
    return *this;
}

AtomicFile::~AtomicFile() {
    abandon();
}

void AtomicFile::abandon() {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
    temporary_.clear();
}

Result<> AtomicFile::write(std::string_view bytes) {
    if (bytes.size() < kBufferBytes) {
        buffer_ += bytes;
        return buffer_.size() < kBufferBytes ? Result<>{} : flush();
    }
    TRY(flush());
    return write_all(bytes);
}

Result<> AtomicFile::flush() {
    TRY(write_all(buffer_));
    buffer_.clear();
    return {};
}

Result<> AtomicFile::write_all(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd_.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot write the file", path_, kRemedy);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        written_ += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<> AtomicFile::overwrite(std::uint64_t offset, std::string_view bytes) {
    TRY(flush());
    while (!bytes.empty()) {
        const ssize_t count = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot write the file", path_, kRemedy);
        bytes.remove_prefix(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return {};
}

Result<> AtomicFile::commit() {
    TRY(flush());
    if (temporary_.empty()) return {};
    if (::fsync(fd_.get()) != 0) return fail_errno("cannot write the file", path_, kRemedy);
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail_errno("cannot replace the file", path_, kRemedy);
    temporary_.clear();
    // The name is on disk only with its folder; some file systems cannot sync one, and the content is safe by now.
    const UniqueFd folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) ::fsync(folder.get());
    return {};
}

}  // namespace heddle
