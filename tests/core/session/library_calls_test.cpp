// What the libraries of C and C++ read and write for a program, in buffers, variables and streams of its own, is accessed by
// the program: in Run, Step and Explore.
#include <set>

#include "tests/core/session/explore_fixture.h"
#include "tests/core/session/step_fixture.h"

namespace heddle::session {
namespace {

using explore::VerdictKind;

// Calls, each with an access to the same object by another thread; argv: which one, whether a mutex orders the two, and a file.
constexpr char kCalls[] = R"program(
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/socket.h>
    #include <sys/stat.h>
    #include <sys/time.h>
    #include <sys/uio.h>
    #include <sys/wait.h>
    #include <time.h>
    #include <unistd.h>
    #include <wchar.h>
    #include <fstream>
    #include <iostream>
    #include <mutex>
    #include <sstream>
    #include <string>
    #include <thread>

    char text[64] = "12 words", buffer[64];
    char *rest = text, *line;
    int number, numbers[4] = {4, 3, 2, 1}, ends[2], sockets[2];
    size_t room;
    double ratio;
    std::string words = "a few words";
    std::istringstream in("5 lines");
    std::ostringstream out;
    std::wistringstream wide_in(L"5 lines");
    std::wostringstream wide_out;
    wchar_t wide[16] = L"12 words";
    std::wstring wide_words = L"a few words more";
    FILE* file;
    std::mutex m;

    time_t seconds;
    timespec moment;
    timeval day;
    tm date;
    struct stat status;
    int ended, more[2];
    pthread_t handle;
    void* result;
    void* nothing(void*) { return nullptr; }

    int less(const void* a, const void* b) { return *(const int*)a - *(const int*)b; }
    void write_text() { text[0] = '1'; }
    void write_buffer() { buffer[0] = 'x'; }
    void write_number() { number = 1; }
    void write_words() { words[0] = 'b'; }
    void read_words() { number = words.size(); }

