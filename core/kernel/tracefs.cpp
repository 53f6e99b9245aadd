#include "core/kernel/tracefs.h"

#include <sys/mount.h>
#include <unistd.h>

#include <charconv>

#include "core/kernel/proc_files.h"
#include "core/kernel/proc_text.h"

namespace heddle::kernel {
namespace {

constexpr const char* kUsualPlace = "/sys/kernel/tracing";

Result<std::string> tracefs_directory() {
    for (const char* place : {kUsualPlace, "/sys/kernel/debug/tracing"}) {
        if (::access((std::string(place) + "/events/sched").c_str(), R_OK) == 0) return std::string(place);
    }
    if (::geteuid() == 0 && ::mount("tracefs", kUsualPlace, "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0) {
        return std::string(kUsualPlace);
    }
    return fail_errno("tracefs is not readable", kUsualPlace, "sudo mount -t tracefs tracefs /sys/kernel/tracing");
}

// "field:pid_t pid;	offset:24;	size:4;	signed:1;"
std::optional<std::uint32_t> offset_of(std::string_view text, std::string_view field) {
    const auto name = text.find(std::string(" ") + std::string(field) + ";");
    if (name == std::string_view::npos) return std::nullopt;
    constexpr std::string_view kOffset = "offset:";
    const auto at = text.find(kOffset, name);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = text.substr(at + kOffset.size());
    std::uint32_t value = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) return std::nullopt;
    return value;
}

}  // namespace

Result<WakeUpFormat> parse_wake_up_format(std::string_view text) {
    const auto pid = offset_of(text, "pid"), target = offset_of(text, "target_cpu");
    if (!pid || !target) return fail("a tracepoint's format has no pid or target_cpu");
    return WakeUpFormat{*pid, *target};
}

Result<Tracepoint> find_wake_up_tracepoint(std::string_view name) {
    const std::string directory = TRY(tracefs_directory()) + "/events/" + std::string(name);
    const std::string id_text = TRY(read_small_file(directory + "/id"));
    const auto id = parse_integer(id_text);
    if (!id || *id <= 0) return fail("a tracepoint has no id", directory);
    const std::string format = TRY(read_small_file(directory + "/format"));
    return Tracepoint{static_cast<std::uint64_t>(*id), TRY(parse_wake_up_format(format))};
}

}  // namespace heddle::kernel
