// The litmus tests of the C++ memory model, as real programs: what Explore says their loads may return.
#include <gmock/gmock-more-matchers.h>
#include <stdlib.h>

#include <fstream>
#include <set>

#include "core/session/exploration.h"
#include "tests/core/session/program_build.h"

namespace heddle::session {
namespace {

using testing::Contains;
using testing::Not;
using testing::UnorderedElementsAre;

// One program, which does the test that its argument names. r: what was read.
constexpr char kLitmus[] = R"(
    #include <atomic>
    #include <cstring>
    #include <thread>
    using std::memory_order;
    constexpr auto rlx = memory_order::relaxed, acq = memory_order::acquire, rel = memory_order::release,
                   acq_rel = memory_order::acq_rel, sc = memory_order::seq_cst;
    std::atomic<int> x, y;
    int r0 = -1, r1 = -1, r2 = -1, r3 = -1;

    template <typename... Threads>
    void together(Threads... threads) {
        std::thread all[] = {std::thread(threads)...};
        for (std::thread& each : all) each.join();
    }
    void buffering(memory_order store, memory_order load) {
        together([=] { x.store(1, store); r0 = y.load(load); }, [=] { y.store(1, store); r1 = x.load(load); });
    }
    void buffering_fenced(memory_order fence) {
        together([=] { x.store(1, rlx); std::atomic_thread_fence(fence); r0 = y.load(rlx); },
                 [=] { y.store(1, rlx); std::atomic_thread_fence(fence); r1 = x.load(rlx); });
    }
    void message(memory_order store, memory_order load) {
        together([=] { x.store(1, rlx); y.store(1, store); }, [=] { r0 = y.load(load); r1 = x.load(rlx); });
    }
    void message_fenced(bool both) {
        together([=] { x.store(1, rlx); std::atomic_thread_fence(rel); y.store(1, rlx); },
                 [=] { r0 = y.load(rlx); if (both) std::atomic_thread_fence(acq); r1 = x.load(rlx); });
    }
    void load_buffering() {
        together([] { r0 = y.load(rlx); x.store(1, rlx); }, [] { r1 = x.load(rlx); y.store(1, rlx); });
    }
    void independent_reads(memory_order store, memory_order load) {
        together([=] { x.store(1, store); }, [=] { y.store(1, store); },
                 [=] { r0 = x.load(load); r1 = y.load(load); }, [=] { r2 = y.load(load); r3 = x.load(load); });
    }
    void coherence() {
        together([] { x.store(1, rlx); x.store(2, rlx); }, [] { r0 = x.load(rlx); r1 = x.load(rlx); });
    }
    void updates() {
        together([] { r0 = x.fetch_add(1, rlx); }, [] { r1 = x.fetch_add(1, rlx); });
    }
    void release_sequence(bool update) {
        together([] { x.store(1, rlx); y.store(1, rel); },
                 [=] { if (update) y.fetch_add(1, rlx); else y.store(2, rlx); },
                 [] { r0 = y.load(acq); r1 = x.load(rlx); });
    }
    void spin(memory_order store, memory_order load) {
        together([=] { x.store(1, rlx); y.store(1, store); }, [=] { while (y.load(load) == 0) {} r1 = x.load(rlx); });
    }
    void locked() {
        static std::atomic_flag taken;
        const auto turn = [](int& seen) {
            while (taken.test_and_set(acq)) {}
            seen = x.load(rlx);
            x.store(seen + 1, rlx);
            taken.clear(rel);
        };
        together([&] { turn(r0); }, [&] { turn(r1); });
    }
    int main(int, char** arguments) {
        const auto is = [&](const char* name) { return std::strcmp(arguments[1], name) == 0; };
        if (is("buffering relaxed")) buffering(rlx, rlx);
        if (is("buffering release acquire")) buffering(rel, acq);
        if (is("buffering seq_cst")) buffering(sc, sc);
        if (is("buffering seq_cst loads only")) buffering(rlx, sc);
        if (is("buffering seq_cst fences")) buffering_fenced(sc);
        if (is("buffering acq_rel fences")) buffering_fenced(acq_rel);
        if (is("message relaxed")) message(rlx, rlx);
        if (is("message release only")) message(rel, rlx);
        if (is("message release acquire")) message(rel, acq);
        if (is("message fences")) message_fenced(true);
        if (is("message one fence")) message_fenced(false);
        if (is("load buffering")) load_buffering();
        if (is("independent reads acquire")) independent_reads(rel, acq);
        if (is("independent reads seq_cst")) independent_reads(sc, sc);
        if (is("independent reads seq_cst loads")) independent_reads(rlx, sc);
        if (is("coherence")) coherence();
        if (is("updates")) updates();
        if (is("release sequence")) release_sequence(true);
        if (is("no release sequence")) release_sequence(false);
        if (is("spin relaxed")) spin(rlx, rlx);
        if (is("spin acquire")) spin(rel, acq);
        if (is("locked")) locked();
    }
)";

class MemoryOrderTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        char name[] = "/tmp/heddle-litmus-XXXXXX";
        folder_ = ::mkdtemp(name);
        const std::filesystem::path file = folder_ / "litmus.cpp";
        std::ofstream(file) << kLitmus;
        const auto built = catalog::build_program(std::vector{file}, std::vector<std::string>(), program_build());
        ASSERT_TRUE(built) << built.error().message();
        program_ = built->path;
    }
    static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

    static ExplorationRequest request(const std::string& test) {
        ExplorationRequest request;
        request.program = program_;
        request.arguments = {test};
        request.options.all = true;
        request.options.timeout_s = 60;
        return request;
    }
    // What was read, as digits; '-': nothing was. The search is complete, and takes no execution twice.
    static std::set<std::string> ends(const std::string& test) {
        const auto found = explore_program(request(test));
        EXPECT_TRUE(found) << found.error().message();
        std::set<std::string> ends;
        if (!found) return ends;
        EXPECT_EQ(found->report.verdict, explore::VerdictKind::kNoneComplete) << test << ": " << found->report.reason;
        EXPECT_EQ(found->report.redundant, 0U) << test;
        for (const explore::Outcome& outcome : found->report.outcomes) {
            std::string end;
            for (const char* name : {"r0 = ", "r1 = ", "r2 = ", "r3 = "}) {
                const std::size_t at = outcome.value.find(name);
                if (at != std::string::npos && outcome.value[at + 5] != '-') end += outcome.value[at + 5];
            }
            ends.insert(end);
        }
        return ends;
    }

    static inline std::filesystem::path folder_, program_;
};

