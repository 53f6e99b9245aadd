// A FILE over a pipe or socket: what is read and written through it passes its channel, in Run, Step and Explore.
#include "tests/core/session/explore_fixture.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;

constexpr char kHeaders[] = R"(
    #include <errno.h>
    #include <fcntl.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <sys/stat.h>
    #include <sys/wait.h>
    #include <unistd.h>
    #include <thread>
    int ends[2], data, lines, order;
    void expect(bool right) { if (!right) abort(); }
)";

// argv: whether data is written behind the line that tells of it.
const std::string kTells = std::string(kHeaders) + R"(
    int main(int, char** argv) {
        const bool late = argv[1][0] == '1';
        expect(pipe(ends) == 0);
        std::thread a([late] {
            FILE* const to = fdopen(ends[1], "w");
            if (!late) data = 42;
            fprintf(to, "go %d\n", 1);
            fflush(to);
            if (late) data = 42;
            fclose(to);
        });
        std::thread b([] {
            FILE* const from = fdopen(ends[0], "r");
            char line[16];
            if (fgets(line, sizeof line, from) != nullptr) lines = data;
            expect(strcmp(line, "go 1\n") == 0 && fgets(line, sizeof line, from) == nullptr && feof(from));
            fclose(from);
        });
        a.join(); b.join();
    })";

TEST_F(ExploreTest, WhatIsReadFromAStreamComesAfterWhatWasWritten) {
    ExplorationRequest request = all(program(kTells));
    request.arguments = {"0"};
    const Exploration right = search(request);
    EXPECT_EQ(right.report.verdict, VerdictKind::kNoneComplete) << right.report.reason;
    EXPECT_THAT(kinds(right), testing::IsEmpty());
    ASSERT_EQ(right.report.outcomes.size(), 1u);
    EXPECT_THAT(right.report.outcomes.front().value, testing::HasSubstr("lines = 42"));
    request.arguments = {"1"};
    const Exploration late = search(request);
    EXPECT_THAT(kinds(late), testing::ElementsAre("data-race"));
    EXPECT_EQ(late.report.outcomes.size(), 2u);
}

TEST_F(SessionTest, WhatIsReadFromAStreamComesAfterWhatWasWritten) {
    RunRequest request = program(kTells);
    request.scenario.arguments = {"0"};
    const auto right = run(request);
    EXPECT_THAT(right->findings, testing::IsEmpty());
    EXPECT_EQ(right->processes.front().exit.code, 0);
}

TEST_F(StepTest, FollowsSchedulesThroughStreamsOnAPipe) {
    for (const char* const late : {"0", "1"}) {
        RunRequest request = program(kTells);
        request.scenario.arguments = {late};
        request.to_the_end = true;
        EXPECT_EQ(start(request)->step->over, "step.over_finished");
        bool races = false;
        follow_outcomes(request, [&races](const explore::Outcome& outcome, const model::Snapshot& end) {
            EXPECT_THAT(outcome.value, testing::HasSubstr("lines = " + value_of(end, "lines")));
            races = races || has_finding(end, "data-race");
        });
        EXPECT_EQ(races, late[0] == '1');
    }
}

