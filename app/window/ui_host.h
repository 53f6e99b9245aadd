// UiHost: the Dear ImGui context, the fonts and the renderer behind one frame's Canvas. With a RenderTarget it draws; with
// none (tests) it builds frames without any OpenGL. One per window, main thread; several may live one after another.
#pragma once

#include <memory>
#include <span>

#include "app/canvas/canvas.h"
#include "app/canvas/fonts.h"
#include "app/window/render_target.h"

struct ImGuiContext;

namespace heddle::window {

class UiHost {
public:
    // `target` may be null and otherwise outlives the host. Call build_fonts before the first frame.
    static Result<std::unique_ptr<UiHost>> create(RenderTarget* target, canvas::FontFiles files);
    // For a target that is still being opened: its fonts may be built meanwhile, on another thread; then attach() it.
    static std::unique_ptr<UiHost> create_before_target(canvas::FontFiles files);
    Result<> attach(RenderTarget& target);
    ~UiHost();
    UiHost(const UiHost&) = delete;
    UiHost& operator=(const UiHost&) = delete;

    // add_text() all that will be drawn, then build_fonts(); again after a change of language, sizes or scale.
    canvas::FontSet& fonts() { return fonts_; }
    Result<> build_fonts(std::span<const float> sizes, float scale);

    // Between begin and end the Canvas paints the frame. begin_frame of the target comes before, its end_frame after.
    canvas::Canvas& begin(Vec2 size, float scale, float seconds_since_last);
    void end();

private:
    explicit UiHost(canvas::FontFiles files);

    ImGuiContext* context_;
    canvas::FontSet fonts_;
    std::unique_ptr<canvas::Canvas> canvas_;
    bool renderer_ready_ = false, has_texture_ = false;
};

}  // namespace heddle::window
