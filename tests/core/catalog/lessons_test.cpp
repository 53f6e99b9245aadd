// The lessons as they are shipped: complete in both languages, of the right length, in plain Markdown, with the glossary's
// words.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include "core/catalog/catalog.h"
#include "core/catalog/claims.h"
#include "core/catalog/program_builder.h"
#include "core/kernel/facilities.h"
#include "tests/core/catalog/temporary_folder.h"
#include "tests/support/folders.h"

namespace heddle::catalog {
namespace {

Catalog shipped() {
    auto catalog = Catalog::load(testing_support::source_folder() + "/scenarios");
    if (!catalog) ADD_FAILURE() << catalog.error().message();
    return catalog ? *catalog : Catalog();
}

// Words that hold at least one letter or digit of any script.
int count_words(const std::string& text) {
    std::istringstream stream(text);
    int count = 0;
    for (std::string word; stream >> word;) {
        bool counts = false;
        for (const char c : word) counts = counts || std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
        count += counts ? 1 : 0;
    }
    return count;
}

bool holds(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(Lessons, AreAllThereWithoutAProblem) {
    const Catalog catalog = shipped();
    for (const Problem& problem : catalog.problems()) ADD_FAILURE() << problem.id << ": " << problem.error.message();
    std::map<std::string, std::vector<std::string>> ids;
    for (const Scenario& scenario : catalog.scenarios())
        ids[scenario.chapter].push_back(scenario.id.substr(scenario.chapter.size() + 1));
    EXPECT_EQ(ids["process"], (std::vector<std::string>{"memory-layout", "states", "fork-copy-on-write", "isolation"}));
    EXPECT_EQ(ids["scheduling"], (std::vector<std::string>{"time-slice"}));
    EXPECT_EQ(ids["races"], (std::vector<std::string>{"lost-update",
                                                      "boolean-flag",
                                                      "check-then-act",
                                                      "order-violation",
                                                      "shared-queue",
                                                      "readers-only",
                                                      "read-write-lock",
                                                      "critical-section-length",
                                                      "lock-granularity",
                                                      "mutex-and-semaphore",
                                                      "condition-variable",
                                                      "bounded-buffer",
                                                      "barrier",
                                                      "atomic",
                                                      "lock-free-stack",
                                                      "lock-free-queue",
                                                      "memory-order",
                                                      "publication",
                                                      "false-sharing",
                                                      "deadlock",
                                                      "philosophers",
                                                      "livelock",
                                                      "starvation",
                                                      "priority-inversion",
                                                      "unisex-bathroom",
                                                      "smokers",
                                                      "roller-coaster",
                                                      "sleeping-barber",
                                                      "h2o",
                                                      "rendezvous",
                                                      "reusable-barrier",
                                                      "dining-savages"}));
    EXPECT_EQ(ids["break-it"].size(), 24U);
    EXPECT_EQ(ids.size(), 4U);
}

TEST(Lessons, ClaimsNeedNothingThatNoMachineIsAskedFor) {
    const Catalog catalog = shipped();
    const std::vector<kernel::Facility> known = kernel::probe_facilities();
    for (const Scenario& scenario : catalog.scenarios()) {
        for (const Claim& claim : scenario.claims) {
            const bool found = std::any_of(known.begin(), known.end(),
                                           [&](const kernel::Facility& facility) { return facility.id == claim.needs; });
            EXPECT_TRUE(claim.needs.empty() || found) << scenario.id << ", " << claim.id << " needs " << claim.needs;
        }
    }
}

TEST(Lessons, AreComplete) {
    const Catalog catalog = shipped();
    for (const Scenario& scenario : catalog.scenarios()) {
        SCOPED_TRACE(scenario.id);
        EXPECT_TRUE(scenario.predict);
        EXPECT_FALSE(scenario.claims.empty());
        EXPECT_GE(count_words(scenario.lesson.en), 150);
        EXPECT_LE(count_words(scenario.lesson.en), 400);
        EXPECT_GE(count_words(scenario.lesson.ko), 130);
        EXPECT_LE(count_words(scenario.lesson.ko), 400);
        for (const char* part : {"# ", "## What to watch", "## What happened", "## Where it bites", "## What to try next"}) {
            EXPECT_TRUE(holds(scenario.lesson.en, part)) << part;
        }
        for (const char* part : {"# ", "## 눈여겨볼 것", "## 무슨 일이 일어났나", "## 현장에서 만나는 곳", "## 더 해 보기"}) {
            EXPECT_TRUE(holds(scenario.lesson.ko, part)) << part;
        }
    }
}

TEST(Lessons, UseOnlyTheMarkdownThatIsDrawn) {
    const Catalog catalog = shipped();
    for (const Scenario& scenario : catalog.scenarios()) {
        for (const std::string* text : {&scenario.lesson.en, &scenario.lesson.ko}) {
            for (const char* forbidden : {"<", "![", "\n> ", "\n|", "\n---", "~~", "\n1. ", "\t"}) {
                EXPECT_FALSE(holds(*text, forbidden) && !holds(*text, "`std::atomic<int>`"))
                    << scenario.id << ": " << forbidden;
            }
        }
    }
}

TEST(Lessons, UseTheGlossarysKoreanWords) {
    const std::vector<std::array<const char*, 2>> expected = {
        {"races/lost-update", "갱신 손실"},
        {"races/lost-update", "경쟁 상태(race condition)"},
        {"races/lost-update", "데이터 경쟁(data race)"},
        {"races/lost-update", "임계 구역(critical section)"},
        {"races/lost-update", "원자적 연산(atomic operation)"},
        {"process/memory-layout", "주소 공간(address space)"},
        {"process/memory-layout", "스택 프레임(stack frame)"},
        {"process/memory-layout", "커널 영역(kernel space)"},
        {"process/states", "선점(preemption)"},
        {"process/states", "자발적 전환(voluntary switch)"},
        {"process/states", "디스패치(dispatch)"},
        {"process/fork-copy-on-write", "쓰기 시 복사(copy-on-write, COW)"},
        {"process/fork-copy-on-write", "페이지 테이블(page table)"},
        {"process/isolation", "프로세스 제어 블록(PCB)"},
        {"scheduling/time-slice", "타임 슬라이스(time slice)"},
        {"scheduling/time-slice", "문맥 교환(context switch)"},
    };
    const Catalog catalog = shipped();
    for (const auto& [id, word] : expected) {
        const auto scenario = catalog.find(id);
        ASSERT_TRUE(scenario) << id;
        EXPECT_TRUE(holds((*scenario)->lesson.ko, word)) << id << ": " << word;
    }
    for (const Scenario& scenario : catalog.scenarios()) {
        for (const char* stranger : {"쓰레드", "컨텍스트 전환", "크리티컬 섹션", "데드락", "세마포 ", "세마포를", "시그날"}) {
            EXPECT_FALSE(holds(scenario.lesson.ko, stranger)) << scenario.id << ": " << stranger;
        }
    }
}

std::string output_of(const std::string& command) {
    std::string output;
    FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return output;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, got);
    return ::pclose(pipe) == 0 ? output : output + "(failed)";
}

// As anybody would compile it. What the compiler says: nothing.
std::string compiled(const std::filesystem::path& source, const std::string& object) {
    return output_of(testing_support::compiler_launcher() + "g++ -std=c++20 -O0 -Wall -Wextra -pthread -c " + source.string() +
                     " -o " + object + " 2>&1");
}

TEST(Programs, MakeSenseWithoutHeddle) {
    const std::vector<std::array<const char*, 3>> expected = {
        {"process/memory-layout", "memory-layout", "local of call 4 at 0x"},
        {"process/states", "states", "child exited with code 7"},
        {"process/fork-copy-on-write", "fork-copy-on-write", "childs_page at"},
        {"process/isolation", "pointer", "is still 42"},
        {"process/isolation", "worker-crash", "worker 2 was ended by signal 11"},
        {"scheduling/time-slice", "time-slice", "blocks of 1500"},
        {"races/lost-update", "broken", ", expected 100000"},
        {"races/lost-update", "mutex", "counter = 100000, expected 100000"},
        {"races/lost-update", "atomic", "counter = 100000, expected 100000"},
    };
    const Catalog catalog = shipped();
    TemporaryFolder folder;
    for (const auto& [id, variant, text] : expected) {
        const auto scenario = catalog.find(id);
        ASSERT_TRUE(scenario) << id;
        const Variant* program = (*scenario)->variant(variant);
        ASSERT_NE(program, nullptr);
        const std::string path = (folder.path() / variant).string();
        EXPECT_EQ(compiled(program->source, path + ".o"), "");
        EXPECT_EQ(output_of("g++ -pthread " + path + ".o -o " + path + " 2>&1"), "");
        const std::string output = output_of(path);
        EXPECT_TRUE(holds(output, text)) << output;
        EXPECT_FALSE(holds(output, "(failed)")) << output;
    }
}

// Each with all that it includes, and without a warning; of a scenario's programs, which are much alike, the last.
TEST(Programs, CompileWithoutHeddleAndWithoutAWarning) {
    const Catalog catalog = shipped();
    TemporaryFolder folder;
    std::atomic<std::size_t> next = 0;
    std::mutex mutex;
    const auto work = [&] {
        for (std::size_t i = next++; i < catalog.scenarios().size(); i = next++) {
            if (catalog.scenarios()[i].level) continue;  // as many again, and smaller
            const std::filesystem::path source = catalog.scenarios()[i].variants.back().source;
            const std::string said = compiled(source, folder.path() / (std::to_string(i) + ".o"));
            const std::lock_guard lock(mutex);
            EXPECT_EQ(said, "") << source;
        }
    };
    std::thread other(work);
    work();
    other.join();
}

// A broken program has a claim that the search finds its bug, a right one that there is none: every variant has one of them.
TEST(Lessons, ClaimWhatTheSearchFindsInEveryVariant) {
    const Catalog catalog = shipped();
    for (const Scenario& scenario : catalog.scenarios()) {
        if (scenario.chapter != "races" && scenario.chapter != "break-it") continue;
        for (const Variant& variant : scenario.variants) {
            const bool claimed = std::any_of(scenario.claims.begin(), scenario.claims.end(), [&](const Claim& claim) {
                return !claim.explore.empty() && applies_to(claim, variant.id);
            });
            EXPECT_TRUE(claimed) << scenario.id << " " << variant.id;
        }
        EXPECT_EQ(scenario.level.has_value(), scenario.chapter == "break-it") << scenario.id;
    }
}

TEST(Programs, ArePrebuiltIntoAFolderThatHoldsNothingElse) {
    TemporaryFolder few;
    namespace fs = std::filesystem;
    fs::copy(testing_support::source_folder() + "/scenarios/chapters.toml", few.path() / "chapters.toml");
    fs::copy(testing_support::source_folder() + "/scenarios/process", few.path() / "process", fs::copy_options::recursive);
    const auto catalog = Catalog::load(few.path());
    ASSERT_TRUE(catalog) << catalog.error().message();
    TemporaryFolder folder;
    fs::create_directory(folder.path() / "old");
    const auto built = prebuild_all(*catalog, folder.path());
    ASSERT_TRUE(built) << built.error().message();
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 5);
    BuildOptions options;
    options.prebuilt = folder.path();
    options.cache = "/nonexistent";
    for (const Scenario& scenario : catalog->scenarios()) {
        for (const Variant& variant : scenario.variants) EXPECT_TRUE(build_program(scenario, variant, options)->was_cached);
    }
}

}  // namespace
}  // namespace heddle::catalog
