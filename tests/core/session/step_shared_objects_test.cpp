// Step: objects of synchronization in memory that processes share.
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

// The child has the same memory at another address.
constexpr char kShared[] = R"(
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
struct Shared {
    pthread_mutex_t first, second;
    pthread_cond_t changed;
    pthread_rwlock_t table;
    pthread_spinlock_t spin;
    pthread_barrier_t barrier;
    sem_t permits;
    int ready, sum;
};
int memory;
Shared* map() {
    return static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0));
}
Shared* map_elsewhere(Shared* shared) {
    Shared* const other = map();
    munmap(shared, sizeof(Shared));
    return other;
}
Shared* prepare(int kind = PTHREAD_MUTEX_STALLED) {
    memory = memfd_create("shared", 0);
    (void)!ftruncate(memory, sizeof(Shared));
    Shared* const shared = map();
    pthread_mutexattr_t mutex;
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&mutex, kind);
    pthread_mutex_init(&shared->first, &mutex);
    pthread_mutex_init(&shared->second, &mutex);
    pthread_condattr_t condition;
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(&shared->changed, &condition);
    pthread_rwlockattr_t table;
    pthread_rwlockattr_init(&table);
    pthread_rwlockattr_setpshared(&table, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&shared->table, &table);
    pthread_spin_init(&shared->spin, PTHREAD_PROCESS_SHARED);
    pthread_barrierattr_t barrier;
    pthread_barrierattr_init(&barrier);
    pthread_barrierattr_setpshared(&barrier, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&shared->barrier, &barrier, 2);
    sem_init(&shared->permits, 1, 0);
    return shared;
}
)";

class StepSharedObjectsTest : public StepTest {
protected:
    SnapshotPtr play(model::StepPolicy policy = model::StepPolicy::kRunOn) {
        session_->post(model::SetPolicy{policy});
        session_->post(model::SetSpeed{1});
        session_->post(model::Play{});
        return wait_for([](const model::Snapshot& s) {
            return s.status == model::RunStatus::kEnded || (s.step && s.step->over == "step.over_deadlock");
        });
    }
    // What a thread waits for, and why.
    static std::string wait_of(const model::Snapshot& snapshot, model::Number thread) {
        const model::PendingView* const view = pending(snapshot, thread);
        if (view == nullptr) return "nothing";
        if (view->enabled) return "may go on: " + view->what.key;
        const auto holder = view->obstacle.arguments.find("holder");
        const bool held = view->obstacle.key == "pending.held_by" && holder != view->obstacle.arguments.end();
        return view->what.key + " " + view->obstacle.key + (held ? " " + holder->second : "");
    }
};

struct Case {
    const char *name, *take, *give, *waits;
};
class StepSharedLockTest : public StepSharedObjectsTest, public testing::WithParamInterface<Case> {};

// One process holds it: the other one waits at the gate, says for whom, and may go on when it is let go.
TEST_P(StepSharedLockTest, ALockOfOneProcessHoldsTheOther) {
    start(std::string(kShared) + "#define TAKE " + GetParam().take + "\n#define GIVE " + GetParam().give + R"(
int main() {
    Shared* shared = prepare();
    if (fork() == 0) {
        shared = map_elsewhere(shared);
        TAKE;
        shared->sum = shared->sum * 10 + 2;
        GIVE;
        _exit(0);
    }
    TAKE;
    shared->sum = 1;
    GIVE;
    wait(nullptr);
    return shared->sum;
}
)");
    until(1, "pending.fork");
    step(1);
    const auto about_to_write = [&](const model::Snapshot& now, model::Number thread) {
        return pending(now, thread) != nullptr && pending(now, thread)->what.key == "pending.write";
    };
    SnapshotPtr now = session_->snapshot();
    for (int i = 0; i < 20 && !about_to_write(*now, 1); ++i) now = step(1);
    for (int i = 0; i < 20 && pending(*now, 2)->enabled; ++i) now = step(2);
    EXPECT_EQ(wait_of(*now, 2), GetParam().waits);
    EXPECT_TRUE(pending(*now, 1)->enabled);
    now = step(1);
    now = step(1);  // lets go
    EXPECT_TRUE(pending(*now, 2)->enabled);
    now = play();
    EXPECT_EQ(now->status, model::RunStatus::kEnded) << now->step->over;
    EXPECT_EQ(now->exit.code, 12);
}

