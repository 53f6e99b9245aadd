// Says when the source files of the open program were saved. A thread of its own sleeps on inotify (man 7 inotify); it watches
// the files' folders, because editors replace a file by renaming another onto it. Made, asked and destroyed on the main thread.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/base/unique_fd.h"

namespace heddle::shell {

class SourceWatch {
public:
    // wake is called on the watch's thread after the files were saved and have been left alone for a moment.
    SourceWatch(void (*wake)(void*), void* context) : wake_(wake), context_(context) {}
    ~SourceWatch() { stop(); }
    SourceWatch(const SourceWatch&) = delete;

    // From now on these files, instead of those before; and, in `folders`, files that become sources of the program.
    void watch(const std::vector<std::filesystem::path>& files, const std::vector<std::filesystem::path>& folders);
    void stop();
    // Whether one was saved since the last question.
    bool take_changed() { return changed_.exchange(false); }

private:
    void run();
    bool read_events();

    void (*wake_)(void*);
    void* context_;
    std::atomic<bool> changed_{false};
    std::vector<std::pair<int, std::vector<std::string>>> names_;  // by watch descriptor; no names: every source file
    std::vector<std::filesystem::path> files_, folders_;
    UniqueFd events_, quit_;
    std::thread thread_;
};

}  // namespace heddle::shell
