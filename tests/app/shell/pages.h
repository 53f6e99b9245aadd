// The home page, the lesson and the help as tests look at them: the shipped scenarios, runs made by hand, and pictures.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/shell/help_overlay.h"
#include "app/shell/home_page.h"
#include "app/shell/lesson_pane.h"
#include "app/window/png.h"
#include "tests/app/support/picture_studio.h"
#include "tests/app/support/ui_driver.h"

namespace heddle::test {

const catalog::Catalog& shipped_catalog();
const catalog::Scenario& lost_update();

// Every Korean text of a catalog, for the fonts of a picture.
std::string korean_of(const catalog::Catalog& catalog);

// A lost update being played: T2 has just stored 1 over T3's.
std::shared_ptr<model::Snapshot> playing_race();
// The same run at its end: findings, claims, the kernel's count, output.
std::shared_ptr<model::Snapshot> ended_race();
std::shared_ptr<model::Snapshot> crashed_run();

struct Page {
    std::string name;
    Vec2 size;
    std::function<void(panels::Context&, shell::Commands&)> draw;
};
// Everything in all its states, as large as at 1600 × 1000 or at 1280 × 720.
std::vector<Page> pages(bool wide);

// Texts that stick out to the left or right of what is visible, or lie on each other, or are faint; empty when all is well.
// Above and below, a scroll area hides on purpose.
std::vector<std::string> illegible(const testing_support::UiDriver& driver);

// Pages through real OpenGL, off-screen.
Result<std::unique_ptr<testing_support::PictureStudio>> open_page_studio(ThemeKind kind, Language language);
Result<window::Image> picture(const Page& page, testing_support::PictureStudio& studio);
// Leaves page-pictures/<name>.png in the build directory.
void picture_of_home(const std::string& name, const model::Snapshot& demo);

}  // namespace heddle::test
