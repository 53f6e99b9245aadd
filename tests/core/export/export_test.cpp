#include <gmock/gmock-more-matchers.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "core/export/chrome_trace.h"
#include "core/export/csv.h"
#include "core/export/json_text.h"
#include "core/trace/process_sample.h"
#include "tests/core/trace/log_fixtures.h"

namespace heddle::exporter {
namespace {

using namespace heddle::trace;
using nlohmann::json;
using ::testing::ElementsAre;

class ExportTest : public ::testing::Test {
protected:
    ExportTest() {
        char name[] = "/tmp/heddle-export-XXXXXX";
        folder_ = ::mkdtemp(name);
        main_ = log_.thread(ThreadId{100}, ProcessId{100}, Nanoseconds(1000)).value;
        worker_ = log_.thread(ThreadId{101}, ProcessId{100}, Nanoseconds(1000)).value;
    }
    ~ExportTest() override { std::filesystem::remove_all(folder_); }

    std::string content(const std::string& path) {
        std::ifstream in(path, std::ios::binary);
        std::stringstream all;
        all << in.rdbuf();
        return all.str();
    }

    std::string csv() {
        EXPECT_TRUE(export_csv(folder_ + "/run.csv", log_.view(), symbol_));
        return content(folder_ + "/run.csv");
    }

    std::vector<json> chrome() {
        RunMetadata metadata;
        metadata.scenario = "races/lost-update";
        EXPECT_TRUE(export_chrome_trace(folder_ + "/run.json", log_.view(), metadata, symbol_));
        const json whole = json::parse(content(folder_ + "/run.json"));
        EXPECT_EQ(whole["displayTimeUnit"], "ns");
        EXPECT_EQ(whole["otherData"]["scenario"], "races/lost-update");
        return whole["traceEvents"];
    }

    // "B Running 0.000" for each event of a track that the metadata names so.
    static std::vector<std::string> track(const std::vector<json>& events, const std::string& name) {
        std::vector<std::string> result;
        json tid;
        for (const json& e : events) {
            if (e["ph"] == "M" && e["name"] == "thread_name" && e["args"]["name"] == name) tid = e["tid"];
        }
        for (const json& e : events) {
            if (e["ph"] == "M" || e["tid"] != tid || tid.is_null()) continue;
            std::ostringstream line;
            line << e["ph"].get<std::string>() << ' ' << (e.contains("name") ? e["name"].get<std::string>() + ' ' : "")
                 << e["ts"].get<double>();
            result.push_back(line.str());
        }
        return result;
    }

    PackedEvent on_cpu(std::int64_t time, Kind kind, std::uint32_t thread, std::uint32_t cpu, std::uint8_t detail = 0,
                       std::uint64_t value = 0) {
        return packed(time, kind, detail, 0, value, thread, cpu);
    }

