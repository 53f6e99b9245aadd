#include "core/kernel/process_sampler.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

#include "core/kernel/facilities.h"
#include "core/kernel/kernel_switch_count.h"
#include "core/kernel/proc_files.h"
#include "core/kernel/sample_differ.h"
#include "core/kernel/switch_counter.h"
#include "tests/support/folders.h"

namespace heddle::kernel {
namespace {

class ASleepingChild : public ::testing::Test {
protected:
    void SetUp() override {
        child_ = ProcessId(::fork());
        if (child_.value == 0) {
            for (;;) ::pause();
        }
        ASSERT_GT(child_.value, 0);
        while (!waits_in_kernel(ThreadId(child_.value))) ::sched_yield();
    }
    void end() {
        if (child_.value > 0) {
            ::kill(child_.value, SIGKILL);
            ::waitpid(child_.value, nullptr, 0);
        }
    }
    void TearDown() override { end(); }
    ProcessId child_;
};

TEST_F(ASleepingChild, IsSampledLightly) {
    const auto sample = sample_process(child_, SampleDepth::kLight);
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->pid, child_);
    EXPECT_EQ(sample->parent, ProcessId(::getpid()));
    EXPECT_GT(sample->virtual_bytes, 0U);
    ASSERT_EQ(sample->threads.size(), 1U);
    EXPECT_EQ(sample->threads[0].state, 'S');
    EXPECT_GE(sample->threads[0].voluntary_switches, 1);
    EXPECT_TRUE(sample->mappings.empty());
}

TEST_F(ASleepingChild, IsSampledFully) {
    const auto sample = sample_process(child_, SampleDepth::kFull);
    ASSERT_TRUE(sample);
    EXPECT_FALSE(sample->executable.empty());
    EXPECT_FALSE(sample->arguments.empty());
    EXPECT_TRUE(std::any_of(sample->mappings.begin(), sample->mappings.end(),
                            [](const auto& m) { return m.path == "[stack]" && m.resident_bytes > 0; }));
    EXPECT_TRUE(
        std::any_of(sample->descriptors.begin(), sample->descriptors.end(), [](const auto& d) { return d.number == 1; }));
}

TEST_F(ASleepingChild, IsAmongTheDescendants) {
    const auto family = descendants(ProcessId(::getpid()));
    EXPECT_EQ(family.front(), ProcessId(::getpid()));
    EXPECT_NE(std::find(family.begin(), family.end(), child_), family.end());
    EXPECT_EQ(threads_of(child_), std::vector<ThreadId>{ThreadId(child_.value)});
}

TEST_F(ASleepingChild, IsCleanlyGoneOnceItEnded) {
    const ProcessId child = child_;
    end();
    child_ = ProcessId(0);
    const auto sample = sample_process(child, SampleDepth::kFull);
    ASSERT_FALSE(sample);
    EXPECT_TRUE(is_gone(sample.error()));
    EXPECT_TRUE(descendants(child).empty());
    EXPECT_FALSE(read_pagemap(child, Address(0), 1));
}

TEST(Pagemap, ShowsCopyOnWritePageByPage) {
    constexpr std::size_t kPage = 4096;
    auto* pages = static_cast<char*>(::mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    pages[0] = pages[kPage] = 1;
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        pages[0] = 2;
        if (::write(ready[1], "r", 1) != 1) ::_exit(1);
        for (;;) ::pause();
    }
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    const auto entries = read_pagemap(ProcessId(child), Address(reinterpret_cast<std::uint64_t>(pages)), 2);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ASSERT_TRUE(entries);
    ASSERT_EQ(entries->size(), 2U);
    EXPECT_TRUE((*entries)[0].exclusive) << "the child wrote to it";
    EXPECT_FALSE((*entries)[1].exclusive) << "still shared";
}

SampledThread look_at(int tid, char state, std::int64_t voluntary, std::int64_t involuntary, std::int64_t run,
                      std::int64_t wait = 0) {
    SampledThread seen{ProcessId(100), ThreadId(1), {}};
    seen.thread.tid = ThreadId(tid);
    seen.thread.state = state;
    seen.thread.voluntary_switches = voluntary;
    seen.thread.involuntary_switches = involuntary;
    seen.thread.run_nanoseconds = run;
    seen.thread.wait_nanoseconds = wait;
    seen.thread.cpu = 1;
    return seen;
}

TEST(SampleDiffer, InfersSwitchesFromTheGrowthOfTheCounts) {
    SampleDiffer differ;
    std::vector<KernelRecord> out;
    differ.look(Nanoseconds(10), Nanoseconds(15), std::vector{look_at(100, 'S', 5, 2, 10)}, out);
    EXPECT_TRUE(out.empty());
    differ.look(Nanoseconds(20), Nanoseconds(25), std::vector{look_at(100, 'S', 7, 3, 20)}, out);
    SwitchCounter counter;
    for (const KernelRecord& record : out) counter.add(record);
    EXPECT_EQ(counter.counts().voluntary, 2U);
    EXPECT_EQ(counter.counts().preempted, 1U);
    out.clear();
    differ.look(Nanoseconds(30), Nanoseconds(35), std::vector{look_at(100, 'S', 7, 3, 20), look_at(101, 'R', 0, 1, 5)}, out);
    ASSERT_FALSE(out.empty());
    EXPECT_EQ(out[0].kind, KernelRecord::Kind::kFork);
    EXPECT_TRUE(out[0].new_thread);
    EXPECT_EQ(out[0].tid, ThreadId(101));
    out.clear();
    differ.look(Nanoseconds(40), Nanoseconds(45), std::vector{look_at(100, 'S', 7, 3, 20)}, out);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].kind, KernelRecord::Kind::kExit);
    EXPECT_EQ(out[0].tid, ThreadId(101));
    EXPECT_EQ(out[0].time, Nanoseconds(45)) << "not before what its hooks may still have recorded";
}

