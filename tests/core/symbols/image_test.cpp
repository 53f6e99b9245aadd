// What an Image says of the same program built in every supported way.
#include "core/symbols/image.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "tests/core/symbols/program.h"
#include "tests/support/folders.h"

namespace heddle::symbols {
namespace {

using testing::Build;
using ::testing::ElementsAre;
using testing::image_of;
using ::testing::IsSupersetOf;

const std::vector<Build> kBuilds = {{"g++", "-gdwarf-5"},
                                    {"g++", "-gdwarf-4 -fsanitize=thread"},
                                    {"clang++", "-gdwarf-4"},
                                    {"clang++", "-gdwarf-5 -fsanitize=thread"}};

class ImageOfEverything : public ::testing::TestWithParam<Build> {
protected:
    const Image& image() { return *image_of("everything", GetParam()); }
    const Global& global(const std::string& name) {
        for (const Global& found : image().globals()) {
            if (found.qualified_name == name) return found;
        }
        ADD_FAILURE() << "no variable " << name;
        static const Global none;
        return none;
    }
    const Function& function(const std::string& full_name) {
        for (const Function& found : image().functions()) {
            if (found.full_name == full_name) return found;
        }
        ADD_FAILURE() << "no function " << full_name;
        static const Function none;
        return none;
    }
    // The line of programs/everything.cpp that contains this text first.
    static std::uint32_t line_of(const std::string& text) {
        std::ifstream source(testing_support::source_folder() + "/tests/core/symbols/programs/everything.cpp");
        std::uint32_t number = 0;
        for (std::string line; std::getline(source, line);) {
            ++number;
            if (line.find(text) != std::string::npos) return number;
        }
        ADD_FAILURE() << "no line with " << text;
        return 0;
    }
    std::uint32_t source_file() {
        for (std::uint32_t i = 0; i < image().files().size(); ++i) {
            if (image().files()[i].path.ends_with("/programs/everything.cpp")) return i;
        }
        ADD_FAILURE() << "the source file is not listed";
        return 0;
    }
};

TEST_P(ImageOfEverything, PlacesEachVariableInItsRegionWithItsTypeAndLine) {
    struct Row {
        std::string name, type;
        Region region;
        VariableKind kind;
        std::string declaration;
    };
    const std::vector<Row> rows = {
        {"counter", "int", Region::kBss, VariableKind::kGlobal, "int counter = 0;"},
        {"initialized", "int", Region::kData, VariableKind::kGlobal, "int initialized"},
        {"file_static", "long", Region::kData, VariableKind::kFileStatic, "static long file_static"},
        {"hidden", "int", Region::kData, VariableKind::kFileStatic, "int hidden"},
        {"per_thread", "int", Region::kThreadData, VariableKind::kThreadLocal, "thread_local int per_thread ="},
        {"per_thread_zero", "int", Region::kThreadBss, VariableKind::kThreadLocal, "thread_local int per_thread_zero"},
        {"work()::calls", "int", Region::kBss, VariableKind::kFunctionStatic, "static int calls"},
        {"bank::total", "int", Region::kData, VariableKind::kGlobal, "int total"},
        {"bank::Vault::opened", "int", Region::kData, VariableKind::kClassStatic, "static inline int opened"},
        {"words", "std::vector<std::string>", Region::kBss, VariableKind::kGlobal, "> words"},
        {"ages", "std::map<std::string, int>", Region::kBss, VariableKind::kGlobal, "> ages"},
        {"waiting_line", "std::queue<int>", Region::kBss, VariableKind::kGlobal, "> waiting_line"},
        {"table", "std::unordered_map<int, int>", Region::kBss, VariableKind::kGlobal, "> table"},
        {"fixed", "std::array<int, 3>", Region::kData, VariableKind::kGlobal, "> fixed"},
        {"atomic_wide", "std::atomic_uint64_t", Region::kData, VariableKind::kGlobal, "atomic_wide"},
        {"owned", "std::unique_ptr<Node>", Region::kBss, VariableKind::kGlobal, "> owned"},
        {"grid", "int[2][3]", Region::kData, VariableKind::kGlobal, "int grid"},
        {"text_pointer", "const char*", Region::kData, VariableKind::kGlobal, "text_pointer ="},
        {"alias", "int&", Region::kReadOnly, VariableKind::kGlobal, "int& alias"},
        {"sized", "std::uint64_t", Region::kData, VariableKind::kGlobal, "std::uint64_t sized"},
        {"function_pointer", "int (*)(int)", Region::kData, VariableKind::kGlobal, "(*function_pointer)"},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.name);
        const Global& found = global(row.name);
        const std::string type = image().type(found.type).name;
        EXPECT_TRUE(type == row.type || "std::" + type == row.type) << type;
        EXPECT_EQ(region_name(found.region), region_name(row.region));
        EXPECT_EQ(found.kind, row.kind);
        EXPECT_EQ(found.line, line_of(row.declaration));
        EXPECT_EQ(found.file, source_file());
        EXPECT_TRUE(found.is_user);
        EXPECT_GT(found.size, 0U);
    }
}

TEST_P(ImageOfEverything, KnowsAConstantWhereverTheCompilerPutIt) {
    const Global& limit = global("limit");
    EXPECT_EQ(image().type(limit.type).name, "const int");
    if (limit.region == Region::kNone) {
        EXPECT_EQ(limit.constant, 10);
    } else {
        EXPECT_EQ(limit.region, Region::kReadOnly);
        int value = 0;
        EXPECT_TRUE(image().read_initial(limit.address, &value, sizeof value));
        EXPECT_EQ(value, 10);
    }
}

TEST_P(ImageOfEverything, TellsLibraryVariablesFromTheUsers) {
    for (const Global& found : image().globals()) {
        if (found.name == "__ioinit" || found.name == "std::cout") {
            EXPECT_FALSE(found.is_user) << found.name;
        }
    }
    for (const Function& found : image().functions()) {
        if (found.name.starts_with("std::")) {
            EXPECT_FALSE(found.is_user) << found.full_name;
        }
    }
}

TEST_P(ImageOfEverything, FindsTheVariableAndThePartOfItThatAnAddressIsIn) {
    const std::uint64_t accounts = global("accounts").address;
    const auto path = [&](std::uint64_t address) { return image().find_variable(address).value_or(VariablePath{}).path; };
    EXPECT_EQ(path(global("counter").address), "counter");
    EXPECT_EQ(path(accounts), "accounts[0].owner");
    EXPECT_EQ(path(accounts + 2 * 40 + 32), "accounts[2].balance");
    EXPECT_EQ(path(accounts + 40 + 8), "accounts[1].owner");
    EXPECT_EQ(path(global("grid").address + 5 * 4), "grid[1][2]");
    EXPECT_EQ(path(global("origin").address + 4), "origin.y");
    EXPECT_EQ(path(global("fixed").address + 8), "fixed[2]");
    EXPECT_EQ(path(global("atomic_count").address), "atomic_count");
    EXPECT_EQ(path(global("held_mutex").address + 8), "held_mutex");
    EXPECT_EQ(path(global("pair_value").address + 4), "pair_value.second");
    EXPECT_EQ(path(global("square").address + 8), "square.sides");
    EXPECT_EQ(path(function("work(int)").low), "");
    EXPECT_EQ(path(0), "");
    EXPECT_EQ(path(UINT64_MAX), "");
    EXPECT_EQ(image().type(image().find_variable(accounts + 32)->type).name, "long");
    EXPECT_EQ(image().find_thread_local(global("per_thread_zero").address)->path, "per_thread_zero");
}

TEST_P(ImageOfEverything, LooksUpLineFunctionAndColumn) {
    const std::uint32_t line = line_of("local_value = inner;");
    const std::vector<std::uint64_t> addresses = image().addresses_of_line(source_file(), line);
    ASSERT_FALSE(addresses.empty());
    const auto found = image().lookup_line(addresses.front());
    ASSERT_TRUE(found.has_value());
    EXPECT_EQ(found->line, line);
    EXPECT_GT(found->column, 0U);
    EXPECT_TRUE(found->is_user_code);
    ASSERT_NE(found->function, nullptr);
    EXPECT_EQ(found->function->name, "work");
    EXPECT_EQ(found->function->full_name, "work(int)");
    // A return address belongs to the call before it.
    EXPECT_EQ(image().lookup_line(addresses.front(), PcKind::kReturnAddress)->line, line_of("int inner = "));
    EXPECT_EQ(image().lookup_function(function("work(int)").low, PcKind::kReturnAddress),
              image().lookup_function(function("work(int)").low - 1));
    EXPECT_FALSE(image().lookup_line(0).has_value());
    EXPECT_FALSE(image().lookup_line(UINT64_MAX).has_value());
}

TEST_P(ImageOfEverything, SaysThatLibraryCodeIsNotTheUsers) {
    for (const Function& found : image().functions()) {
        if (!found.name.starts_with("std::vector<int>") || !found.has_debug_info) continue;
        const auto line = image().lookup_line(found.low);
        ASSERT_TRUE(line.has_value());
        EXPECT_FALSE(line->is_user_code);
        return;
    }
    FAIL() << "no member of std::vector<int> was instantiated";
}

TEST_P(ImageOfEverything, NamesFunctionsAsPeopleWriteThem) {
    EXPECT_EQ(function("main()").name, "main");
    EXPECT_EQ(function("by_value(std::string, Point const&)").name, "by_value");
    EXPECT_EQ(function("Adder::add(int)").name, "Adder::add");
    EXPECT_EQ(function("twice<int>(int)").name, "twice<int>");
    EXPECT_TRUE(function("main::lambda#1()").is_lambda);
    EXPECT_TRUE(function("main::lambda#2()").is_user);
    EXPECT_EQ(function("work(int)").line, line_of("int work(int argument)"));
    EXPECT_EQ(function("main::lambda#1()").line, line_of("auto lambda ="));
}

TEST_P(ImageOfEverything, ShowsLocalsOnlyInsideTheirBlock) {
    const Function& work = function("work(int)");
    const auto visible_on = [&](const std::string& text) {
        std::vector<std::string> names;
        const std::vector<std::uint64_t> at = image().addresses_of_line(source_file(), line_of(text));
        if (at.empty()) return names;
        LocationContext frame;
        frame.cfa = 0x7000'0000;
        for (const Visible& visible : image().locals_at(work, at.back(), frame)) {
            EXPECT_TRUE(visible.address.has_value()) << visible.local->name;
            names.push_back(visible.local->name);
        }
        return names;
    };
    EXPECT_THAT(visible_on("local_value = inner;"), ElementsAre("argument", "local_value", "inner"));
    EXPECT_THAT(visible_on("return local_value + hidden"), ElementsAre("argument", "local_value"));
}

TEST_P(ImageOfEverything, FindsTheLocalAndItsPartByAddress) {
    LocationContext frame;
    frame.cfa = 0x7000'0000;
    const Function& in_main = function("main()");
    const std::uint64_t pc = in_main.high - 1;
    for (const Visible& visible : image().locals_at(in_main, pc, frame)) {
        if (visible.local->name != "adder") continue;
        EXPECT_EQ(image().find_local(in_main, pc, frame, *visible.address)->path, "adder.amount");
        return;
    }
    FAIL() << "main has no visible adder";
}

TEST_P(ImageOfEverything, ListsSectionsSegmentsAndInitialContents) {
    std::vector<std::string> names;
    for (const Section& section : image().sections()) names.push_back(section.name);
    EXPECT_THAT(names, IsSupersetOf({".text", ".rodata", ".data", ".bss", ".tdata", ".tbss"}));
    EXPECT_GE(image().segments().size(), 2U);
    EXPECT_EQ(image().section_at(function("main()").low)->name, ".text");
    std::int32_t value = 0;
    EXPECT_TRUE(image().read_initial(global("initialized").address, &value, sizeof value));
    EXPECT_EQ(value, 42);
    value = 1;
    EXPECT_TRUE(image().read_initial(global("counter").address, &value, sizeof value));
    EXPECT_EQ(value, 0);
    EXPECT_FALSE(image().read_initial(UINT64_MAX - 1, &value, sizeof value));
    EXPECT_FALSE(image().build_id().empty());
}

INSTANTIATE_TEST_SUITE_P(AllBuilds, ImageOfEverything, ::testing::ValuesIn(kBuilds),
                         [](const auto& parameter) { return parameter.param.name(); });

}  // namespace
}  // namespace heddle::symbols