    struct Pair {
        const char* name;
        void (*call)();
        void (*access)();
    } const pairs[] = {
        {"snprintf", [] { snprintf(buffer, sizeof buffer, "%5.1f of %s", 2.5, "ten"); }, write_buffer},
        {"snprintf-reads", [] { char own[64]; snprintf(own, sizeof own, "%d %-*.*s|%c", 1, 8, 4, text, 'c'); }, write_text},
        {"sprintf", [] { sprintf(buffer, "%ld%%", 7L); }, write_buffer},
        {"printf", [] { printf("%d%n, %s\n", 2, &number, text); }, write_text},
        {"printf-n", [] { printf("%d%n, %s\n", 2, &number, text); }, write_number},
        {"puts", [] { puts(text); }, write_text},
        {"fwrite", [] { fwrite(text, 1, 4, stdout); }, write_text},
        {"sscanf", [] { sscanf(text, "%d", &number); }, write_number},
        {"sscanf-reads", [] { int own; sscanf(text, "%d", &own); }, write_text},
        {"sscanf-text", [] { int own; sscanf("3 words", "%d %[a-z]", &own, buffer); }, write_buffer},
        {"atoi", [] { number = atoi(text); }, write_text},
        {"strtol", [] { strtol("1x", &rest, 10); }, [] { rest = nullptr; }},
        {"fgets", [] { fgets(buffer, sizeof buffer, file); }, write_buffer},
        {"fread", [] { if (fread(buffer, 1, 3, file) == 3) return; }, write_buffer},
        {"getline", [] { if (getline(&line, &room, file) > 0) return; }, [] { room = 0; }},
        {"fscanf", [] { if (fscanf(file, "%lf", &ratio) == 1) return; }, [] { ratio = 1; }},
        {"strtok_r", [] { strtok_r(text, " ", &rest); }, [] { text[2] = '-'; }},
        {"strcpy", [] { strcpy(buffer, "short"); }, write_buffer},
        {"qsort", [] { qsort(numbers, 4, sizeof numbers[0], less); }, [] { numbers[3] = 5; }},
        {"read", [] { if (read(ends[0], buffer, 8) == 4) return; }, write_buffer},
        {"readv", [] { iovec parts[2] = {{rest + 60, 2}, {buffer, 2}}; if (readv(ends[0], parts, 2) == 4) return; }, write_buffer},
        {"write", [] { if (write(ends[1], text, 8) == 8) return; }, write_text},
        {"recv", [] { recv(sockets[0], buffer, 8, 0); }, write_buffer},
        {"send", [] { send(sockets[0], text, 8, 0); }, write_text},
        {"in >> int", [] { in >> number; }, write_number},
        {"in >> string", [] { in >> words; }, read_words},
        {"getline(in)",
               [] { std::getline(in, words); }, read_words
}
, {"in.read", [] { in.read(buffer, 3); }, write_buffer},
    {"in twice",
     [] {
         int own;
         in >> own;
     },
     [] {
         char own;
         in.get(own);
     }},
    {"out << string", [] { out << words; }, write_words}, {"out.write", [] { out.write(text, 2); }, write_text},
    {"out twice", [] { out << 1; }, [] { out << 2.5 << std::endl; }},
    {"cout << string", [] { std::cout << words; }, write_words},
    {"time", [] { time(&seconds); }, [] { seconds = 1; }},
    {"gettimeofday", [] { gettimeofday(&day, nullptr); }, [] { day.tv_usec = 1; }},
    {"clock_gettime", [] { clock_gettime(CLOCK_MONOTONIC, &moment); }, [] { moment.tv_nsec = 1; }},
    {"gmtime_r", [] { const time_t own = 5; gmtime_r(&own, &date); }, [] { date.tm_year = 1; }},
    {"gmtime_r reads", [] { tm own; gmtime_r(&seconds, &own); }, [] { seconds = 1; }},
    {"stat", [] { if (stat("/", &status) != 0) abort(); }, [] { status.st_mode = 1; }},
    {"pipe", [] { if (pipe(more) != 0) abort(); }, [] { more[1] = 1; }},
    {"pthread_create", [] { pthread_create(&handle, nullptr, nothing, nullptr); pthread_join(handle, nullptr); },
                       [] { number = handle != 0; }},
    {"pthread_join", [] { pthread_t own; pthread_create(&own, nullptr, nothing, nullptr); pthread_join(own, &result); },
                     [] { result = &number; }},
    {"waitpid", [] { if (fork() == 0) _exit(0); waitpid(-1, &ended, 0); }, [] { ended = 1; }},
    {"strtok", [] { strtok(text, " "); }, [] { char own[] = "a b"; strtok(own, " "); }},
    {"gmtime", [] { const time_t own = 5; gmtime(&own); }, [] { const time_t own = 6; gmtime(&own); }},
    {"asctime", [] { const tm own = {}; asctime(&own); }, [] { const time_t own = 6; ctime(&own); }},
    {"swprintf", [] { swprintf(wide, 16, L"%d %ls", 5, L"x"); }, [] { wide[0] = L'x'; }},
    {"swprintf reads", [] { wchar_t own[32]; swprintf(own, 32, L"%d %ls", 5, wide); }, [] { wide[1] = L'x'; }},
    {"swscanf", [] { swscanf(L"7 x", L"%d", &number); }, write_number},
    {"fgetws", [] { fgetws(wide, 16, file); }, [] { wide[0] = L'x'; }},
    {"wprintf", [] { wprintf(L"%ls\n", wide); }, [] { wide[0] = L'x'; }},
    {"wide out << string", [] { wide_out << wide_words; }, [] { wide_words.clear(); }},
    {"wcout << text", [] { std::wcout << wide; }, [] { wide[0] = L'x'; }},
    {"wide in >> int", [] { wide_in >> number; }, write_number},
    {"wide in >> string", [] { wide_in >> wide_words; }, [] { number = wide_words.size(); }},
    {"wide out twice", [] { wide_out << 1; }, [] { wide_out << 2.5 << std::endl; }},
    {"getenv", [] { getenv("HOME"); }, [] { setenv("HOURS", "2", 1); }},
};

int main(int, char** argv) {
    const Pair& pair = pairs[atoi(argv[1])];
    const bool locks = argv[2][0] == '1';
    if (pipe(ends) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0) return 1;
    if (write(ends[1], "abcd", 4) != 4 || send(sockets[1], "abcd", 4, 0) != 4) return 1;
    file = fopen(argv[3], "r");
    const auto either = [locks](void (*action)()) {
        if (locks) m.lock();
        action();
        if (locks) m.unlock();
    };
    std::thread a(either, pair.call), b(either, pair.access);
    a.join();
    b.join();
}
)program";

// By the places in `pairs`, what the race is on.
const std::vector<std::pair<std::string, std::string>> kRaces = {{"snprintf", "buffer"},
                                                                 {"snprintf-reads", "text"},
                                                                 {"sprintf", "buffer"},
                                                                 {"printf", "text"},
                                                                 {"printf-n", "number"},
                                                                 {"puts", "text"},
                                                                 {"fwrite", "text"},
                                                                 {"sscanf", "number"},
                                                                 {"sscanf-reads", "text"},
                                                                 {"sscanf-text", "buffer"},
                                                                 {"atoi", "text"},
                                                                 {"strtol", "rest"},
                                                                 {"fgets", "buffer"},
                                                                 {"fread", "buffer"},
                                                                 {"getline", "room"},
                                                                 {"fscanf", "ratio"},
                                                                 {"strtok_r", "text"},
                                                                 {"strcpy", "buffer"},
                                                                 {"qsort", "numbers"},
                                                                 {"read", "buffer"},
                                                                 {"readv", "buffer"},
                                                                 {"write", "text"},
                                                                 {"recv", "buffer"},
                                                                 {"send", "text"},
                                                                 {"in >> int", "number"},
                                                                 {"in >> string", "words"},
                                                                 {"getline(in)", "words"},
                                                                 {"in.read", "buffer"},
                                                                 {"in twice", "in"},
                                                                 {"out << string", "words"},
                                                                 {"out.write", "text"},
                                                                 {"out twice", "out"},
                                                                 {"cout << string", "words"},
                                                                 {"time", "seconds"},
                                                                 {"gettimeofday", "day"},
                                                                 {"clock_gettime", "moment"},
                                                                 {"gmtime_r", "date"},
                                                                 {"gmtime_r reads", "seconds"},
                                                                 {"stat", "status"},
                                                                 {"pipe", "more"},
                                                                 {"pthread_create", "handle"},
                                                                 {"pthread_join", "result"},
                                                                 {"waitpid", "ended"},
                                                                 {"strtok", "strtok's saved position"},
                                                                 {"gmtime", "the result of localtime and gmtime"},
                                                                 {"asctime", "the result of asctime and ctime"},
                                                                 {"swprintf", "wide"},
                                                                 {"swprintf reads", "wide"},
                                                                 {"swscanf", "number"},
                                                                 {"fgetws", "wide"},
                                                                 {"wprintf", "wide"},
                                                                 {"wide out << string", "wide_words"},
                                                                 {"wcout << text", "wide"},
                                                                 {"wide in >> int", "number"},
                                                                 {"wide in >> string", "wide_words"},
                                                                 {"wide out twice", "wide_out"},
                                                                 {"getenv", "the environment"}};

std::vector<std::string> arguments(std::size_t call, bool locks, const std::filesystem::path& folder) {
    const std::filesystem::path file = folder / "hours";
    std::ofstream(file) << "2.5 hours\n";
    return {std::to_string(call), locks ? "1" : "0", file};
}

TEST_F(ExploreTest, WhatALibraryReadsAndWritesIsAccessed) {
    ExplorationRequest request = program(kCalls);
    for (std::size_t i = 0; i < kRaces.size(); ++i) {
        SCOPED_TRACE(kRaces[i].first);
        request.arguments = arguments(i, false, folder_);
        const Exploration racing = search(request);
        ASSERT_EQ(kinds(racing), std::vector<std::string>{"data-race"}) << racing.report.reason;
        EXPECT_THAT(racing.bugs.front().at.at(0).object, testing::StartsWith(kRaces[i].second));
        if (i % 4 != 0) continue;
        request.arguments = arguments(i, true, folder_);
        const Exploration locked = search(request);
        EXPECT_EQ(locked.report.verdict, VerdictKind::kNoneComplete) << locked.report.reason;
        EXPECT_TRUE(locked.bugs.empty());
    }
}

// Its code before main goes to the hooks without coming back.
TEST_F(ExploreTest, WhatALibraryReadsAndWritesIsAccessedByAnOptimizedProgram) {
    for (const char* const compiler : {"g++", "clang++"}) {
        ExplorationRequest request = program(kCalls, compiler, {"-O2"});
        for (std::size_t i = 0; i < kRaces.size(); i += 3) {
            SCOPED_TRACE(compiler + (" " + kRaces[i].first));
            request.arguments = arguments(i, false, folder_);
            EXPECT_EQ(kinds(search(request)), std::vector<std::string>{"data-race"});
        }
    }
}

// A call has as many ticks in both, at the gate of its thread or on a fiber.
TEST_F(StepTest, SchedulesThroughCallsOfALibraryFit) {
    RunRequest request = program(kCalls);
    request.scenario.compile_flags = {"-O2"};
    request.to_the_end = true;
    for (std::size_t i = 0; i < kRaces.size(); i += 2) {
        SCOPED_TRACE(kRaces[i].first);
        request.scenario.arguments = arguments(i, true, folder_);
        ASSERT_GT(follow_outcomes(request), 0u);
    }
}

TEST_F(SessionTest, WhatALibraryReadsAndWritesIsRecorded) {
    RunRequest request = program(kCalls);
    for (std::size_t i = 0; i < kRaces.size(); ++i) {
        SCOPED_TRACE(kRaces[i].first);
        request.scenario.arguments = arguments(i, false, folder_);
        const auto racing = run(request);
        const auto race = std::find_if(racing->findings.begin(), racing->findings.end(),
                                       [](const model::Finding& finding) { return finding.id == "data-race"; });
        ASSERT_NE(race, racing->findings.end());
        EXPECT_THAT(race->sentence.arguments.at("name"), testing::StartsWith(kRaces[i].second));
        if (i % 2 != 0) continue;
        request.scenario.arguments = arguments(i, true, folder_);
        EXPECT_FALSE(has_finding(*run(request), "data-race"));
    }
}

// Each is right, whatever its arguments: the first thread says so, or aborts; the second one goes on beside what is not
// written.
constexpr char kUnusual[] = R"program(
    #include <errno.h>
    #include <fcntl.h>
    #include <limits.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/eventfd.h>
    #include <sys/ioctl.h>
    #include <sys/mman.h>
    #include <sys/socket.h>
    #include <sys/uio.h>
    #include <unistd.h>
    #include <thread>

