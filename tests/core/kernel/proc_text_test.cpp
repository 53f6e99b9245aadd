#include "core/kernel/proc_text.h"

#include <gtest/gtest.h>

#include "core/kernel/process_tree.h"
#include "core/kernel/tracefs.h"

namespace heddle::kernel {
namespace {

const std::string kStatTail =
    " S 10 20 30 0 -1 4194560 7 8 9 0 11 12 0 0 20 5 3 0 123456 1048576 256 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 "
    "0 2 0 0 0 0 0 0 0 0 0 0 0\n";

TEST(ProcText, ReadsStatWhateverTheNameHolds) {
    for (const std::string name : {"bash", "a b", ") R 1 (", "(((", "x\ny", ""}) {
        const auto stat = parse_stat("42 (" + name + ")" + kStatTail);
        ASSERT_TRUE(stat) << name;
        EXPECT_EQ(stat->name, name);
        EXPECT_EQ(stat->id, 42);
        EXPECT_EQ(stat->state, 'S');
        EXPECT_EQ(stat->parent, 10);
        EXPECT_EQ(stat->minor_faults, 7);
        EXPECT_EQ(stat->major_faults, 9);
        EXPECT_EQ(stat->user_ticks, 11U);
        EXPECT_EQ(stat->system_ticks, 12U);
        EXPECT_EQ(stat->priority, 20);
        EXPECT_EQ(stat->nice, 5);
        EXPECT_EQ(stat->thread_count, 3);
        EXPECT_EQ(stat->virtual_bytes, 1048576U);
        EXPECT_EQ(stat->resident_pages, 256);
        EXPECT_EQ(stat->cpu, 1);
        EXPECT_EQ(stat->policy, 2);
    }
}

TEST(ProcText, RefusesACutStat) {
    const std::string whole = "42 (bash)" + kStatTail;
    for (std::size_t length = 0; length < 100; ++length) EXPECT_FALSE(parse_stat(whole.substr(0, length))) << length;
    EXPECT_FALSE(parse_stat(") ("));
}

TEST(ProcText, ReadsStatusAndSaysWhatIsMissing) {
    const auto status = parse_status(
        "Name:\ta b\nTgid:\t7\nPPid:\t3\nUid:\t1000\t1000\t1000\t1000\nGid:\t100\t100\t100\t100\nVmSize:\t    8 kB\nVmRSS:\t4 "
        "kB\n"
        "VmPTE:\t999999999999999999999 kB\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t3\n");
    EXPECT_EQ(status.name, "a b");
    EXPECT_EQ(status.process, 7);
    EXPECT_EQ(status.parent, 3);
    EXPECT_EQ(status.uid, 1000);
    EXPECT_EQ(status.gid, 100);
    EXPECT_EQ(status.virtual_bytes, 8192);
    EXPECT_EQ(status.resident_bytes, 4096);
    EXPECT_EQ(status.page_table_bytes, -1);
    EXPECT_EQ(status.stack_bytes, -1);
    EXPECT_EQ(status.voluntary_switches, 12);
    EXPECT_EQ(status.involuntary_switches, 3);
}

TEST(ProcText, ReadsMappingsWithTheirResidentMemory) {
    const auto maps = parse_maps(
        "00400000-00452000 r-xp 00001000 08:02 173521      /usr/bin/a program (deleted)\nRss:                 8 kB\nPss:  4 "
        "kB\n"
        "Private_Dirty:  12 kB\nVmFlags: rd ex mr\nnonsense\n7ffd0000-7ffe0000 rw-p 00000000 00:00 0 "
        "[stack]\n7fff0000-7fff1000 rw-p 00000000 00:00 0\n");
    ASSERT_EQ(maps.size(), 3U);
    EXPECT_EQ(maps[0].start, 0x400000U);
    EXPECT_EQ(maps[0].end, 0x452000U);
    EXPECT_EQ(maps[0].offset, 0x1000U);
    EXPECT_EQ(maps[0].permissions, "r-xp");
    EXPECT_EQ(maps[0].path, "/usr/bin/a program (deleted)");
    EXPECT_EQ(maps[0].resident_bytes, 8192U);
    EXPECT_EQ(maps[0].proportional_bytes, 4096U);
    EXPECT_EQ(maps[0].private_dirty_bytes, 12288U);
    EXPECT_EQ(maps[1].path, "[stack]");
    EXPECT_EQ(maps[2].path, "");
}

TEST(ProcText, ReadsTheSmallFiles) {
    const auto schedstat = parse_schedstat("100 200 3\n");
    ASSERT_TRUE(schedstat);
    EXPECT_EQ(schedstat->run_nanoseconds, 100);
    EXPECT_EQ(schedstat->wait_nanoseconds, 200);
    EXPECT_FALSE(parse_schedstat("100 200"));

    const auto call = parse_syscall("202 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffe10 0x55aa\n");
    ASSERT_TRUE(call);
    EXPECT_EQ(call->number, 202);
    EXPECT_EQ(call->arguments, (std::array<std::uint64_t, 6>{1, 2, 3, 4, 5, 6}));
    EXPECT_FALSE(parse_syscall("202 0x1 0x2\n"));
    EXPECT_EQ(parse_status("SigIgn:\t0000000000000001\nSigCgt:\t0000000180000440\n").caught_signals, 0x180000440U);
    EXPECT_EQ(call->stack_pointer, 0x7ffe10U);
    EXPECT_EQ(call->instruction_pointer, 0x55aaU);
    EXPECT_FALSE(parse_syscall("running\n"));
    const auto elsewhere = parse_syscall("-1 0x10 0x20\n");
    ASSERT_TRUE(elsewhere);
    EXPECT_EQ(elsewhere->number, -1);

    EXPECT_EQ(parse_arguments(std::string_view("a\0b c\0\0", 7)), (std::vector<std::string>{"a", "b c", ""}));
    EXPECT_EQ(parse_cpu_list("0-2,7\n"), (std::vector<int>{0, 1, 2, 7}));
    EXPECT_EQ(parse_cpu_list("x,-1,5-2,99999999999,3"), (std::vector<int>{3}));
    EXPECT_EQ(parse_integer(" 12\n"), 12);
    EXPECT_FALSE(parse_integer("12x"));
    EXPECT_FALSE(parse_integer(""));
}

TEST(ProcText, ReadsPageMapWords) {
    EXPECT_EQ(parse_page_word(0), PageEntry());
    EXPECT_EQ(parse_page_word((1ULL << 63) | (1ULL << 56) | 77),
              (PageEntry{.present = true, .exclusive = true, .frame_number = 77}));
    EXPECT_EQ(parse_page_word((1ULL << 63) | (1ULL << 61)), (PageEntry{.present = true, .file = true}));
    EXPECT_EQ(parse_page_word((1ULL << 62) | 99), (PageEntry{.swapped = true}));
}

TEST(Tracefs, FindsTheFieldsOfAWakeUp) {
    const auto format = parse_wake_up_format(
        "format:\n\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n\tfield:char comm[16];\toffset:8;\n"
        "\tfield:pid_t pid;\toffset:24;\tsize:4;\n\tfield:int target_cpu;\toffset:32;\tsize:4;\n");
    ASSERT_TRUE(format);
    EXPECT_EQ(format->pid_offset, 24U);
    EXPECT_EQ(format->target_cpu_offset, 32U);
    EXPECT_FALSE(parse_wake_up_format("field:pid_t pid;"));
}

TEST(ProcessTree, FindsDescendantsOnceEvenInACircle) {
    const auto link = [](int process, int parent) { return ParentLink{ProcessId(process), ProcessId(parent)}; };
    const std::vector<ParentLink> links = {link(1, 0), link(5, 4), link(4, 1), link(7, 5), link(5, 7), link(9, 2)};
    const ProcessId four(4), gone(3);
    EXPECT_EQ(descendants_in(links, {&four, 1}), (std::vector<ProcessId>{ProcessId(4), ProcessId(5), ProcessId(7)}));
    EXPECT_TRUE(descendants_in(links, {&gone, 1}).empty());
}

}  // namespace
}  // namespace heddle::kernel
