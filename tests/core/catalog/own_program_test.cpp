#include "core/catalog/own_program.h"

#include <gmock/gmock-more-matchers.h>
#include <sys/stat.h>

#include "core/catalog/program_builder.h"
#include "tests/core/catalog/temporary_folder.h"

namespace heddle::catalog {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

OwnProgram of(std::vector<std::string> targets) {
    OwnProgram own;
    own.targets = std::move(targets);
    return own;
}

TEST(OwnProgram, IsAScenarioOfItsFilesWithAVariantForEachCompiler) {
    TemporaryFolder folder;
    const fs::path main = folder.write("main.cpp", "#include \"queue.h\"\nint main() {}\n");
    const fs::path more = folder.write("queue.cpp", "#include \"queue.h\"\n");
    const fs::path header = folder.write("queue.h", "# include \"part.hpp\"\n#include <vector>\n");
    const fs::path part = folder.write("part.hpp", "int part;\n");
    folder.write("other.h", "int other;\n");
    folder.write("notes.txt", "no source\n");
    const auto scenario = own_program(of({folder.path().string()}));
    ASSERT_TRUE(scenario) << scenario.error().message();
    EXPECT_EQ(scenario->id, folder.path());
    EXPECT_EQ(scenario->title.en, folder.path().filename());
    EXPECT_TRUE(scenario->can_be_explored());
    ASSERT_EQ(scenario->variants.size(), 2u) << "both compilers are here";
    EXPECT_EQ(scenario->variants[0].id, "gcc");
    EXPECT_EQ(scenario->variants[1].id, "clang");
    EXPECT_THAT(sources_of(scenario->variants[0]), ElementsAre(main, more, part, header)) << "what is not included is left out";

    OwnProgram own = of({more.string(), main.string()});
    own.compiler = "clang";
    own.arguments = {"3", "two words"};
    const auto chosen = own_program(own);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->variants[0].id, "clang");
    EXPECT_EQ(chosen->variants[0].source, more) << "shown in the order they were named";
    EXPECT_EQ(chosen->arguments, own.arguments);
    EXPECT_THAT(targets_of_id(chosen->id), ElementsAre(more, main));
    EXPECT_NE(chosen->summary.en.find("3 'two words'"), std::string::npos) << chosen->summary.en;
}

TEST(OwnProgram, PathsInItsFlagsBeginAtItsFolderOrWhereHeddleWorks) {
    TemporaryFolder folder;
    OwnProgram own = of({folder.write("main.c", "int main(void) {}\n").string()});
    own.flags = {"-Iinclude", "-L", "lib", "-lm", "-DI=-Ix"};
    own.flags_beside_program = true;
    const std::string at = folder.path().string(), here = fs::current_path().string();
    auto scenario = own_program(own);
    ASSERT_TRUE(scenario) << scenario.error().message();
    EXPECT_THAT(scenario->compile_flags, ElementsAre("-I" + at + "/include", "-L", at + "/lib", "-lm", "-DI=-Ix"));
    own.flags = scenario->compile_flags, own.flags_beside_program = false;
    EXPECT_EQ(own_program(own)->compile_flags, scenario->compile_flags) << "what is absolute stays";
    own.flags = {"-Iinclude"};
    EXPECT_THAT(own_program(own)->compile_flags, ElementsAre("-I" + here + "/include"));
}

TEST(OwnProgram, FlagsOfAFileThatMayComeFromAnyoneExecuteNothing) {
    EXPECT_THAT(
        harmless_flags({"-O1", "-DN=2", "-I", "a b", "-l", "m", "-std=c++17", "-Wall", "-fno-inline", "-g", "-pthread"}),
        ElementsAre("-O1", "-DN=2", "-Ia b", "-lm", "-std=c++17", "-Wall", "-fno-inline", "-g", "-pthread"));
    EXPECT_THAT(harmless_flags({"-wrapper", "sh,-c,true", "-fplugin=/tmp/p.so", "-B/tmp", "@/tmp/flags", "-specs=/tmp/s",
                                "-Wl,--dynamic-linker=/tmp/l", "-o", "/tmp/x", "-fuse-ld=/tmp/ld", "-L"}),
                ElementsAre());
}

TEST(OwnProgram, MayBeBuiltAlready) {
    const auto scenario = own_program(of({"/bin/true"}));
    ASSERT_TRUE(scenario);
    EXPECT_FALSE(scenario->can_be_explored()) << "it may have no hooks";
    const auto built = build_program(*scenario, scenario->variants.front(), {});
    ASSERT_TRUE(built);
    EXPECT_EQ(built->path, "/bin/true");
}