INSTANTIATE_TEST_SUITE_P(EachKind, StepSharedLockTest,
                         testing::Values(Case{"mutex", "pthread_mutex_lock(&shared->first)",
                                              "pthread_mutex_unlock(&shared->first)", "pending.lock pending.held_by T1"},
                                         Case{"writer", "pthread_rwlock_wrlock(&shared->table)",
                                              "pthread_rwlock_unlock(&shared->table)", "pending.lock pending.held_by T1"},
                                         Case{"spin", "pthread_spin_lock(&shared->spin)", "pthread_spin_unlock(&shared->spin)",
                                              "pending.lock pending.held_by T1"}),
                         [](const testing::TestParamInfo<Case>& one) { return one.param.name; });

// Every kind at once, whoever goes first.
TEST_F(StepSharedObjectsTest, ProcessesWaitForEachOtherWhateverThePolicy) {
    for (const model::StepPolicy policy :
         {model::StepPolicy::kRunOn, model::StepPolicy::kTurns, model::StepPolicy::kRandom, model::StepPolicy::kPriorities}) {
        start(std::string(kShared) + R"(
void work(Shared* shared, int mine) {
    pthread_barrier_wait(&shared->barrier);
    for (int i = 0; i < 3; ++i) {
        pthread_rwlock_wrlock(&shared->table);
        shared->sum += mine;
        pthread_rwlock_unlock(&shared->table);
        pthread_rwlock_rdlock(&shared->table);
        const int seen = shared->sum;
        pthread_rwlock_unlock(&shared->table);
        pthread_spin_lock(&shared->spin);
        shared->ready += seen > 0;
        pthread_spin_unlock(&shared->spin);
    }
    pthread_barrier_wait(&shared->barrier);
}
int main() {
    Shared* shared = prepare();
    if (fork() == 0) {
        shared = map_elsewhere(shared);
        work(shared, 10);
        pthread_mutex_lock(&shared->first);
        while (shared->ready < 7) pthread_cond_wait(&shared->changed, &shared->first);
        pthread_mutex_unlock(&shared->first);
        sem_post(&shared->permits);
        _exit(0);
    }
    work(shared, 1);
    pthread_mutex_lock(&shared->first);
    ++shared->ready;
    pthread_cond_broadcast(&shared->changed);
    pthread_mutex_unlock(&shared->first);
    sem_wait(&shared->permits);
    wait(nullptr);
    return shared->sum + shared->ready;
}
)");
        const SnapshotPtr end = play(policy);
        EXPECT_EQ(end->status, model::RunStatus::kEnded)
            << static_cast<int>(policy) << " " << end->step->over << " " << wait_of(*end, 1) << ", " << wait_of(*end, 2);
        EXPECT_EQ(end->exit.code, 40) << static_cast<int>(policy);
    }
}

TEST_F(StepSharedObjectsTest, AThreadThatWaitsAtABarrierOfProcessesIsSeenToWait) {
    start(std::string(kShared) + R"(
int main() {
    Shared* shared = prepare();
    if (fork() == 0) {
        pthread_barrier_wait(&shared->barrier);
        _exit(0);
    }
    shared->sum = 1;
    pthread_barrier_wait(&shared->barrier);
    wait(nullptr);
}
)");
    until(1, "pending.fork");
    step(1);
    SnapshotPtr now = session_->snapshot();
    for (int i = 0; i < 10 && (pending(*now, 2) == nullptr || pending(*now, 2)->enabled); ++i) now = step(2);
    EXPECT_EQ(wait_of(*now, 2), "pending.leave pending.not_all_there");
    for (int i = 0; i < 10 && !pending(*now, 2)->enabled; ++i) now = step(1);
    EXPECT_EQ(wait_of(*now, 2), "may go on: pending.leave");
    EXPECT_EQ(play()->status, model::RunStatus::kEnded);
}

TEST_F(StepSharedObjectsTest, NamesADeadlockBetweenProcesses) {
    start(std::string(kShared) + R"(
int main() {
    Shared* shared = prepare();
    if (fork() == 0) {
        pthread_mutex_lock(&shared->second);
        pthread_mutex_lock(&shared->first);
        _exit(0);
    }
    pthread_mutex_lock(&shared->first);
    pthread_mutex_lock(&shared->second);
    wait(nullptr);
}
)");
    until(1, "pending.fork");
    step(1);
    ASSERT_EQ(play(model::StepPolicy::kTurns)->step->over, "step.over_deadlock");
    // Who has them, once all that the processes recorded has come.
    const SnapshotPtr end = wait_for([](const model::Snapshot& s) { return wait_of(s, 1).ends_with("held_by T2"); });
    EXPECT_EQ(wait_of(*end, 1), "pending.lock pending.held_by T2");
    EXPECT_EQ(wait_of(*end, 2), "pending.lock pending.held_by T1");
}

