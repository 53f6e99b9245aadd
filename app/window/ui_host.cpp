#include "app/window/ui_host.h"

#include <imgui_impl_opengl3.h>

#include "app/canvas/imgui_canvas.h"
#include "app/canvas/imgui_compat.h"
#include "core/base/check.h"

namespace heddle::window {

UiHost::UiHost(canvas::FontFiles files) : context_(ImGui::CreateContext()), fonts_(std::move(files)) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    compat::pretend_renderer(io);
}

Result<std::unique_ptr<UiHost>> UiHost::create(RenderTarget* target, canvas::FontFiles files) {
    std::unique_ptr<UiHost> host = create_before_target(std::move(files));
    if (target) TRY(host->attach(*target));
    return host;
}

std::unique_ptr<UiHost> UiHost::create_before_target(canvas::FontFiles files) {
    return std::unique_ptr<UiHost>(new UiHost(std::move(files)));
}

Result<> UiHost::attach(RenderTarget& target) {
    ImGui::SetCurrentContext(context_);
    if (!ImGui_ImplOpenGL3_Init("#version 330 core"))
        return fail("the OpenGL renderer could not be started", target.renderer(), "Install the package libgl1.");
    renderer_ready_ = true;
    return {};
}

UiHost::~UiHost() {
    ImGui::SetCurrentContext(context_);
    if (renderer_ready_) ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext(context_);
}

Result<> UiHost::build_fonts(std::span<const float> sizes, float scale) {
    ImGui::SetCurrentContext(context_);
    TRY(fonts_.build(*ImGui::GetIO().Fonts, sizes, scale));
    // The first time the renderer takes them by itself.
    if (has_texture_ && !compat::upload_atlas()) return fail("the fonts could not be handed to OpenGL");
    return {};
}

canvas::Canvas& UiHost::begin(Vec2 size, float scale, float seconds_since_last) {
    ImGui::SetCurrentContext(context_);
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {size.x, size.y};
    io.DisplayFramebufferScale = {scale, scale};
    io.DeltaTime = std::clamp(seconds_since_last, 1e-4f, 1.f);
    ImGui::GetStyle().CircleTessellationMaxError = 0.2f / scale;
    ImGui::GetStyle().CurveTessellationTol = 0.8f / scale;
    if (renderer_ready_) ImGui_ImplOpenGL3_NewFrame();
    has_texture_ = renderer_ready_;
    ImGui::NewFrame();
    canvas_ = std::make_unique<canvas::ImGuiCanvas>(fonts_, scale, *ImGui::GetBackgroundDrawList());
    return *canvas_;
}

void UiHost::end() {
    CHECK(canvas_ != nullptr);
    canvas_.reset();
    ImGui::Render();
    if (renderer_ready_) ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

}  // namespace heddle::window
