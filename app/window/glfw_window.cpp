// The real window. GLFW's callbacks fill one Input between frames; nothing is lost when several events arrive in one
// frame, because presses and releases are counted and a release that follows its press at once is held back one frame.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <glad/gl.h>

#include <algorithm>
#include <cmath>
#include <deque>

#include "app/window/gl_frame.h"
#include "app/window/keys.h"
#include "app/window/render_target.h"

namespace heddle::window {
namespace {

constexpr double kDoubleClick = 0.35;

std::string glfw_reason() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "no reason given";
}

class GlfwWindow final : public RenderTarget {
public:
    ~GlfwWindow() override {
        if (window_) glfwDestroyWindow(window_);
        if (initialised_) glfwTerminate();
    }

    Result<> open(const WindowOptions& options) {
        if (!glfwInit())
            return fail("no window can be opened", glfw_reason(),
                        "Start Heddle in a desktop session (DISPLAY or WAYLAND_DISPLAY set), or draw pictures off-screen.");
        initialised_ = true;
        glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
        glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
        glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
        glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
        glfwWindowHint(GLFW_DEPTH_BITS, 0);  // nothing is drawn by depth: no memory for it
        glfwWindowHint(GLFW_STENCIL_BITS, 0);
        glfwWindowHint(GLFW_VISIBLE, GLFW_FALSE);  // before there is something to see
        glfwWindowHintString(GLFW_X11_CLASS_NAME, "heddle");
        const Vec2 size = fitted(options);
        window_ = glfwCreateWindow(static_cast<int>(size.x), static_cast<int>(size.y), options.title.c_str(), nullptr, nullptr);
        if (!window_)
            return fail("no window with OpenGL 3.3 can be opened", glfw_reason(), "Install the package libgl1-mesa-dri.");
        glfwMakeContextCurrent(window_);
        if (gladLoadGL(glfwGetProcAddress) == 0) return fail("OpenGL's functions could not be loaded", glfw_reason());
        glfwSwapInterval(1);
        asked_scale_ = options.scale;
        glfwSetWindowUserPointer(window_, this);
        listen();
        return {};
    }

    Vec2 size() const override {
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_, &width, &height);
        return {std::max(1.f, static_cast<float>(width) / scale()), std::max(1.f, static_cast<float>(height) / scale())};
    }

    float scale() const override {
        if (asked_scale_ > 0) return asked_scale_;
        float x = 1, y = 1;
        glfwGetWindowContentScale(window_, &x, &y);
        return std::clamp(x, 1.f, 4.f);
    }

    Input begin_frame(Color clear) override {
        glfwMakeContextCurrent(window_);
        if (!std::exchange(shown_, true)) glfwShowWindow(window_);
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_, &width, &height);
        clear_frame(width, height, clear);
        return take_input();
    }

    void end_frame() override { glfwSwapBuffers(window_); }

    Result<Image> read_pixels() override {
        int width = 0, height = 0;
        glfwGetFramebufferSize(window_, &width, &height);
        return read_frame(width, height);
    }

    void wait(std::optional<double> seconds) override {
        if (!buttons_.empty())
            glfwPollEvents();  // a click is still to be told: the next frame comes at once
        else if (!seconds)
            glfwWaitEvents();
        else if (*seconds <= 0)
            glfwPollEvents();
        else
            glfwWaitEventsTimeout(*seconds);
    }

    void wake() override { glfwPostEmptyEvent(); }
    bool close_asked() const override { return glfwWindowShouldClose(window_); }
    void set_title(const std::string& title) override { glfwSetWindowTitle(window_, title.c_str()); }
    std::string renderer() const override { return gl_renderer(); }
    bool on_screen() const override { return true; }
    void set_clipboard(const std::string& text) override { glfwSetClipboardString(window_, text.c_str()); }
    std::string clipboard() const override {
        const char* text = glfwGetClipboardString(window_);
        return text ? text : "";
    }

    void toggle_fullscreen() override {
        if (glfwGetWindowMonitor(window_)) {
            glfwSetWindowMonitor(window_, nullptr, saved_[0], saved_[1], saved_[2], saved_[3], GLFW_DONT_CARE);
            return;
        }
        GLFWmonitor* monitor = glfwGetPrimaryMonitor();
        const GLFWvidmode* mode = monitor ? glfwGetVideoMode(monitor) : nullptr;
        if (!mode) return;
        glfwGetWindowPos(window_, &saved_[0], &saved_[1]);
        glfwGetWindowSize(window_, &saved_[2], &saved_[3]);
        glfwSetWindowMonitor(window_, monitor, 0, 0, mode->width, mode->height, mode->refreshRate);
    }

