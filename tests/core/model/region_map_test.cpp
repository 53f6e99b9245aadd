#include "core/model/region_map.h"

#include <gtest/gtest.h>

#include "tests/core/model/event_builder.h"

namespace heddle::model {
namespace {

// By the key that it was made with.
TEST(RegionMap, NamesASystemVSegmentAndAFileThatProcessesShare) {
    trace::ProcessSample sample;
    sample.pid = ProcessId{100};
    const auto map = [&](std::uint64_t start, const char* path) {
        trace::MappingSample mapping;
        mapping.start = start, mapping.end = start + 0x1000;
        mapping.permissions = "rw-s";
        mapping.path = path;
        sample.mappings.push_back(mapping);
    };
    map(0x7000'0000, "/SYSV00001234 (deleted)");
    map(0x7010'0000, "/SYSV00000000 (deleted)");
    map(0x7020'0000, "/dev/shm/queue");
    EventBuilder b;
    const auto main = b.thread(100);
    b.in(main).blob(main, Kind::kProcessSample, trace::encode(sample));
    const World world = b.world();
    const std::vector<RegionView> regions = map_regions(world, world.process(1), nullptr);
    ASSERT_EQ(regions.size(), 3U);
    EXPECT_EQ(regions[0].name, "shmget(0x00001234)");
    EXPECT_EQ(regions[1].name, "shmget(IPC_PRIVATE)");
    EXPECT_EQ(regions[2].name, "queue");
    for (const RegionView& region : regions) EXPECT_TRUE(region.shared);
}

}  // namespace
}  // namespace heddle::model
