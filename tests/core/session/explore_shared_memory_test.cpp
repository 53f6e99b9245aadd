// Explore: memory that processes share, wherever each has it, and how it is called.
#include "tests/core/session/explore_processes_fixture.h"

namespace heddle::session {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;

// Each process has mapped the file for itself, wherever that was.
TEST_F(ExploreProcessesTest, KnowsWhatIsTheSameMemoryAtDifferentAddresses) {
    const Exploration found = search_all(R"(
    const int file = memfd_create("board", 0);
    (void)!ftruncate(file, 8192);
    const pid_t child = fork();
    if (child == 0) mmap(nullptr, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto* pair = static_cast<int*>(mmap(nullptr, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
    ++pair[child == 0 ? 0 : 1024];
    ++pair[1];
    if (child == 0) return 0;
    wait(nullptr);
    assert(pair[0] == 1 && pair[1024] == 1);
    assert(pair[1] == 2);
)");
    std::vector<std::string> asserted;
    for (const FoundBug& each : found.bugs) {
        if (each.kind == "assertion") asserted.push_back(each.text);
    }
    EXPECT_THAT(asserted, ElementsAre("pair[1] == 2"));
}

// By the variable that points there, wherever in the program that is.
TEST_F(ExploreProcessesTest, NamesSharedMemoryAsTheProgramDoes) {
    const auto raced = [&](const std::string& map, const std::string& place, const std::string& before_main = {}) {
        const Exploration found = search_all(
            map + "if (fork() == 0) {\n" + place + " = 1;\nreturn 0;\n}\n" + place + " = 2;\nwait(nullptr);\n", before_main);
        const FoundBug* const race = bug(found, "data-race");
        return race != nullptr ? race->at.at(0).object + ", " + race->at.at(1).object : "none";
    };
    const std::string account = "struct Account { pthread_mutex_t lock; int balance[2]; };\n";
    EXPECT_EQ(raced("int* counter = shared<int>();\n", "*counter"), "*counter, *counter");
    EXPECT_EQ(raced("counter = shared<int>();\n", "*counter", "static int* counter;\n"), "*counter, *counter");
    EXPECT_EQ(raced("auto* account = shared<Account>();\n", "account->balance[1]", account),
              "account->balance[1], account->balance[1]");
    EXPECT_EQ(raced("auto& account = *shared<Account>();\n", "account.balance[1]", account),
              "account.balance[1], account.balance[1]");
    EXPECT_EQ(raced("auto* table = shared<int[5]>();\n", "(*table)[3]"), "(*table)[3], (*table)[3]");
    EXPECT_EQ(raced(R"(
    int *table, *last;
    void* memory = mmap(nullptr, 5 * sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    table = static_cast<int*>(memory);
)",
                    "table[3]"),
              "table[3], table[3]");
    EXPECT_EQ(raced(R"(
    const int file = memfd_create("board", 0);
    (void)!ftruncate(file, 4096);
    auto* board = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
)",
                    "board[1]"),
              "board[1], board[1]");
}

TEST_F(ExploreProcessesTest, NamesALockInSharedMemoryInADeadlock) {
    const Exploration found = search_all(R"(
    auto* forks = shared<Forks>();
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&forks->left, &attributes);
    pthread_mutex_init(&forks->right, &attributes);
    const bool child = fork() == 0;
    pthread_mutex_lock(child ? &forks->left : &forks->right);
    pthread_mutex_lock(child ? &forks->right : &forks->left);
    pthread_mutex_unlock(&forks->left);
    pthread_mutex_unlock(&forks->right);
    _exit(0);
)",
                                         "struct Forks { pthread_mutex_t left, right; };\n");
    const FoundBug* const deadlock = bug(found, "deadlock");
    ASSERT_NE(deadlock, nullptr);
    ASSERT_EQ(deadlock->waiting.size(), 2u);
    EXPECT_EQ(deadlock->waiting[0].object, "forks->left");
    EXPECT_EQ(deadlock->waiting[1].object, "forks->right");
}

// Each attaches the segment for itself, wherever that is, and its number is another one in every execution.
TEST_F(ExploreProcessesTest, KnowsASegmentWhereverItIsAttached) {
    const std::string body = R"(
    const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    const pid_t child = fork();
    if (child == 0) mmap(nullptr, 1 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    auto* counter = static_cast<int*>(shmat(segment, nullptr, 0));
    ++*counter;
    if (child == 0) return 0;
    wait(nullptr);
    shmctl(segment, IPC_RMID, nullptr);
    assert(*counter == 2);
)";
    const Exploration found = search_all(body);
    EXPECT_THAT(kinds(found), Contains("assertion"));
    ASSERT_NE(bug(found, "data-race"), nullptr);
    EXPECT_EQ(bug(found, "data-race")->at.at(0).object, "*counter");
    EXPECT_EQ(found.report.impossible, 0u);
    const Exploration has_key = search_all("shmget(0x48656464, 4096, IPC_CREAT | 0600);\n");
    EXPECT_THAT(has_key.report.reason, testing::HasSubstr("shmget")) << "which outlives an execution";
}

// Whether a name is there is up to the order in which processes make, look for and remove it.
TEST_F(ExploreProcessesTest, TriesTheOrdersInWhichANameIsUsed) {
    const Exploration found = search_all(R"(
    if (fork() == 0) {
        const int made = shm_open("/heddle-test-order", O_CREAT | O_RDWR, 0600);
        shm_unlink("/heddle-test-order");
        return made < 0;
    }
    printf(shm_open("/heddle-test-order", O_RDWR, 0600) < 0 ? "none" : "found");
    wait(nullptr);
)");
    EXPECT_EQ(found.report.verdict, explore::VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), testing::UnorderedElementsAre("\"none\"", "\"found\""));
}

}  // namespace
}  // namespace heddle::session