    struct { char room[4], behind[28]; } block;
    int ends[2], sockets[2], empty[2], quiet[2], full[2], counter;  // nothing comes from those that are empty and quiet
    void* const nowhere = (void*)8;
    void* closed;  // memory that may not be read
    bool has_room(int fd) { int inside = 0; return ioctl(fd, FIONREAD, &inside) == 0 && inside < fcntl(fd, F_GETPIPE_SZ); }
    void expect(bool right) { if (!right) abort(); }
    void refuses(long result, int why = EFAULT) { expect(result == -1 && errno == why); }

    void (*const calls[])() = {
        [] { refuses(write(ends[1], nowhere, 5)); refuses(write(STDOUT_FILENO, nullptr, 5)); },
        [] { refuses(write(ends[1], closed, 5)); refuses(write(STDOUT_FILENO, closed, 5)); },
        [] { refuses(read(ends[0], nowhere, 2)); refuses(read(ends[0], closed, 2)); refuses(read(ends[0], (void*)"text", 2)); },
        [] { refuses(writev(ends[1], nullptr, 2)); refuses(readv(ends[0], (iovec*)nowhere, 1)); },
        [] { const iovec part = {nowhere, 2}; refuses(writev(STDOUT_FILENO, &part, 1)); },
        [] { refuses(sendmsg(sockets[1], nullptr, 0)); refuses(recvmsg(sockets[0], nullptr, 0)); },
        [] { expect(getline(nullptr, nullptr, stdin) == -1); },
        [] { expect(recv(sockets[0], block.room, 4, MSG_TRUNC) == 20); },
        [] { char own[16]; snprintf(own, SIZE_MAX, "%d", 5); expect(own[0] == '5'); },
        [] { char* own = (char*)malloc(16); snprintf(own, INT_MAX, "%s", "text"); expect(strcmp(own, "text") == 0); free(own); },
        [] { expect(snprintf(nullptr, 0, "%d", 5) == 1); },
        // What the kernel answers at once where it would wait otherwise.
        [] { refuses(readv(empty[0], (iovec*)nowhere, 1)); refuses(readv(quiet[0], (iovec*)closed, 1)); },
        [] { iovec part = {block.room, 1}; refuses(readv(empty[0], &part, -1), EINVAL); refuses(readv(empty[0], &part, 1025), EINVAL); },
        [] { iovec part = {block.room, SIZE_MAX}; refuses(readv(empty[0], &part, 1), EINVAL); refuses(read(empty[0], block.room, -1)); },
        [] { refuses(recvmsg(quiet[0], (msghdr*)nowhere, 0)); msghdr m = {}; m.msg_iov = (iovec*)nowhere; m.msg_iovlen = 1;
             refuses(recvmsg(quiet[0], &m, 0)); m.msg_iovlen = 1025; refuses(recvmsg(quiet[0], &m, 0), EMSGSIZE); },
        [] { iovec part = {block.room, 0}; expect(read(empty[0], block.room, 0) == 0 && readv(empty[0], &part, 1) == 0); },
        [] { expect(read(quiet[0], block.room, 0) == 0 && readv(quiet[0], nullptr, 0) == 0); },
        [] { refuses(recv(quiet[0], block.room, 1, MSG_OOB), EINVAL); refuses(recv(empty[0], block.room, 1, 0), ENOTSOCK); },
        [] { refuses(read(empty[1], block.room, 1), EBADF); refuses(write(full[0], block.room, 1), EBADF); },
        [] { refuses(read(counter, block.room, 4), EINVAL); refuses(write(counter, block.room, 4), EINVAL); },
        [] { expect(write(full[1], block.room, 0) == 0); refuses(writev(full[1], (iovec*)nowhere, 1)); },
        [] { refuses(sendmsg(quiet[0], nullptr, 0)); refuses(send(full[1], block.room, 1, 0), ENOTSOCK); },
    };
    int main(int, char** argv) {
        closed = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        expect(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) == 0 && write(ends[1], "abcd", 4) == 4);
        expect(send(sockets[1], "twenty characters...", 20, 0) == 20);
        expect(pipe(empty) == 0 && pipe(full) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, quiet) == 0);
        counter = eventfd(0, 0);
        for (char page[4096] = {}; has_room(full[1]);) expect(write(full[1], page, sizeof page) == sizeof page);
        std::thread a(calls[atoi(argv[1])]), b([] { block.behind[4] = 1; });
        a.join(); b.join();
    }
)program";
constexpr int kUnusualCalls = 22;

