#include "tests/core/runtime/lab.h"
#include "tests/support/folders.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

namespace heddle::runtime_test {
namespace {

using trace::ArenaHeader;
using trace::SlotState;
using trace::ThreadSlot;

struct Arena {
    int fd = -1;
    char* base = nullptr;
    std::uint64_t bytes = 0;
    std::uint32_t slots = 0;
    std::uint64_t capacity = 0;

    explicit Arena(const Options& options) : slots(options.slots), capacity(options.ring_capacity) {
        bytes = trace::arena_bytes(slots, capacity);
        fd = ::memfd_create("heddle-test-arena", MFD_CLOEXEC);
        EXPECT_EQ(::ftruncate(fd, static_cast<off_t>(bytes)), 0);
        base = static_cast<char*>(::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
        auto& h = header();
        h.magic = trace::kArenaMagic;
        h.version = trace::kArenaVersion;
        h.header_bytes = sizeof(ArenaHeader);
        h.slot_count = slots;
        h.slot_bytes = sizeof(ThreadSlot);
        h.ring_capacity = capacity;
        h.rings_offset = trace::rings_offset_for(slots);
        h.total_bytes = bytes;
        h.tick_source = TickSource::kCounter;
        h.process_limit = options.process_limit;
    }
    ~Arena() {
        ::munmap(base, bytes);
        ::close(fd);
    }
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    ArenaHeader& header() { return *reinterpret_cast<ArenaHeader*>(base); }
    ThreadSlot& slot(std::uint32_t i) { return reinterpret_cast<ThreadSlot*>(base + sizeof(ArenaHeader))[i]; }
    Record* ring(std::uint32_t i) {
        return reinterpret_cast<Record*>(base + trace::rings_offset_for(slots) + i * capacity * sizeof(Record));
    }

    void drain_all() {
        for (std::uint32_t i = 0; i < slots; ++i) {
            const auto state = slot(i).state.load(std::memory_order_acquire);
            if (state == static_cast<std::uint32_t>(SlotState::kFree)) continue;
            slot(i).tail.store(slot(i).head.load(std::memory_order_acquire), std::memory_order_release);
            if (state == static_cast<std::uint32_t>(SlotState::kEnded)) {
                slot(i).state.store(static_cast<std::uint32_t>(SlotState::kFree), std::memory_order_release);
            }
        }
    }

    std::vector<Tape> tapes() {
        std::vector<Tape> tapes;
        for (std::uint32_t i = 0; i < slots; ++i) {
            const ThreadSlot& s = slot(i);
            if (s.generation.load() == 0) continue;
            Tape tape;
            tape.pid = s.pid.load();
            tape.tid = s.tid.load();
            tape.state = static_cast<SlotState>(s.state.load());
            tape.dropped = s.dropped.load();
            const std::uint64_t head = s.head.load(), tail = s.tail.load();
            if (head - tail <= capacity) {
                for (std::uint64_t at = tail; at != head; ++at) tape.records.push_back(ring(i)[at % capacity]);
                tape.has_pending = s.pending.load() == 1;
                tape.pending = ring(i)[head % capacity];
            }
            tapes.push_back(std::move(tape));
        }
        return tapes;
    }
};

[[noreturn]] void become(const std::vector<std::string>& command, const Options& options, int arena, int out, int err) {
    ::dup2(out, 1);
    ::dup2(err, 2);
    std::vector<std::string> environment;
    for (char** at = environ; *at != nullptr; ++at) {
        if (std::strncmp(*at, "HEDDLE_ARENA=", 13) != 0 && std::strncmp(*at, "LD_PRELOAD=", 11) != 0)
            environment.emplace_back(*at);
    }
    if (options.with_arena) {
        ::dup2(arena, trace::kArenaDescriptor);
        environment.push_back("HEDDLE_ARENA=" + options.arena_variable);
    }
    if (options.preload) environment.push_back("LD_PRELOAD=" + runtime_library());
    std::vector<char*> argv, envp;
    for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    for (const auto& word : environment) envp.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
}

std::string directory() {
    static const std::string path = [] {
        std::string name = std::filesystem::temp_directory_path() / "heddle-runtime-test-XXXXXX";
        EXPECT_NE(::mkdtemp(name.data()), nullptr);
        return name;
    }();
    return path;
}

struct Cleanup : ::testing::Environment {
    void TearDown() override { std::filesystem::remove_all(directory()); }
};
const auto* const g_cleanup = ::testing::AddGlobalTestEnvironment(new Cleanup);

}  // namespace

std::vector<Record> Tape::of(Kind kind) const {
    std::vector<Record> found;
    for (const Record& record : records) {
        if (record.kind() == kind) found.push_back(record);
    }
    return found;
}

std::vector<Record> Tape::calls(CallId id, Kind kind) const {
    std::vector<Record> found;
    for (const Record& record : of(kind)) {
        if (record.detail() == static_cast<std::uint8_t>(id)) found.push_back(record);
    }
    return found;
}

std::string Tape::payload(std::size_t index) const {
    std::string bytes;
    const std::size_t size = records[index].value;
    for (std::size_t i = index + 1; i < records.size() && records[i].kind() == Kind::kPayload; ++i) {
        char raw[24];
        std::memcpy(raw, &records[i], sizeof raw);
        bytes.append(raw, sizeof raw);
    }
    EXPECT_GE(bytes.size(), size);
    bytes.resize(size);
    return bytes;
}

const Tape& Outcome::first() const {
    static const Tape kNone;
    for (const Tape& tape : tapes) {
        if (!tape.records.empty() && tape.records[0].kind() == Kind::kProcessStart && tape.records[0].detail() == 0)
            return tape;
    }
    ADD_FAILURE() << "no thread recorded the start of the first process";
    return kNone;
}

std::vector<const Tape*> Outcome::of_pid(std::int32_t pid) const {
    std::vector<const Tape*> found;
    for (const Tape& tape : tapes) {
        if (tape.pid == pid) found.push_back(&tape);
    }
    return found;
}

std::vector<Record> Outcome::all(Kind kind) const {
    std::vector<Record> found;
    for (const Tape& tape : tapes) {
        const auto of_tape = tape.of(kind);
        found.insert(found.end(), of_tape.begin(), of_tape.end());
    }
    return found;
}

std::uint64_t Outcome::dropped() const {
    std::uint64_t sum = 0;
    for (const Tape& tape : tapes) sum += tape.dropped;
    return sum;
}

Outcome run(const std::vector<std::string>& command, const Options& options) {
    Arena arena(options);
    int out[2], err[2];
    EXPECT_EQ(::pipe2(out, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(err, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    if (child == 0) become(command, options, arena.fd, out[1], err[1]);
    ::close(out[1]);
    ::close(err[1]);
    Outcome outcome;
    pollfd ends[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
    std::string* texts[2] = {&outcome.out, &outcome.err};
    for (int open = 2; open > 0;) {
        ::poll(ends, 2, options.drain ? 1 : 60000);
        if (options.drain) arena.drain_all();
        for (int i = 0; i < 2; ++i) {
            if (ends[i].revents == 0) continue;
            char buffer[65536];
            const ssize_t got = ::read(ends[i].fd, buffer, sizeof buffer);
            if (got > 0) {
                texts[i]->append(buffer, static_cast<std::size_t>(got));
            } else {
                ends[i].fd = -1;
                --open;
            }
        }
    }
    ::waitpid(child, &outcome.wait_status, 0);
    ::close(out[0]);
    ::close(err[0]);
    outcome.tapes = arena.tapes();
    outcome.threads_without_slot = arena.header().threads_without_slot.load();
    outcome.live_processes = arena.header().live_processes.load();
    return outcome;
}

std::string runtime_library() {
    return testing_support::build_folder() + "/libheddle_rt.so";
}

std::string program(const std::string& compiler, const std::string& name, bool hooked) {
    static std::map<std::string, std::string> done;
    const std::string path = directory() + "/" + name + "-" + compiler + (hooked ? "-hooked" : "-plain");
    if (done.count(path) != 0) return path;
    done[path] = path;
    const std::string source = testing_support::source_folder() + "/tests/core/runtime/programs/" + name + ".cpp";
    // Clang leaves out a read that a write to the same place follows at once, unless it is asked to keep it.
    const std::string keep = compiler == "clang++" ? " -mllvm -tsan-instrument-read-before-write" : "";
    const std::string hooks = hooked ? " -fsanitize=thread" + keep : "";
    const std::string library = hooked ? " " + runtime_library() + " -Wl,-rpath," + testing_support::build_folder() : "";
    const std::string compile = testing_support::compiler_launcher() + compiler + " -std=c++20 -g -O0 -mcx16" + hooks + " -c " +
                                source + " -o " + path + ".o";
    const std::string link = compiler + " " + path + ".o -o " + path + library + " -pthread -ldl";
    EXPECT_EQ(std::system((compile + " && " + link).c_str()), 0) << compile;
    return path;
}

std::uint64_t printed(const std::string& text, const std::string& name) {
    const std::string start = name + "=";
    for (std::size_t at = 0; at < text.size();) {
        if (text.compare(at, start.size(), start) == 0) return std::strtoull(text.c_str() + at + start.size(), nullptr, 0);
        const std::size_t end = text.find('\n', at);
        if (end == std::string::npos) break;
        at = end + 1;
    }
    return 0;
}

}  // namespace heddle::runtime_test
