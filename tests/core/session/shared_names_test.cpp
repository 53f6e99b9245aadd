// What memory that processes share is called, in Run and Step as in Explore: by a variable that points there.
#include <gmock/gmock-more-matchers.h>

#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

// Two processes write the same without order.
std::string racing(const std::string& before_main, const std::string& maps, const std::string& write) {
    return R"(
        #include <fcntl.h>
        #include <sys/mman.h>
        #include <sys/shm.h>
        #include <sys/wait.h>
        #include <unistd.h>
        template <typename T>
        T* shared() {
            return static_cast<T*>(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        }
        struct Board { int left, right; };
    )" + before_main +
           "\nint main() {\n" + maps + "\nconst pid_t child = fork();\n" + write +
           ";\nif (child == 0) _exit(0);\nwait(nullptr);\n}\n";
}

const struct {
    const char *before_main, *maps, *write, *name;
} kRows[] = {
    {"int* counter;", "counter = shared<int>();", "++*counter", "*counter"},
    {"Board* board;", "board = shared<Board>();", "board->right = child", "board->right"},
    {"", "Board* const own = shared<Board>();", "own->right = child", "own->right"},
    {"int* table;", "table = static_cast<int*>(mmap(nullptr, 12, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));",
     "table[2] = child", "table[2]"},
    {"int* named;",
     "const int fd = shm_open(\"/heddle-test-names\", O_CREAT | O_RDWR, 0600); shm_unlink(\"/heddle-test-names\"); if "
     "(ftruncate(fd, 4096) != 0) return 1;\nnamed = static_cast<int*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, "
     "MAP_SHARED, fd, 0));",
     "++*named", "*named"},
    {"int* segment;", "segment = static_cast<int*>(shmat(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600), nullptr, 0));",
     "++*segment", "*segment"},
};

std::string name_of_race(const model::Snapshot& snapshot) {
    for (const model::Finding& finding : snapshot.findings)
        if (finding.id == "data-race") return finding.sentence.arguments.at("name");
    return "no race";
}

TEST_F(SessionTest, SharedMemoryHasTheNameOfWhatPointsThere) {
    for (const auto& row : kRows)
        EXPECT_EQ(name_of_race(*run(program(racing(row.before_main, row.maps, row.write)))), row.name);
}

TEST_F(StepTest, SharedMemoryHasTheNameOfWhatPointsThere) {
    for (const auto& row : kRows) {
        RunRequest request = program(racing(row.before_main, row.maps, row.write));
        request.to_the_end = true;
        EXPECT_EQ(name_of_race(*start(request)), row.name);
    }
}

// Before it is done, too.
TEST_F(StepTest, WhatIsAboutToBeDoneToSharedMemoryNamesIt) {
    start(racing(kRows[1].before_main, kRows[1].maps, kRows[1].write));
    const SnapshotPtr now = until(1, "pending.write board->right");
    EXPECT_EQ(about_to(*now, 1), "pending.write board->right");
}

}  // namespace
}  // namespace heddle::session
