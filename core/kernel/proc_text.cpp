#include "core/kernel/proc_text.h"

#include <algorithm>
#include <charconv>

namespace heddle::kernel {
namespace {

constexpr std::string_view kSpace = " \t\n";

// Takes the next word off the front of `text`; empty at the end.
std::string_view take_word(std::string_view& text) {
    const auto begin = std::min(text.find_first_not_of(kSpace), text.size());
    const auto end = std::min(text.find_first_of(kSpace, begin), text.size());
    const auto word = text.substr(begin, end - begin);
    text.remove_prefix(end);
    return word;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

template <class T>
bool to_number(std::string_view word, T& value, int base = 10) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    return error == std::errc() && end == word.data() + word.size() && !word.empty();
}

bool to_hex(std::string_view word, std::uint64_t& value) {
    if (word.starts_with("0x")) word.remove_prefix(2);
    return to_number(word, value, 16);
}

// "address-address perms offset dev inode   path"
std::optional<trace::MappingSample> parse_mapping(std::string_view line) {
    trace::MappingSample mapping;
    const auto range = take_word(line);
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    if (!to_number(range.substr(0, dash), mapping.start, 16) || !to_number(range.substr(dash + 1), mapping.end, 16))
        return std::nullopt;
    mapping.permissions = take_word(line);
    if (mapping.permissions.size() != 4 || !to_number(take_word(line), mapping.offset, 16)) return std::nullopt;
    take_word(line);
    if (take_word(line).empty() || mapping.start > mapping.end) return std::nullopt;
    line.remove_prefix(std::min(line.find_first_not_of(kSpace), line.size()));
    mapping.path = line;  // may contain spaces
    return mapping;
}

std::int64_t kilobytes(std::string_view value) {
    std::int64_t number = 0;
    return to_number(take_word(value), number) && number >= 0 && number < (INT64_MAX >> 10) ? number << 10 : -1;
}

std::int64_t first_number(std::string_view value) {
    std::int64_t number = -1;
    return to_number(take_word(value), number) ? number : -1;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
    std::int64_t value = 0;
    if (!to_number(take_word(text), value) || !take_word(text).empty()) return std::nullopt;
    return value;
}

std::vector<int> parse_cpu_list(std::string_view text) {
    constexpr int kMostCpus = 4096;
    std::vector<int> cpus;
    text = take_word(text);
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto part = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const auto dash = part.find('-');
        int first = 0, last = 0;
        if (!to_number(part.substr(0, dash), first)) continue;
        last = first;
        if (dash != std::string_view::npos && !to_number(part.substr(dash + 1), last)) continue;
        if (first < 0 || last >= kMostCpus) continue;
        for (int cpu = first; cpu <= last && cpus.size() < kMostCpus; ++cpu) cpus.push_back(cpu);
    }
    return cpus;
}

std::optional<StatFields> parse_stat(std::string_view text) {
    // The name is in parentheses and may contain any: it ends at the last one.
    const auto open = text.find('('), close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
    StatFields out;
    auto before = text.substr(0, open);
    if (!to_number(take_word(before), out.id)) return std::nullopt;
    out.name = text.substr(open + 1, close - open - 1);
    auto rest = text.substr(close + 1);
    const auto state = take_word(rest);
    if (state.size() != 1) return std::nullopt;
    out.state = state[0];

    std::int64_t field[53] = {};  // by man 5 proc's numbers, from 4 on
    std::uint64_t wide[53] = {};
    int count = 4;
    for (; count <= 41; ++count) {
        const auto word = take_word(rest);
        // Some fields (rlimits, addresses) use all 64 bits.
        if (!to_number(word, field[count]) && !to_number(word, wide[count])) break;
        if (wide[count] == 0) wide[count] = static_cast<std::uint64_t>(field[count]);
    }
    if (count < 42) return std::nullopt;
    out.parent = static_cast<std::int32_t>(field[4]);
    out.group = static_cast<std::int32_t>(field[5]);
    out.session = static_cast<std::int32_t>(field[6]);
    out.minor_faults = field[10];
    out.major_faults = field[12];
    out.user_ticks = wide[14];
    out.system_ticks = wide[15];
    out.priority = static_cast<int>(field[18]);
    out.nice = static_cast<int>(field[19]);
    out.thread_count = static_cast<int>(field[20]);
    out.start_ticks = wide[22];
    out.virtual_bytes = wide[23];
    out.resident_pages = field[24];
    out.cpu = static_cast<int>(field[39]);
    out.policy = static_cast<int>(field[41]);
    return out;
}

StatusFields parse_status(std::string_view text) {
    StatusFields out;
    while (!text.empty()) {
        auto line = take_line(text);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto key = line.substr(0, colon);
        auto value = line.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(kSpace), value.size()));
        if (key == "Name")
            out.name = value;
        else if (key == "Tgid")
            out.process = static_cast<std::int32_t>(first_number(value));
        else if (key == "PPid")
            out.parent = static_cast<std::int32_t>(first_number(value));
        else if (key == "Uid")
            out.uid = first_number(value);
        else if (key == "Gid")
            out.gid = first_number(value);
        else if (key == "VmSize")
            out.virtual_bytes = kilobytes(value);
        else if (key == "VmRSS")
            out.resident_bytes = kilobytes(value);
        else if (key == "VmData")
            out.data_bytes = kilobytes(value);
        else if (key == "VmStk")
            out.stack_bytes = kilobytes(value);
        else if (key == "VmPTE")
            out.page_table_bytes = kilobytes(value);
        else if (key == "voluntary_ctxt_switches")
            out.voluntary_switches = first_number(value);
        else if (key == "nonvoluntary_ctxt_switches")
            out.involuntary_switches = first_number(value);
        else if (key == "SigCgt")
            to_hex("0x" + std::string(take_word(value)), out.caught_signals);
    }
    return out;
}