private:
    static GlfwWindow& self(GLFWwindow* w) { return *static_cast<GlfwWindow*>(glfwGetWindowUserPointer(w)); }

    // GLFW sizes windows in screen coordinates, which are physical pixels on X11.
    static Vec2 fitted(const WindowOptions& options) {
        Vec2 size{static_cast<float>(options.width), static_cast<float>(options.height)};
        GLFWmonitor* monitor = glfwGetPrimaryMonitor();
        if (!monitor) return size;
        float x = 1, y = 1;
        glfwGetMonitorContentScale(monitor, &x, &y);
        size = size * (options.scale > 0 ? options.scale : std::clamp(x, 1.f, 4.f));
        int left = 0, top = 0, width = 0, height = 0;
        glfwGetMonitorWorkarea(monitor, &left, &top, &width, &height);
        if (width > 0 && height > 0)
            size = {std::min(size.x, static_cast<float>(width)), std::min(size.y, static_cast<float>(height))};
        return size;
    }

    void listen() {
        glfwSetCursorPosCallback(window_, [](GLFWwindow* w, double x, double y) { self(w).pointer_moved(x, y); });
        glfwSetCursorEnterCallback(window_, [](GLFWwindow* w, int entered) {
            if (!entered) self(w).input_.pointer = {-1e6f, -1e6f};
        });
        glfwSetMouseButtonCallback(window_, [](GLFWwindow* w, int button, int action, int) {
            if (button == GLFW_MOUSE_BUTTON_LEFT) self(w).buttons_.push_back(action == GLFW_PRESS);
            if (button == GLFW_MOUSE_BUTTON_RIGHT && action == GLFW_PRESS) self(w).input_.right_pressed = true;
        });
        glfwSetScrollCallback(window_, [](GLFWwindow* w, double x, double y) {
            self(w).input_.wheel = self(w).input_.wheel + Vec2{static_cast<float>(x), static_cast<float>(y)};
        });
        glfwSetKeyCallback(window_, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
            if (action == GLFW_RELEASE) return;
            const KeyPress press = translate_key(key, scancode, mods, action == GLFW_REPEAT);
            if (press.key != Key::kNone) self(w).input_.keys.push_back(press);
            // Where it belongs between what is typed before and after it.
            if (press.key == Key::kEnter && !press.ctrl && !press.alt) self(w).input_.text += '\n';
        });
        glfwSetDropCallback(window_, [](GLFWwindow* w, int count, const char** paths) {
            self(w).input_.dropped.insert(self(w).input_.dropped.end(), paths, paths + count);
        });
        glfwSetCharCallback(window_, [](GLFWwindow* w, unsigned int c) { append_utf8(self(w).input_.text, c); });
    }

    void pointer_moved(double x, double y) {
        int window_width = 1, window_height = 1;
        glfwGetWindowSize(window_, &window_width, &window_height);
        const Vec2 logical = size();
        input_.pointer = {static_cast<float>(x) * logical.x / static_cast<float>(std::max(1, window_width)),
                          static_cast<float>(y) * logical.y / static_cast<float>(std::max(1, window_height))};
    }

    // One change of the button a frame: a fast click is a press in one frame and a release in the next.
    Input take_input() {
        Input frame = std::exchange(input_, Input{});
        input_.pointer = frame.pointer;
        if (!buttons_.empty()) {
            const bool down = buttons_.front();
            buttons_.pop_front();
            frame.pressed = down && !down_;
            frame.released = !down && down_;
            down_ = down;
        }
        frame.down = down_;
        if (frame.pressed) {
            const double now = glfwGetTime();
            frame.double_click =
                now - pressed_at_ < kDoubleClick && std::hypot(frame.pointer.x - pressed_.x, frame.pointer.y - pressed_.y) < 6;
            pressed_at_ = frame.double_click ? -1 : now;
            pressed_ = frame.pointer;
        }
        frame.shift = is_down(GLFW_KEY_LEFT_SHIFT) || is_down(GLFW_KEY_RIGHT_SHIFT);
        frame.ctrl = is_down(GLFW_KEY_LEFT_CONTROL) || is_down(GLFW_KEY_RIGHT_CONTROL);
        frame.alt = is_down(GLFW_KEY_LEFT_ALT) || is_down(GLFW_KEY_RIGHT_ALT);
        return frame;
    }

    bool is_down(int key) const { return glfwGetKey(window_, key) == GLFW_PRESS; }

    GLFWwindow* window_ = nullptr;
    bool initialised_ = false, shown_ = false, down_ = false;
    float asked_scale_ = 0;
    Input input_;
    std::deque<bool> buttons_;  // presses and releases not yet told
    double pressed_at_ = -1;
    Vec2 pressed_;
    int saved_[4] = {0, 0, 1600, 1000};
};

}  // namespace

Result<std::unique_ptr<RenderTarget>> open_window(const WindowOptions& options) {
    auto window = std::make_unique<GlfwWindow>();
    TRY(window->open(options));
    return window;
}

}  // namespace heddle::window
