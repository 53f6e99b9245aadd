#include "core/trace/event_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>

#include "tests/core/trace/log_fixtures.h"

namespace heddle::trace {
namespace {

using Numbers = std::vector<std::uint64_t>;

TEST(EventLog, IsEmptyAtFirst) {
    const EventLogView view = EventLog().view();
    EXPECT_TRUE(view.empty());
    EXPECT_TRUE(view.chunk_from(0).empty());
    EXPECT_EQ(view.first_at_or_after(Nanoseconds(0)), 0U);
    EXPECT_EQ(view.blob(1), "");
    EXPECT_TRUE(EventLogView().threads().empty());
}

struct Late {
    std::vector<std::pair<std::int64_t, std::uint64_t>> batch;  // time, number
    std::uint64_t changed_from;
    Numbers after;
};

TEST(EventLog, PutsLateEventsWhereTheyBelong) {
    // The log holds 1 to 4 at the times 10, 20, 20, 30.
    const Late cases[] = {
        {{{30, 9}}, 4, {1, 2, 3, 4, 9}},              // of equal times, the later arrival is later
        {{{40, 9}, {35, 8}}, 4, {1, 2, 3, 4, 8, 9}},  // a batch need not be sorted
        {{{20, 9}}, 3, {1, 2, 3, 9, 4}},              //
        {{{5, 9}}, 0, {9, 1, 2, 3, 4}},               //
        {{{50, 7}, {15, 8}, {15, 9}}, 1, {1, 8, 9, 2, 3, 4, 7}},
        {{}, 4, {1, 2, 3, 4}},
    };
    for (const Late& late : cases) {
        EventLog log;
        log.insert({numbered(10, 1), numbered(20, 2), numbered(20, 3), numbered(30, 4)});
        const EventLogView before = log.view();
        std::vector<PackedEvent> batch;
        for (const auto& [time, number] : late.batch) batch.push_back(numbered(time, number));
        EXPECT_EQ(log.insert(std::move(batch)), late.changed_from);
        EXPECT_EQ(numbers(log.view()), late.after);
        EXPECT_EQ(numbers(before), (Numbers{1, 2, 3, 4})) << "a view saw the log change";
    }
}

TEST(EventLog, EqualsASortedVectorWhateverArrivesWhen) {
    std::mt19937 random(7);
    EventLog log;
    std::vector<PackedEvent> all;
    std::vector<std::pair<EventLogView, Numbers>> pictures;
    std::uint64_t number = 0;
    for (int round = 0; round < 60; ++round) {
        std::vector<PackedEvent> batch(random() % 9000);
        for (auto& event : batch) event = numbered(round * 1000 - static_cast<int>(random() % 5000), number++);
        const std::uint64_t size = log.size();
        all.insert(all.end(), batch.begin(), batch.end());
        const std::uint64_t changed = log.insert(std::move(batch));
        EXPECT_LE(changed, size);
        std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.nanoseconds < b.nanoseconds; });
        if (round % 10 == 0) {
            pictures.emplace_back(log.view(), Numbers{});
            for (const auto& event : all) pictures.back().second.push_back(event.address);
        }
    }
    pictures.emplace_back(log.view(), Numbers{});
    for (const auto& event : all) pictures.back().second.push_back(event.address);
    ASSERT_GT(log.size(), 3 * kEventsPerChunk);
    for (const auto& [view, expected] : pictures) EXPECT_EQ(numbers(view), expected);
}

TEST(EventLog, GivesChunksThatCoverEveryEventOnce) {
    EventLog log;
    std::vector<PackedEvent> batch;
    for (std::uint64_t i = 0; i < 2 * kEventsPerChunk + 5; ++i) batch.push_back(numbered(static_cast<std::int64_t>(i), i));
    log.insert(std::move(batch));
    const auto view = log.view();
    std::uint64_t next = 3;
    for (std::uint64_t i = 3; i < view.size();) {
        const auto part = view.chunk_from(i);
        for (const auto& event : part) EXPECT_EQ(event.address, next++);
        i += part.size();
    }
    EXPECT_EQ(next, view.size());
    EXPECT_EQ(view.chunk_from(view.size() - 1).size(), 1U);
}

TEST(EventLog, FindsTheFirstEventAtATime) {
    EventLog log;
    log.insert({numbered(10, 1), numbered(20, 2), numbered(20, 3), numbered(30, 4)});
    const auto view = log.view();
    const std::pair<int, std::uint64_t> cases[] = {{0, 0}, {10, 0}, {11, 1}, {20, 1}, {21, 3}, {30, 3}, {31, 4}};
    for (const auto& [time, index] : cases) EXPECT_EQ(view.first_at_or_after(Nanoseconds(time)), index) << time;
}

