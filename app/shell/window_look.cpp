#include "app/shell/window_look.h"

#include <spdlog/spdlog.h>

namespace heddle::shell {

Result<> WindowLook::prepare(const catalog::Catalog& catalog) {
    canvas::FontFiles fonts = TRY(canvas::find_fonts());
    if (fonts.no_korean && texts_.language() == Language::kKorean) {
        texts_.set_language(Language::kEnglish);
        note_ = texts_.tr("shell.no_korean_font");
        spdlog::warn("{}", note_);
    }
    host_ = window::UiHost::create_before_target(std::move(fonts));
    return build(catalog, 1);  // the first frame builds for another scale
}

Result<> WindowLook::build(const catalog::Catalog& catalog, float scale) {
    choose_theme();
    glyphs.add_texts(texts_, catalog);
    glyphs.hand_to(host_->fonts());
    built_scale_ = scale;
    return host_->build_fonts(theme_.size.font_sizes(), scale);
}

void WindowLook::choose_theme() {
    theme_ = make_theme(settings_.theme == "light" ? ThemeKind::kLight : ThemeKind::kDark, presenter);
    theme_.reduce_motion = settings_.reduce_motion;
}

}  // namespace heddle::shell
