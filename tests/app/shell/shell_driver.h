// The whole window as a person meets it, with a hand-made run: draws the shell each frame and keeps what it queued.
#pragma once

#include <memory>
#include <string>

#include "app/shell/shell.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::test {

class ShellDriver {
public:
    // `run` may be null: the home page. Its scenario is looked up in the installed catalog.
    ShellDriver(Vec2 size, std::shared_ptr<model::Snapshot> run, Theme theme, Language language = Language::kEnglish);

    testing_support::UiDriver& ui() { return *driver_; }
    shell::ShellState state;
    shell::Settings settings;
    shell::Commands commands;  // all that was queued since the last clear
    bool presenter = false;
    bool can_restart = true;
    std::shared_ptr<model::Snapshot> run;

    // The first command of this type that was queued; null when there is none.
    template <class T>
    const T* app() const {
        for (const shell::AppCommand& command : commands.app)
            if (const T* found = std::get_if<T>(&command)) return found;
        return nullptr;
    }
    template <class T>
    const T* playback() const {
        for (const model::PlaybackCommand& command : commands.playback)
            if (const T* found = std::get_if<T>(&command)) return found;
        return nullptr;
    }

private:
    std::unique_ptr<testing_support::UiDriver> driver_;
};

}  // namespace heddle::test
