#include "core/catalog/program_builder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <thread>

#include "tests/core/catalog/temporary_folder.h"

namespace heddle::catalog {
namespace {

namespace fs = std::filesystem;
using Sources = std::vector<fs::path>;

class ProgramBuilder : public testing::TestWithParam<const char*> {
protected:
    ProgramBuilder() {
        options_.cache = cache_.path() / "programs";
        options_.compiler = GetParam();
        source_ = folder_.write("tiny.cpp", "int counter;\nint main() { return counter++; }\n");
    }
    TemporaryFolder folder_, cache_;
    BuildOptions options_;
    fs::path source_;
};

TEST_P(ProgramBuilder, BuildsOnceAndFindsTheProgramAgain) {
    const auto first = build_program(Sources{source_}, {}, options_);
    ASSERT_TRUE(first) << first.error().message();
    EXPECT_FALSE(first->was_cached);
    EXPECT_EQ(first->path.filename(), "tiny") << "the program is called like its source";
    EXPECT_EQ(first->path.parent_path().parent_path(), options_.cache);
    EXPECT_TRUE(first->note.empty());

    const auto second = build_program(Sources{source_}, {}, options_);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->was_cached);
    EXPECT_EQ(second->path, first->path);

    EXPECT_NE(build_program(Sources{source_}, {"-DX"}, options_)->path, first->path) << "other flags, other program";
    folder_.write("tiny.cpp", "int main() { return 1; }\n");
    EXPECT_NE(build_program(Sources{source_}, {}, options_)->path, first->path) << "other source, other program";
}

TEST_P(ProgramBuilder, PrefersThePrebuiltFolderWhereverTheSourceLies) {
    const auto built = build_program(Sources{source_}, {}, options_);
    ASSERT_TRUE(built);
    TemporaryFolder elsewhere;
    const fs::path copy = elsewhere.write("tiny.cpp", "int counter;\nint main() { return counter++; }\n");
    BuildOptions options;
    options.prebuilt = options_.cache;
    options.cache = "/nonexistent";
    options.compiler = GetParam();
    const auto found = build_program(Sources{copy}, {}, options);
    ASSERT_TRUE(found) << found.error().message();
    EXPECT_TRUE(found->was_cached);
    EXPECT_EQ(found->path, built->path);
}

TEST_P(ProgramBuilder, TellsWhereTheProgramDoesNotCompile) {
    folder_.write("tiny.cpp", "int main() {\n    return countr;\n}\n");
    const auto built = build_program(Sources{source_}, {}, options_);
    ASSERT_FALSE(built);
    ASSERT_FALSE(built.error().diagnostics.empty());
    const Diagnostic& first = built.error().diagnostics.front();
    EXPECT_EQ(first.file, source_);
    EXPECT_EQ(first.line, 2);
    EXPECT_EQ(first.column, 12);
    EXPECT_EQ(first.severity, "error");
    EXPECT_NE(first.message.find("countr"), std::string::npos);
    EXPECT_EQ(built.error().subject, source_.string() + ":2");
    EXPECT_TRUE(fs::is_empty(options_.cache)) << "nothing half-built stays behind";
}

TEST_P(ProgramBuilder, ReplacesADamagedEntry) {
    const auto first = build_program(Sources{source_}, {}, options_);
    ASSERT_TRUE(first);
    fs::resize_file(first->path, 0);
    const auto second = build_program(Sources{source_}, {}, options_);
    ASSERT_TRUE(second) << second.error().message();
    EXPECT_FALSE(second->was_cached);
    EXPECT_GT(fs::file_size(second->path), 0U);
}

TEST_P(ProgramBuilder, IsSafeWithConcurrentBuilders) {
    std::vector<std::thread> builders;
    std::vector<fs::path> paths(4);
    for (fs::path& path : paths) {
        builders.emplace_back([&] {
            const auto built = build_program(Sources{source_}, {}, options_);
            if (built) path = built->path;
        });
    }
    for (std::thread& builder : builders) builder.join();
    for (const fs::path& path : paths) EXPECT_EQ(path, paths[0]);
    EXPECT_TRUE(fs::exists(paths[0]));
    EXPECT_EQ(std::distance(fs::directory_iterator(options_.cache), {}), 1) << "no work folder stays behind";
}

TEST_P(ProgramBuilder, FallsBackToAPrivateFolderWhereNoCacheCanBeWritten) {
    options_.cache = "/proc/heddle-programs";  // even root cannot write there
    fs::path folder;
    {
        const auto built = build_program(Sources{source_}, {}, options_);
        ASSERT_TRUE(built) << built.error().message();
        EXPECT_FALSE(built->note.empty());
        EXPECT_TRUE(fs::exists(built->path));
        folder = built->path.parent_path();
    }
    EXPECT_FALSE(fs::exists(folder)) << "the folder goes with the last user of the program";
}

INSTANTIATE_TEST_SUITE_P(Compilers, ProgramBuilder, testing::Values("g++", "clang++"),
                         [](const auto& compiler) { return compiler.param[0] == 'g' ? "Gcc" : "Clang"; });

TEST(ProgramBuilderErrors, NameTheMissingCompilerAndItsPackage) {
    TemporaryFolder folder;
    BuildOptions options;
    options.cache = folder.path();
    options.compiler = "/nonexistent/g++";
    const auto built = build_program(Sources{folder.write("x.cpp", "int main() {}\n")}, {}, options);
    ASSERT_FALSE(built);
    EXPECT_EQ(built.error().remedy, "apt install g++");
    EXPECT_TRUE(built.error().diagnostics.empty());
}

TEST(ProgramBuilderErrors, NameTheMissingSource) {
    EXPECT_EQ(build_program(Sources{"/nonexistent.cpp"}, {}, {}).error().subject, "/nonexistent.cpp");
    EXPECT_FALSE(build_program(Sources{}, {}, {}));
}

// A compiler that behaves as the script says.
BuildOptions with_compiler(const TemporaryFolder& folder, const std::string& script) {
    BuildOptions options;
    options.cache = folder.path() / "cache";
    options.compiler = folder.write("compiler", "#!/bin/sh\n" + script).string();
    ::chmod(options.compiler.c_str(), 0755);
    return options;
}

TEST(ProgramBuilderErrors, SayWhenTheCompilerIsKilledOrTooSlowOrCancelled) {
    TemporaryFolder folder;
    const fs::path source = folder.write("x.cpp", "int main() {}\n");
    EXPECT_NE(build_program(Sources{source}, {}, with_compiler(folder, "kill -9 $$\n")).error().what.find("signal"),
              std::string::npos);

    BuildOptions slow = with_compiler(folder, "exec sleep 600\n");
    slow.time_limit = std::chrono::seconds(1);
    EXPECT_NE(build_program(Sources{source}, {}, slow).error().what.find("too long"), std::string::npos);

    std::stop_source stop;
    slow.time_limit = std::chrono::seconds(300);
    slow.stop = stop.get_token();
    stop.request_stop();
    EXPECT_NE(build_program(Sources{source}, {}, slow).error().what.find("cancelled"), std::string::npos);
}

TEST(Diagnostics, AreReadFromBothCompilers) {
    const auto found = parse_diagnostics(
        "x.cpp: In function 'int main()':\nx.cpp:2:12: error: 'a' was not declared: b\n    2 | a\n"
        "/a b/y.h:7:1: warning: unused\nx.cpp:9: note: here\ncc1plus: fatal error: out of luck\nld: cannot find -lx\n");
    ASSERT_EQ(found.size(), 4U);
    EXPECT_EQ(found[0].message, "'a' was not declared: b");
    EXPECT_EQ(found[1].file, "/a b/y.h");
    EXPECT_EQ(found[1].column, 1);
    EXPECT_EQ(found[2].line, 9);
    EXPECT_EQ(found[3].severity, "fatal error");
    EXPECT_EQ(found[3].line, 0);
}

TEST(SourcePath, IsMappedBackFromDebugInformation) {
    EXPECT_EQ(source_path("/heddle/program/broken.cpp", "/usr/share/x"), "/usr/share/x/broken.cpp");
    EXPECT_EQ(source_path("/usr/include/c++/12/thread", "/usr/share/x"), "/usr/include/c++/12/thread");
}

}  // namespace
}  // namespace heddle::catalog
