#include "tests/window/home_page.h"

#include <cstdlib>

#include "app/shell/shell.h"
#include "tests/app/support/ui_driver.h"
#include "tests/support/folders.h"
#include "tests/window/desktop.h"

namespace heddle::test {

std::string heddle_program() {
    const char* const path = std::getenv("HEDDLE_BIN");
    return path != nullptr ? path : testing_support::build_folder() + "/heddle";
}

namespace {

const catalog::Catalog& shipped() {
    static const catalog::Catalog catalog = catalog::Catalog::load(testing_support::source_folder() + "/scenarios").value();
    return catalog;
}

}  // namespace

std::string title_of(const std::string& id, Language language) {
    return shipped().find(id).value()->title.in(language);
}

Vec2 place_on_home_page(const std::string& id) {
    shell::ShellState state;
    const shell::Settings settings;
    const Vec2 size{kScreenWidth, kScreenHeight};
    testing_support::UiDriver driver(size, [&](widgets::Ui& ui) {
        shell::Commands commands;
        shell::draw_shell(shell::ShellFrame{shipped(), settings}, state, ui, commands, {0, 0, size.x, size.y});
    });
    return driver.rect(id).center();
}

}  // namespace heddle::test