TEST(EventLog, KeepsBlobsAsTheyWere) {
    EventLog log;
    std::vector<std::string> texts;
    for (int i = 0; i < 3000; ++i) texts.push_back(std::string(static_cast<std::size_t>(i * i % 40000), static_cast<char>(i)));
    EventLogView early;
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
        EXPECT_EQ(log.add_blob(texts[i]), i + 1);
        if (i == 1500) early = log.view();
    }
    const auto view = log.view();
    for (std::uint32_t i = 0; i < texts.size(); ++i) ASSERT_EQ(view.blob(i + 1), texts[i]);
    EXPECT_EQ(early.blob(1501), texts[1500]);
    EXPECT_EQ(early.blob(1502), "");
    EXPECT_EQ(view.blob(0), "");
    EXPECT_EQ(view.blob(UINT32_MAX), "");
}

TEST(EventLog, KnowsAThreadAgain) {
    EventLog log;
    const auto t = [&](int tid, int pid, int time) {
        return log.thread(ThreadId{tid}, ProcessId{pid}, Nanoseconds(time)).value;
    };
    EXPECT_EQ(t(7, 7, 10), 0U);
    EXPECT_EQ(t(8, 7, 12), 1U);
    EXPECT_EQ(t(7, 7, 20), 0U);
    EXPECT_EQ(t(7, 0, 21), 0U);  // a process that is not known is no other process
    EXPECT_EQ(log.view().threads()[0].first_seen, Nanoseconds(10));
    EXPECT_EQ(t(7, 7, 5), 0U);  // an event from before what was seen so far
    EXPECT_EQ(log.view().threads()[0].first_seen, Nanoseconds(5));
    EXPECT_TRUE(log.view().threads()[0].main());
    EXPECT_FALSE(log.view().threads()[1].main());
}

TEST(EventLog, TellsTheThreadsOfAReusedTidApart) {
    EventLog log;
    const auto t = [&](int pid, int time) { return log.thread(ThreadId{7}, ProcessId{pid}, Nanoseconds(time)).value; };
    EXPECT_EQ(t(7, 10), 0U);
    log.end_thread(ThreadId{7}, Nanoseconds(30));
    EXPECT_EQ(t(7, 25), 0U);  // late, but from its life
    EXPECT_EQ(t(7, 40), 1U);
    EXPECT_EQ(t(7, 28), 0U);
    log.end_thread(ThreadId{7});
    EXPECT_EQ(t(7, 41), 2U);
    EXPECT_EQ(t(9, 50), 3U);  // another process has it: the old one must be gone
    EXPECT_EQ(t(9, 60), 3U);
    log.end_thread(ThreadId{99});  // never seen
    EXPECT_EQ(log.view().threads().size(), 4U);
    EXPECT_EQ(log.thread_count(), 4U);
}

TEST(EventLog, LetsViewsBeReadWhileItGrows) {
    EventLog log;
    std::atomic<bool> done{false};
    std::mutex mutex;
    EventLogView latest;
    std::thread reader([&] {
        while (!done) {
            EventLogView view;
            {
                const std::lock_guard lock(mutex);
                view = latest;
            }
            std::int64_t previous = 0;
            for (std::uint64_t i = 0; i < view.size();) {
                const auto part = view.chunk_from(i);
                for (const auto& event : part) {
                    ASSERT_LE(previous, event.nanoseconds);
                    previous = event.nanoseconds;
                    ASSERT_EQ(view.blob(event.extra).size(), 3U);
                    ASSERT_LT(event.thread, view.threads().size());
                }
                i += part.size();
            }
        }
    });
    for (int round = 1; round < 300; ++round) {
        const std::uint32_t blob = log.add_blob("abc");
        const auto thread = log.thread(ThreadId{round % 50 + 1}, ProcessId{1}, Nanoseconds(round));
        std::vector<PackedEvent> batch;
        for (int i = 0; i < 500; ++i) batch.push_back(packed(round * 100 + i, Kind::kNote, 0, 0, 0, thread.value, blob));
        log.insert(std::move(batch));
        const std::lock_guard lock(mutex);
        latest = log.view();
    }
    done = true;
    reader.join();
}

}  // namespace
}  // namespace heddle::trace
