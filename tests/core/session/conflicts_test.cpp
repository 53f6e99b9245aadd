// Data races and deadlocks of programs that really ran.
#include <set>

#include "core/trace/run_file.h"
#include "tests/core/session/session_fixture.h"

namespace heddle::session {
namespace {

class ConflictsTest : public SessionTest {
protected:
    static std::vector<model::Finding> findings(const model::Snapshot& snapshot, const std::string& id) {
        std::vector<model::Finding> found;
        for (const model::Finding& finding : snapshot.findings)
            if (finding.id == id) found.push_back(finding);
        return found;
    }
};

TEST_F(ConflictsTest, EveryRunOfAnUnguardedCounterIsARace) {
    const RunRequest request = program(R"(#include <thread>
int counter;
void count() { counter++; }
int main() {
    std::thread one(count), two(count);
    one.join(), two.join();
}
)");
    for (int run_number = 0; run_number < 20; ++run_number) {
        const auto snapshot = run(request);
        const auto races = findings(*snapshot, "data-race");
        ASSERT_EQ(races.size(), 1u) << "one variable, one pair of lines; run " << run_number;
        const model::Finding& race = races[0];
        EXPECT_EQ(race.sentence.arguments.at("name"), "counter");
        ASSERT_EQ(race.places.size(), 2u);
        EXPECT_EQ(race.places[0].line, 3);
        EXPECT_EQ(race.places[1].line, 3);
        EXPECT_NE(race.places[0].thread, race.places[1].thread);
        ASSERT_TRUE(race.event);
        EXPECT_EQ(*race.event, race.places[1].event) << "a click goes to the second access";
        EXPECT_GT(race.places[1].event, race.places[0].event);
    }
}

// Leaves out of the saved run what was seen in /proc, as if nobody had come to look there in time.
void forget_looks(const std::filesystem::path& path) {
    trace::RunFile file = trace::open_run(path).value();
    trace::EventLog log;
    log.set_threads(file.log.threads());
    for (std::uint32_t extra = 1; extra <= file.log.blob_count(); ++extra) log.add_blob(file.log.blob(extra));
    std::vector<trace::PackedEvent> events;
    for (std::uint64_t i = 0; i < file.log.size(); ++i) {
        if (file.log.packed(i).kind() != trace::Kind::kProcessSample) events.push_back(file.log.packed(i));
    }
    log.insert(std::move(events));
    file.log = log.view();
    ASSERT_TRUE(trace::save_run(path, file));
}

TEST_F(ConflictsTest, ARaceInAProgramThatEndedBeforeAnybodyLookedAtItIsNamedByItsVariable) {
    RunRequest request = program(
        "#include <thread>\nint counter = 0;\nint main() {\n  std::thread other([] { counter++; });\n  counter++;\n"
        "  other.join();\n}\n");
    for (const std::vector<std::string>& flags : {std::vector<std::string>{}, {"-no-pie"}}) {
        request.scenario.compile_flags = flags;
        auto session = Session::start(request);
        ASSERT_TRUE(session) << session.error().message();
        (*session)->wait();
        ASSERT_TRUE((*session)->save(folder_ / "run.heddle"));
        forget_looks(folder_ / "run.heddle");
        auto saved = Session::open(folder_ / "run.heddle");
        ASSERT_TRUE(saved) << saved.error().message();
        const auto snapshot = (*saved)->snapshot();
        const auto races = findings(*snapshot, "data-race");
        ASSERT_EQ(races.size(), 1u);
        EXPECT_EQ(races[0].sentence.arguments.at("name"), "counter");
    }
}

TEST_F(ConflictsTest, WhatALockOrASemaphoreOrAPipeOrdersIsNoRace) {
    const RunRequest request = program(R"(#include <semaphore.h>
#include <unistd.h>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
int counter, handed, piped, promised, noted;
std::mutex m;
std::condition_variable c;
sem_t ready;
int ends[2];
bool told;
std::promise<void> promise;
void count() { for (int i = 0; i < 100; ++i) { std::lock_guard<std::mutex> guard(m); counter++; } }
int main() {
    sem_init(&ready, 0, 0);
    if (pipe(ends) != 0) return 1;
    auto shared = std::make_shared<int>(1);
    std::thread one([shared] {
        count();
        handed = 1, sem_post(&ready);
        piped = 1;
        if (write(ends[1], "x", 1) != 1) _exit(1);
        promised = 1, promise.set_value();
        noted = 1;
        { std::lock_guard<std::mutex> guard(m); told = true; }
        c.notify_one();
    });
    std::thread two([shared] {
        count();
        sem_wait(&ready), handed++;
        char got;
        if (read(ends[0], &got, 1) != 1) _exit(1);
        piped++;
        promise.get_future().wait(), promised++;
        std::unique_lock<std::mutex> guard(m);
        c.wait(guard, [] { return told; });
        noted++;
    });
    one.join(), two.join();
    return counter == 200 && *shared == 1 ? 0 : 1;
}
)");
    for (int run_number = 0; run_number < 10; ++run_number) {
        const auto snapshot = run(request);
        EXPECT_EQ(snapshot->exit.code, 0);
        for (const model::Finding& race : findings(*snapshot, "data-race"))
            ADD_FAILURE() << race.sentence.key << " " << race.sentence.arguments.at("name") << " "
                          << race.sentence.arguments.at("first_place") << " " << race.sentence.arguments.at("second_place");
    }
}

TEST_F(ConflictsTest, LocksTakenCrosswiseMayDeadlockEvenWhenTheyDidNot) {
    const auto snapshot = run(program(R"(#include <mutex>
#include <thread>
std::mutex left, right;
void forth() {
    left.lock();
    right.lock();
    right.unlock(), left.unlock();
}
void back() {
    right.lock();
    left.lock();
    left.unlock(), right.unlock();
}
int main() {
    std::thread one(forth);
    std::thread two([] { for (int i = 0; i < 50; ++i) std::this_thread::yield(); back(); });
    one.join(), two.join();
}
)"));
    if (snapshot->exit.kind != model::ProcessExit::Kind::kExited) GTEST_SKIP() << "it did happen";
    const auto circles = findings(*snapshot, "lock-order");
    ASSERT_EQ(circles.size(), 1u);
    EXPECT_EQ(circles[0].sentence.key, "finding.lock-order.two");
    ASSERT_EQ(circles[0].places.size(), 2u);
    std::set<int> lines = {circles[0].places[0].line, circles[0].places[1].line};
    EXPECT_EQ(lines, (std::set<int>{6, 11})) << "where each asked for its second lock";
    std::set<std::string> names = {circles[0].sentence.arguments.at("first_lock"),
                                   circles[0].sentence.arguments.at("second_lock")};
    EXPECT_EQ(names, (std::set<std::string>{"left", "right"}));
    EXPECT_FALSE(has_finding(*snapshot, "deadlock"));
}

TEST_F(ConflictsTest, TheDeadlockThatHappenedNamesItsThreadsAndLocks) {
    RunRequest request = program(R"(#include <latch>
#include <mutex>
#include <thread>
std::mutex left, right;
std::latch both(2);
void take(std::mutex& first, std::mutex& second) {
    first.lock();
    both.arrive_and_wait();
    second.lock();
}
int main() {
    std::thread one([] { take(left, right); });
    take(right, left);
    one.join();
}
)");
    request.time_limit_s = 1.5;
    const auto snapshot = run(std::move(request));
    const auto deadlocks = findings(*snapshot, "deadlock");
    ASSERT_EQ(deadlocks.size(), 1u);
    const auto& arguments = deadlocks[0].sentence.arguments;
    EXPECT_EQ(deadlocks[0].sentence.key, "finding.deadlock.two");
    EXPECT_EQ(arguments.at("first"), "T1");
    EXPECT_EQ(arguments.at("first_lock"), "right");
    EXPECT_EQ(arguments.at("second"), "T2");
    EXPECT_EQ(arguments.at("second_lock"), "left");
    ASSERT_EQ(deadlocks[0].places.size(), 2u);
    EXPECT_EQ(deadlocks[0].places[0].line, 9);
    EXPECT_TRUE(findings(*snapshot, "lock-order").empty()) << "one circle is told once";
}

constexpr char kUseAfterJoin[] = R"(#include <cstdlib>
#include <thread>
int* shared;
void give() {
    free(shared);
}
int main() {
    shared = static_cast<int*>(malloc(sizeof(int)));
    *shared = 1;
    std::thread one(give);
    one.join();
    return *shared;
}
)";

TEST_F(ConflictsTest, AUseAfterAFreeThatComesBeforeItIsNoRaceButAFindingOfItsOwn) {
    const auto snapshot = run(program(kUseAfterJoin));
    const auto found = findings(*snapshot, "use-after-free");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].sentence.key, "finding.use-after-free-read");
    EXPECT_EQ(found[0].sentence.arguments.at("first"), "T2");
    EXPECT_EQ(found[0].sentence.arguments.at("first_place"), "main.cpp:5");
    EXPECT_EQ(found[0].sentence.arguments.at("second"), "T1");
    EXPECT_EQ(found[0].sentence.arguments.at("second_place"), "main.cpp:12");
    ASSERT_EQ(found[0].places.size(), 2u);
    EXPECT_EQ(found[0].event, found[0].places[1].event);
    EXPECT_TRUE(findings(*snapshot, "data-race").empty());
}

