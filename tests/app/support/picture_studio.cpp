#include "tests/app/support/picture_studio.h"

#include "core/base/check.h"
#include "core/base/data_folder.h"

namespace heddle::testing_support {
namespace {

constexpr int kFrames = 4;  // scroll areas know their content from the second frame on

// OpenGL counts from below: a frame smaller than its target lies at the target's lower left.
window::Image lower_left(const window::Image& whole, int width, int height) {
    window::Image part{width, height, {}};
    part.rgba.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    for (int y = whole.height - height; y < whole.height; ++y) {
        const auto row = whole.rgba.begin() + static_cast<std::ptrdiff_t>(y) * whole.width * 4;
        part.rgba.insert(part.rgba.end(), row, row + static_cast<std::ptrdiff_t>(width) * 4);
    }
    return part;
}

}  // namespace

Result<std::unique_ptr<PictureStudio>> PictureStudio::open(Vec2 largest, Theme theme, Language language,
                                                           std::string_view more_text) {
    theme.reduce_motion = true;
    const std::string assets = TRY(find_data("assets"));
    std::unique_ptr<PictureStudio> studio(new PictureStudio(std::move(theme), TRY(Texts::load(assets + "/i18n"))));
    const Texts& texts = studio->texts_;
    studio->texts_.set_language(language);
    studio->target_ = TRY(window::open_offscreen(static_cast<int>(largest.x), static_cast<int>(largest.y), 1));
    auto files = TRY(canvas::find_fonts());
    studio->host_ = TRY(window::UiHost::create(studio->target_.get(), std::move(files)));
    canvas::FontSet& fonts = studio->host_->fonts();
    fonts.add_text(texts.all(Language::kEnglish)), fonts.add_text(texts.all(Language::kKorean)), fonts.add_text(more_text);
    TRY(studio->host_->build_fonts(studio->theme_.size.font_sizes(), 1));
    return studio;
}

Result<window::Image> PictureStudio::draw(Vec2 size, const std::function<void(widgets::Ui&)>& draw,
                                          canvas::LayoutLog* geometry) {
    CHECK(size.x <= target_->size().x && size.y <= target_->size().y);
    widgets::UiState state;
    for (int frame = 1; frame <= kFrames; ++frame) {
        target_->begin_frame(theme_.color.page);
        canvas::Canvas& canvas = host_->begin(size, 1, 1 / 60.f);
        if (frame == kFrames && geometry != nullptr) canvas.set_log(geometry);
        canvas.push_clip({0, 0, size.x, size.y});
        const Input input;
        widgets::Ui ui(state, canvas, theme_, texts_, input, frame);
        draw(ui);
        ui.finish();
        canvas.pop_clip();
        host_->end();
        target_->end_frame();
    }
    const window::Image whole = TRY(target_->read_pixels());
    return lower_left(whole, static_cast<int>(size.x), static_cast<int>(size.y));
}

}  // namespace heddle::testing_support
