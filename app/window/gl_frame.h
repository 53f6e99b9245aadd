// The few OpenGL calls that both render targets share. The context must be current; main thread.
#pragma once

#include "app/window/render_target.h"

namespace heddle::window {

void clear_frame(int width, int height, Color color);
Result<Image> read_frame(int width, int height);  // from the bound framebuffer, top row first
std::string gl_renderer();

}  // namespace heddle::window