TEST_F(ConflictsTest, ABlockThatIsHandedOutAgainMayBeUsed) {
    const auto snapshot = run(program(R"(#include <cstdlib>
int main() {
    for (int i = 0; i < 10; ++i) {
        auto* block = static_cast<int*>(malloc(64));
        block[3] = i;
        free(block);
    }
}
)"));
    EXPECT_TRUE(findings(*snapshot, "use-after-free").empty());
}

TEST_F(ConflictsTest, ADoubleFreeIsNamedWithBothPlaces) {
    const auto snapshot =
        run(program("#include <cstdlib>\nint main() {\n    void* block = malloc(8);\n    free(block);\n    free(block);\n}\n"));
    const auto found = findings(*snapshot, "double-free");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].sentence.arguments.at("first_place"), "main.cpp:4");
    EXPECT_EQ(found[0].sentence.arguments.at("second_place"), "main.cpp:5");
}

// Memory that two processes share. The child has it at another address.
constexpr char kTwoProcesses[] = R"(#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <fcntl.h>
struct Shared { int count; pthread_mutex_t lock; sem_t ready; };
int own;
Shared* shared;
int ends[2];
sem_t* named;
void use();
int child();
int main() {
    const int memory = memfd_create("shared", 0);
    if (ftruncate(memory, sizeof(Shared)) != 0 || pipe(ends) != 0) return 1;
    const auto map = [memory] { return static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0)); };
    shared = map();
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->lock, &attributes);
    sem_init(&shared->ready, 1, 0);
    if (fork() == 0) {
        Shared* const before = shared;
        shared = map();
        munmap(before, sizeof(Shared));
        return child();
    }
    use();
    while (wait(nullptr) > 0) {}
    shared->count = shared->count + 1;
}
)";