// One thread reads where nobody writes any more, for it has the other end open itself.
TEST_F(ExploreTest, AStreamThatNothingComesFromKeepsItsReaderWaiting) {
    const Exploration found = search(program(std::string(kHeaders) + R"(
        int main() {
            expect(pipe(ends) == 0);
            FILE* const from = fdopen(ends[0], "r");
            std::thread a([] { expect(write(ends[1], "1\n", 2) == 2); });
            while (fscanf(from, "%d", &data) == 1) lines++;
            a.join();
        })"));
    EXPECT_THAT(kinds(found), testing::ElementsAre("deadlock"));
}

TEST_F(ExploreTest, ProcessesPassLinesThroughStreams) {
    for (const char* const end : {"fclose(to); exit(0);", "exit(0);", "fflush(to); _exit(0);"}) {
        SCOPED_TRACE(end);
        const Exploration found = search(all(program(std::string(kHeaders) + R"(
            int main() {
                expect(pipe(ends) == 0);
                if (fork() == 0) {
                    close(ends[0]);
                    FILE* const to = fdopen(ends[1], "w");
                    for (int i = 1; i < 4; i++) fprintf(to, "%d\n", i);
                    )" + std::string(end) + R"(
                }
                close(ends[1]);
                FILE* const from = fdopen(ends[0], "r");
                for (int i; fscanf(from, "%d", &i) == 1; lines++) order = order * 10 + i;
                fclose(from);
                wait(nullptr);
            })")));
        EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
        ASSERT_EQ(found.report.outcomes.size(), 1u);
        EXPECT_THAT(found.report.outcomes.front().value, testing::HasSubstr("lines = 3, order = 123"));
    }
}

// Who uses the stream has it alone, also while it waits; a thread's line is whole.
TEST_F(ExploreTest, ThreadsShareAStream) {
    const Exploration found = search(all(program(std::string(kHeaders) + R"(
        int got[2];
        int main() {
            expect(pipe(ends) == 0);
            FILE *const to = fdopen(ends[1], "w"), *const from = fdopen(ends[0], "r");
            setvbuf(to, nullptr, _IOLBF, 0);
            std::thread a([to] { fprintf(to, "%d%d\n", 1, 2); }), b([to] { fputs("34\n", to); });
            std::thread c([from] { expect(fscanf(from, "%d", &got[0]) == 1); });
            expect(fscanf(from, "%d", &got[1]) == 1);
            a.join(); b.join(); c.join();
            fclose(to); fclose(from);
        })")));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
    EXPECT_THAT(kinds(found), testing::IsEmpty());
    EXPECT_EQ(found.report.outcomes.size(), 2u);
}

// As libc's own.
constexpr char kAsOnLibc[] = R"(
    int main() {
        char text[10000];
        expect(pipe(ends) == 0);
        expect(fdopen(ends[0], "w") == nullptr && errno == EINVAL);
        expect(fdopen(ends[1], "r+") == nullptr && errno == EINVAL);
        expect(fdopen(ends[1], "x") == nullptr && errno == EINVAL);
        FILE* const to = fdopen(ends[1], "w");
        FILE* const from = fdopen(ends[0], "r");
        expect(fileno(to) == ends[1] && fileno(from) == ends[0]);
        expect(fseek(from, 0, SEEK_SET) == -1 && errno == ESPIPE && ftell(to) == -1 && errno == ESPIPE);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        memset(text, 'x', sizeof text);
        expect(fwrite(text, 1, 4000, to) == 4000 && read(ends[0], text, sizeof text) == -1);
        expect(fwrite(text, 1, 200, to) == 200 && read(ends[0], text, sizeof text) == 4096);
        expect(fclose(to) == 0 && close(ends[1]) == -1 && errno == EBADF);
        expect(fread(text, 1, 200, from) == 104 && feof(from) && !ferror(from));
        expect(fclose(from) == 0 && fcntl(ends[0], F_GETFD) == -1);
        expect(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
        FILE* const both = fdopen(ends[0], "r+");
        expect(fputs("question\n", both) == 1 && fflush(both) == 0 && read(ends[1], text, 20) == 9 && write(ends[1], "yes\n", 4) == 4);
        expect(fgets(text, 10, both) == text && strcmp(text, "yes\n") == 0 && fclose(both) == 0);
        for (int i = 0; i < 200; i++) {
            expect(pipe(ends) == 0);
            close(ends[1]);
            expect(fclose(fdopen(ends[0], "r")) == 0);
        }
    })";

TEST_F(SessionTest, AStreamOnAPipeIsAsLibcsOwn) {
    const std::string source = std::string(kHeaders) + kAsOnLibc;
    std::ofstream(folder_ / "plain.cpp") << source;
    ASSERT_EQ(std::system(("g++ -o " + (folder_ / "plain").string() + " " + (folder_ / "plain.cpp").string() + " && " +
                           (folder_ / "plain").string())
                              .c_str()),
              0);
    EXPECT_EQ(run(program(source))->processes.front().exit.code, 0);
}

TEST_F(StepTest, AStreamOnAPipeIsAsLibcsOwn) {
    RunRequest request = program(std::string(kHeaders) + kAsOnLibc);
    request.to_the_end = true;
    const SnapshotPtr end = start(request);
    EXPECT_EQ(end->step->over, "step.over_finished");
    EXPECT_EQ(end->processes.front().exit.code, 0);
}

TEST_F(ExploreTest, AStreamOnAPipeIsAsLibcsOwn) {
    const Exploration found = search(program(std::string(kHeaders) + kAsOnLibc));
    EXPECT_EQ(found.report.verdict, VerdictKind::kNoneComplete) << found.report.reason;
}

}  // namespace
}  // namespace heddle::session
