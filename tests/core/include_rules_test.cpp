// Reads every #include of core/ and app/ and holds it to the layers: which folder may know which.

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/folders.h"

namespace {

namespace fs = std::filesystem;
using Folders = std::set<std::string>;

// Folder → the folders it may include, besides itself. A folder under one of these belongs to it.
const std::map<std::string, Folders>& rules() {
    static const std::map<std::string, Folders> table = [] {
        const Folders trace = {"core/base", "core/trace"};
        const auto plus = [](Folders folders, const Folders& more) {
            folders.insert(more.begin(), more.end());
            return folders;
        };
        const Folders readers = plus(trace, {"core/kernel", "core/symbols", "core/sched", "core/race"});
        const Folders model = plus(readers, {"core/explore", "core/model"});
        const Folders catalog = plus(model, {"core/catalog", "core/export"});
        const Folders widgets = {"app", "app/canvas", "app/layout", "app/window", "app/widgets"};
        const Folders shell = plus(plus(catalog, {"core/session", "app/panels", "app/commands", "app/shell"}), widgets);
        return std::map<std::string, Folders>{
            {"core/base", {}},
            {"core/trace", {"core/base"}},
            {"core/runtime", trace},
            {"core/fibers", plus(trace, {"core/sched", "core/explore"})},
            {"core/kernel", trace},
            {"core/symbols", trace},
            {"core/sched", trace},
            {"core/race", trace},
            {"core/explore", readers},
            {"core/model", readers},
            {"core/catalog", model},
            {"core/export", model},
            {"core/session", catalog},
            {"app/canvas", {"core/base"}},
            {"app/layout", plus(catalog, {"app/canvas"})},
            {"app/window", plus({"core/base"}, {"app", "app/canvas"})},
            {"app/widgets", plus(catalog, widgets)},
            {"app/panels", plus(catalog, widgets)},
            {"app/shell", shell},
            {"app/commands", shell},
            {"app", shell},
        };
    }();
    return table;
}

// The folder of the table that a file belongs to: the longest that leads to it; empty when none does.
std::string folder_of(const std::string& file) {
    std::string best;
    for (const auto& [folder, unused] : rules()) {
        if (file.starts_with(folder + "/") && folder.size() > best.size()) best = folder;
    }
    return best;
}

// What is wrong with `file` including `included`; empty when nothing is.
std::string complaint(const std::string& file, const std::string& included) {
    const std::string from = folder_of(file);
    const bool imgui = included.find("imgui") != std::string::npos && !included.starts_with("app/");
    if (imgui && !file.starts_with("app/")) return "only app/ may include Dear ImGui";
    if (imgui && from == "app/layout") return "app/layout is drawn without a window: it may not include Dear ImGui";
    if (!included.starts_with("core/") && !included.starts_with("app/")) return {};
    const std::string to = folder_of(included);
    if (to == from) return {};
    const auto rule = rules().find(from);
    if (rule == rules().end()) return "a folder that the layers do not name";
    return rule->second.contains(to) ? "" : from + " may not know " + (to.empty() ? included : to);
}

// The path inside #include "…" or <…>; empty when the line is none.
std::string include_of(const std::string& line) {
    const auto hash = line.find_first_not_of(" \t");
    if (hash == std::string::npos || line[hash] != '#') return {};
    const auto word = line.find_first_not_of(" \t", hash + 1);
    if (word == std::string::npos || line.compare(word, 7, "include") != 0) return {};
    const auto open = line.find_first_of("\"<", word + 7);
    const auto close = open == std::string::npos ? open : line.find_first_of("\">", open + 1);
    return close == std::string::npos ? "" : line.substr(open + 1, close - open - 1);
}

bool is_source(const fs::path& path) {
    return path.extension() == ".h" || path.extension() == ".cpp" || path.extension() == ".S";
}

TEST(IncludeRules, AreKeptByEveryFile) {
    const fs::path root = heddle::testing_support::source_folder();
    std::vector<std::string> complaints;
    std::size_t includes = 0;
    for (const char* top : {"core", "app"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (!entry.is_regular_file() || !is_source(entry.path())) continue;
            const std::string file = fs::relative(entry.path(), root).string();
            std::ifstream in(entry.path());
            int number = 0;
            for (std::string line; std::getline(in, line);) {
                ++number;
                const std::string included = include_of(line);
                if (included.empty()) continue;
                ++includes;
                const std::string wrong = complaint(file, included);
                if (!wrong.empty()) complaints.push_back(file + ":" + std::to_string(number) + ": " + included + ": " + wrong);
            }
        }
    }
    EXPECT_GT(includes, 100U);
    EXPECT_THAT(complaints, ::testing::IsEmpty());
}

TEST(IncludeRules, SeeWhatTheyShouldSee) {
    struct Row {
        const char* file;
        const char* included;
        bool allowed;
    };
    const Row rows[] = {
        {"core/trace/ring.cpp", "core/base/clock.h", true},
        {"core/trace/ring.cpp", "core/model/snapshot.h", false},
        {"core/base/clock.cpp", "core/trace/event.h", false},
        {"core/runtime/hooks.cpp", "core/trace/arena.h", true},
        {"core/runtime/hooks.cpp", "core/kernel/perf.h", false},
        {"core/kernel/perf.cpp", "core/symbols/elf.h", false},
        {"core/race/race_detector.cpp", "core/trace/event_log.h", true},
        {"core/race/race_detector.cpp", "core/model/world.h", false},
        {"core/race/race_detector.cpp", "core/symbols/image.h", false},
        {"core/model/world.cpp", "core/race/race_detector.h", true},
        {"core/catalog/toml.cpp", "core/export/csv.h", false},
        {"core/session/lab.cpp", "core/catalog/scenario.h", true},
        {"core/session/lab.cpp", "app/shell.h", false},
        {"core/model/x.cpp", "imgui.h", false},
        {"app/panels/states.cpp", "imgui.h", true},
        {"app/panels/states.cpp", "core/model/snapshot.h", true},
        {"app/panels/states.cpp", "core/session/session.h", false},
        {"app/panels/states.cpp", "app/shell/shell.h", false},
        {"app/widgets/button.cpp", "app/panels/states.h", false},
        {"app/layout/timeline.cpp", "imgui.h", false},
        {"app/layout/timeline.cpp", "core/session/session.h", false},
        {"app/layout/timeline.cpp", "app/canvas/geometry.h", true},
        {"app/main.cpp", "core/session/session.h", true},
        {"app/main.cpp", "vector", true},
    };
    for (const Row& row : rows) EXPECT_EQ(complaint(row.file, row.included).empty(), row.allowed) << row.file << row.included;
    EXPECT_EQ(include_of("#include \"core/base/clock.h\"  // why"), "core/base/clock.h");
    EXPECT_EQ(include_of("  # include <vector>"), "vector");
    EXPECT_EQ(include_of("// #include <vector>"), "");
    EXPECT_EQ(include_of("int x;"), "");
}

}  // namespace
