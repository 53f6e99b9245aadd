#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <glad/gl.h>

#include <cmath>

#include "app/window/gl_frame.h"
#include "app/window/render_target.h"

namespace heddle::window {
namespace {

constexpr const char* kRemedy = "Install the packages libegl1 and libgl1-mesa-dri.";

class Offscreen final : public RenderTarget {
public:
    Offscreen(int width, int height, float scale) : width_(width), height_(height), scale_(scale) {}

    ~Offscreen() override {
        if (framebuffer_ != 0) {
            glDeleteFramebuffers(1, &framebuffer_);
            glDeleteRenderbuffers(1, &color_);
        }
        if (display_ == EGL_NO_DISPLAY) return;
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        if (context_ != EGL_NO_CONTEXT) eglDestroyContext(display_, context_);
        eglTerminate(display_);
    }

    Result<> open() {
        display_ = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, nullptr, nullptr);
        if (display_ == EGL_NO_DISPLAY || !eglInitialize(display_, nullptr, nullptr))
            return fail("EGL cannot draw off-screen", "surfaceless platform", kRemedy);
        const EGLint config_wish[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE};
        EGLConfig config = nullptr;
        EGLint count = 0;
        if (!eglBindAPI(EGL_OPENGL_API) || !eglChooseConfig(display_, config_wish, &config, 1, &count) || count == 0)
            return fail("EGL offers no desktop OpenGL", {}, kRemedy);
        const EGLint wish[] = {
            EGL_CONTEXT_MAJOR_VERSION,           3,       EGL_CONTEXT_MINOR_VERSION, 3, EGL_CONTEXT_OPENGL_PROFILE_MASK,
            EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE};
        context_ = eglCreateContext(display_, config, EGL_NO_CONTEXT, wish);
        if (context_ == EGL_NO_CONTEXT || !eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_))
            return fail("no OpenGL 3.3 context", "EGL", kRemedy);
        if (gladLoadGL(eglGetProcAddress) == 0) return fail("OpenGL's functions could not be loaded", "EGL", kRemedy);
        return make_framebuffer();
    }

    Vec2 size() const override { return {static_cast<float>(width_), static_cast<float>(height_)}; }
    float scale() const override { return scale_; }

    Input begin_frame(Color clear) override {
        eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_);
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
        clear_frame(pixels_x(), pixels_y(), clear);
        return {};
    }
    void end_frame() override { glFinish(); }
    Result<Image> read_pixels() override {
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
        return read_frame(pixels_x(), pixels_y());
    }
    void wait(std::optional<double>) override {}
    std::string renderer() const override { return gl_renderer(); }

private:
    int pixels_x() const { return static_cast<int>(std::lround(static_cast<float>(width_) * scale_)); }
    int pixels_y() const { return static_cast<int>(std::lround(static_cast<float>(height_) * scale_)); }

    Result<> make_framebuffer() {
        GLint largest = 0;
        glGetIntegerv(GL_MAX_RENDERBUFFER_SIZE, &largest);
        const std::string asked = std::to_string(pixels_x()) + " x " + std::to_string(pixels_y());
        if (pixels_x() <= 0 || pixels_y() <= 0 || pixels_x() > largest || pixels_y() > largest)
            return fail("a picture of this size cannot be drawn", asked,
                        "Choose a smaller size or scale; the largest side is " + std::to_string(largest) + " pixels.");
        glGenFramebuffers(1, &framebuffer_);
        glGenRenderbuffers(1, &color_);
        glBindRenderbuffer(GL_RENDERBUFFER, color_);
        glRenderbufferStorage(GL_RENDERBUFFER, GL_RGBA8, pixels_x(), pixels_y());
        glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_);
        glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, color_);
        if (glCheckFramebufferStatus(GL_FRAMEBUFFER) != GL_FRAMEBUFFER_COMPLETE)
            return fail("OpenGL refuses the off-screen picture", asked, "Choose a smaller size or scale.");
        return {};
    }

    int width_, height_;
    float scale_;
    EGLDisplay display_ = EGL_NO_DISPLAY;
    EGLContext context_ = EGL_NO_CONTEXT;
    GLuint framebuffer_ = 0, color_ = 0;
};

}  // namespace

Result<std::unique_ptr<RenderTarget>> open_offscreen(int width, int height, float scale) {
    auto target = std::make_unique<Offscreen>(width, height, scale);
    TRY(target->open());
    return target;
}

}  // namespace heddle::window
