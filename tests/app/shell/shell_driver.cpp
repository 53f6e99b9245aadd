#include "tests/app/shell/shell_driver.h"

#include "tests/app/shell/pages.h"

namespace heddle::test {
ShellDriver::ShellDriver(Vec2 size, std::shared_ptr<model::Snapshot> shown_run, Theme theme, Language language)
    : run(std::move(shown_run)) {
    theme.reduce_motion = true;
    const auto draw = [this, size](widgets::Ui& ui) {
        shell::ShellFrame frame{shipped_catalog(), settings};
        const auto found = run ? shipped_catalog().find(run->run.scenario) : Result<const catalog::Scenario*>(nullptr);
        frame.scenario = found ? *found : nullptr;
        frame.run = run.get(), frame.presenter = presenter, frame.can_restart = can_restart;
        shell::draw_shell(frame, state, ui, commands, {0, 0, size.x, size.y});
    };
    driver_ = std::make_unique<testing_support::UiDriver>(size, draw, theme, language);
    driver_->settle();
}

}  // namespace heddle::test
