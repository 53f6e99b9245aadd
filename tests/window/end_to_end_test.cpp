// Heddle as a person uses it: the real program on a real (virtual) screen, real clicks and keys, from its start to its end.
#include <gmock/gmock-more-matchers.h>
#include <signal.h>
#include <unistd.h>
#include <algorithm>

#include <fstream>
#include <sstream>

#include "tests/app/support/font_offer.h"
#include "tests/window/desktop.h"
#include "tests/window/home_page.h"

namespace heddle::test {
namespace {

using testing::HasSubstr;

std::string content_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

class EndToEnd : public testing::Test {
protected:
    static void SetUpTestSuite() { adopt_orphans(); }

    // All that Heddle and its labs left behind; the X server is the test's own, and so is the keymap compiler that it starts
    // when its last client goes.
    static std::vector<std::string> left_behind() {
        const std::vector<Descendant> all = descendants(::getpid());
        std::vector<Descendant> of_the_server;
        for (const Descendant& each : all) {
            if (each.name != "Xvfb") continue;
            of_the_server.push_back(each);
            for (const Descendant& child : descendants(each.pid)) of_the_server.push_back(child);
        }
        std::vector<std::string> names;
        for (const Descendant& each : all) {
            if (std::find(of_the_server.begin(), of_the_server.end(), each) == of_the_server.end()) names.push_back(each.name);
        }
        return names;
    }
    static bool lab_runs_a_program(pid_t heddle) {
        for (const Descendant& each : descendants(heddle))
            if (each.name == "heddle-lab" && !descendants(each.pid).empty()) return true;
        return false;
    }
};

TEST_F(EndToEnd, APersonOpensARunLooksAtItAndLeaves) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    std::filesystem::create_directory(desktop.settings().parent_path());
    std::ofstream(desktop.settings()) << "width = 1280\nheight = 720\nreduce_motion = true\n";
    const auto heddle = desktop.start({heddle_program()});
    ASSERT_TRUE(desktop.wait_for_window()) << heddle->output();

    const std::string english = title_of("races/lost-update", Language::kEnglish);
    const std::string korean = title_of("races/lost-update", Language::kKorean);
    EXPECT_THAT(desktop.title(), testing::Not(HasSubstr(english)));
    desktop.click(place_on_home_page("home.start.races/lost-update"));
    ASSERT_TRUE(desktop.wait_for_title(english)) << desktop.title() << heddle->output();

    desktop.press("space");
    desktop.press("Right");
    desktop.press("Left");
    // A run that has ended: from its end one event back shows something else, and End shows the end again.
    std::optional<PngFile> end;
    ASSERT_TRUE(wait_until([&] {
        desktop.press("End");
        end = desktop.take_picture();
        desktop.press("Left");
        const auto before = desktop.take_picture();
        desktop.press("End");
        const auto again = desktop.take_picture();
        return end && before && again && end->pixels == again->pixels && end->pixels != before->pixels;
    })) << heddle->output();
    EXPECT_EQ(end->width, kScreenWidth);
    EXPECT_EQ(end->height, kScreenHeight);
    ASSERT_TRUE(end->texts.contains("Description"));
    EXPECT_THAT(end->texts.at("Description"), HasSubstr(english));

    desktop.press("l");
    EXPECT_TRUE(desktop.wait_for_title(korean)) << desktop.title();
    desktop.press("Escape");
    EXPECT_TRUE(wait_until([&] { return desktop.title() == "heddle"; })) << desktop.title();
    desktop.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 0) << heddle->output();
    EXPECT_THAT(content_of(desktop.settings()), HasSubstr("language = 'ko'"));
    EXPECT_THAT(content_of(desktop.settings()), HasSubstr("'races/lost-update'")) << "seen to its end";
    EXPECT_TRUE(wait_until([&] { return left_behind().empty(); })) << "still there: " << testing::PrintToString(left_behind());
}

