// The single place that knows which Dear ImGui is installed: 1.86 (Debian 12) up to 1.92. Included only by .cpp files of
// app/canvas and app/window; nothing else in the tree tests IMGUI_VERSION_NUM.
// Keyboard and mouse do not pass through here: app/window translates GLFW's own callbacks into heddle::Input, because 1.86
// has no event queue and lacks most letters and function keys.
#pragma once

#include <imgui.h>
#include <imgui_freetype.h>

#include <string_view>

// Of the opengl3 backend of 1.86; later versions upload textures by themselves.
#if IMGUI_VERSION_NUM < 19200
bool ImGui_ImplOpenGL3_CreateFontsTexture();
void ImGui_ImplOpenGL3_DestroyFontsTexture();
#endif

namespace heddle::compat {

#if IMGUI_VERSION_NUM >= 19200
inline constexpr bool kDynamicFonts = true;  // glyphs are rasterized on demand, the renderer owns the textures
#else
inline constexpr bool kDynamicFonts = false;
#endif

// Light hinting: crisp horizontal strokes, the letters' own widths. The bytes must outlive the atlas; they are not copied.
inline ImFont* add_font(ImFontAtlas& atlas, std::string_view bytes, float size, ImFontConfig config,
                        const ImWchar* glyph_ranges) {
#if IMGUI_VERSION_NUM >= 19200
    config.FontLoaderFlags = ImGuiFreeTypeLoaderFlags_LightHinting;
#else
    config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
#endif
    const auto add = [&] {
        return atlas.AddFontFromMemoryTTF(const_cast<char*>(bytes.data()), static_cast<int>(bytes.size()), size, &config,
                                          glyph_ranges);
    };
#if IMGUI_VERSION_NUM >= 19200
    config.FontDataOwnedByAtlas = false;
    return add();
#else
    // 1.86 copies bytes that it does not own, 20 MB for each size of a collection: own them while they are added only.
    config.FontDataOwnedByAtlas = true;
    ImFont* font = add();
    atlas.ConfigData.back().FontDataOwnedByAtlas = false;
    return font;
#endif
}

inline bool build_atlas(ImFontAtlas& atlas) {
#if IMGUI_VERSION_NUM >= 19200
    (void)atlas;
    return true;
#else
    atlas.Flags |= ImFontAtlasFlags_NoMouseCursors | ImFontAtlasFlags_NoPowerOfTwoHeight;
    atlas.TexDesiredWidth = 2048;
    atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
    if (!atlas.Build()) return false;
    unsigned char* pixels = nullptr;  // kept there: made on the thread that builds, not on the one that draws
    int width = 0, height = 0;
    atlas.GetTexDataAsRGBA32(&pixels, &width, &height);
    return true;
#endif
}

inline float ascent(ImFont& font, float size) {
#if IMGUI_VERSION_NUM >= 19200
    return font.GetFontBaked(size)->Ascent;
#else
    (void)size;
    return font.Ascent;
#endif
}

inline float text_width(ImFont& font, float size, std::string_view text) {
    return font.CalcTextSizeA(size, 3.4e38f, 0, text.data(), text.data() + text.size()).x;
}

// After the atlas was built anew while the renderer lives.
inline bool upload_atlas() {
#if IMGUI_VERSION_NUM < 19200
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    return ImGui_ImplOpenGL3_CreateFontsTexture();
#else
    return true;
#endif
}

// Without a renderer (tests, or not yet) the library must still believe that large meshes and textures are handled.
inline void pretend_renderer(ImGuiIO& io) {
    io.BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
#if IMGUI_VERSION_NUM >= 19200
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
#endif
}

}  // namespace heddle::compat
