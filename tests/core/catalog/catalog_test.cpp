#include "core/catalog/catalog.h"

#include <gtest/gtest.h>

#include "core/catalog/suggest.h"
#include "tests/core/catalog/temporary_folder.h"

namespace heddle::catalog {
namespace {

const std::string kChapters =
    "[[chapter]]\nid = \"process\"\ntitle = { en = \"P\", ko = \"프\" }\n"
    "[[chapter]]\nid = \"thread\"\ntitle = { en = \"T\", ko = \"스\" }\n"
    "[[chapter]]\nid = \"races\"\ntitle = { en = \"R\", ko = \"경\" }\n";

std::string a_scenario(int order) {
    return "title = { en = \"T\", ko = \"제\" }\nsummary = { en = \"S\", ko = \"요\" }\norder = " + std::to_string(order) +
           "\nviews = [\"code\"]\n[[variant]]\nid = \"plain\"\ntitle = { en = \"V\", ko = \"변\" }\n"
           "[[claim]]\nid = \"c\"\ntext = { en = \"C\", ko = \"주\" }\nexpression = \"exit.code == 0\"\n";
}

class CatalogTest : public testing::Test {
protected:
    CatalogTest() { folder_.write("chapters.toml", kChapters); }
    void add(const std::string& id, int order, const std::string& except = "") {
        for (const char* file : {"plain.cpp", "lesson.en.md", "lesson.ko.md"}) {
            if (file != except) folder_.write(id + "/" + file, std::string("text of ") + file);
        }
        if (except != "scenario.toml") folder_.write(id + "/scenario.toml", a_scenario(order));
    }
    TemporaryFolder folder_;
};

TEST_F(CatalogTest, FindsScenariosByChapterAndOrder) {
    add("races/late", 2);
    add("races/early", 1);
    add("process/only", 5);
    const auto catalog = Catalog::load(folder_.path());
    ASSERT_TRUE(catalog) << catalog.error().message();
    ASSERT_EQ(catalog->scenarios().size(), 3U);
    EXPECT_EQ(catalog->scenarios()[0].id, "process/only");
    EXPECT_EQ(catalog->scenarios()[1].id, "races/early");
    EXPECT_EQ(catalog->scenarios()[2].id, "races/late");
    ASSERT_EQ(catalog->chapters().size(), 2U) << "the empty chapter is not shown";
    EXPECT_EQ(catalog->chapters()[1].id, "races");
    EXPECT_EQ(catalog->in_chapter("races").size(), 2U);
    EXPECT_EQ(catalog->scenarios()[0].lesson.ko, "text of lesson.ko.md");
    EXPECT_EQ(catalog->scenarios()[0].variants[0].source, folder_.path() / "process/only/plain.cpp");
    EXPECT_TRUE(catalog->problems().empty());
}

TEST_F(CatalogTest, ListsABrokenScenarioAndKeepsTheOthers) {
    add("races/good", 1);
    for (const std::string missing : {"plain.cpp", "lesson.en.md", "lesson.ko.md", "scenario.toml"}) {
        add("races/bad", 2, missing);
        const auto catalog = Catalog::load(folder_.path());
        ASSERT_TRUE(catalog);
        ASSERT_EQ(catalog->problems().size(), 1U) << missing;
        EXPECT_EQ(catalog->problems()[0].id, "races/bad");
        EXPECT_EQ(catalog->problems()[0].error.subject, (folder_.path() / "races/bad" / missing).string());
        EXPECT_EQ(catalog->scenarios().size(), 1U);
        EXPECT_EQ(catalog->find("races/bad").error().subject, (folder_.path() / "races/bad" / missing).string());
        std::filesystem::remove_all(folder_.path() / "races/bad");
    }
}

TEST_F(CatalogTest, NamesAFolderThatIsNoChapter) {
    add("rcaes/lost", 1);
    const auto catalog = Catalog::load(folder_.path());
    ASSERT_TRUE(catalog);
    ASSERT_EQ(catalog->problems().size(), 1U);
    EXPECT_EQ(catalog->problems()[0].id, "rcaes");
}

TEST_F(CatalogTest, SuggestsTheNearestId) {
    add("races/lost-update", 1);
    add("process/states", 1);
    const auto catalog = Catalog::load(folder_.path());
    ASSERT_TRUE(catalog);
    EXPECT_EQ((*catalog->find("process/states"))->id, "process/states");
    const std::pair<const char*, const char*> cases[] = {
        {"races/lost-updat", "Did you mean 'races/lost-update'?"},
        {"race/lostupdate", "Did you mean 'races/lost-update'?"},
        {"lost-update", "Did you mean 'races/lost-update'?"},
        {"process/lost-update", "Did you mean 'races/lost-update'?"},
        {"proces/staets", "Did you mean 'process/states'?"},
        {"quantum/tunnel", "'heddle list' shows all of them"},
        {"", "'heddle list' shows all of them"},
        {"/", "'heddle list' shows all of them"},
    };
    for (const auto& [id, remedy] : cases) EXPECT_EQ(catalog->find(id).error().remedy, remedy) << id;
}

TEST(Catalog, SaysWhereItLookedInVain) {
    const auto catalog = Catalog::load("/nonexistent");
    ASSERT_FALSE(catalog);
    EXPECT_EQ(catalog.error().subject, "/nonexistent/chapters.toml");
}

TEST(Suggest, CountsEdits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("views", "veiws"), 1U) << "neighbours swapped";
    EXPECT_EQ(closest("broke", {"mutex", "broken"}), "broken");
    EXPECT_EQ(closest("x", {"y"}), std::nullopt);
}

}  // namespace
}  // namespace heddle::catalog
