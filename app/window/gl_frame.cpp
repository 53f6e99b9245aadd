#include "app/window/gl_frame.h"

#include <glad/gl.h>

#include <algorithm>

namespace heddle::window {

void clear_frame(int width, int height, Color color) {
    glViewport(0, 0, width, height);
    glDisable(GL_SCISSOR_TEST);
    glClearColor(static_cast<float>(color.r) / 255.f, static_cast<float>(color.g) / 255.f, static_cast<float>(color.b) / 255.f,
                 1);
    glClear(GL_COLOR_BUFFER_BIT);
}

Result<Image> read_frame(int width, int height) {
    Image image{width, height, {}};
    const std::size_t row = static_cast<std::size_t>(width) * 4;
    image.rgba.resize(row * static_cast<std::size_t>(height));
    while (glGetError() != GL_NO_ERROR) {
    }
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
    if (const GLenum error = glGetError(); error != GL_NO_ERROR)
        return fail("the picture could not be read back", "OpenGL error " + std::to_string(error));
    // OpenGL's rows go up, and blending leaves a meaningless alpha behind.
    for (int y = 0; y < height / 2; ++y)
        std::swap_ranges(image.rgba.begin() + static_cast<std::ptrdiff_t>(row) * y,
                         image.rgba.begin() + static_cast<std::ptrdiff_t>(row) * (y + 1),
                         image.rgba.begin() + static_cast<std::ptrdiff_t>(row) * (height - 1 - y));
    for (std::size_t i = 3; i < image.rgba.size(); i += 4) image.rgba[i] = 255;
    return image;
}

std::string gl_renderer() {
    const GLubyte* name = glGetString(GL_RENDERER);
    return name ? reinterpret_cast<const char*>(name) : "unknown";
}

}  // namespace heddle::window