// Whom the records leave on each CPU, as whoever folds them sees it; fails where one gets a CPU that another is on.
std::map<int, int> running_after(const std::vector<KernelRecord>& records) {
    std::map<int, int> running;
    for (const KernelRecord& record : records) {
        if (record.kind == KernelRecord::Kind::kSwitchIn) {
            const auto [at, free] = running.emplace(record.cpu.value, record.tid.value);
            EXPECT_TRUE(free) << record.tid.value << " gets CPU " << record.cpu.value << ", where " << at->second << " runs";
        }
        if (record.kind == KernelRecord::Kind::kSwitchOut || record.kind == KernelRecord::Kind::kExit)
            std::erase_if(running, [&](const auto& at) { return at.second == record.tid.value; });
    }
    return running;
}

TEST(SampleDiffer, LeavesNoTwoThreadsOnOneCpu) {
    using Looks = std::vector<std::vector<SampledThread>>;
    struct Case {
        const char* what;
        Looks looks;
        std::map<int, int> running;  // by CPU
        std::uint64_t preempted, voluntary;
    };
    const SampledThread ready = look_at(101, 'R', 0, 0, 1, 1), waiting = look_at(101, 'S', 1, 0, 1, 1);
    const SampledThread begins = look_at(101, 'R', 0, 0, 1, 5), wakes = look_at(101, 'R', 1, 0, 1, 5);
    const std::vector<SampledThread> at_first{look_at(100, 'R', 0, 0, 1), ready}, then{look_at(100, 'R', 0, 0, 5), ready};
    const std::vector<SampledThread> alone{look_at(100, 'R', 0, 0, 5), waiting};
    const Case cases[] = {
        {"one was preempted by the other one", {at_first, then, {look_at(100, 'R', 0, 1, 9), begins}}, {{1, 101}}, 1, 0},
        {"both had it and left it: either may have it now",
         {at_first, {look_at(100, 'R', 0, 2, 5, 3), look_at(101, 'R', 0, 1, 5, 5)}},
         {{1, 100}},
         3,
         0},
        {"one had it, left it once and has it again",
         {at_first, then, {look_at(100, 'R', 0, 1, 9, 2), ready}},
         {{1, 100}},
         1,
         0},
        {"one left it between the look at it and that at the other one; its count tells so a look later",
         {at_first, then, {look_at(100, 'R', 0, 0, 9), begins}, {look_at(100, 'R', 0, 1, 9), begins}},
         {{1, 101}},
         1,
         0},
        {"one is about to wait",
         {at_first, alone, {look_at(100, 'S', 0, 0, 6), wakes}, {look_at(100, 'S', 1, 0, 6), wakes}},
         {{1, 101}},
         0,
         2},
        {"one ended there", {at_first, then, {begins}}, {{1, 101}}, 1, 0},
        {"one stayed there all the time: the other one was elsewhere",
         {at_first, alone, {look_at(100, 'R', 0, 0, 9), look_at(101, 'S', 2, 0, 2, 5)}},
         {{1, 100}},
         0,
         2},
    };
    for (const Case& each : cases) {
        SCOPED_TRACE(each.what);
        SampleDiffer differ;
        std::vector<KernelRecord> records;
        for (int time = 0; const auto& alive : each.looks) {
            differ.look(Nanoseconds(time), Nanoseconds(time + 5), alive, records);
            time += 10;
        }
        EXPECT_EQ(running_after(records), each.running);
        SwitchCounter counter;
        for (const KernelRecord& record : records) counter.add(record);
        EXPECT_EQ(counter.counts().preempted, each.preempted);
        EXPECT_EQ(counter.counts().voluntary, each.voluntary);
    }
}

