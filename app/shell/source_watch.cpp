#include "app/shell/source_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "core/catalog/own_program.h"

namespace heddle::shell {
namespace {

constexpr int kQuietMilliseconds = 120;  // some editors write in several steps

}  // namespace

void SourceWatch::watch(const std::vector<std::filesystem::path>& files, const std::vector<std::filesystem::path>& folders) {
    if (thread_.joinable() && files == files_ && folders == folders_) return;
    stop();
    files_ = files, folders_ = folders;
    if (files.empty()) return;
    events_ = UniqueFd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    quit_ = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!events_ || !quit_) return;
    std::map<std::filesystem::path, std::vector<std::string>> by_folder;
    for (const auto& file : files) by_folder[file.parent_path()].push_back(file.filename().string());
    for (const auto& folder : folders) by_folder[folder].clear();
    for (const auto& [folder, names] : by_folder) {
        const int id = ::inotify_add_watch(events_.get(), folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
        if (id >= 0) names_.emplace_back(id, names);
    }
    if (!names_.empty()) thread_ = std::thread([this] { run(); });
}

void SourceWatch::stop() {
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(quit_.get(), &one, sizeof one);
        thread_.join();
    }
    names_.clear(), files_.clear(), folders_.clear();
    events_.reset();
    changed_ = false;
}

// Takes what has happened; true when it concerns a source.
bool SourceWatch::read_events() {
    alignas(inotify_event) char buffer[8192];
    bool ours = false;
    for (ssize_t got = 0; (got = ::read(events_.get(), buffer, sizeof buffer)) > 0;) {
        for (ssize_t at = 0; at < got;) {
            const auto* const event = reinterpret_cast<const inotify_event*>(buffer + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            const std::string name = event->len > 0 ? event->name : "";
            for (const auto& [id, names] : names_) {
                if (id != event->wd || name.empty()) continue;
                if (names.empty())
                    ours |= !name.starts_with(".") && (catalog::is_source(name) || catalog::is_header(name));
                else
                    ours |= std::find(names.begin(), names.end(), name) != names.end();
            }
        }
    }
    return ours;
}

void SourceWatch::run() {
    pollfd fds[] = {{events_.get(), POLLIN, 0}, {quit_.get(), POLLIN, 0}};
    bool saved = false;
    for (;;) {
        const int ready = ::poll(fds, 2, saved ? kQuietMilliseconds : -1);
        if (fds[1].revents != 0) return;
        if (ready > 0 && read_events()) saved = true;
        if (ready != 0 || !saved) continue;
        saved = false;
        changed_ = true;
        wake_(context_);
    }
}

}  // namespace heddle::shell
