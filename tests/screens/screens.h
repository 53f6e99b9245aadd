// Every screen of the window with one run that was made by hand, on scenarios that stand still: what the reference pictures
// show, in both languages, dark and light.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "tests/app/support/picture_studio.h"

namespace heddle::test {

struct Look {
    std::string name;  // "dark-ko"
    ThemeKind theme;
    Language language;
    friend std::ostream& operator<<(std::ostream& out, const Look& look) { return out << look.name; }
};
const std::vector<Look>& looks();

struct Screen {
    std::string name;
    Vec2 size;
    bool presenter = false;
    std::function<void(widgets::Ui&)> draw = {};  // its state lives in the closure: ask for the screens anew for each picture
};

std::vector<Screen> screens();
Screen screen(const std::string& name);

// Draws screens in one look.
class Artist {
public:
    explicit Artist(Look look);
    Result<window::Image> draw(const Screen& screen, canvas::LayoutLog* geometry = nullptr);

private:
    Look look_;
    std::array<std::unique_ptr<testing_support::PictureStudio>, 2> studios_;  // the presenter's letters are larger
};

}  // namespace heddle::test
