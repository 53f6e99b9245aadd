// WindowLook: what the window draws with: the theme that the settings and the presenter ask for, and fonts with every character
// in use, for one language and one scale of the display. Main thread; prepare() may run on another one before there is a
// window.
#pragma once

#include <memory>
#include <string>

#include "app/i18n.h"
#include "app/shell/glyphs.h"
#include "app/shell/settings.h"
#include "app/theme.h"
#include "app/window/ui_host.h"

namespace heddle::shell {

class WindowLook {
public:
    // Both outlive it.
    WindowLook(Texts& texts, const Settings& settings) : texts_(texts), settings_(settings) {}

    // Finds the fonts and builds them as most desktops scale them. Where there is no Korean one the texts turn English.
    Result<> prepare(const catalog::Catalog& catalog);
    // After a change of language, presenter, scale or characters.
    Result<> build(const catalog::Catalog& catalog, float scale);
    void choose_theme();

    window::UiHost& host() { return *host_; }
    const Theme& theme() const { return theme_; }
    float built_scale() const { return built_scale_; }
    const std::string& note() const { return note_; }  // what is amiss with the fonts; empty: nothing

    Glyphs glyphs;
    bool presenter = false;

private:
    Texts& texts_;
    const Settings& settings_;
    std::unique_ptr<window::UiHost> host_;
    Theme theme_;
    std::string note_;
    float built_scale_ = 0;
};

}  // namespace heddle::shell
