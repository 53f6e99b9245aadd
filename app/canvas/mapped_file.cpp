#include "app/canvas/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "core/base/unique_fd.h"

namespace heddle::canvas {

Result<MappedFile> MappedFile::open(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return fail_errno("cannot read the file", path);
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return fail_errno("cannot read the file", path);
    if (status.st_size <= 0) return fail("the file is empty", path);
    const auto size = static_cast<std::size_t>(status.st_size);
    void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
    if (start == MAP_FAILED) return fail_errno("cannot map the file", path);
    return MappedFile(std::string_view(static_cast<const char*>(start), size));
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace heddle::canvas