std::vector<trace::MappingSample> parse_maps(std::string_view text) {
    std::vector<trace::MappingSample> mappings;
    while (!text.empty()) {
        const auto line = take_line(text);
        if (auto mapping = parse_mapping(line)) {
            mappings.push_back(std::move(*mapping));
            continue;
        }
        const auto colon = line.find(':');
        if (colon == std::string_view::npos || mappings.empty()) continue;
        const auto key = line.substr(0, colon);
        const auto bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, kilobytes(line.substr(colon + 1))));
        if (key == "Rss")
            mappings.back().resident_bytes = bytes;
        else if (key == "Pss")
            mappings.back().proportional_bytes = bytes;
        else if (key == "Private_Dirty")
            mappings.back().private_dirty_bytes = bytes;
    }
    return mappings;
}

std::optional<SchedStat> parse_schedstat(std::string_view text) {
    SchedStat out;
    if (!to_number(take_word(text), out.run_nanoseconds) || !to_number(take_word(text), out.wait_nanoseconds) ||
        !to_number(take_word(text), out.time_slices))
        return std::nullopt;
    return out;
}

std::optional<SyscallFields> parse_syscall(std::string_view text) {
    SyscallFields out;
    if (!to_number(take_word(text), out.number)) return std::nullopt;
    if (out.number >= 0) {
        for (std::uint64_t& argument : out.arguments)
            if (!to_hex(take_word(text), argument)) return std::nullopt;
    }
    if (!to_hex(take_word(text), out.stack_pointer) || !to_hex(take_word(text), out.instruction_pointer)) return std::nullopt;
    return out;
}

std::vector<std::string> parse_arguments(std::string_view text) {
    std::vector<std::string> arguments;
    while (!text.empty()) {
        const auto end = std::min(text.find('\0'), text.size());
        arguments.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return arguments;
}

PageEntry parse_page_word(std::uint64_t word) {
    constexpr std::uint64_t kFrameMask = (std::uint64_t{1} << 55) - 1;
    PageEntry entry;
    entry.present = (word >> 63) & 1;
    entry.swapped = (word >> 62) & 1;
    entry.file = (word >> 61) & 1;
    entry.exclusive = (word >> 56) & 1;
    entry.frame_number = entry.present ? word & kFrameMask : 0;
    return entry;
}

}  // namespace heddle::kernel