TEST_F(ExploreTest, WhatACallRefusesOrLeavesAloneIsNoAccess) {
    ExplorationRequest request = program(kUnusual);
    for (int i = 0; i < kUnusualCalls; ++i) {
        SCOPED_TRACE(i);
        request.arguments = {std::to_string(i)};
        const Exploration exploration = search(request);
        EXPECT_EQ(exploration.report.verdict, VerdictKind::kNoneComplete) << exploration.report.reason;
        EXPECT_THAT(kinds(exploration), testing::IsEmpty());
    }
}

TEST_F(SessionTest, WhatACallRefusesOrLeavesAloneIsNoAccess) {
    RunRequest request = program(kUnusual);
    for (int i = 0; i < kUnusualCalls; ++i) {
        SCOPED_TRACE(i);
        request.scenario.arguments = {std::to_string(i)};
        EXPECT_TRUE(run(request)->findings.empty());
    }
}

TEST_F(StepTest, WhatACallRefusesOrLeavesAloneIsNoAccess) {
    RunRequest request = program(kUnusual);
    request.to_the_end = true;
    for (int i = 0; i < kUnusualCalls; ++i) {
        SCOPED_TRACE(i);
        request.scenario.arguments = {std::to_string(i)};
        const SnapshotPtr end = start(request);
        EXPECT_EQ(end->step->over, "step.over_finished");
        EXPECT_TRUE(end->findings.empty());
    }
}