// The next one gets the lock, and is told.
TEST_F(StepSharedObjectsTest, TheOwnerOfARobustMutexMayDie) {
    start(std::string(kShared) + R"(
#include <errno.h>
int main() {
    Shared* shared = prepare(PTHREAD_MUTEX_ROBUST);
    if (fork() == 0) {
        pthread_mutex_lock(&shared->first);
        _exit(0);
    }
    wait(nullptr);
    const int how = pthread_mutex_lock(&shared->first);
    pthread_mutex_consistent(&shared->first);
    pthread_mutex_unlock(&shared->first);
    return how == EOWNERDEAD ? 3 : 1;
}
)");
    const SnapshotPtr end = play();
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << end->step->over << " " << wait_of(*end, 1);
    EXPECT_EQ(end->exit.code, 3);
}

// By its name, not through the memory that a fork hands on.
TEST_F(StepSharedObjectsTest, ANamedSemaphoreIsOneForBoth) {
    start(R"(
#include <fcntl.h>
#include <semaphore.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
int main() {
    const std::string name = "/heddle-step-" + std::to_string(getpid());
    if (fork() == 0) {
        sem_t* const mine = sem_open(name.c_str(), O_CREAT, 0600, 0);
        sem_wait(mine);
        _exit(4);
    }
    sem_t* const mine = sem_open(name.c_str(), O_CREAT, 0600, 0);
    sem_post(mine);
    int status = 0;
    wait(&status);
    sem_unlink(name.c_str());
    return WEXITSTATUS(status);
}
)");
    until(1, "pending.fork");
    step(1);
    SnapshotPtr now = session_->snapshot();
    for (int i = 0; i < 10 && (pending(*now, 2) == nullptr || pending(*now, 2)->enabled); ++i) now = step(2);
    EXPECT_EQ(wait_of(*now, 2), "pending.acquire_permit pending.no_permit");
    const SnapshotPtr end = play();
    EXPECT_EQ(end->status, model::RunStatus::kEnded) << end->step->over;
    EXPECT_EQ(end->exit.code, 4);
}

// Two processes' own memory has the same addresses: a lock there is each one's own.
TEST_F(StepSharedObjectsTest, ALockInOwnMemoryIsNotTheOtherProcesssLock) {
    start(R"(
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int main() {
    if (fork() == 0) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
        _exit(0);
    }
    pthread_mutex_lock(&lock);
    int status = 0;
    wait(&status);
    return WIFEXITED(status) ? 2 : 1;
}
)");
    until(1, "pending.fork");
    step(1);
    until(1, "pending.wait_child_any");
    SnapshotPtr now = until(2, "pending.lock lock");
    EXPECT_EQ(wait_of(*now, 2), "may go on: pending.lock");
    EXPECT_EQ(play()->exit.code, 2);
}

// Each process attaches the segment by itself, at an address of its own.
TEST_F(StepSharedObjectsTest, ALockInASystemVSegmentIsOneForBoth) {
    start(R"(
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
struct Shared { pthread_mutex_t lock; int sum; };
int segment;
int main() {
    segment = shmget(IPC_PRIVATE, sizeof(Shared), IPC_CREAT | 0600);
    Shared* const shared = static_cast<Shared*>(shmat(segment, nullptr, 0));
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->lock, &attributes);
    if (fork() == 0) {
        Shared* const other = static_cast<Shared*>(shmat(segment, nullptr, 0));
        shmdt(shared);
        pthread_mutex_lock(&other->lock);
        other->sum = other->sum * 10 + 2;
        pthread_mutex_unlock(&other->lock);
        _exit(other == shared);
    }
    pthread_mutex_lock(&shared->lock);
    shared->sum = 1;
    pthread_mutex_unlock(&shared->lock);
    int status = 0;
    wait(&status);
    shmctl(segment, IPC_RMID, nullptr);
    return shared->sum + status;
}
)");
    until(1, "pending.fork");
    step(1);
    SnapshotPtr now = session_->snapshot();
    const auto next = [&](model::Number thread) { return pending(*now, thread) ? pending(*now, thread)->what.key : ""; };
    for (int i = 0; i < 20 && next(1) != "pending.unlock" && !HasFailure(); ++i) now = step(1);
    for (int i = 0; i < 20 && next(2) != "pending.lock" && !HasFailure(); ++i) now = step(2);
    EXPECT_EQ(wait_of(*now, 2), "pending.lock pending.held_by T1");
    now = step(1);
    EXPECT_TRUE(pending(*now, 2)->enabled);
    now = play();
    EXPECT_EQ(now->status, model::RunStatus::kEnded) << now->step->over;
    EXPECT_EQ(now->exit.code, 12);
}

}  // namespace
}  // namespace heddle::session
