// Explore on threads that move and get nowhere: a livelock is shown by a schedule that a person can follow, and what ends after
// many rounds is none.
#include "tests/core/session/explore_fixture.h"

namespace heddle::session {
namespace {

using testing::Contains;
using testing::Each;
using testing::IsEmpty;
using testing::Not;

// Each needs both locks, begins with its own, and gives it back where the other one is taken: `otherwise` is a statement in the
// loop of those who try again, `meanwhile` what a third thread does.
std::string corridor(const std::string& otherwise = "", const std::string& meanwhile = "") {
    return R"(
        #include <functional>
        #include <memory>
        #include <mutex>
        #include <thread>
        std::mutex left, right, third;
        int passed;
        void walk(std::mutex& own, std::mutex& other) {
            const auto tries = std::make_unique<int>(0);
            own.lock();
            while (!other.try_lock()) {
                own.unlock();
                )" +
           otherwise + R"(
                own.lock();
            }
            ++passed;
            other.unlock();
            own.unlock();
        }
        int main() {
            std::thread a(walk, std::ref(left), std::ref(right)), b(walk, std::ref(right), std::ref(left));
            )" +
           meanwhile + R"(
            a.join();
            b.join();
        })";
}

class LivelockTest : public ExploreTest {
protected:
    // The bug of two who are polite for ever.
    FoundBug livelock(const ExplorationRequest& request) {
        const Exploration found = search(request);
        for (const FoundBug& bug : found.bugs)
            if (bug.kind == "livelock") return bug;
        ADD_FAILURE() << "no livelock in " << found.report.executions << " executions";
        return {};
    }
};

TEST_F(LivelockTest, IsShownByAScheduleThatGoesRoundOnce) {
    ExplorationRequest request = program(corridor());
    request.options.stop_at = "livelock";
    const FoundBug bug = livelock(request);
    EXPECT_LE(bug.preemptions, 3);
    EXPECT_LT(bug.steps.size(), 60U);
    EXPECT_EQ(bug.waiting.size(), 3U) << "nobody is done";
}

TEST_F(LivelockTest, LeavesNobodyOutWhoCouldMove) {
    ExplorationRequest request = program(corridor("", "std::thread c([] { third.lock(); third.unlock(); }); c.detach();"));
    request.options.stop_at = "livelock";
    const FoundBug bug = livelock(request);
    EXPECT_LE(bug.preemptions, 3);
    EXPECT_EQ(bug.waiting.size(), 3U) << "the fourth is done";
}

TEST_F(LivelockTest, ComesWithEveryReplayOfItsSchedule) {
    ExplorationRequest request = program(corridor());
    request.options.stop_at = "livelock";
    const auto kinds = replay_schedule(request, livelock(request).schedule, 20);
    ASSERT_TRUE(kinds) << kinds.error().message();
    EXPECT_THAT(*kinds, Each("livelock"));
}

TEST_F(LivelockTest, IsNoneWhereTheRoundsAreCountedOnTheHeap) {
    ExplorationRequest request = all(program(corridor("if (++*tries == 700) return;")));
    request.options.preemptions = 1;  // one that goes on alone for long, and then takes turns with the other
    request.options.limit = 60;
    EXPECT_THAT(kinds(search(request)), Not(Contains("livelock")));
}

TEST_F(LivelockTest, IsNoneWhereASpinningThreadComesThroughInTheEnd) {
    EXPECT_THAT(kinds(search(all(program(R"(
        #include <mutex>
        #include <thread>
        std::mutex door;
        void enter() {
            while (!door.try_lock()) std::this_thread::yield();
            door.unlock();
        }
        int main() { std::thread a(enter), b(enter); a.join(); b.join(); })")))),
                IsEmpty());
}

// The same of two processes, each of which has the other's lock in memory that they share.
std::string corridor_of_processes(const std::string& otherwise = "", const std::string& before = "") {
    return R"(
        #include <atomic>
        #include <cstdlib>
        #include <pthread.h>
        #include <sched.h>
        #include <sys/mman.h>
        #include <sys/wait.h>
        #include <unistd.h>
        struct Shared { pthread_mutex_t locks[2]; int passed; };
        thread_local int tries = 0;
        int main() {
            auto* shared = static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
            pthread_mutexattr_t attributes;
            pthread_mutexattr_init(&attributes);
            pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
            for (pthread_mutex_t& lock : shared->locks) pthread_mutex_init(&lock, &attributes);
            )" +
           before + R"(
            const int me = fork() == 0 ? 1 : 0;
            pthread_mutex_lock(&shared->locks[me]);
            while (pthread_mutex_trylock(&shared->locks[1 - me]) != 0) {
                pthread_mutex_unlock(&shared->locks[me]);
                )" +
           otherwise + R"(
                sched_yield();
                pthread_mutex_lock(&shared->locks[me]);
            }
            ++shared->passed;
            pthread_mutex_unlock(&shared->locks[0]);
            pthread_mutex_unlock(&shared->locks[1]);
            if (me == 0) wait(nullptr);
            _exit(0);
        })";
}

TEST_F(LivelockTest, OfProcessesIsFoundAndComesWithEveryReplay) {
    ExplorationRequest request = program(corridor_of_processes());
    request.options.stop_at = "livelock";
    const FoundBug bug = livelock(request);
    EXPECT_LE(bug.preemptions, 3);
    EXPECT_LT(bug.steps.size(), 60U);
    EXPECT_EQ(bug.waiting.size(), 2U);
    const auto kinds = replay_schedule(request, bug.schedule, 3);
    ASSERT_TRUE(kinds) << kinds.error().message();
    EXPECT_THAT(*kinds, Each("livelock"));
}

TEST_F(LivelockTest, OfProcessesIsNoneWhereARoundLeavesATrace) {
    for (const auto& [before, otherwise] : std::vector<std::pair<std::string, std::string>>{
             {"auto* const rounds = static_cast<int*>(std::calloc(1, sizeof(int)));", "if (++*rounds == 500) _exit(1);"},
             {"", "if (++tries == 500) _exit(1);"},
             {"int ends[2]; (void)!pipe(ends);", "char c = 1; (void)!write(ends[1], &c, 1); (void)!read(ends[0], &c, 1);"},
         }) {
        ExplorationRequest request = all(program(corridor_of_processes(otherwise, before)));
        request.options.preemptions = 1;
        request.options.limit = 25;
        const Exploration found = search(request);
        EXPECT_THAT(kinds(found), Not(Contains("livelock"))) << otherwise;
    }
}

}  // namespace
}  // namespace heddle::session
