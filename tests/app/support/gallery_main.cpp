// heddle_gallery WIDTH HEIGHT SCALE dark|light|print en|ko [presenter] FILE.png|FILE.svg: the gallery as a picture.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "app/canvas/svg_canvas.h"
#include "app/window/png.h"
#include "app/window/ui_host.h"
#include "core/base/data_folder.h"
#include "tests/app/support/gallery.h"

namespace heddle {
namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void draw(canvas::Canvas& canvas, Vec2 size, const Theme& theme, const Texts& texts, widgets::UiState& state) {
    testing_support::GalleryState gallery;
    canvas.push_clip({0, 0, size.x, size.y});
    const Input input;
    widgets::Ui ui(state, canvas, theme, texts, input, 0);
    testing_support::draw_gallery(ui, gallery);
    ui.finish();
    canvas.pop_clip();
}

Result<> run(int count, char** words) {
    const auto begin = Clock::now();
    const std::string file = words[count - 1], look = words[4];
    Theme theme = make_theme(look == "dark"    ? ThemeKind::kDark
                             : look == "light" ? ThemeKind::kLight
                                               : ThemeKind::kPrint,
                             count > 7);
    theme.reduce_motion = true;
    const std::string folder = TRY(find_data("assets")) + "/i18n";
    Texts texts = TRY(Texts::load(folder));
    texts.set_language(std::string(words[5]) == "ko" ? Language::kKorean : Language::kEnglish);
    const double loaded = ms_since(begin);
    auto target =
        TRY(window::open_offscreen(std::atoi(words[1]), std::atoi(words[2]), static_cast<float>(std::atof(words[3]))));
    const double opened = ms_since(begin);
    auto files = TRY(canvas::find_fonts());
    const double found = ms_since(begin);
    auto host = TRY(window::UiHost::create(target.get(), std::move(files)));
    host->fonts().add_text(texts.all(texts.language()));
    host->fonts().add_text(
        "가갱신손실모양과코드예상해보세요스레드마다을세번더합니다장작은최종값얼마일까컴퓨터에따라르움직임줄이기취소없음경쟁상태"
        "플래그로만든락검사후행동순서위반공유큐고장뮤텍스원자적실행한단계두탐색타임라인증");
    TRY(host->build_fonts(theme.size.font_sizes(), target->scale()));
    const double built = ms_since(begin);
    widgets::UiState state;
    if (file.ends_with(".svg")) {
        canvas::SvgCanvas svg(host->fonts(), target->size(), theme.color.page, "Gallery", "All widgets");
        draw(svg, target->size(), theme, texts, state);
        std::FILE* out = std::fopen(file.c_str(), "wb");
        if (!out) return fail_errno("cannot write", file);
        const std::string text = svg.finish();
        std::fwrite(text.data(), 1, text.size(), out);
        std::fclose(out);
        return {};
    }
    for (int i = 0; i < 2; ++i) {
        const auto frame = Clock::now();
        target->begin_frame(theme.color.page);
        draw(host->begin(target->size(), target->scale(), 1 / 60.f), target->size(), theme, texts, state);
        const double ui_done = ms_since(frame);
        host->end();
        target->end_frame();
        std::printf("frame %d: UI %.2f ms, drawn %.2f ms\n", i, ui_done, ms_since(frame));
        if (i == 0)
            std::printf("texts %.1f, target %.1f, font files %.1f, atlas %.1f, first frame %.1f ms\n", loaded, opened, found,
                        built, ms_since(begin));
    }
    const auto image = TRY(target->read_pixels());
    return window::write_png(file, image, {{"Title", "Gallery"}}, target->scale());
}

}  // namespace
}  // namespace heddle

int main(int count, char** words) {
    if (count < 7)
        return std::fprintf(stderr, "usage: heddle_gallery WIDTH HEIGHT SCALE dark|light|print en|ko [presenter] FILE\n"), 2;
    const auto result = heddle::run(count, words);
    if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
    return result ? 0 : 1;
}
