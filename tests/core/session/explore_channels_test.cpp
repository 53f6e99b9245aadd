// Explore: pipes and sockets between the threads of one process.
#include <stdlib.h>

#include "tests/core/session/explore_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;
using testing::HasSubstr;

class ExploreChannelsTest : public ExploreTest {
protected:
    Exploration search(const std::string& source) { return ExploreTest::search(all(program(source))); }
};

// Two writers and a reader: each order of the bytes is an outcome, and there is no third one.
TEST_F(ExploreChannelsTest, FindsEachOrderInWhichTwoWritersFillAPipe) {
    const Exploration found = search(R"(
#include <cstdio>
#include <thread>
#include <unistd.h>
int ends[2];
void put(char byte) { (void)!write(ends[1], &byte, 1); }
int main() {
    (void)!pipe(ends);
    std::thread a(put, 'a'), b(put, 'b');
    char got[3] = {};
    (void)!read(ends[0], got, 1);
    (void)!read(ends[0], got + 1, 1);
    a.join();
    b.join();
    std::puts(got);
}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    std::string all;
    for (const std::string& each : outcomes(found)) all += each + "\n";
    EXPECT_THAT(all, HasSubstr("ab"));
    EXPECT_THAT(all, HasSubstr("ba"));
    EXPECT_EQ(found.report.outcomes.size(), 2u) << all;
}

// A thread that reads, and then writes, lets another one read its byte or the first one.
TEST_F(ExploreChannelsTest, FindsWhatAReadCouldHaveTakenBefore) {
    const Exploration found = search(R"(
#include <cstdio>
#include <thread>
#include <unistd.h>
int ends[2];
char first, second;
int main() {
    (void)!pipe(ends);
    (void)!write(ends[1], "1", 1);
    std::thread a([] { (void)!read(ends[0], &first, 1); (void)!write(ends[1], "2", 1); });
    std::thread b([] { (void)!read(ends[0], &second, 1); (void)!write(ends[1], "3", 1); });
    a.join();
    b.join();
    std::printf("%c%c\n", first, second);
}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), testing::UnorderedElementsAre(HasSubstr("12"), HasSubstr("31")));
}

TEST_F(ExploreChannelsTest, AReadTakesWhatIsThereByThen) {
    const Exploration found = search(R"(
#include <cstdio>
#include <thread>
#include <unistd.h>
int ends[2];
int main() {
    (void)!pipe(ends);
    std::thread a([] { (void)!write(ends[1], "ab", 2); });
    std::thread b([] { (void)!write(ends[1], "c", 1); });
    char got[4] = {};
    const long bytes = read(ends[0], got, 3);
    a.join();
    b.join();
    std::printf("%ld %s\n", bytes, got);
}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found),
                testing::UnorderedElementsAre(HasSubstr("2 ab"), HasSubstr("1 c"), HasSubstr("3 abc"), HasSubstr("3 cab")));
}

TEST_F(ExploreChannelsTest, AReaderWithoutAWriterIsADeadlockInSomeOrder) {
    const Exploration found = search(R"(
#include <thread>
#include <unistd.h>
int ends[2];
char got;
void take() { (void)!read(ends[0], &got, 1); }
int main() {
    (void)!pipe(ends);
    std::thread a(take), b(take);
    (void)!write(ends[1], "x", 1);
    a.join();
    b.join();
}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kBug);
    ASSERT_FALSE(found.bugs.empty());
    EXPECT_EQ(found.bugs.front().kind, "deadlock");
}

// Bytes carry what was written to memory before them, and nothing that came after.
TEST_F(ExploreChannelsTest, BytesOrderMemory) {
    const auto program = [](const std::string& writer) {
        return "#include <thread>\n#include <unistd.h>\nint ends[2], data = 0, seen = 0;\nint main() {\n  (void)!pipe(ends);\n"
               "  std::thread a([] { " +
               writer +
               " });\n  std::thread b([] { char got; (void)!read(ends[0], &got, 1); seen = data; });\n"
               "  a.join();\n  b.join();\n}\n";
    };
    const Exploration before = search(program("data = 1; (void)!write(ends[1], \"x\", 1);"));
    EXPECT_EQ(before.report.verdict, VerdictKind::kNoneComplete) << before.report.reason;
    EXPECT_EQ(before.report.outcomes.size(), 1u);
    const Exploration after = search(program("(void)!write(ends[1], \"x\", 1); data = 1;"));
    EXPECT_EQ(after.report.verdict, VerdictKind::kBug);
    ASSERT_FALSE(after.bugs.empty());
    EXPECT_EQ(after.bugs.front().kind, "data-race");
    // The second byte came after the change, the first did not.
    const Exploration first = search(program("(void)!write(ends[1], \"x\", 1); data = 1; (void)!write(ends[1], \"y\", 1);"));
    EXPECT_EQ(first.report.verdict, VerdictKind::kBug);
}

TEST_F(ExploreChannelsTest, GoesBothWaysThroughSocketsAndSeesTheirEnd) {
    const Exploration found = search(R"(
#include <cassert>
#include <cstdio>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
int pair[2];
int main() {
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pair[0] == 3 && pair[1] == 4);
    std::thread echo([] {
        char byte;
        while (recv(pair[1], &byte, 1, 0) == 1) send(pair[1], &byte, 1, 0);
        close(pair[1]);
    });
    char a = 'a', b = 'b', got[3] = {};
    send(pair[0], &a, 1, 0);
    send(pair[0], &b, 1, 0);
    recv(pair[0], got, 1, 0);
    recv(pair[0], got + 1, 1, 0);
    shutdown(pair[0], SHUT_WR);
    echo.join();
    std::puts(got);
}
)");
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(outcomes(found), testing::ElementsAre(HasSubstr("ab")));
}

TEST_F(ExploreChannelsTest, SaysWhatItDoesNotSupport) {
    const auto reason = [&](const std::string& body) {
        const Exploration found = search(
            "#include <csignal>\n#include <unistd.h>\n"
            "int main() {\n  int ends[2];\n  (void)!pipe(ends);\n" +
            body + "}\n");
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneBounded);
        return found.report.reason;
    };
    EXPECT_THAT(reason("raise(SIGUSR1);\n"), HasSubstr("raise"));
    EXPECT_THAT(reason("static char much[1 << 20];\n(void)!write(ends[1], much, sizeof much);\n"),
                HasSubstr("waits in the middle"));
    EXPECT_THAT(reason("execl(\"/bin/true\", \"true\", nullptr);\n"), HasSubstr("execl"));
}

}  // namespace
}  // namespace heddle::session