TEST_F(ConflictsTest, TwoProcessesThatWriteOneWordOfSharedMemoryRace) {
    const auto snapshot = run(program(std::string(kTwoProcesses) + R"(void use() { shared->count = 1; own = 1; }
int child() {
    shared->count = 2; own = 2;
    return 0;
}
)"));
    const auto races = findings(*snapshot, "data-race");
    ASSERT_EQ(races.size(), 1u) << "and none on own memory at the same address";
    ASSERT_EQ(races[0].places.size(), 2u);
    EXPECT_EQ(std::set<int>({races[0].places[0].line, races[0].places[1].line}), std::set<int>({34, 36}));
    EXPECT_EQ(std::set<std::string>({races[0].sentence.arguments.at("first"), races[0].sentence.arguments.at("second")}),
              std::set<std::string>({"T1 (P1)", "T2 (P2)"}));
}

TEST_F(ConflictsTest, WhatALockASemaphoreOrAPipeOrdersBetweenProcessesIsNoRace) {
    for (const std::string body :
         {"void use() { pthread_mutex_lock(&shared->lock); shared->count++; pthread_mutex_unlock(&shared->lock); }\n"
          "int child() { use(); return 0; }\n",
          "void use() { sem_wait(&shared->ready); shared->count++; }\n"
          "int child() { shared->count++; sem_post(&shared->ready); return 0; }\n",
          "void use() { char got; (void)!read(ends[0], &got, 1); shared->count++; }\n"
          "int child() { shared->count++; (void)!write(ends[1], \"x\", 1); return 0; }\n",
          "sem_t* open() { return sem_open(\"/heddle-conflicts\", O_CREAT, 0600, 0); }\n"
          "void use() { sem_wait(open()); shared->count++; sem_unlink(\"/heddle-conflicts\"); }\n"
          "int child() { shared->count++; sem_post(open()); return 0; }\n",
          "void use() { wait(nullptr); shared->count++; }\n"
          "int child() { shared->count++; return 0; }\n"}) {
        const auto snapshot = run(program(kTwoProcesses + body));
        EXPECT_EQ(snapshot->status, model::RunStatus::kEnded) << body;
        EXPECT_TRUE(findings(*snapshot, "data-race").empty()) << body;
    }
}

// Memory that two processes come to each by its name, wherever it comes to lie.
constexpr char kNamed[] = R"(#include <fcntl.h>
#include <pthread.h>
#include <string>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>
struct Shared { pthread_mutex_t lock; int count; };
int segment;
std::string name;
Shared* mine(bool elsewhere) {
    if (elsewhere) shmat(segment, nullptr, 0);
    if (POSIX == 0) return static_cast<Shared*>(shmat(segment, nullptr, 0));
    const int fd = shm_open(name.c_str(), O_CREAT | O_RDWR, 0600);
    if (ftruncate(fd, sizeof(Shared)) != 0) _exit(1);
    return static_cast<Shared*>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
}
int main() {
    segment = shmget(IPC_PRIVATE, sizeof(Shared), IPC_CREAT | 0600);
    name = "/heddle-conflicts-" + std::to_string(getpid());
    const pid_t child = fork();
    Shared* const shared = mine(child == 0);
    if (child != 0) {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
        pthread_mutex_init(&shared->lock, &attributes);
    }
    TAKE;
    shared->count = shared->count + 1;
    GIVE;
    if (child == 0) return 0;
    wait(nullptr);
    if (POSIX == 0) shmdt(shared);
    shmctl(segment, IPC_RMID, nullptr);
    shm_unlink(name.c_str());
    return 0;
}
)";

