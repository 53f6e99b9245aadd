#include "core/trace/run_file.h"

#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "core/base/unique_fd.h"
#include "core/trace/run_file_layout.h"
#include "tests/core/trace/log_fixtures.h"

namespace heddle::trace {
namespace {

using ::testing::HasSubstr;

class RunFileTest : public ::testing::Test {
protected:
    RunFileTest() {
        char name[] = "/tmp/heddle-run-file-XXXXXX";
        folder_ = ::mkdtemp(name);
        path_ = folder_ + "/run.heddle";
    }
    ~RunFileTest() override { std::filesystem::remove_all(folder_); }

    static RunFile small_run() {
        EventLog log;
        const auto main = log.thread(ThreadId{100}, ProcessId{100}, Nanoseconds(1000));
        const auto worker = log.thread(ThreadId{101}, ProcessId{100}, Nanoseconds(1005));
        const auto name = log.add_blob("worker");
        log.add_blob("");
        log.insert({packed(1000, Kind::kWrite, 2, 0x5000, 42, main.value, 0, 0x401000),
                    packed(1005, Kind::kThreadName, 0, 0, 6, worker.value, name)});
        RunFile run;
        run.log = log.view();
        run.metadata.scenario = "races/lost-update";
        run.metadata.variant = "broken";
        run.metadata.mode = "run";
        run.metadata.date = "2026-01-02T03:04:05Z";
        run.metadata.parameters = {{"threads", "2"}, {"increments", "1000"}};
        run.metadata.exit_kind = "signaled";
        run.metadata.exit_code = 11;
        run.metadata.more = {{"note", "한국어"}};
        run.attachments = {{"program", std::string("\x7f"
                                                   "ELF\0\1",
                                                   6)},
                           {"main.cpp", "int main() {}\n"},
                           {"empty", ""}};
        return run;
    }

