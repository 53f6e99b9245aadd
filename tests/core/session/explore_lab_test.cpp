// ExploreLab's side of the board: who asks, and who answers first.
#include "core/session/explore_lab.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

#include "core/catalog/program_builder.h"
#include "core/session/installation.h"
#include "tests/core/catalog/temporary_folder.h"

namespace heddle::session {
namespace {

// From here on the calling thread runs only while the processes it starts have nothing to do.
bool step_behind_children() {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
    const sched_param none{};
    return ::sched_setaffinity(0, sizeof one, &one) == 0 &&
           ::sched_setscheduler(0, SCHED_IDLE | SCHED_RESET_ON_FORK, &none) == 0;
}

TEST(ExploreLab, StartsAProgramThatIsFasterThanHeddle) {
    const catalog::TemporaryFolder folder;
    catalog::BuildOptions build;
    build.cache = folder.path() / "cache";
    const auto built = catalog::build_program(std::vector{folder.write("main.cpp", "int main() { return 7; }\n")},
                                              std::vector<std::string>(), build);
    ASSERT_TRUE(built) << built.error().message();
    const auto installation = find_installation();
    ASSERT_TRUE(installation);
    ExploreLab::Options options{installation->lab, installation->fibers, {built->path.string()}, {}, 2, {}};
    std::thread slow([&] {
        ASSERT_TRUE(step_behind_children());
        for (int start = 0; start < 3; ++start) {
            auto lab = ExploreLab::start(options);
            ASSERT_TRUE(lab) << lab.error().message();
            const auto execution = (*lab)->run({});
            ASSERT_TRUE(execution);
            EXPECT_EQ(execution->ending, trace::Ending::kFinished);
            EXPECT_EQ(execution->value, 7);
        }
    });
    slow.join();
}

}  // namespace
}  // namespace heddle::session
