#include "core/trace/process_sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace heddle::trace {
namespace {

ProcessSample sample() {
    ProcessSample s;
    s.pid = ProcessId{100};
    s.parent = ProcessId{1};
    s.name = "lost-update";
    s.executable = "/tmp/lost update";
    s.arguments = {"./lost-update", "", "한국어"};
    s.virtual_bytes = 1ULL << 46;
    s.resident_bytes = 4096;
    s.page_table_bytes = 8192;
    s.data_bytes = 3;
    s.stack_bytes = 4;
    s.clock_ticks_per_second = 250;
    s.minor_faults = 5;
    s.major_faults = 6;
    s.uid = 65534;
    s.gid = 7;
    ThreadSample t;
    t.tid = ThreadId{101};
    t.name = "worker";
    t.state = 'S';
    t.user_ticks = 8;
    t.system_ticks = 9;
    t.voluntary_switches = 10;
    t.involuntary_switches = -1;
    t.run_nanoseconds = 11;
    t.wait_nanoseconds = 12;
    t.cpu = 1;
    t.priority = 20;
    t.nice = -5;
    t.policy = 2;
    t.wait_channel = "futex_wait_queue";
    t.syscall = 202;
    t.stack_pointer = 0x7ffe0000;
    t.instruction_pointer = 0x401000;
    s.threads = {t, ThreadSample{}};
    s.descriptors = {{0, "/dev/null"}, {3, "pipe:[1234]"}};
    s.mappings = {{0x1000, 0x2000, 0, "r-xp", "/bin/true", 4096, 2048, 0}, {0x5000, 0x9000, 7, "rw-p", "", 1, 2, 3}};
    return s;
}

TEST(ProcessSample, ComesBackAsItWas) {
    const std::string bytes = encode(sample());
    const auto back = decode_process_sample(bytes);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(encode(*back), bytes);
    EXPECT_EQ(back->pid, ProcessId{100});
    EXPECT_EQ(back->arguments, sample().arguments);
    EXPECT_EQ(back->uid, 65534U);
    ASSERT_EQ(back->threads.size(), 2U);
    EXPECT_EQ(back->threads[0].wait_channel, "futex_wait_queue");
    EXPECT_EQ(back->threads[0].state, 'S');
    EXPECT_EQ(back->threads[0].nice, -5);
    EXPECT_EQ(back->threads[0].instruction_pointer, 0x401000U);
    EXPECT_EQ(back->descriptors[1].target, "pipe:[1234]");
    EXPECT_EQ(back->mappings[1].private_dirty_bytes, 3U);
    EXPECT_EQ(back->mappings[0].permissions, "r-xp");
}

TEST(ProcessSample, RefusesEveryPrefixAndEveryExtension) {
    const std::string bytes = encode(sample());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_process_sample(std::string_view(bytes).substr(0, length))) << length;
    }
    EXPECT_FALSE(decode_process_sample(bytes + 'x'));
}

TEST(ProcessSample, SurvivesAnyBytes) {
    const std::string good = encode(sample());
    std::mt19937 random(11);
    for (int round = 0; round < 20000; ++round) {
        std::string bytes = good;
        for (int change = 0; change < 3; ++change) bytes[random() % bytes.size()] = static_cast<char>(random());
        const auto result = decode_process_sample(bytes);
        EXPECT_TRUE(!result || encode(*result) == bytes);
    }
}

TEST(RegisterSet, ComesBackAsItWas) {
    const RegisterSet registers{{1, ~0ULL, 0x401000}};
    const auto back = decode_register_set(encode(registers));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->values, registers.values);
    EXPECT_FALSE(decode_register_set("abc"));
    EXPECT_FALSE(decode_register_set(encode(registers) + "x"));
}

TEST(RegisterSet, IsNamedAsTheArchitectureNamesIt) {
    const auto& names = register_names();
#if defined(__x86_64__)
    ASSERT_EQ(names.size(), 24U);
    EXPECT_EQ(names[0], "rax");
    EXPECT_EQ(names[7], "rsp");
    EXPECT_EQ(names[8], "rip");
    EXPECT_EQ(names[16], "r8");
    EXPECT_EQ(names[23], "r15");
#else
    ASSERT_EQ(names.size(), 33U);
    EXPECT_EQ(names[32], "pc");
#endif
}

}  // namespace
}  // namespace heddle::trace
