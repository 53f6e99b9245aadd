// A person's own program in the window: choosing it, its errors at their lines, what is remembered, and noticing a save.
#include <gmock/gmock-more-matchers.h>

#include <algorithm>
#include <condition_variable>
#include <fstream>
#include <mutex>

#include "app/shell/kept_launches.h"
#include "app/shell/recent_programs.h"
#include "app/shell/source_watch.h"
#include "core/session/kept_input.h"
#include "tests/app/shell/shell_driver.h"
#include "tests/core/catalog/temporary_folder.h"

namespace heddle::test {
namespace {

using catalog::TemporaryFolder;
using testing::ElementsAre;

bool sees(ShellDriver& shell, std::string_view text) {
    for (const auto& seen : shell.ui().log().texts)
        if (seen.text.find(text) != std::string::npos) return true;
    return false;
}

std::shared_ptr<const model::SourceFile> source(const std::string& name, const std::string& text) {
    return std::make_shared<model::SourceFile>(model::make_source_file("/heddle/program/" + name, text));
}

std::shared_ptr<model::Snapshot> unbuildable() {
    auto run = std::make_shared<model::Snapshot>();
    run->run.scenario = "/home/me/project", run->run.variant = "gcc";
    run->status = model::RunStatus::kFailed, run->failure = "the program does not compile";
    run->code.sources = {source("main.cpp", "int main() {\n  return one;\n}\n"), source("queue.cpp", "int a;\nint b = two;\n")};
    run->code.source = run->code.sources.front();
    run->build_messages = {{"/heddle/program/main.cpp", 2, 10, "error", "'one' was not declared"},
                           {"/heddle/program/queue.cpp", 2, 9, "error", "'two' was not declared"}};
    return run;
}

TEST(OwnProgram, ErrorsStandAtTheirLinesAndTheListLeadsToTheOtherFile) {
    ShellDriver shell({1280, 720}, unbuildable(), make_theme(ThemeKind::kDark));
    EXPECT_TRUE(shell.ui().has("code.message.2"));
    EXPECT_TRUE(sees(shell, "2 errors to mend"));
    EXPECT_TRUE(sees(shell, "return"));
    EXPECT_TRUE(sees(shell, "main.cpp:2:10"));
    shell.ui().click("errors.1");
    shell.ui().settle();
    EXPECT_EQ(shell.state.stage.code.source->path, "/heddle/program/queue.cpp");
    EXPECT_TRUE(shell.ui().has("code.message.2"));
    shell.ui().click("code.file.0");
    shell.ui().settle();
    EXPECT_EQ(shell.state.stage.code.source->path, "/heddle/program/main.cpp") << "its files can be chosen by name";
}

TEST(OwnProgram, WhatWasNeverRunBearsNoBadge) {
    ShellDriver shell({1280, 720}, unbuildable(), make_theme(ThemeKind::kDark));
    for (const char* const badge : {"REAL", "CONTROLLED", "SAMPLED"}) EXPECT_FALSE(sees(shell, badge)) << badge;
}

TEST(OwnProgram, WhatIsWrongWithTheFlagsLeadsToThem) {
    auto run = unbuildable();
    run->build_messages = {{"g++", 0, 0, "error", "unrecognized command-line option '-frobnicate'"}};
    EXPECT_EQ(shell::complaint_about_flags(*run), "unrecognized command-line option '-frobnicate'");
    EXPECT_EQ(shell::complaint_about_flags(*unbuildable()), "") << "these are at lines of the program";
    ShellDriver shell({1280, 720}, run, make_theme(ThemeKind::kDark));
    EXPECT_TRUE(sees(shell, "Compiler flags"));
    shell.ui().click("errors.0");
    ASSERT_NE(shell.app<shell::SetLaunchDialog>(), nullptr);
    EXPECT_TRUE(shell.app<shell::SetLaunchDialog>()->open);
}

TEST(OwnProgram, BuildingSaysHowFarItIsAndCanBeCancelled) {
    auto run = std::make_shared<model::Snapshot>();
    run->run.scenario = "/home/me/project", run->status = model::RunStatus::kBuilding;
    run->building = {2, 4, "queue.cpp"};
    ShellDriver shell({1280, 720}, run, make_theme(ThemeKind::kDark));
    EXPECT_TRUE(sees(shell, "queue.cpp (step 2 of 4)"));
    shell.ui().click("stage.cancel");
    EXPECT_TRUE(shell.playback<model::StopRun>());
}

class OpenDialog : public testing::Test {
protected:
    OpenDialog()
        : driver_({1280, 720}, [this](widgets::Ui& ui) {
              panels::Context context{ui, commands_.playback};
              shell::draw_open_dialog(folder_, recent_, state_, context, commands_, {0, 0, 1280, 720});
          }) {
        using Kind = shell::FolderEntry::Kind;
        folder_.folder = "/home/me/";
        folder_.entries = {{"project", Kind::kFolder}, {"pipes.c", Kind::kSource}, {"race.cpp", Kind::kSource}};
        folder_.sources = 2;
        recent_ = {"/home/me/old.cpp", "/a/x.c:/a/y.c"};
        state_.open = true;
        state_.path.text = "/home/me/", state_.path.caret = state_.path.text.size();
        driver_.settle();
    }
    std::vector<std::string> opened() const {
        for (const shell::AppCommand& command : commands_.app)
            if (const auto* const open = std::get_if<shell::OpenPaths>(&command)) return open->paths;
        return {};
    }
    shell::FolderList folder_;
    std::vector<std::string> recent_;
    shell::OpenDialogState state_;
    shell::Commands commands_;
    testing_support::UiDriver driver_;
};

TEST_F(OpenDialog, NarrowsTheListToWhatIsTypedAndOpensItByEnter) {
    driver_.type("ra");
    EXPECT_TRUE(driver_.has("open.entry.0"));
    EXPECT_FALSE(driver_.has("open.entry.1"));
    driver_.press(Key::kEnter);
    EXPECT_THAT(opened(), ElementsAre("/home/me/race.cpp"));
}

TEST_F(OpenDialog, CompletesWhatAllHaveInCommonAndGoesIntoFolders) {
    driver_.type("p");
    driver_.press(Key::kRight);
    EXPECT_EQ(state_.path.text, "/home/me/p") << "pipes.c or project";
    driver_.type("r");
    driver_.press(Key::kRight);
    EXPECT_EQ(state_.path.text, "/home/me/project/");
    EXPECT_EQ(shell::wanted_folder(state_), "/home/me/project/");
    EXPECT_THAT(opened(), ElementsAre());
}

TEST_F(OpenDialog, TakesByKeysByClickAndFromThoseOpenedBefore) {
    driver_.press(Key::kDown), driver_.press(Key::kDown);
    EXPECT_EQ(state_.selected, 1);
    driver_.press(Key::kEnter);
    EXPECT_THAT(opened(), ElementsAre("/home/me/pipes.c"));
    commands_ = {};
    driver_.click("open.recent.1");
    EXPECT_THAT(opened(), ElementsAre("/a/x.c", "/a/y.c"));
    commands_ = {};
    driver_.click("open.folder");
    EXPECT_THAT(opened(), ElementsAre("/home/me/"));
    commands_ = {};
    driver_.press(Key::kEscape);
    ASSERT_EQ(commands_.app.size(), 1u);
    EXPECT_FALSE(std::get<shell::SetOpenDialog>(commands_.app[0]).open);
}

class LaunchDialog : public testing::Test {
protected:
    LaunchDialog()
        : driver_({1280, 720}, [this](widgets::Ui& ui) {
              if (facts_) shell::draw_launch_button(*facts_, ui, commands_, {200, 60, 700, 40});
              shell::draw_launch_dialog(state_, ui, commands_, {0, 0, 1280, 720});
          }) {}
    void open(const catalog::OwnProgram& own, const std::optional<std::string>& input) {
        state_ = shell::launch_dialog_of(own, input);
        driver_.settle();
    }
    const shell::LaunchWith* chosen() const {
        const auto* const last = commands_.app.empty() ? nullptr : std::get_if<shell::LaunchWith>(&commands_.app.back());
        return last;
    }
    bool sees(std::string_view text) const {
        return std::any_of(driver_.log().texts.begin(), driver_.log().texts.end(),
                           [&](const auto& seen) { return seen.text.find(text) != std::string::npos; });
    }
    std::optional<shell::LaunchFacts> facts_;
    shell::LaunchDialogState state_;
    shell::Commands commands_;
    testing_support::UiDriver driver_;
};

TEST_F(LaunchDialog, TakesSeveralLinesOfInputAndArguments) {
    open({{"/home/me/sum.cpp"}, "", {}, {"4"}, {}}, {});
    driver_.type("1 2\n3");
    driver_.click("launch.arguments");
    driver_.press(Key::kEnd);
    driver_.type(" 'two words'");
    driver_.click("launch.go");
    ASSERT_NE(chosen(), nullptr);
    EXPECT_THAT(chosen()->arguments, ElementsAre("4", "two words"));
    EXPECT_EQ(chosen()->input, "1 2\n3\n") << "the last line ends, too";
    EXPECT_TRUE(driver_.cut_texts().empty());
}

TEST_F(LaunchDialog, ShowsWhatIsReadAlreadyAndLeavesItWhereNobodyChangedIt) {
    catalog::OwnProgram own{{"/home/me/sum.cpp"}, "", {}, {}, "/home/me/numbers.txt"};
    open(own, "5\n6\n");
    EXPECT_EQ(state_.input.edited.text, "5\n6\n");
    driver_.press(Key::kEnter, false, true);
    ASSERT_NE(chosen(), nullptr);
    EXPECT_FALSE(chosen()->input);
    open(own, "5\n6\n");
    driver_.press(Key::kA, false, true), driver_.press(Key::kDelete), driver_.press(Key::kEnter, false, true);
    EXPECT_EQ(chosen()->input, "") << "nothing can be read any more";
    open(own, std::string("a\0b", 3));
    EXPECT_TRUE(sees("/home/me/numbers.txt")) << "says what is read, where it is no text";
    driver_.press(Key::kEnter, false, true);
    EXPECT_FALSE(chosen()->input);
}

TEST_F(LaunchDialog, TakesTheCompilersFlagsOfWhatIsCompiledAndSaysWhatIsWrongWithThem) {
    open({{"/home/me/sum.cpp"}, "", {"-O1"}, {}, {}}, {});
    driver_.click("launch.flags");
    driver_.press(Key::kEnd);
    driver_.type(" '-DTEXT=\"a b\"'");
    driver_.click("launch.go");
    ASSERT_NE(chosen(), nullptr);
    EXPECT_THAT(chosen()->flags, ElementsAre("-O1", "-DTEXT=\"a b\""));
    EXPECT_TRUE(driver_.cut_texts().empty());
    state_ =
        shell::launch_dialog_of({{"/home/me/sum.cpp"}, "", {"-O11x"}, {}, {}}, {}, true, "argument to '-O' should be a number");
    driver_.settle();
    EXPECT_TRUE(sees("argument to '-O' should be a number")) << "at its place";
    driver_.press(Key::kEnd), driver_.press(Key::kBackspace), driver_.press(Key::kBackspace);
    driver_.press(Key::kEnter, false, true);
    EXPECT_THAT(chosen()->flags, ElementsAre("-O1")) << "what is complained of has the focus";
    state_ = shell::launch_dialog_of({{"/home/me/built"}, "", {}, {}, {}}, {}, false);
    driver_.settle();
    EXPECT_FALSE(driver_.has("launch.flags")) << "nothing is compiled";
}

TEST_F(LaunchDialog, TheButtonSaysWhatTheProgramGets) {
    const catalog::OwnProgram bare{{"/home/me/sum.cpp"}, "", {}, {}, {}},
        given{{"/home/me/sum.cpp"}, "", {}, {"4", "a b"}, "/n.txt"};
    facts_ = shell::launch_facts(bare, {});
    driver_.settle();
    EXPECT_TRUE(sees("Arguments: none · Input: none"));
    facts_ = shell::launch_facts(given, "1\n2");
    driver_.settle();
    EXPECT_TRUE(sees("Arguments: 4 'a b' · Input: 2 lines"));
    facts_ = shell::launch_facts(given, {});
    driver_.settle();
    EXPECT_TRUE(sees("Input: from a file"));
    facts_ = shell::launch_facts({{"/home/me/sum.cpp"}, "", {"-O1", "-DN=2"}, {}, {}}, {});
    driver_.settle();
    EXPECT_TRUE(sees("Input: none · -O1 -DN=2"));
    driver_.click("launch.open");
    ASSERT_FALSE(commands_.app.empty());
    EXPECT_TRUE(std::get<shell::SetLaunchDialog>(commands_.app.back()).open);
}

TEST(FolderList, ShowsFoldersSourcesAndPrograms) {
    TemporaryFolder folder;
    folder.write("b.cpp", ""), folder.write("a.c", ""), folder.write("notes.txt", ""), folder.write(".hidden.c", "");
    folder.write("sub/x.c", ""), folder.write("run.heddle", "");
    std::filesystem::permissions(folder.write("prog", ""), std::filesystem::perms::owner_all);
    const shell::FolderList list = shell::list_folder(folder.path().string() + "/");
    std::vector<std::string> names;
    for (const auto& entry : list.entries) names.push_back(entry.name);
    EXPECT_THAT(names, ElementsAre("sub", "a.c", "b.cpp", "prog", "run.heddle"));
    EXPECT_EQ(list.sources, 2u);
    EXPECT_FALSE(shell::list_folder("/nonexistent/").problem.empty());
}

TEST(RecentPrograms, AreKeptNewestFirstAndForgottenWhenTheyAreGone) {
    TemporaryFolder folder;
    const auto file = folder.path() / "state/recent-programs";
    const std::string a = folder.write("a.c", "").string(), b = folder.write("b.c", "").string();
    std::vector<std::string> recent = shell::load_recent_programs(file);
    EXPECT_TRUE(recent.empty());
    for (const std::string& id : {a, b, a + ":" + b, a}) ASSERT_TRUE(shell::remember_program(file, recent, id));
    EXPECT_THAT(shell::load_recent_programs(file), ElementsAre(a, a + ":" + b, b));
    std::filesystem::remove(b);
    EXPECT_THAT(shell::load_recent_programs(file), ElementsAre(a));
    EXPECT_FALSE(shell::remember_program("/proc/heddle/x", recent, b)) << "and says so where nothing can be written";
}

TEST(KeptLaunches, AreThereAgainWithTheNextHeddle) {
    TemporaryFolder folder;
    const auto file = folder.path() / "config/programs.toml";
    const std::string a = "/home/me/a.c", b = "/home/me/b.c", numbers = folder.write("my numbers", "1\n").string();
    catalog::OwnProgram typed{{a}, "", {"-DN=2"}, {"two words", "한글"}, {}}, reads{{b}, "", {}, {}, numbers};
    ASSERT_TRUE(session::give_input(typed, "1 2\n\t\"3\"\n"));
    {
        auto kept = shell::KeptLaunches::open(file);
        ASSERT_TRUE(kept) << kept.error().message();
        for (const auto& [id, own] : {std::pair{a, reads}, {b, reads}, {a, typed}}) ASSERT_TRUE(kept->keep(id, own));
    }
    const auto kept = shell::KeptLaunches::open(file);
    ASSERT_TRUE(kept) << kept.error().message();
    catalog::OwnProgram own;
    ASSERT_TRUE(kept->recall(a, own));
    EXPECT_THAT(own.arguments, ElementsAre("two words", "한글"));
    EXPECT_THAT(own.flags, ElementsAre("-DN=2"));
    EXPECT_TRUE(own.flags_beside_program);
    EXPECT_EQ(session::read_input(own.input), "1 2\n\t\"3\"\n");
    catalog::OwnProgram asked{{a}, "", {}, {"5"}, {}};
    ASSERT_TRUE(kept->recall(a, asked));
    EXPECT_THAT(asked.arguments, ElementsAre("5")) << "what is asked for comes first";
    EXPECT_THAT(asked.flags, ElementsAre("-DN=2"));
    EXPECT_TRUE(asked.input.empty());
    own = {};
    ASSERT_TRUE(kept->recall(b, own));
    EXPECT_EQ(own.input, numbers);
    std::filesystem::remove(numbers);
    own = {};
    ASSERT_TRUE(kept->recall(b, own));
    EXPECT_TRUE(own.input.empty()) << "the file is gone";
}

TEST(KeptLaunches, LoseNothingButTheMemoryWhereTheyCannotBeKept) {
    TemporaryFolder folder;
    auto kept = shell::KeptLaunches::open("/proc/heddle/programs.toml");
    ASSERT_TRUE(kept) << kept.error().message();
    EXPECT_FALSE(kept->keep("/a.c", {{"/a.c"}, "", {"-O1"}, {}, {}})) << "says so";
    catalog::OwnProgram own;
    ASSERT_TRUE(kept->recall("/a.c", own));
    EXPECT_THAT(own.flags, ElementsAre("-O1")) << "until Heddle ends";
    EXPECT_TRUE(shell::KeptLaunches::open({})->keep("/a.c", own)) << "no home";
    const auto damaged = folder.write("programs.toml", "[[program]\nid = ");
    EXPECT_FALSE(shell::KeptLaunches::open(damaged));
    const auto odd = folder.write("odd.toml", "program = [1, {id = 2}, {id = \"x\"}, {id = \"/a.c\", flags = [1, \"-g\"]}]");
    own = {};
    ASSERT_TRUE(shell::KeptLaunches::open(odd)->recall("/a.c", own));
    EXPECT_THAT(own.flags, ElementsAre("-g"));
}

// A window's event loop, which the watch wakes.
struct Sleeper {
    std::mutex mutex;
    std::condition_variable woken;
    int wakes = 0;
    static void wake(void* self) {
        auto& sleeper = *static_cast<Sleeper*>(self);
        const std::scoped_lock lock(sleeper.mutex);
        ++sleeper.wakes;
        sleeper.woken.notify_all();
    }
    bool wait(int wanted) {
        std::unique_lock lock(mutex);
        return woken.wait_for(lock, std::chrono::seconds(20), [&] { return wakes >= wanted; });
    }
};

TEST(SourceWatch, NoticesASaveInPlaceByRenameAndOfANewFileInAFolder) {
    TemporaryFolder folder;
    const auto main = folder.write("main.cpp", "int main() {}\n");
    Sleeper sleeper;
    shell::SourceWatch watch(&Sleeper::wake, &sleeper);
    watch.watch({main}, {});
    EXPECT_FALSE(watch.take_changed());
    folder.write("other.txt", "no source");
    folder.write("main.cpp", "int main() { return 1; }\n");
    ASSERT_TRUE(sleeper.wait(1));
    EXPECT_TRUE(watch.take_changed());
    EXPECT_FALSE(watch.take_changed()) << "told once";
    std::filesystem::rename(folder.write(".main.cpp.swp", "int main() { return 2; }\n"), main);
    ASSERT_TRUE(sleeper.wait(2));
    EXPECT_TRUE(watch.take_changed());

    watch.watch({main}, {folder.path()});
    folder.write("more.cpp", "int x;\n");
    ASSERT_TRUE(sleeper.wait(3));
    EXPECT_TRUE(watch.take_changed());
    watch.stop();
    folder.write("main.cpp", "int main() {}\n");
    EXPECT_FALSE(watch.take_changed());
}

}  // namespace
}  // namespace heddle::test
