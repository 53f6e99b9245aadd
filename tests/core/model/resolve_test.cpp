// Resolves a snapshot of this very program: its own mappings, symbols and addresses.
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/model/observatory.h"
#include "core/model/run_facts.h"
#include "tests/core/model/event_builder.h"

int resolve_test_counter = 41;  // in the data region

namespace heddle::model {
namespace {

using testing::EventBuilder;

trace::ProcessSample own_sample() {
    trace::ProcessSample sample;
    sample.pid = ProcessId{100};
    sample.executable = std::filesystem::read_symlink("/proc/self/exe");
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        trace::MappingSample mapping;
        std::string range, device, inode;
        std::istringstream fields(line);
        fields >> range >> mapping.permissions >> std::hex >> mapping.offset >> device >> inode >> std::ws;
        std::getline(fields, mapping.path);
        unsigned long long start = 0, end = 0;
        if (std::sscanf(range.c_str(), "%llx-%llx", &start, &end) != 2) continue;
        mapping.start = start;
        mapping.end = end;
        sample.mappings.push_back(std::move(mapping));
    }
    return sample;
}

ObservatoryOptions own_options() {
    ObservatoryOptions options;
    options.run.program = std::filesystem::read_symlink("/proc/self/exe");
    options.load_image = [](const std::string& path) {
        auto image = symbols::load_image(path);
        return image ? *image : nullptr;
    };
    return options;
}

TEST(Resolve, AGlobalIsShownInItsRegionWithItsValueAndWriter) {
    const auto address = reinterpret_cast<std::uint64_t>(&resolve_test_counter);
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).blob(main, trace::Kind::kProcessSample, trace::encode(own_sample())).write(main, address, 42);
    Observatory observatory(own_options());
    observatory.append(b.view(), 0);
    for (const auto& [playhead, value] : {std::pair<std::uint64_t, std::string>{2, "41"}, {3, "42"}}) {
        const auto snapshot = observatory.snapshot({playhead, false, false, 1});
        const VariableView* found = nullptr;
        for (const RegionView& region : snapshot->processes.at(0).regions)
            for (const VariableView& variable : region.variables)
                if (variable.name == "resolve_test_counter") {
                    EXPECT_EQ(region.kind, RegionKind::kData);
                    found = &variable;
                }
        ASSERT_NE(found, nullptr);
        EXPECT_EQ(found->value, value);
        EXPECT_EQ(found->changed, playhead == 3);
        EXPECT_EQ(found->writer, playhead == 3 ? 1 : kNobody);
    }
    EXPECT_EQ(observatory.snapshot({3, false, false, 1})->sentence.arguments.at("name"), "resolve_test_counter");
    EXPECT_EQ(RunFacts(observatory).value("resolve_test_counter", 1), 42);
    EXPECT_EQ(RunFacts(observatory).region("resolve_test_counter"), "data");
    EXPECT_EQ(RunFacts(observatory).value("no_such_variable", 1), std::nullopt);
}

// How a write is told in a process that has said that its program's entry point is there.
std::string told_name(std::uint64_t entry, trace::StartKind kind) {
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).add(main, trace::Kind::kProcessStart, static_cast<std::uint8_t>(kind), entry);
    b.write(main, reinterpret_cast<std::uint64_t>(&resolve_test_counter), 42);
    Observatory observatory(own_options());
    observatory.append(b.view(), 0);
    return observatory.snapshot({b.view().size(), false, false, 1})->sentence.arguments.at("name");
}

TEST(Resolve, AProcessThatWasNeverLookedAtHasNamesByItsEntryPoint) {
    using trace::StartKind;
    const std::uint64_t entry = ::getauxval(AT_ENTRY);
    EXPECT_EQ(told_name(entry, StartKind::kFirst), "resolve_test_counter");
    for (const std::uint64_t unknown : {std::uint64_t{0}, entry + 1, ~std::uint64_t{0}})
        EXPECT_NE(told_name(unknown, StartKind::kFirst), "resolve_test_counter") << unknown;
    EXPECT_NE(told_name(entry, StartKind::kExecuted), "resolve_test_counter") << "of another program, for all one knows";
}

}  // namespace
}  // namespace heddle::model
