#include "core/fibers/library_code.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <iterator>
#include <string_view>

#include "core/fibers/real.h"

namespace heddle::fibers {
namespace {

// How the symbols of all instances of each template begin.
constexpr std::string_view kNames[] = {"_ZNSt8__detail13__atomic_spinI", "_ZSt4lockI"};
constexpr std::uint32_t kMostInstances = 64, kDeepest = 8;

struct Range {
    std::uint64_t start, end;
};
struct Instances {
    Range ranges[kMostInstances];
    std::uint32_t count;
    void add(Range range) {
        if (count < kMostInstances) ranges[count++] = range;
    }
    bool hold(std::uint64_t return_address) const {
        for (std::uint32_t i = 0; i < count; ++i)
            if (return_address > ranges[i].start && return_address <= ranges[i].end) return true;
        return false;
    }
};
Instances g_instances[std::size(kNames)];

// A part of the file; null where the file is too short for it.
template <typename T>
const T* part_at(const char* file, std::size_t bytes, std::uint64_t offset, std::uint64_t count = 1) {
    if (offset > bytes || count > (bytes - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(file + offset);
}

void read_symbols(const char* file, std::size_t bytes, std::uint64_t base) {
    const auto* header = part_at<ElfW(Ehdr)>(file, bytes, 0);
    if (header == nullptr) return;
    const auto* sections = part_at<ElfW(Shdr)>(file, bytes, header->e_shoff, header->e_shnum);
    for (std::uint32_t i = 0; sections != nullptr && i < header->e_shnum; ++i) {
        const ElfW(Shdr)& table = sections[i];
        if (table.sh_type != SHT_SYMTAB || table.sh_link >= header->e_shnum) continue;
        const std::uint64_t count = table.sh_size / sizeof(ElfW(Sym)), text_bytes = sections[table.sh_link].sh_size;
        const auto* symbols = part_at<ElfW(Sym)>(file, bytes, table.sh_offset, count);
        const char* text = part_at<char>(file, bytes, sections[table.sh_link].sh_offset, text_bytes);
        for (std::uint64_t s = 0; symbols != nullptr && text != nullptr && s < count; ++s) {
            const std::size_t name = symbols[s].st_name;
            for (std::size_t function = 0; function < std::size(kNames); ++function) {
                if (name + kNames[function].size() >= text_bytes ||
                    memcmp(text + name, kNames[function].data(), kNames[function].size()) != 0)
                    continue;
                const std::uint64_t start = base + symbols[s].st_value;
                g_instances[function].add({start, start + symbols[s].st_size});
            }
        }
    }
}

}  // namespace

void find_library_functions() {
    const int fd = HEDDLE_REAL(open)("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (fd >= 0 && ::fstat(fd, &status) == 0) {
        const auto bytes = static_cast<std::size_t>(status.st_size);
        void* const file = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd, 0);
        std::uint64_t base = 0;  // of the first object, which is the program
        ::dl_iterate_phdr(
            [](dl_phdr_info* info, std::size_t, void* out) {
                *static_cast<std::uint64_t*>(out) = info->dlpi_addr;
                return 1;
            },
            &base);
        if (file != MAP_FAILED) read_symbols(static_cast<const char*>(file), bytes, base), ::munmap(file, bytes);
    }
    if (fd >= 0) ::close(fd);
}

std::uint32_t depth_in(LibraryFunction function, const Fiber& fiber) {
    const Instances& instances = g_instances[static_cast<std::size_t>(function)];
    if (instances.count == 0 || fiber.call_depth > Fiber::kMostCalls) return 0;
    for (std::uint32_t depth = fiber.call_depth; depth > 0 && fiber.call_depth - depth < kDeepest; --depth) {
        if (instances.hold(fiber.calls[depth - 1])) return depth - 1;
    }
    return 0;
}

}  // namespace heddle::fibers
