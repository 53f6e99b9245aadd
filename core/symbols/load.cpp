#include <elfutils/libdw.h>
#include <fcntl.h>
#include <libelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "core/base/unique_fd.h"
#include "core/symbols/dwarf_reader.h"
#include "core/symbols/elf_reader.h"
#include "core/symbols/image_data.h"

namespace heddle::symbols {
namespace {

constexpr off_t kMaxFileBytes = off_t{1} << 30;

// Rows by address; of rows with one address the last of its unit counts, and a row beats the end of the code before it.
void sort_lines(ImageData& data) {
    std::vector<std::uint32_t> order(data.rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (data.addresses[a] != data.addresses[b]) return data.addresses[a] < data.addresses[b];
        return data.rows[a].end && !data.rows[b].end;
    });
    std::vector<std::uint64_t> addresses;
    std::vector<LineRow> rows;
    addresses.reserve(order.size());
    rows.reserve(order.size());
    for (const std::uint32_t index : order) {
        if (!addresses.empty() && addresses.back() == data.addresses[index]) {
            rows.back() = data.rows[index];
        } else {
            addresses.push_back(data.addresses[index]);
            rows.push_back(data.rows[index]);
        }
    }
    data.addresses = std::move(addresses);
    data.rows = std::move(rows);
}

void sort_functions(ImageData& data) {
    std::vector<std::uint32_t> order(data.functions.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return data.functions[a].low < data.functions[b].low; });
    std::vector<std::uint32_t> new_index(order.size());
    std::vector<Function> functions;
    functions.reserve(order.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) {
        new_index[order[i]] = i;
        functions.push_back(std::move(data.functions[order[i]]));
    }
    data.functions = std::move(functions);
    for (FunctionRange& range : data.ranges) range.function = new_index[range.function];
    for (std::uint32_t i = 0; i < data.functions.size(); ++i) {
        const Function& function = data.functions[i];
        if (!function.has_debug_info && function.low < function.high) data.ranges.push_back({function.low, function.high, i});
    }
    std::stable_sort(data.ranges.begin(), data.ranges.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
    std::stable_sort(data.inlines.begin(), data.inlines.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
}

void sort_globals(ImageData& data) {
    const auto has_address = [](const Global& g) { return g.region != Region::kNone && !g.is_thread_local(); };
    const auto end = std::stable_partition(data.globals.begin(), data.globals.end(), has_address);
    const auto by_address = [](const Global& a, const Global& b) { return a.address < b.address; };
    std::stable_sort(data.globals.begin(), end, by_address);
    std::stable_sort(end, data.globals.end(), by_address);
    data.addressed_globals = static_cast<std::size_t>(end - data.globals.begin());
}

}  // namespace

Result<std::shared_ptr<const Image>> load_image_from_bytes(std::string bytes, std::string name) {
    if (bytes.size() < EI_NIDENT || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) return fail("not an ELF file", name);
    if (elf_version(EV_CURRENT) == EV_NONE) return fail("libelf is too old", name);
    const std::unique_ptr<Elf, int (*)(Elf*)> elf(elf_memory(bytes.data(), bytes.size()), elf_end);
    if (elf == nullptr) return fail("cannot read the program's file", name);
    auto data = std::make_unique<ImageData>();
    data->name = name;
    const std::vector<ElfSymbol> symbols = TRY(read_elf(elf.get(), name, *data));
    const std::unique_ptr<Dwarf, int (*)(Dwarf*)> dwarf(dwarf_begin_elf(elf.get(), DWARF_C_READ, nullptr), dwarf_end);
    if (dwarf != nullptr) DwarfReader(dwarf.get(), elf.get(), symbols, *data).read();
    add_symbols(symbols, *data);
    sort_lines(*data);
    sort_functions(*data);
    sort_globals(*data);
    return std::make_shared<const Image>(std::move(data));
}

Result<std::shared_ptr<const Image>> load_image(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!file || ::fstat(file.get(), &status) != 0) return fail_errno("cannot open the program's file", path);
    if (!S_ISREG(status.st_mode) || status.st_size > kMaxFileBytes) return fail("not a program's file", path);
    std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t count = ::read(file.get(), bytes.data() + got, bytes.size() - got);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fail_errno("cannot read the program's file", path);
        if (count == 0) break;
        got += static_cast<std::size_t>(count);
    }
    bytes.resize(got);
    return load_image_from_bytes(std::move(bytes), path);
}

}  // namespace heddle::symbols