TEST_F(MemoryOrderTest, StoreBuffering) {
    EXPECT_THAT(ends("buffering relaxed"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("buffering release acquire"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("buffering seq_cst loads only"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("buffering seq_cst"), UnorderedElementsAre("01", "10", "11"));
}

TEST_F(MemoryOrderTest, MessagePassing) {
    EXPECT_THAT(ends("message relaxed"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("message release only"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("message release acquire"), UnorderedElementsAre("00", "01", "11"));
}

TEST_F(MemoryOrderTest, Fences) {
    EXPECT_THAT(ends("buffering seq_cst fences"), UnorderedElementsAre("01", "10", "11"));
    EXPECT_THAT(ends("buffering acq_rel fences"), UnorderedElementsAre("00", "01", "10", "11"));
    EXPECT_THAT(ends("message fences"), UnorderedElementsAre("00", "01", "11"));
    EXPECT_THAT(ends("message one fence"), UnorderedElementsAre("00", "01", "10", "11"));
}

// The model would allow 11; a load that returns what is only stored later is not tried (core/explore/memory_model.h).
TEST_F(MemoryOrderTest, LoadBuffering) {
    EXPECT_THAT(ends("load buffering"), UnorderedElementsAre("00", "01", "10"));
}

TEST_F(MemoryOrderTest, IndependentReadsOfIndependentWrites) {
    EXPECT_EQ(ends("independent reads acquire").size(), 16U) << "the readers may disagree on who wrote first";
    EXPECT_THAT(ends("independent reads seq_cst"), testing::AllOf(testing::SizeIs(15), Not(Contains("1010"))));
    EXPECT_THAT(ends("independent reads seq_cst loads"), testing::AllOf(testing::SizeIs(15), Not(Contains("1010"))));
}

TEST_F(MemoryOrderTest, CoherenceNeverGoesBack) {
    EXPECT_THAT(ends("coherence"), UnorderedElementsAre("00", "01", "02", "11", "12", "22"));
}

TEST_F(MemoryOrderTest, UpdatesAreAtomicAndGoOnWithAReleaseSequence) {
    EXPECT_THAT(ends("updates"), UnorderedElementsAre("01", "10"));
    EXPECT_THAT(ends("release sequence"), testing::AllOf(Contains("21"), Contains("11"), Not(Contains("20"))));
    EXPECT_THAT(ends("no release sequence"), testing::AllOf(Contains("21"), Contains("20")));
    EXPECT_THAT(ends("locked"), UnorderedElementsAre("01", "10"));
}

TEST_F(MemoryOrderTest, AThreadThatSpinsSeesTheStoreInTheEnd) {
    EXPECT_THAT(ends("spin relaxed"), UnorderedElementsAre("0", "1"));
    EXPECT_THAT(ends("spin acquire"), UnorderedElementsAre("1"));
}

TEST_F(MemoryOrderTest, AScheduleNamesTheOlderValueAndShowsItEveryTime) {
    ExplorationRequest wanted = request("message relaxed");
    wanted.expect = "not (value(\"r0\") == 1 and value(\"r1\") == 0)";
    const auto found = explore_program(wanted);
    ASSERT_TRUE(found) << found.error().message();
    ASSERT_FALSE(found->bugs.empty());
    const FoundBug& bug = found->bugs.front();
    EXPECT_EQ(bug.kind, "wrong-result");
    EXPECT_THAT(bug.schedule, testing::HasSubstr("!1"));
    const auto older = std::find_if(bug.steps.begin(), bug.steps.end(), [](const StepText& step) { return step.older > 0; });
    ASSERT_NE(older, bug.steps.end());
    EXPECT_EQ(older->object + " " + older->value, "x 0");
    EXPECT_EQ(older->line, 24) << "the line with the load, not the library's that has it inline";
    const auto again = replay_schedule(wanted, bug.schedule, 100);
    ASSERT_TRUE(again) << again.error().message();
    EXPECT_EQ(std::count(again->begin(), again->end(), "wrong-result"), 100);
}

}  // namespace
}  // namespace heddle::session