TEST(OwnProgram, WhatCannotBeUsedIsNamedWithARemedy) {
    TemporaryFolder folder;
    fs::create_directory(folder.path() / "bare");
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    folder.write("main.cpp", "int main() {}\n");
    folder.write("empty.cpp", " \n\n");
    folder.write("bytes.c", std::string("int\0x", 5));
    folder.write("script.py", "print(1)\n");
    folder.write("alone.h", "int x;\n");
    const struct {
        std::vector<std::string> targets;
        std::string subject, what;
    } cases[] = {
        {{path("missing.cpp")}, path("missing.cpp"), "no such file"},
        {{path("bare")}, path("bare"), "no source file in this folder"},
        {{path("empty.cpp")}, path("empty.cpp"), "empty"},
        {{path("bytes.c")}, path("bytes.c"), "no text"},
        {{path("script.py")}, path("script.py"), "neither C or C++"},
        {{path("alone.h")}, path("alone.h"), "header alone"},
        {{path("main.cpp"), "/bin/true"}, "/bin/true", "named alone"},
        {{path("main.cpp"), path("missing.cpp")}, path("missing.cpp"), "no such file"},
        {{}, "", "no program"},
    };
    for (const auto& bad : cases) {
        const auto scenario = own_program(of(bad.targets));
        ASSERT_FALSE(scenario) << bad.what;
        EXPECT_EQ(scenario.error().subject, bad.subject);
        EXPECT_NE(scenario.error().what.find(bad.what), std::string::npos) << scenario.error().what;
        EXPECT_FALSE(scenario.error().remedy.empty()) << bad.what;
    }
    OwnProgram own = of({path("main.cpp")});
    own.input = path("nothing.txt");
    EXPECT_EQ(own_program(own).error().subject, path("nothing.txt"));
}

TEST(OwnProgram, PathsAreToldFromIdsOfScenarios) {
    for (const char* path : {"x.cpp", "./program", "../a", "/usr/bin/x", "/bin"}) EXPECT_TRUE(names_a_path(path)) << path;
    for (const char* id : {"races/lost-update", "races/lost-updat"}) EXPECT_FALSE(names_a_path(id)) << id;
    EXPECT_TRUE(is_own_id("/a/b.c"));
    EXPECT_FALSE(is_own_id("races/lost-update"));
}

class OwnBuild : public testing::TestWithParam<const char*> {
protected:
    tl::expected<BuiltProgram, BuildError> build(std::vector<std::string> targets, std::vector<std::string> flags = {}) {
        OwnProgram own = of(std::move(targets));
        own.compiler = GetParam(), own.flags = std::move(flags);
        const auto scenario = own_program(own);
        if (!scenario) return tl::unexpected(BuildError(scenario.error()));
        BuildOptions options;
        options.cache = cache_.path();
        return build_program(*scenario, scenario->variants.front(), options);
    }
    TemporaryFolder folder_, cache_;
};

TEST_P(OwnBuild, CompilesCAsCAndLinksItWithCxxAndTheMathLibrary) {
    folder_.write("part.c",
                  "#include <stdlib.h>\n#include <math.h>\nint *make(double x) { int *new = malloc(sizeof *new); *new = "
                  "(int)sqrt(x); return new; }\n");
    folder_.write("main.cpp", "extern \"C\" int* make(double);\nint main(int argc, char**) { return *make(argc); }\n");
    const auto built = build({folder_.path().string()});
    ASSERT_TRUE(built) << built.error().message();
    EXPECT_NE(built->command_lines[1].find("-std=gnu17"), std::string::npos) << built->command_lines[1];
    EXPECT_NE(built->command_lines[0].find("-std=c++20"), std::string::npos) << built->command_lines[0];
}

TEST_P(OwnBuild, FollowsFlagsToHeadersAndBuildsAgainWhenOneChanges) {
    fs::create_directory(folder_.path() / "include");
    folder_.write("include/answer.h", "#define ANSWER 1\n");
    const std::string main = folder_.write("main.c", "#include \"answer.h\"\nint main(void) { return ANSWER + N; }\n").string();
    const std::vector<std::string> flags = {"-I" + (folder_.path() / "include").string(), "-DN=2"};
    const auto first = build({main}, flags);
    ASSERT_TRUE(first) << first.error().message();
    folder_.write("include/answer.h", "#define ANSWER 2\n");
    const auto second = build({main}, flags);
    ASSERT_TRUE(second);
    EXPECT_NE(second->path, first->path);
    EXPECT_FALSE(second->was_cached);
}

TEST_P(OwnBuild, TellsEveryErrorOfEveryFile) {
    folder_.write("a.cpp", "int main() {\n    return one;\n}\n");
    folder_.write("b.cpp", "int x = two;\nint y = three;\n");
    const auto built = build({folder_.path().string()});
    ASSERT_FALSE(built);
    std::vector<std::string> places;
    for (const Diagnostic& each : built.error().diagnostics)
        if (each.severity == "error") places.push_back(each.file.filename().string() + ":" + std::to_string(each.line));
    EXPECT_THAT(places, ElementsAre("a.cpp:2", "b.cpp:1", "b.cpp:2"));
    EXPECT_EQ(built.error().subject, (folder_.path() / "a.cpp").string() + ":2");
    EXPECT_NE(built.error().what.find("one"), std::string::npos) << built.error().what;
}