    std::string content() const {
        std::ifstream in(path_, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }

    // Opened from memory: thousands of damaged files, and no disk to wait for.
    Result<RunFile> open_bytes(const std::string& bytes) const {
        const UniqueFd fd(::memfd_create("run", MFD_CLOEXEC));
        EXPECT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        return open_run("/proc/self/fd/" + std::to_string(fd.get()));
    }

    std::string error_of(const std::string& bytes) const {
        const auto run = open_bytes(bytes);
        return run ? "" : run.error().message();
    }

    std::string folder_, path_;
};

TEST_F(RunFileTest, OpensWhatWasSaved) {
    const RunFile run = small_run();
    ASSERT_TRUE(save_run(path_, run));
    const auto back = open_run(path_);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(back->metadata, run.metadata);
    EXPECT_EQ(back->attachments, run.attachments);
    ASSERT_EQ(back->log.size(), 2U);
    EXPECT_EQ(std::memcmp(&back->log.packed(0), &run.log.packed(0), sizeof(PackedEvent)), 0);
    EXPECT_EQ(std::get<ThreadNamed>(back->log.event(1).body).name, "worker");
    ASSERT_EQ(back->log.threads().size(), 2U);
    EXPECT_EQ(back->log.threads()[1].tid, ThreadId{101});
    EXPECT_EQ(back->log.threads()[1].first_seen, Nanoseconds(1005));
    EXPECT_EQ(back->log.blob_count(), 2U);
}

TEST_F(RunFileTest, OpensARunOfNothing) {
    ASSERT_TRUE(save_run(path_, RunFile{}));
    const auto back = open_run(path_);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_TRUE(back->log.empty());
}

TEST_F(RunFileTest, OpensARunOfManyChunks) {
    EventLog log;
    log.thread(ThreadId{1}, ProcessId{1}, Nanoseconds(0));
    std::vector<PackedEvent> events;
    for (std::uint64_t i = 0; i < 3 * kEventsPerChunk + 77; ++i) events.push_back(numbered(static_cast<std::int64_t>(i), i));
    log.insert(std::move(events));
    RunFile run;
    run.log = log.view();
    ASSERT_TRUE(save_run(path_, run));
    const auto back = open_run(path_);
    ASSERT_TRUE(back) << back.error().message();
    EXPECT_EQ(numbers(back->log), numbers(run.log));
}

TEST_F(RunFileTest, SaysWhatIsWrongWithAFile) {
    ASSERT_TRUE(save_run(path_, small_run()));
    const std::string good = content();
    EXPECT_THAT(error_of(""), HasSubstr("not a saved run"));
    EXPECT_THAT(error_of("hello, this is a text file and not a run at all"), HasSubstr("not a saved run"));
    EXPECT_THAT(error_of(good.substr(0, 10)), HasSubstr("cut short"));
    EXPECT_THAT(error_of(good.substr(0, 100)), HasSubstr("cut short"));
    EXPECT_THAT(error_of(good.substr(0, good.size() - 1)), HasSubstr("cut short"));
    EXPECT_THAT(error_of(good + "x"), HasSubstr("after the end"));
    std::string newer = good;
    newer[8] = 9;
    EXPECT_THAT(error_of(newer), HasSubstr("newer Heddle (file version 9"));
    EXPECT_THAT(error_of(newer.substr(0, 20)), HasSubstr("newer Heddle"));
    EXPECT_THAT(open_run(folder_ + "/none.heddle").error().message(), HasSubstr("No such file"));
    EXPECT_THAT(open_run(folder_).error().message(), HasSubstr("not a saved run"));
    ASSERT_EQ(::mkfifo((folder_ + "/pipe").c_str(), 0600), 0);
    EXPECT_THAT(open_run(folder_ + "/pipe").error().message(), HasSubstr("not a saved run"));
}

TEST_F(RunFileTest, NamesTheDamagedSection) {
    ASSERT_TRUE(save_run(path_, small_run()));
    const std::string good = content();
    RunFileFront front;
    std::memcpy(&front, good.data(), sizeof(front));
    for (std::size_t i = 0; i < kSections; ++i) {
        std::string bad = good;
        bad[front.table[i].offset + front.table[i].bytes / 2] ^= 1;
        EXPECT_THAT(error_of(bad), HasSubstr("damaged (section " + std::string(kSectionNames[i]) + ")"));
    }
    std::string bad = good;
    bad[60] ^= 1;
    EXPECT_THAT(error_of(bad), HasSubstr("damaged (header)"));
}

TEST_F(RunFileTest, RefusesEveryFileWithOneByteChanged) {
    ASSERT_TRUE(save_run(path_, small_run()));
    const std::string good = content();
    for (std::size_t at = 0; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ (1 << at % 8));
        EXPECT_NE(error_of(bad), "") << "byte " << at;
    }
}

// What a checksum cannot catch: a file that someone made, every checksum right.
TEST_F(RunFileTest, SurvivesFilesMadeToMislead) {
    ASSERT_TRUE(save_run(path_, small_run()));
    const std::string good = content();
    std::mt19937 random(3);
    int opened = 0;
    for (int round = 0; round < 3000; ++round) {
        std::string bytes = good;
        RunFileFront front;
        const int changes = 1 + static_cast<int>(random() % 4);
        for (int i = 0; i < changes; ++i) bytes[12 + random() % (bytes.size() - 12)] = static_cast<char>(random());
        std::memcpy(&front, bytes.data(), sizeof(front));
        for (SectionEntry& entry : front.table) {
            if (entry.offset > bytes.size() || entry.bytes > bytes.size() - entry.offset) continue;
            entry.crc = checksum(0, bytes.data() + entry.offset, entry.bytes);
        }
        front.header.crc = checksum(front);
        std::memcpy(bytes.data(), &front, sizeof(front));
        const auto run = open_bytes(bytes);
        if (!run) continue;
        ++opened;
        std::int64_t latest = 0;
        for (std::uint64_t i = 0; i < run->log.size(); ++i) {
            const Event event = run->log.event(i);
            ASSERT_LT(event.thread.value, run->log.threads().size());
            ASSERT_GE(event.time.count(), latest);
            latest = event.time.count();
        }
    }
    EXPECT_GT(opened, 100);  // the test reaches behind the checksums
}

TEST_F(RunFileTest, RefusesTimesThatNoRunCanHave) {
    constexpr std::int64_t kDay = std::int64_t{24} * 3600 * 1'000'000'000, kAges = std::int64_t{1} << 61;
    struct Case {
        std::int64_t first, last;
        const char* says;
    };
    for (const Case& each : {Case{kAges, kAges + 1, "damaged (section"}, Case{1000, 1000 + kDay, "damaged (section events)"},
                             Case{1000 * kDay, 1000 * kDay + 1000, ""}}) {
        EventLog log;
        log.thread(ThreadId{100}, ProcessId{100}, Nanoseconds(each.first));
        log.insert({numbered(each.first, 1), numbered(each.last, 2)});
        RunFile run = small_run();
        run.log = log.view();
        ASSERT_TRUE(save_run(path_, run));
        EXPECT_THAT(error_of(content()), HasSubstr(each.says)) << each.first;
        EXPECT_EQ(error_of(content()).empty(), std::string(each.says).empty()) << each.first;
    }
}

TEST_F(RunFileTest, KeepsTheOldFileWhenSavingFails) {
    ASSERT_TRUE(save_run(path_, small_run()));
    const std::string good = content();
    EXPECT_FALSE(save_run(folder_ + "/none/run.heddle", small_run()));
    EXPECT_FALSE(save_run("/dev/full", small_run()));
    EXPECT_EQ(content(), good);
}

}  // namespace
}  // namespace heddle::trace