    EventLog log_;
    SymbolName symbol_;
    std::uint32_t main_ = 0, worker_ = 0;
    std::string folder_;
};

TEST_F(ExportTest, WritesOneCsvRowPerEvent) {
    const auto name = log_.add_blob("wor\"ker, one\n");
    const auto kLock = static_cast<std::uint8_t>(CallId::kMutexLock);
    log_.insert({packed(1000, Kind::kWrite, 2, 0x5000, 42, main_, 0, 0x401000),
                 packed(1001, Kind::kThreadName, 0, 0, 13, worker_, name),
                 packed(1002, Kind::kCallEnd, kLock, 0x6000, static_cast<std::uint64_t>(-16), worker_),
                 on_cpu(1003, Kind::kSwitchOut, main_, 1, 1), packed(1004, Kind::kWrite, 2 | kValueUnknown, 0x5000, 0, main_),
                 packed(1005, Kind::kAtomicLoad, 3 | 2 << 4, 0x5008, 7, main_)});
    symbol_ = [](std::uint64_t pc) { return pc == 0x401000 ? "main at main.cpp:3" : ""; };
    EXPECT_EQ(csv(),
              "event,time_ns,pid,tid,kind,call,address,size,value,number,cpu,pc,symbol,text\r\n"
              "0,0,100,100,write,,0x5000,4,0x2a,,,0x401000,main at main.cpp:3,\r\n"
              "1,1,100,101,thread name,,,,,,,,,\"wor\"\"ker, one\n\"\r\n"
              "2,2,100,101,call end,pthread_mutex_lock,0x6000,,,-16,,,,\r\n"
              "3,3,100,100,switch out,,,,,,1,,,preempted\r\n"
              "4,4,100,100,write,,0x5000,4,,,,,,\r\n"
              "5,5,100,100,atomic load,,0x5008,8,0x7,,,,,acquire\r\n");
}

TEST_F(ExportTest, ShowsEveryKindOfEvent) {
    std::vector<PackedEvent> events;
    for (int kind = 0; kind < 80; ++kind) events.push_back(packed(1000 + kind, static_cast<Kind>(kind), 1, 2, 3, main_));
    log_.insert(std::move(events));
    std::istringstream rows(csv());
    std::string row;
    std::getline(rows, row);
    std::set<std::string> kinds;
    for (int kind = 0; kind < 80; ++kind) {
        ASSERT_TRUE(std::getline(rows, row));
        std::istringstream fields(row);
        std::string field;
        for (int i = 0; i < 5; ++i) std::getline(fields, field, ',');
        EXPECT_NE(field, "") << row;
        kinds.insert(field);
    }
    EXPECT_EQ(kinds.size(), 25U + 12U);  // hook kinds, kernel kinds with "note", which unknown ones are too
    EXPECT_FALSE(chrome().empty());
}

TEST(CsvField, IsQuotedWhereItHasToBe) {
    const std::pair<std::string, const char*> rows[] = {{"plain", "plain"},     {"", ""},
                                                        {"a,b", "\"a,b\""},     {"a\"b", "\"a\"\"b\""},
                                                        {"a\r\n", "\"a\r\n\""}, {std::string("a\0b", 3), "\"ab\""},
                                                        {"한국어", "한국어"}};
    for (const auto& [text, quoted] : rows) {
        std::string row;
        append_csv_field(row, text);
        EXPECT_EQ(row, quoted);
    }
}

TEST(JsonString, IsValidWhateverTheBytes) {
    const std::pair<std::string, const char*> rows[] = {{"plain", "\"plain\""},
                                                        {"a\"\\\n\t", R"("a\"\\\n\u0009")"},
                                                        {"한", "\"한\""},
                                                        {"a\xff", R"("a\ufffd")"},
                                                        {"\xe0\x80\x80", R"("\ufffd\ufffd\ufffd")"},
                                                        {"\xed\xa0\x80", R"("\ufffd\ufffd\ufffd")"},
                                                        {"\xf4\x90\x80\x80", R"("\ufffd\ufffd\ufffd\ufffd")"},
                                                        {"\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\""},
                                                        {"\xe2\x82", R"("\ufffd\ufffd")"}};
    for (const auto& [text, quoted] : rows) {
        std::string out;
        append_json_string(out, text);
        EXPECT_EQ(out, quoted);
        EXPECT_TRUE(json::accept(out));
    }
}

TEST_F(ExportTest, DrawsStatesCpusAndWakeUps) {
    const auto name = log_.add_blob("worker");
    log_.insert({on_cpu(1000, Kind::kSwitchIn, main_, 0), packed(1500, Kind::kFork, 1, 0, 100, worker_),
                 packed(1500, Kind::kName, 0, 0, 0, worker_, name), on_cpu(2000, Kind::kSwitchIn, worker_, 1),
                 on_cpu(3000, Kind::kSwitchOut, worker_, 1, 0), on_cpu(4000, Kind::kWakeUp, worker_, 1, 0, 100),
                 on_cpu(5000, Kind::kSwitchIn, worker_, 1), on_cpu(6000, Kind::kSwitchOut, main_, 0, 1),
                 packed(7000, Kind::kExit, 0, 0, 0, worker_), on_cpu(7500, Kind::kSwitchOut, worker_, 1, 0)});
    const auto events = chrome();
    EXPECT_THAT(track(events, "main 100 state"), ElementsAre("B Running 0", "s wake-up 3", "E 5", "B Ready 5", "E 6.5"));
    EXPECT_THAT(track(events, "worker 101 state"),
                ElementsAre("B Ready 0.5", "E 1", "B Running 1", "E 2", "B Waiting 2", "E 3", "B Ready 3", "E 4", "B Running 4",
                            "f wake-up 4", "E 6", "B Waiting 6.5", "E 6.5"));
    EXPECT_THAT(track(events, "CPU 0"), ElementsAre("B main 100 0", "E 5"));
    EXPECT_THAT(track(events, "CPU 1"), ElementsAre("B worker 101 1", "E 2", "B worker 101 4", "E 6.5"));
}

TEST_F(ExportTest, NestsCallsAndFunctionsWhateverIsMissing) {
    const auto kLock = static_cast<std::uint8_t>(CallId::kMutexLock);
    const auto kMalloc = static_cast<std::uint8_t>(CallId::kMalloc);
    symbol_ = [](std::uint64_t pc) { return "f" + std::to_string(pc); };
    log_.insert({packed(1000, Kind::kFunctionEntry, 1, 0, 0, main_, 0, 1), packed(2000, Kind::kCallBegin, kLock, 5, 0, main_),
                 packed(3000, Kind::kFunctionEntry, 2, 0, 0, main_, 0, 2),  // left by an exception: no exit
                 packed(4000, Kind::kCallEnd, kLock, 5, 0, main_), packed(5000, Kind::kCallEnd, kMalloc, 5, 64, main_),
                 packed(6000, Kind::kFunctionExit, 1, 0, 0, main_), packed(7000, Kind::kFunctionExit, 1, 0, 0, main_),
                 packed(8000, Kind::kCallBegin, kLock, 5, 0, main_)});  // never returned
    EXPECT_THAT(track(chrome(), "main 100"),
                ElementsAre("B f1 0", "B pthread_mutex_lock 1", "B f2 2", "E 3", "E 3", "i malloc 4", "E 5",
                            "i function exit 6", "B pthread_mutex_lock 7", "E 7"));
}

TEST_F(ExportTest, EndsEverySliceItBegins) {
    std::vector<PackedEvent> events;
    unsigned seed = 5;
    const Kind kinds[] = {Kind::kSwitchIn,  Kind::kSwitchOut, Kind::kWakeUp, Kind::kFunctionEntry, Kind::kFunctionExit,
                          Kind::kCallBegin, Kind::kCallEnd,   Kind::kFork,   Kind::kExit,          Kind::kWrite};
    for (int i = 0; i < 5000; ++i) {
        seed = seed * 1664525 + 1013904223;
        const auto thread = (seed >> 8) % 2;
        events.push_back(
            packed(1000 + i, kinds[(seed >> 16) % 10], (seed >> 20) % 3, 1, 100 + thread, thread, (seed >> 24) % 3));
    }
    log_.insert(std::move(events));
    std::map<std::pair<json, json>, int> depth;
    int flows = 0;
    auto sorted = chrome();  // as viewers read it: by time, then as written
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const json& a, const json& b) { return a.value("ts", 0.0) < b.value("ts", 0.0); });
    for (const json& e : sorted) {
        int& open = depth[{e["pid"], e["tid"]}];
        if (e["ph"] == "B") ++open;
        if (e["ph"] == "E") --open;
        ASSERT_TRUE((e["ph"] != "s" && e["ph"] != "f") || open > 0) << "an arrow outside of any slice";
        flows += e["ph"] == "s";
        flows -= e["ph"] == "f";
        ASSERT_GE(open, 0);
    }
    for (const auto& [track, open] : depth) EXPECT_EQ(open, 0);
    EXPECT_EQ(flows, 0);
}

TEST_F(ExportTest, CountsResidentMemory) {
    ProcessSample sample;
    sample.pid = ProcessId{100};
    sample.resident_bytes = 8192;
    log_.insert({packed(1000, Kind::kProcessSample, 0, 0, 0, main_, log_.add_blob(encode(sample)))});
    bool found = false;
    for (const json& e : chrome()) found = found || (e["ph"] == "C" && e["args"]["resident"] == 8);
    EXPECT_TRUE(found);
}

TEST_F(ExportTest, ExportsARunOfNothing) {
    const std::string rows = csv();
    EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 1);
    for (const json& e : chrome()) EXPECT_EQ(e["ph"], "M");
}

TEST_F(ExportTest, KeepsTheOldFileWhenItCannotWrite) {
    EXPECT_FALSE(export_csv(folder_ + "/none/run.csv", log_.view()));
    EXPECT_FALSE(export_csv("/dev/full", log_.view()));
    EXPECT_FALSE(export_chrome_trace("/dev/full", log_.view(), {}));
}

}  // namespace
}  // namespace heddle::exporter
