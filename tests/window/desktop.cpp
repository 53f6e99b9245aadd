#include "tests/window/desktop.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <sstream>

namespace heddle::test {

namespace fs = std::filesystem;

Desktop::Desktop(Screen screen) {
    std::string folder = (fs::temp_directory_path() / "heddle-desktop-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return;
    home_ = folder;
    for (const char* const name : {"config", "cache", "pictures"}) fs::create_directory(home_ / name);
    environment = {{"HOME", home_.string()},
                   {"XDG_CONFIG_HOME", (home_ / "config").string()},
                   {"XDG_CACHE_HOME", (home_ / "cache").string()},
                   {"XDG_PICTURES_DIR", (home_ / "pictures").string()},
                   {"LC_ALL", "C.UTF-8"},
                   {"WAYLAND_DISPLAY", ""},
                   {"DISPLAY", ""}};
    int number[2];
    if (screen == Screen::kNone || ::pipe2(number, O_CLOEXEC) != 0) return;
    // Xvfb chooses a free display itself and writes its number. When the last window goes it would start afresh, with helper
    // processes that look like something left behind.
    const std::string size = std::to_string(kScreenWidth) + "x" + std::to_string(kScreenHeight) + "x24";
    server_ = std::make_unique<Process>(std::vector<std::string>{"Xvfb", "-displayfd", std::to_string(number[1]), "-screen",
                                                                 "0", size, "-nolisten", "tcp", "-noreset"},
                                        environment, (home_ / "xvfb.log").string(), std::vector<int>{number[1]});
    ::close(number[1]);
    for (char c = 0; ::read(number[0], &c, 1) == 1 && c != '\n';) display_ += c;
    ::close(number[0]);
    if (!display_.empty()) environment["DISPLAY"] = ":" + display_;
}

Desktop::~Desktop() {
    if (server_) {
        server_->signal(SIGTERM);
        wait_until([&] { return server_->ended(); });
    }
    std::error_code error;
    if (!home_.empty()) fs::remove_all(home_, error);
}

std::unique_ptr<Process> Desktop::start(std::vector<std::string> command) {
    const fs::path log = home_ / "program.log";
    fs::remove(log);  // of one started before
    return std::make_unique<Process>(std::move(command), environment, log.string());
}

std::string Desktop::xdotool(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "xdotool");
    return output_of(arguments, environment, (home_ / "xdotool.log").string());
}

bool Desktop::wait_for_window() {
    return wait_until([&] {
        std::istringstream found(xdotool({"search", "--onlyvisible", "--class", "heddle"}));
        return static_cast<bool>(found >> window_);
    });
}

std::string Desktop::title() {
    return xdotool({"getwindowname", window_});
}

bool Desktop::wait_for_title(const std::string& part) {
    return wait_until([&] { return title().find(part) != std::string::npos; });
}

void Desktop::click(Vec2 point) {
    xdotool({"mousemove", "--window", window_, std::to_string(static_cast<int>(point.x)),
             std::to_string(static_cast<int>(point.y)), "click", "1"});
}

void Desktop::press(const std::string& keys) {
    xdotool({"windowfocus", window_, "key", keys});
}

void Desktop::type(const std::string& text) {
    xdotool({"windowfocus", window_, "type", text});
}

std::optional<PngFile> Desktop::take_picture() {
    press("s");
    std::optional<PngFile> picture;
    wait_until([&] {
        std::vector<fs::path> files;
        for (const auto& entry : fs::directory_iterator(home_ / "pictures")) files.push_back(entry.path());
        if (files.empty()) return false;
        picture = read_png(files.front());
        if (picture) fs::remove(files.front());
        return picture.has_value();
    });
    return picture;
}

}  // namespace heddle::test