TEST_P(OwnBuild, AFlagThatBringsALibraryIsForTheLinkerToo) {
    if (GetParam() != std::string("gcc")) GTEST_SKIP() << "whose OpenMP library comes with it";
    const std::string sum = folder_
                                .write("sum.c",
                                       "int main(void) {\n    int sum = 0;\n"
                                       "#pragma omp parallel for reduction(+ : sum) num_threads(2)\n"
                                       "    for (int i = 0; i < 4; i++) sum += i;\n    return sum - 6;\n}\n")
                                .string();
    const auto built = build({sum}, {"-fopenmp"});
    EXPECT_TRUE(built) << built.error().message();
}

TEST_P(OwnBuild, WhatDoesNotLinkIsAnErrorWithItsPlace) {
    const std::string none = folder_.write("none.c", "int f(void) { return 1; }\n").string();
    const auto without = build({none});
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().what, "the program has no main function");
    EXPECT_EQ(without.error().subject, none);

    const std::string one = folder_.write("one.c", "int main(void) { return 0; }\n").string();
    const std::string two = folder_.write("two.c", "\nint main(void) { return 0; }\n").string();
    const auto twice = build({one, two});
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().what, "the program has more than one main function");
    EXPECT_EQ(twice.error().subject, two + ":2");

    const std::string gap = folder_.write("gap.cpp", "int helper(int);\nint main() {\n    return helper(1);\n}\n").string();
    const auto missing = build({gap});
    ASSERT_FALSE(missing) << "the linker itself would let it pass, for the hooks' sake";
    EXPECT_EQ(missing.error().subject, gap + ":3");
    EXPECT_NE(missing.error().what.find("helper(int)"), std::string::npos) << missing.error().what;
    EXPECT_FALSE(missing.error().remedy.empty());
    EXPECT_FALSE(build({one}, {"-lno_such_library"}));
}

INSTANTIATE_TEST_SUITE_P(Compilers, OwnBuild, testing::Values("gcc", "clang"),
                         [](const auto& compiler) { return std::string(compiler.param); });

TEST(LinkDiagnostics, LeaveTheHooksOut) {
    const auto found = parse_link_diagnostics(
        "/usr/bin/ld: 0.o: in function `main':\n"
        "/usr/bin/ld: /heddle/program/a.cpp:5: warning: undefined reference to `__tsan_func_entry'\n"
        "/usr/bin/ld: /heddle/program/a.cpp:6: warning: undefined reference to `foo(int)'\n"
        "(.text+0x17): warning: undefined reference to `main'\n"
        "/usr/bin/ld: 1.o:/heddle/program/b.cpp:4: multiple definition of `c'; 0.o:/heddle/program/a.cpp:1: first defined "
        "here\n"
        "/usr/bin/ld: cannot find -lx: No such file or directory\n");
    ASSERT_EQ(found.size(), 4u);
    EXPECT_EQ(found[0].file, "/heddle/program/a.cpp");
    EXPECT_EQ(found[0].line, 6);
    EXPECT_EQ(found[0].message, "undefined reference to `foo(int)'");
    EXPECT_EQ(found[1].line, 0);
    EXPECT_TRUE(found[1].file.empty());
    EXPECT_EQ(found[2].file, "/heddle/program/b.cpp");
    EXPECT_EQ(found[2].message, "multiple definition of `c'");
    EXPECT_EQ(found[3].message, "cannot find -lx: No such file or directory");
}

TEST(SourceFolder, IsTheOneThatAllShare) {
    EXPECT_EQ(source_folder_of({"/a/b/x.c"}), "/a/b");
    EXPECT_EQ(source_folder_of({"/a/b/x.c", "/a/b/c/y.c", "/a/bb/z.c"}), "/a");
    EXPECT_EQ(debug_path("/a/bb/z.c", "/a"), "/heddle/program/bb/z.c");
    EXPECT_EQ(source_path("/heddle/program/bb/z.c", "/a"), "/a/bb/z.c");
}

TEST(Compilers, HaveOneForEachLanguage) {
    EXPECT_EQ(c_compiler("g++-12"), "gcc-12");
    EXPECT_EQ(c_compiler("/usr/bin/clang++"), "/usr/bin/clang");
    EXPECT_EQ(cxx_compiler("gcc"), "g++");
    EXPECT_EQ(cxx_compiler("clang-14"), "clang++-14");
    EXPECT_EQ(cxx_compiler("clang++"), "clang++");
    EXPECT_EQ(cxx_compiler("/opt/gcc/bin/other"), "/opt/gcc/bin/other");
}

}  // namespace
}  // namespace heddle::catalog
