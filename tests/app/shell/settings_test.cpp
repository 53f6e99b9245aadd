#include "app/shell/settings.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace heddle::shell {
namespace {

class SettingsFile : public testing::Test {
protected:
    void SetUp() override {
        char name[] = "/tmp/heddle-settings-XXXXXX";
        folder_ = ::mkdtemp(name);
        path_ = folder_ / "deep/settings.toml";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    void write(const std::string& text) {
        std::filesystem::create_directories(path_.parent_path());
        std::ofstream(path_) << text;
    }
    std::filesystem::path folder_, path_;
};

TEST_F(SettingsFile, WhatWasSavedIsLoadedAgain) {
    Settings settings;
    settings.width = 1280;
    settings.theme = "light";
    settings.language = "ko";
    settings.reduce_motion = true;
    settings.done = {"races/lost-update", "process/states"};
    ASSERT_TRUE(save_settings(path_, settings));
    const auto loaded = load_settings(path_);
    ASSERT_TRUE(loaded) << loaded.error().message();
    EXPECT_EQ(*loaded, settings);
}

TEST_F(SettingsFile, WithoutAFileTheDefaultsHold) {
    EXPECT_EQ(load_settings(path_).value(), Settings{});
}

TEST_F(SettingsFile, ADamagedFileIsNamedWithItsLine) {
    write("width = 1280\ntheme = = \n");
    const auto loaded = load_settings(path_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().subject, path_.string() + ":2");
}

TEST_F(SettingsFile, AValueOfTheWrongTypeIsNamed) {
    write("theme = 3\n");
    const auto loaded = load_settings(path_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().subject, path_.string() + ": theme");
}

TEST_F(SettingsFile, AbsurdValuesAreBroughtBackToSense) {
    write("width = -5\nheight = 1000000\ntheme = \"pink\"\nlanguage = \"tlh\"\n");
    const Settings loaded = load_settings(path_).value();
    EXPECT_EQ(loaded.width, 640);
    EXPECT_EQ(loaded.height, 4320);
    EXPECT_EQ(loaded.theme, "dark");
    EXPECT_EQ(loaded.language, "");
}

TEST_F(SettingsFile, AHomeThatCannotBeWrittenIsAnErrorWithARemedy) {
    const auto saved = save_settings("/proc/heddle/settings.toml", Settings{});
    ASSERT_FALSE(saved);
    EXPECT_FALSE(saved.error().remedy.empty());
}

struct Variables {
    const char *config_home, *home, *path;
};

TEST(SettingsPath, FollowsTheXdgSpecification) {
    const Variables cases[] = {
        {"/x", "/home/a", "/x/heddle/settings.toml"},
        {"", "/home/a", "/home/a/.config/heddle/settings.toml"},
        {"relative", "/home/a", "/home/a/.config/heddle/settings.toml"},
        {"", "", ""},
    };
    for (const Variables& variables : cases) {
        ::setenv("XDG_CONFIG_HOME", variables.config_home, 1);
        ::setenv("HOME", variables.home, 1);
        EXPECT_EQ(settings_path(), variables.path);
    }
}

TEST(DesktopLanguage, IsTheMessagesLanguage) {
    ::setenv("LC_ALL", "", 1);
    ::setenv("LC_MESSAGES", "ko_KR.UTF-8", 1);
    ::setenv("LANG", "en_US.UTF-8", 1);
    EXPECT_EQ(desktop_language(), "ko");
    ::setenv("LC_ALL", "C", 1);
    EXPECT_EQ(desktop_language(), "en");
}

}  // namespace
}  // namespace heddle::shell
