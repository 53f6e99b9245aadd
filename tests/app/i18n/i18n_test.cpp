// Texts: placeholders, particles, plurals, numbers; and both languages say the same things.
#include "app/i18n.h"

#include <gmock/gmock-more-matchers.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/failure_text.h"
#include "app/korean.h"
#include "core/base/data_folder.h"
#include "core/trace/ending_text.h"
#include "core/trace/library_state.h"
#include "tests/support/folders.h"

namespace heddle {
namespace {

using testing::HasSubstr;

TEST(Particle, FollowsTheLastSound) {
    const struct {
        const char *word, *pair, *expected;
    } cases[] = {
        {"스레드", "이/가", "가"},   {"락", "이/가", "이"},
        {"프로세스", "을/를", "를"}, {"뮤텍스", "은/는", "는"},
        {"힙", "은/는", "은"},       {"스택", "과/와", "과"},
        {"파이프", "과/와", "와"},   {"커널", "으로/로", "로"},
        {"힙", "으로/로", "으로"},   {"서버", "으로/로", "로"},
        {"커널", "을/를", "을"},     {"T1", "이/가", "이"},
        {"T2", "이/가", "가"},       {"T3", "을/를", "을"},
        {"T6", "은/는", "은"},       {"CPU 0", "으로/로", "으로"},
        {"T1", "으로/로", "로"},     {"T7", "으로/로", "로"},
        {"10", "이/가", "이"},       {"120", "을/를", "을"},
        {"1,000", "이/가", "이"},    {"PC", "을/를", "를"},
        {"PCB", "은/는", "는"},      {"SQL", "을/를", "을"},
        {"RAM", "이/가", "이"},      {"lock", "을/를", "을"},
        {"main", "이/가", "이"},     {"mutex", "을/를", "를"},
        {"fork", "을/를", "를"},     {"signal", "으로/로", "로"},
        {"counter", "을/를", "를"},  {"fork()", "을/를", "를"},
        {"'락'", "이/가", "이"},     {"프로세스 제어 블록(PCB)", "은/는", "는"},
        {"", "이/가", "가"},         {"malloc", "을/를", "을"},
        {"sleep", "을/를", "을"},    {"heap", "이/가", "이"},
        {"exit", "을/를", "를"},     {"job", "은/는", "은"},
        {"timeout", "을/를", "을"},  {"wait", "을/를", "를"},
        {"0x7fab", "을/를", "를"},   {"0x7f30", "을/를", "을"},
    };
    for (const auto& c : cases) EXPECT_EQ(particle(c.word, c.pair), c.expected) << c.word << " " << c.pair;
}

TEST(Placeholders, AreFilledByNameInEitherLanguage) {
    EXPECT_EQ(fill_placeholders("{who} stores {value} into {name}", {{"who", "T2"}, {"value", "1"}, {"name", "counter"}},
                                Language::kEnglish),
              "T2 stores 1 into counter");
    EXPECT_EQ(fill_placeholders("{who|이/가} {name}에 {value|을/를} 씁니다",
                                {{"who", "T2"}, {"value", "1"}, {"name", "counter"}}, Language::kKorean),
              "T2가 counter에 1을 씁니다");
    EXPECT_EQ(fill_placeholders("{n|thread/threads}", {{"n", "1"}}, Language::kEnglish), "1 thread");
    EXPECT_EQ(fill_placeholders("{n|thread/threads}", {{"n", "3"}}, Language::kEnglish), "3 threads");
    EXPECT_EQ(fill_placeholders("{n|thread/threads}", {{"n", "0"}}, Language::kEnglish), "0 threads");
}

TEST(Placeholders, LeaveCodeAndUnknownNamesAlone) {
    EXPECT_EQ(fill_placeholders("int a[] = {1, 2}; {missing}", {}, Language::kEnglish), "int a[] = {1, 2}; {missing}");
    EXPECT_EQ(fill_placeholders("an open {brace", {}, Language::kEnglish), "an open {brace");
    EXPECT_EQ(fill_placeholders("{a}", {{"a", "{b}"}, {"b", "never"}}, Language::kEnglish), "{b}")
        << "an argument is not a template";
    EXPECT_THAT(placeholder_names("{b} {a|이/가} {b} {1, 2}"), testing::ElementsAre("a", "b"));
}

TEST(Texts, FallBackToEnglishAndThenToTheKey) {
    Texts texts = Texts::from({{"a", "one"}, {"b", "two {n|item/items}"}}, {{"a", "하나"}});
    texts.set_language(Language::kKorean);
    EXPECT_EQ(texts.tr("a"), "하나");
    EXPECT_EQ(texts.tr("b", {{"n", "2"}}), "two 2 items");
    EXPECT_EQ(texts.tr("no.such.key"), "no.such.key");
}

TEST(Texts, RefuseABrokenFolderClearly) {
    const auto folder = std::filesystem::temp_directory_path() / ("heddle_texts_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "a.en.toml") << "[x]\nk = \"1\"\n";
    std::ofstream(folder / "b.en.toml") << "[x]\nk = \"2\"\n";
    EXPECT_THAT(Texts::load(folder.string()).error().message(), HasSubstr("given twice"));
    std::ofstream(folder / "b.en.toml") << "this is no toml";
    EXPECT_THAT(Texts::load(folder.string()).error().message(), HasSubstr("line 1"));
    std::ofstream(folder / "b.en.toml") << "[y]\nk = 2\n";
    EXPECT_THAT(Texts::load(folder.string()).error().message(), HasSubstr("not a string"));
    std::filesystem::remove_all(folder);
    EXPECT_THAT(Texts::load(folder.string()).error().message(), HasSubstr("HEDDLE_DATA_DIR"));
}

TEST(Numbers, AreWrittenAsPeopleDo) {
    EXPECT_EQ(Texts::number(0ll), "0");
    EXPECT_EQ(Texts::number(999ll), "999");
    EXPECT_EQ(Texts::number(1000ll), "1,000");
    EXPECT_EQ(Texts::number(-1234567ll), "-1,234,567");
    EXPECT_EQ(Texts::number(1234.5678, 2), "1,234.57");
    const struct {
        long long ns;
        const char* text;
    } durations[] = {{0, "0 ns"},       {999, "999 ns"},         {1'000, "1 µs"},          {118'000, "118 µs"},
                     {999'700, "1 ms"}, {12'400'000, "12.4 ms"}, {1'500'000'000, "1.5 s"}, {7'200'000'000'000, "7200 s"}};
    for (const auto& d : durations) EXPECT_EQ(Texts::duration(std::chrono::nanoseconds(d.ns)), d.text);
    EXPECT_EQ(Texts::bytes(0), "0 B");
    EXPECT_EQ(Texts::bytes(1023), "1023 B");
    EXPECT_EQ(Texts::bytes(132 * 1024), "132 KiB");
    EXPECT_EQ(Texts::bytes(1'677'722), "1.6 MiB");
    EXPECT_EQ(Texts::bytes(47ull << 40), "47 TiB");
}

Texts shipped() {
    return Texts::load(*find_data("assets") + "/i18n").value();
}

TEST(ShippedTexts, HaveTheSameKeysAndArgumentsInBothLanguages) {
    const Texts texts = shipped();
    EXPECT_EQ(texts.keys(Language::kEnglish), texts.keys(Language::kKorean));
    for (const std::string& key : texts.keys(Language::kEnglish)) {
        const std::string* korean = texts.raw(Language::kKorean, key);
        if (!korean) continue;  // said above already
        EXPECT_EQ(placeholder_names(*texts.raw(Language::kEnglish, key)), placeholder_names(*korean)) << key;
    }
}

// What the library says of an execution's end is a sentence of its own in either language, wherever it is told.
TEST(ShippedTexts, HaveASentenceForWhatTheLibrarySaysOfAnEnd) {
    const Texts texts = shipped();
    for (const trace::EndingText& each : trace::kEndingTexts) {
        const std::string suffix = trace::ending_text_suffix(each.words);
        std::vector<std::string> keys;
        if (each.ending == trace::Ending::kUnsupported)
            keys = {"explore.incomplete.unsupported" + suffix, "finding.unsupported" + suffix};
        if (each.ending == trace::Ending::kMemoryLimit || each.ending == trace::Ending::kTooManyThreads)
            keys = {"explore.incomplete.too_large" + suffix};
        if (each.ending == trace::Ending::kMisuse) keys = {"explore.bug.misuse" + suffix, "finding.misuse" + suffix};
        if (each.ending == trace::Ending::kCrash) keys = {"explore.bug.crash" + suffix};
        if (each.ending == trace::Ending::kDiverged) keys = {"finding.schedule" + suffix};
        EXPECT_FALSE(keys.empty()) << each.words;
        for (const std::string& key : keys) EXPECT_TRUE(texts.has(key)) << key;
    }
}

TEST(ShippedTexts, NameWhatLibcKeepsInEitherLanguage) {
    Texts texts = shipped();
    for (const trace::LibraryStateName& state : trace::kLibraryStates) {
        const std::string name(state.name);
        ASSERT_TRUE(texts.has("name." + name)) << name;
        const std::map<std::string, std::string> arguments = {{"thread", "T1"}, {"name", name}};
        texts.set_language(Language::kEnglish);
        EXPECT_EQ(texts.tr("event.write_unknown", arguments), "T1 writes to " + name + "; the value was not seen");
        texts.set_language(Language::kKorean);
        EXPECT_THAT(texts.tr("event.write_unknown", arguments), testing::Not(HasSubstr(name)));
    }
}

TEST(Failures, AreSaidInTheWindowsLanguageAsFarAsTheyAreKnown) {
    Texts texts = shipped();
    const std::string hooks = "Explore needs a program with Heddle's hooks: /bin/ls. name its source files instead";
    EXPECT_EQ(failure_text(texts, hooks), hooks) << "the English is the Error's own";
    texts.set_language(Language::kKorean);
    EXPECT_EQ(failure_text(texts, hooks),
              "탐색하려면 Heddle의 훅이 들어 있는 프로그램이어야 합니다: /bin/ls. 대신 이 프로그램의 소스 파일을 여십시오");
    EXPECT_EQ(failure_text(texts, "cannot execute the program: /tmp/a: Permission denied"),
              "프로그램을 실행할 수 없습니다: /tmp/a: 권한이 없음");
    EXPECT_EQ(failure_text(texts, "the program does not compile: expected ';': a.cpp:3"),
              "프로그램이 컴파일되지 않습니다: expected ';': a.cpp:3");
    EXPECT_EQ(failure_text(texts, "the saved run is damaged (header): /tmp/a.heddle. Take another copy of the file"),
              "저장된 실행이 손상되었습니다 (header): /tmp/a.heddle. 다른 사본을 여십시오");
    EXPECT_EQ(failure_text(texts, "nobody knows this: /tmp/a. do that"), "nobody knows this: /tmp/a. do that");
    EXPECT_EQ(failure_text(texts, ""), "");
}

std::string all_sources() {
    std::string all;
    for (const char* folder : {"/app", "/core"}) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(testing_support::source_folder() + folder)) {
            if (entry.path().extension() != ".cpp") continue;
            std::stringstream source;
            source << std::ifstream(entry.path()).rdbuf();
            all += source.str();
        }
    }
    return all;
}

// Else a text that was changed there would be English in the Korean window.
TEST(Failures, AreWordForWordThoseOfTheProgram) {
    const Texts texts = shipped();
    const std::string sources = all_sources();
    int found = 0;
    for (const std::string& key : texts.keys(Language::kEnglish)) {
        if (!key.starts_with("failure.what.") && !key.starts_with("failure.remedy.")) continue;
        ++found;
        EXPECT_NE(sources.find(*texts.raw(Language::kEnglish, key)), std::string::npos) << key;
    }
    EXPECT_GT(found, 50);
}

// Every tr("…") of the program, by its literal key.
TEST(ShippedTexts, HaveEveryKeyThatTheProgramNames) {
    const Texts texts = shipped();
    int found = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(testing_support::source_folder() + "/app")) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h") continue;
        std::stringstream source;
        source << std::ifstream(entry.path()).rdbuf();
        const std::string code = source.str();
        for (const std::string call : {"tr(\"", "tr_in(language, \""}) {
            for (std::size_t at = code.find(call); at != std::string::npos; at = code.find(call, at + 1)) {
                if (at > 0 && (std::isalnum(static_cast<unsigned char>(code[at - 1])) || code[at - 1] == '_')) continue;
                const std::size_t begin = at + call.size();
                const std::string key = code.substr(begin, code.find('"', begin) - begin);
                // A key that goes on ("state." + letter) is checked by the one who composes it.
                if (key.empty() || key.back() == '.') continue;
                ++found;
                EXPECT_TRUE(texts.has(key)) << key << " in " << entry.path();
            }
        }
    }
    EXPECT_GT(found, 5);
}

}  // namespace
}  // namespace heddle
