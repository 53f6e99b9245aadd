// RenderTarget: where frames go: a GLFW window or an off-screen picture. Both give OpenGL 3.3 core through glad.
// Made, used and destroyed on the main thread; only wake() may be called from another one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/canvas/input.h"
#include "core/base/result.h"

namespace heddle::window {

struct Image {
    int width = 0, height = 0;
    std::vector<std::uint8_t> rgba;  // top row first, four bytes a pixel
};

class RenderTarget {
public:
    virtual ~RenderTarget() = default;

    virtual Vec2 size() const = 0;    // logical pixels
    virtual float scale() const = 0;  // physical pixels per logical one
    // Makes the context current, sets the viewport, clears; gives what the person did since the last frame. The first one shows
    // the window.
    virtual Input begin_frame(Color clear) = 0;
    virtual void end_frame() = 0;             // shows the frame
    virtual Result<Image> read_pixels() = 0;  // of the frame drawn last, before end_frame shows it

    // Sleeps until there is input, wake() was called, or the time is over; nullopt waits for ever. Uses no CPU meanwhile.
    virtual void wait(std::optional<double> seconds) = 0;
    virtual void wake() {}
    virtual bool close_asked() const { return false; }
    virtual void set_title(const std::string&) {}
    virtual void toggle_fullscreen() {}
    virtual std::string clipboard() const { return {}; }
    virtual void set_clipboard(const std::string&) {}
    virtual bool on_screen() const { return false; }
    // "llvmpipe (LLVM 15, 256 bits)": said in the captions of problem reports.
    virtual std::string renderer() const = 0;
};

struct WindowOptions {
    std::string title = "heddle";
    int width = 1600, height = 1000;  // logical; made smaller to fit the screen
    float scale = 0;                  // 0: what the desktop says
};

// Fails clearly when there is no display or no OpenGL 3.3.
Result<std::unique_ptr<RenderTarget>> open_window(const WindowOptions& options);

// EGL without a surface, into a framebuffer object: needs no display, no device node and no privilege.
Result<std::unique_ptr<RenderTarget>> open_offscreen(int width, int height, float scale);

}  // namespace heddle::window
