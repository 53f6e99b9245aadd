// A desktop of its own: a virtual X server, a person's fresh home folder, and hands that click and press keys through the
// server, as a person's do. Everything is gone with it. Used by one thread.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/canvas/geometry.h"
#include "tests/window/png_file.h"
#include "tests/window/processes.h"

namespace heddle::test {

constexpr int kScreenWidth = 1280, kScreenHeight = 720;

class Desktop {
public:
    enum class Screen { kVirtual, kNone };
    explicit Desktop(Screen screen = Screen::kVirtual);
    ~Desktop();

    bool ready() const { return !display_.empty(); }
    const std::filesystem::path& home() const { return home_; }
    std::filesystem::path settings() const { return home_ / "config/heddle/settings.toml"; }
    Environment environment;  // what a program started here gets

    std::unique_ptr<Process> start(std::vector<std::string> command);

    bool wait_for_window();  // Heddle's, to be seen
    std::string title();
    bool wait_for_title(const std::string& part);
    void click(Vec2 point);
    void press(const std::string& keys);  // as xdotool names them, e.g. "ctrl+q"
    void type(const std::string& text);
    // What the key S saves; nullopt when no whole picture appears.
    std::optional<PngFile> take_picture();

private:
    std::string xdotool(std::vector<std::string> arguments);

    std::filesystem::path home_;
    std::string display_, window_;
    std::unique_ptr<Process> server_;
};

}  // namespace heddle::test
