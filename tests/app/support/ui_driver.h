// UiDriver: plays a person in front of a picture, without OpenGL and without real time. A test gives it a function that
// draws one frame; it moves the pointer to a widget by its id, clicks, types, and runs frames 1/60 s apart until nothing
// moves. Everything drawn in the last frame is in log().
#pragma once

#include <functional>

#include "app/theme.h"
#include "app/widgets/ui.h"
#include "app/window/ui_host.h"

namespace heddle::testing_support {

class UiDriver {
public:
    using Draw = std::function<void(widgets::Ui&)>;

    // Both languages' texts are in the fonts. Fails the test (throws) when the fonts or texts cannot be loaded.
    UiDriver(Vec2 size, Draw draw, Theme theme = make_theme(ThemeKind::kDark), Language language = Language::kEnglish);

    void frame(Input input = {});
    void settle();  // frames until nothing moves any more; fails after 10 simulated seconds

    void move_to(const std::string& id);  // to the middle of its visible part
    void click(const std::string& id);
    void drag(const std::string& id, Vec2 to);
    void press(Key key, bool shift = false, bool ctrl = false);
    void type(std::string utf8);
    void wheel(const std::string& id, float lines);
    void wait(double seconds);

    // Throws when no such widget was drawn: a stale id is a mistake of the test.
    Rect rect(const std::string& id) const;
    bool has(const std::string& id) const { return log_.find(id) != nullptr; }
    const canvas::LayoutLog& log() const { return log_; }
    // Texts that stick out of what was visible although nobody meant to shorten them.
    std::vector<std::string> cut_texts() const;
    // Texts whose contrast with what lies under them is below 4.5 : 1.
    std::vector<std::string> faint_texts() const;

    Theme theme;
    Texts texts;
    widgets::UiState state;
    double now = 1;
    std::optional<double> wake_after;
    int frames = 0;

private:
    Vec2 size_;
    Draw draw_;
    window::UiHost& host_;
    canvas::LayoutLog log_;
    Vec2 pointer_{-1e6f, -1e6f};
};

}  // namespace heddle::testing_support