TEST_F(ExploreTest, ALongBlockIsReadWithoutLookingAtAllOfItForEachPart) {
    const Exploration exploration = search(program(R"(
        #include <stdio.h>
        #include <thread>
        static char block[384 << 10];
        int main() {
            std::thread a([] { FILE* f = fopen("/dev/zero", "r"); if (fread(block, 1, sizeof block, f) == 0) return; fclose(f); });
            std::thread b([] {});
            a.join(); b.join();
        })"));
    EXPECT_EQ(exploration.report.verdict, VerdictKind::kNoneComplete) << exploration.report.reason;
    EXPECT_LT(exploration.report.seconds, 2.0);
}

// What a search could not tell apart any more is no step of its own there.
TEST_F(StepTest, ALongerBlockThanASearchCanServeIsRead) {
    RunRequest request = program(R"(
        #include <stdio.h>
        #include <thread>
        static char block[1 << 20];
        int got;
        int main() {
            std::thread a([] { FILE* f = fopen("/dev/zero", "r"); got = fread(block, 1, sizeof block, f); fclose(f); });
            std::thread b([] {});
            a.join(); b.join();
        })");
    request.to_the_end = true;
    const SnapshotPtr end = start(request);
    EXPECT_EQ(end->step->over, "step.over_finished");
    EXPECT_EQ(value_of(*end, "got"), "1048576");
}

// The streams' buffers are then on the descriptors themselves.
TEST_F(ExploreTest, StreamsThatAreNotSynchronizedWithStdioReadAndPrint) {
    ExplorationRequest request = all(program(R"(
        #include <iostream>
        #include <stdio.h>
        int first, second, descriptors;
        int main() {
            std::ios::sync_with_stdio(false);
            std::cin.tie(nullptr);
            std::cin >> first >> second;
            std::cout << first + second << std::endl;
            descriptors = 100 * fileno(stdin) + 10 * fileno(stdout) + fileno(stderr);
        })"));
    std::ofstream(folder_ / "input") << "3 4\n";
    request.input = folder_ / "input";
    const Exploration exploration = search(request);
    ASSERT_EQ(exploration.report.outcomes.size(), 1u) << exploration.report.reason;
    EXPECT_EQ(exploration.report.outcomes.front().value, "first = 3, second = 4, descriptors = 12; \"7\"");
}

// The other order is another output.
TEST_F(ExploreTest, WhatThreadsPrintInWideLettersIsAStep) {
    for (const char* const print : {"wprintf(L\"%ls\\n\", i == 1 ? L\"1\" : L\"2\")",
                                    "fputws(i == 1 ? L\"1\" : L\"2\", stdout)", "std::wcout << (i == 1 ? L\"1\" : L\"2\")"}) {
        const Exploration found =
            search(all(program(std::string("#include <wchar.h>\n#include <iostream>\n#include <thread>\n"
                                           "void work(int i) { ") +
                               print + "; }\nint main() { std::thread a(work, 1), b(work, 2); a.join(); b.join(); }")));
        EXPECT_EQ(found.report.outcomes.size(), 2u) << print << found.report.reason;
    }
}

TEST_F(ExploreTest, WideLettersAreReadFromTheInput) {
    for (const char* const read : {"std::wcin >> number", "wscanf(L\"%d\", &number)",
                                   "wchar_t line[8]; if (fgetws(line, 8, stdin)) number = wcstol(line, nullptr, 10)"}) {
        ExplorationRequest request =
            all(program(std::string("#include <wchar.h>\n#include <iostream>\nint number;\nint main() { ") + read + "; }\n"));
        std::ofstream(folder_ / "input") << "34\n";
        request.input = folder_ / "input";
        const Exploration found = search(request);
        ASSERT_EQ(found.report.outcomes.size(), 1u) << read << found.report.reason;
        EXPECT_EQ(found.report.outcomes.front().value, "number = 34") << read;
    }
}

// What is written there becomes visible when it is the thread's turn to write, in Step as in Explore.
TEST_F(StepTest, AScheduleThroughALibrarysWritesComesToTheSameEnd) {
    for (const char* const call :
         {"snprintf(text, sizeof text, \"%s%d\", \"thread \", i)", "sscanf(i == 1 ? \"11\" : \"22\", \"%s\", text)",
          "if (read(ends[0], text, 1) != 1) abort()", "std::istringstream(i == 1 ? \"11\" : \"22\") >> number",
          "number = rand() % 1000", "number = static_cast<int>(std::random_device()() % 1000)",
          "dprintf(1, \"%s %d\", getenv(\"HOME\"), i), number = i"}) {
        const std::string source =
            std::string(
                "#include <stdio.h>\n#include <stdlib.h>\n#include <unistd.h>\n#include <random>\n#include <sstream>\n#include "
                "<thread>\n"
                "char text[16]; int number, ends[2];\n"
                "void work(int i) { ") +
            call + R"(; }
            int main() {
                if (pipe(ends) != 0 || write(ends[1], "12", 2) != 2) return 1;
                std::thread a(work, 1), b(work, 2);
                a.join(); b.join();
            })";
        SCOPED_TRACE(call);
        const auto ends_alike = [](const explore::Outcome& outcome, const model::Snapshot& end) {
            for (const char* name : {"text", "number"}) {
                const std::string value = value_of(end, name);
                if (value == "?") continue;
                EXPECT_THAT(outcome.value, testing::HasSubstr(std::string(name) + " = " + value));
            }
        };
        ASSERT_GE(follow_outcomes(program(source), ends_alike), 2u);
    }
}

// What printf becomes with _FORTIFY_SOURCE is a step on its stream in both.
TEST_F(StepTest, FollowsAScheduleThroughFortifiedPrinting) {
    RunRequest request = program(R"(
        #include <stdio.h>
        #include <thread>
        int number = 5;
        int main() {
            std::thread a([] { printf("%d\n", number); fprintf(stdout, "%s\n", "one"); }), b([] { printf("%d\n", 2); });
            a.join(); b.join();
        })");
    request.scenario.compile_flags = {"-O2", "-D_FORTIFY_SOURCE=2"};
    request.to_the_end = true;
    ASSERT_EQ(follow_outcomes(request), 3u);
}

}  // namespace
}  // namespace heddle::session
