#include "tests/app/support/ui_driver.h"

#include <array>
#include <map>
#include <stdexcept>

#include "core/base/data_folder.h"

namespace heddle::testing_support {
namespace {

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().message());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

const Texts& all_texts() {
    static const Texts texts = must(Texts::load(must(find_data("assets")) + "/i18n"));
    return texts;
}

// Drawing the letters takes far longer than a frame, and they depend on their sizes alone: one host for each.
window::UiHost& host_with(const std::array<float, 4>& font_sizes) {
    static std::map<std::array<float, 4>, std::unique_ptr<window::UiHost>> hosts;
    std::unique_ptr<window::UiHost>& host = hosts[font_sizes];
    if (!host) {
        auto made = must(window::UiHost::create(nullptr, must(canvas::find_fonts())));
        made->fonts().add_text(all_texts().all(Language::kEnglish));
        made->fonts().add_text(all_texts().all(Language::kKorean));
        must(made->build_fonts(font_sizes, 1));
        host = std::move(made);
    }
    return *host;
}

}  // namespace

UiDriver::UiDriver(Vec2 size, Draw draw, Theme look, Language language)
    : theme(std::move(look)),
      texts(all_texts()),
      size_(size),
      draw_(std::move(draw)),
      host_(host_with(theme.size.font_sizes())) {
    texts.set_language(language);
    settle();
}

void UiDriver::frame(Input input) {
    if (input.pointer.x < -1e5f) input.pointer = pointer_;
    pointer_ = input.pointer;
    log_ = {};
    canvas::Canvas& canvas = host_.begin(size_, 1, 1 / 60.f);
    canvas.set_log(&log_);
    canvas.push_clip({0, 0, size_.x, size_.y});
    canvas.fill({0, 0, size_.x, size_.y}, theme.color.page);
    widgets::Ui ui(state, canvas, theme, texts, input, now);
    draw_(ui);
    ui.finish();
    canvas.pop_clip();
    host_.end();
    wake_after = ui.wake_after();
    now += 1 / 60.0;
    ++frames;
}

void UiDriver::settle() {
    for (int i = 0; i < 600; ++i) {
        frame();
        if (!wake_after) return;
        now += std::max(0.0, *wake_after - 1 / 60.0);
    }
    throw std::runtime_error("the picture never comes to rest");
}

void UiDriver::move_to(const std::string& id) {
    const canvas::TagRecord* tag = log_.find(id);
    if (!tag) throw std::runtime_error("no widget is called " + id);
    const Rect seen = tag->rect.intersect(tag->clip);
    if (seen.empty()) throw std::runtime_error("the widget cannot be seen: " + id);
    Input input;
    input.pointer = seen.center();
    frame(input);
}

void UiDriver::click(const std::string& id) {
    move_to(id);
    Input press;
    press.down = press.pressed = true;
    frame(press);
    Input release;
    release.released = true;
    frame(release);
    settle();
}

void UiDriver::drag(const std::string& id, Vec2 to) {
    move_to(id);
    Input input;
    input.down = input.pressed = true;
    frame(input);
    input.pressed = false;
    input.pointer = to;
    frame(input);
    input.down = false;
    input.released = true;
    frame(input);
    settle();
}

void UiDriver::press(Key key, bool shift, bool ctrl) {
    Input input;
    input.keys.push_back({key, shift, ctrl, false, false});
    frame(input);
    settle();
}

void UiDriver::type(std::string utf8) {
    Input input;
    input.text = std::move(utf8);
    frame(input);
    settle();
}

void UiDriver::wheel(const std::string& id, float lines) {
    move_to(id);
    Input input;
    input.wheel.y = lines;
    frame(input);
    settle();
}

void UiDriver::wait(double seconds) {
    now += seconds;
    frame();
}

Rect UiDriver::rect(const std::string& id) const {
    const canvas::TagRecord* tag = log_.find(id);
    if (!tag) throw std::runtime_error("no widget is called " + id);
    return tag->rect;
}

std::vector<std::string> UiDriver::cut_texts() const {
    std::vector<std::string> found;
    for (const canvas::TextRecord& text : log_.texts)
        if (text.cut) found.push_back(text.text);
    return found;
}

std::vector<std::string> UiDriver::faint_texts() const {
    std::vector<std::string> found;
    for (const canvas::TextRecord& text : log_.texts)
        if (contrast(text.style.color, log_.background(text, theme.color.page)) < 4.5) found.push_back(text.text);
    return found;
}

}  // namespace heddle::testing_support