// A level opens where its main begins; a key lets a thread go on, back and forth lead to the same picture again.
TEST_F(EndToEnd, ALearnerHoldsTheThreads) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    std::filesystem::create_directory(desktop.settings().parent_path());
    std::ofstream(desktop.settings()) << "width = 1280\nheight = 720\nreduce_motion = true\n";
    const auto heddle = desktop.start({heddle_program(), "open", "break-it/boss-first-reader"});
    ASSERT_TRUE(desktop.wait_for_window()) << heddle->output();
    ASSERT_TRUE(desktop.wait_for_title(title_of("break-it/boss-first-reader", Language::kEnglish))) << desktop.title();
    EXPECT_TRUE(wait_until([&] {
        desktop.press("End");
        desktop.press("1");
        const auto stepped = desktop.take_picture();
        desktop.press("Left");
        const auto before = desktop.take_picture();
        desktop.press("Right");
        const auto again = desktop.take_picture();
        return stepped && before && again && again->pixels == stepped->pixels && before->pixels != stepped->pixels;
    })) << heddle->output();
    EXPECT_TRUE(lab_runs_a_program(heddle->pid()));
    desktop.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 0) << heddle->output();
    EXPECT_TRUE(wait_until([&] { return left_behind().empty(); })) << "still there: " << testing::PrintToString(left_behind());
}

TEST_F(EndToEnd, WithoutADisplayItSaysSo) {
    Desktop desktop(Desktop::Screen::kNone);
    const auto heddle = desktop.start({heddle_program()});
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 1);
    EXPECT_THAT(heddle->output(), HasSubstr("DISPLAY"));
}

TEST_F(EndToEnd, WithoutAnyFontItNamesTheFontAndThePackageAndEnds) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    desktop.environment["FONTCONFIG_FILE"] =
        testing_support::offer_fonts(testing_support::Fonts::kNone, desktop.home()).string();
    const auto heddle = desktop.start({heddle_program()});
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 1);
    EXPECT_THAT(heddle->output(), HasSubstr("DejaVu Sans"));
    EXPECT_THAT(heddle->output(), HasSubstr("fonts-dejavu-core"));
    const std::string said = heddle->output();
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_TRUE(wait_until([&] { return left_behind().empty(); })) << "still there: " << testing::PrintToString(left_behind());
}

TEST_F(EndToEnd, WithoutAKoreanFontItSpeaksEnglishAndSaysWhy) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    desktop.environment["FONTCONFIG_FILE"] =
        testing_support::offer_fonts(testing_support::Fonts::kLatin, desktop.home()).string();
    std::filesystem::create_directory(desktop.settings().parent_path());
    std::ofstream(desktop.settings()) << "language = 'ko'\n";
    const auto heddle = desktop.start({heddle_program(), "open", "races/lost-update"});
    ASSERT_TRUE(desktop.wait_for_window()) << heddle->output();
    EXPECT_TRUE(desktop.wait_for_title(title_of("races/lost-update", Language::kEnglish))) << desktop.title();
    EXPECT_THAT(heddle->output(), HasSubstr("fonts-noto-cjk"));
    EXPECT_TRUE(desktop.take_picture());
    desktop.press("l");
    desktop.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 0) << heddle->output();
    EXPECT_THAT(content_of(desktop.settings()), HasSubstr("language = 'ko'")) << "the wish is kept for when there is a font";
}

TEST_F(EndToEnd, KilledItLeavesNothingRunning) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    const auto program = desktop.home() / "endless.c";
    std::ofstream(program) << "#include <unistd.h>\nint main(void) {\n    for (;;) sleep(1);\n}\n";
    const auto heddle = desktop.start({heddle_program(), "open", program.string()});
    ASSERT_TRUE(desktop.wait_for_window()) << heddle->output();
    ASSERT_TRUE(wait_until([&] { return lab_runs_a_program(heddle->pid()); })) << heddle->output();
    heddle->signal(SIGKILL);
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), -SIGKILL);
    EXPECT_TRUE(wait_until([&] { return left_behind().empty(); })) << "still there: " << testing::PrintToString(left_behind());
}

TEST_F(EndToEnd, StartsWithAHomeThatCannotBeWritten) {
    Desktop desktop;
    ASSERT_TRUE(desktop.ready()) << "Xvfb did not start; run scripts/setup";
    desktop.environment["XDG_CONFIG_HOME"] = "/proc/heddle";
    const auto heddle = desktop.start({heddle_program(), "open", "races/lost-update"});
    ASSERT_TRUE(desktop.wait_for_window()) << heddle->output();
    EXPECT_TRUE(desktop.wait_for_title(title_of("races/lost-update", Language::kEnglish)));
    desktop.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 0) << heddle->output();
    EXPECT_THAT(heddle->output(), HasSubstr("/proc/heddle")) << "what could not be kept is said";
}

}  // namespace
}  // namespace heddle::test