TEST(SampleDiffer, GivesThoseWhoTakeTurnsUnseenTheCpuForAsLongAsTheyRan) {
    SampleDiffer differ;
    std::vector<KernelRecord> records;
    std::map<int, int> looks_on_cpu;
    for (int time = 0; time <= 120; ++time) {  // 100 runs two nanoseconds of four, 101 and 102 one each
        differ.look(Nanoseconds(4 * time), Nanoseconds(4 * time),
                    std::vector{look_at(100, 'R', 0, 2 * time, 2 * time, time), look_at(101, 'R', 0, 2 * time, time, time),
                                look_at(102, 'R', 0, 2 * time, time, time)},
                    records);
        for (const auto& [cpu, tid] : running_after(records)) ++looks_on_cpu[tid];
    }
    EXPECT_NEAR(looks_on_cpu[100], 60, 1);
    EXPECT_NEAR(looks_on_cpu[101], 30, 1);
    EXPECT_NEAR(looks_on_cpu[102], 30, 1);
}

TEST(SwitchCounter, CountsMigrationsAndReconcilesWithinWhatExitsExplain) {
    using Kind = KernelRecord::Kind;
    SwitchCounter counter;
    const auto add = [&](Kind kind, int tid, int cpu, bool preempted = false) {
        KernelRecord record;
        record.kind = kind;
        record.pid = ProcessId(1);
        record.tid = ThreadId(tid);
        record.cpu = CpuId(cpu);
        record.preempted = preempted;
        counter.add(record);
    };
    add(Kind::kSwitchIn, 1, 0);
    add(Kind::kSwitchOut, 1, 0, true);
    add(Kind::kSwitchIn, 1, 1);
    add(Kind::kSwitchOut, 1, 1);
    add(Kind::kSwitchIn, 1, 1);
    add(Kind::kExit, 1, 1);
    EXPECT_EQ(counter.counts().migrations, 1U);
    EXPECT_EQ(counter.counts().preempted, 1U);
    EXPECT_EQ(counter.counts().voluntary, 1U);
    struct Case {
        std::uint64_t kernel, after_exit;
        double ratio;
    };
    for (const Case& c : {Case{2, 0, 1.0}, Case{3, 1, 1.0}, Case{5, 3, 1.0}, Case{10, 3, 0.5}, Case{1, 0, 2.0}}) {
        const auto result = reconcile(counter.counts(), c.kernel);
        EXPECT_EQ(result.after_exit, c.after_exit) << c.kernel;
        EXPECT_DOUBLE_EQ(result.ratio(), c.ratio) << c.kernel;
    }
}

TEST(Facilities, HaveUniqueIdsAndTextsInBothLanguages) {
    std::set<std::string> ids;
    for (const char* language : {"en", "ko"}) {
        const auto texts = read_small_file(testing_support::source_folder() + "/assets/i18n/doctor." + language + ".toml");
        ASSERT_TRUE(texts);
        for (const Facility& facility : probe_facilities()) {
            ids.insert(facility.id);
            EXPECT_FALSE(facility.detail.empty()) << facility.id;
            for (const char* part : {".title\" = \"", ".lost\" = \""}) {
                EXPECT_NE(texts->find("\"doctor." + facility.id + part), std::string::npos)
                    << language << " " << facility.id << part;
            }
        }
    }
    EXPECT_EQ(ids.size(), probe_facilities().size());
}

}  // namespace
}  // namespace heddle::kernel