TEST_F(ConflictsTest, ProcessesRaceInMemoryThatEachCameToByItsName) {
    for (const std::string posix : {"0", "1"}) {
        const auto snapshot = run(program("#define POSIX " + posix + "\n#define TAKE\n#define GIVE\n" + kNamed));
        EXPECT_EQ(snapshot->exit.code, 0);
        const auto races = findings(*snapshot, "data-race");
        ASSERT_EQ(races.size(), 1U) << posix;
        EXPECT_EQ(std::set<std::string>({races[0].sentence.arguments.at("first"), races[0].sentence.arguments.at("second")}),
                  std::set<std::string>({"T1 (P1)", "T2 (P2)"}));
    }
}

TEST_F(ConflictsTest, ALockInMemoryWithANameOrdersWhatProcessesDoThere) {
    for (const std::string posix : {"0", "1"}) {
        // The child takes it once it is made.
        const auto snapshot = run(program("#define POSIX " + posix + R"(
#define TAKE if (child == 0) usleep(100000); pthread_mutex_lock(&shared->lock)
#define GIVE pthread_mutex_unlock(&shared->lock)
)" + kNamed));
        EXPECT_EQ(snapshot->exit.code, 0);
        EXPECT_TRUE(findings(*snapshot, "data-race").empty()) << posix;
    }
}

}  // namespace
}  // namespace heddle::session
