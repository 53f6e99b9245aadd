// A person writes a program: it does not compile, they see where, mend it in an editor, and Heddle runs it.
#include <gmock/gmock-more-matchers.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "app/theme.h"
#include "tests/window/desktop.h"
#include "tests/window/home_page.h"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

class OwnProgramInTheWindow : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(desktop_.ready()) << "Xvfb did not start; run scripts/setup";
        fs::create_directory(desktop_.settings().parent_path());
        std::ofstream(desktop_.settings()) << "width = 1280\nheight = 720\nreduce_motion = true\n";
        desktop_.environment["XDG_STATE_HOME"] = (desktop_.home() / "state").string();
    }
    // As editors do: a new file that takes the old one's place.
    void save(const std::string& text) {
        std::ofstream(desktop_.home() / "homework.cpp~") << text;
        fs::rename(desktop_.home() / "homework.cpp~", desktop_.home() / "homework.cpp");
    }
    // A program that leaves a mark outside when it has run.
    std::string marking(const std::string& mark) const {
        return "#include <fstream>\nint main() {\n    std::ofstream(\"" + (desktop_.home() / mark).string() + "\") << 1;\n}\n";
    }
    bool wait_for(const std::string& mark) const {
        return wait_until([&] { return fs::exists(desktop_.home() / mark); });
    }
    // Whether the window shows a line that the compiler complains of.
    bool shows_errors() {
        const Color tint = make_theme(ThemeKind::kDark).color.error_tint;
        const auto picture = desktop_.take_picture();
        if (!picture) return false;
        const std::string colors = colors_of(*picture);
        const std::string wanted = {static_cast<char>(tint.r), static_cast<char>(tint.g), static_cast<char>(tint.b)};
        std::size_t found = 0;
        for (std::size_t at = 0; at + 3 < colors.size(); at += 4) found += colors.compare(at, 3, wanted) == 0 ? 1 : 0;
        return found > 1000;
    }
    Desktop desktop_;
};

TEST_F(OwnProgramInTheWindow, IsShownWithItsErrorsAndRunsOnceItIsMended) {
    save("int main() {\n    return missing;\n}\n");
    const auto heddle = desktop_.start({heddle_program(), "open", (desktop_.home() / "homework.cpp").string()});
    ASSERT_TRUE(desktop_.wait_for_window()) << heddle->output();
    ASSERT_TRUE(desktop_.wait_for_title("homework.cpp")) << desktop_.title();
    EXPECT_TRUE(wait_until([&] { return shows_errors(); })) << heddle->output();
    save(marking("ran"));
    EXPECT_TRUE(wait_for("ran")) << heddle->output();
    EXPECT_TRUE(wait_until([&] { return !shows_errors(); }));
    save(marking("ran-again"));
    EXPECT_TRUE(wait_for("ran-again")) << "every save counts";
    desktop_.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    EXPECT_EQ(heddle->exit_code(), 0) << heddle->output();
}

TEST_F(OwnProgramInTheWindow, IsOpenedByItsPathAndRemembered) {
    save(marking("ran"));
    const auto heddle = desktop_.start({heddle_program()});
    ASSERT_TRUE(desktop_.wait_for_window()) << heddle->output();
    const auto shown = [&] { return desktop_.title().find("homework.cpp") != std::string::npos; };
    for (int attempt = 0; attempt < 5 && !shown(); ++attempt) {
        desktop_.press("Escape");
        desktop_.press("o");
        std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the field is there a frame later
        desktop_.press("ctrl+a");
        desktop_.type((desktop_.home() / "homework.cpp").string());
        std::this_thread::sleep_for(std::chrono::milliseconds(500));
        desktop_.press("Return");
        for (int i = 0; i < 30 && !shown(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    EXPECT_TRUE(shown()) << heddle->output();
    EXPECT_TRUE(wait_for("ran")) << heddle->output();
    desktop_.press("ctrl+q");
    ASSERT_TRUE(wait_until([&] { return heddle->ended(); }));
    std::ifstream recent(desktop_.home() / "state/heddle/recent-programs");
    std::string first;
    std::getline(recent, first);
    EXPECT_EQ(first, (desktop_.home() / "homework.cpp").string());
}

// A person writes what the program shall read, several lines, and sees it run with that.
TEST_F(OwnProgramInTheWindow, ReadsWhatIsTypedForIt) {
    const auto sum = desktop_.home() / "sum";
    save(
        "#include <fstream>\n#include <iostream>\nint main() {\n    int n, all = 0;\n    while (std::cin >> n) all += n;\n"
        "    std::ofstream(\"" +
        sum.string() + "\") << all << std::endl;\n}\n");
    const auto heddle = desktop_.start({heddle_program(), "open", (desktop_.home() / "homework.cpp").string()});
    ASSERT_TRUE(desktop_.wait_for_window()) << heddle->output();
    const auto written = [&] {
        std::ifstream file(sum);
        std::string text;
        std::getline(file, text);
        return text;
    };
    ASSERT_TRUE(wait_until([&] { return written() == "0"; })) << "no input is the end of it at once";
    desktop_.press("i");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the dialog is there a frame later
    desktop_.type("1 40");
    desktop_.press("Return");
    desktop_.type("300");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    desktop_.press("ctrl+Return");
    EXPECT_TRUE(wait_until([&] { return written() == "341"; })) << written() << heddle->output();
}

// What was typed stays to be mended when it names nothing.
TEST_F(OwnProgramInTheWindow, AWrongPathIsMendedWhereItWasTyped) {
    save(marking("ran"));
    const auto heddle = desktop_.start({heddle_program()});
    ASSERT_TRUE(desktop_.wait_for_window()) << heddle->output();
    ASSERT_TRUE(desktop_.take_picture()) << "it listens";
    desktop_.press("o");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // the field is there a frame later
    desktop_.press("ctrl+a");
    desktop_.type((desktop_.home() / "homework.cp").string());
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    desktop_.press("Return");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    desktop_.type("p");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    desktop_.press("Return");
    EXPECT_TRUE(desktop_.wait_for_title("homework.cpp")) << desktop_.title() << heddle->output();
    EXPECT_TRUE(wait_for("ran")) << heddle->output();
}

}  // namespace
}  // namespace heddle::test
