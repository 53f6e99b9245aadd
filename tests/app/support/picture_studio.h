// PictureStudio: draws pictures through real OpenGL, off-screen, each as the window would show it at rest. The fonts, which
// take the longest, are built once for all of them. For tests of pictures; main thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "app/theme.h"
#include "app/widgets/ui.h"
#include "app/window/render_target.h"
#include "app/window/ui_host.h"

namespace heddle::testing_support {

class PictureStudio {
public:
    // largest: no picture is wider or higher. more_text: characters that are drawn besides the program's own texts, whose both
    // languages are always there. Motion is reduced.
    static Result<std::unique_ptr<PictureStudio>> open(Vec2 largest, Theme theme, Language language,
                                                       std::string_view more_text);

    // geometry, when given, gets what the last frame consisted of.
    Result<window::Image> draw(Vec2 size, const std::function<void(widgets::Ui&)>& draw, canvas::LayoutLog* geometry = nullptr);

private:
    PictureStudio(Theme theme, Texts texts) : theme_(std::move(theme)), texts_(std::move(texts)) {}

    Theme theme_;
    Texts texts_;
    std::unique_ptr<window::RenderTarget> target_;  // outlives the host
    std::unique_ptr<window::UiHost> host_;
};

}  // namespace heddle::testing_support
