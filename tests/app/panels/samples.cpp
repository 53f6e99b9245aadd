#include "tests/app/panels/samples.h"

#include "core/model/explain_exploration.h"
#include "tests/app/layout/fake_timeline.h"

namespace heddle::test {
namespace {

using namespace heddle::model;

constexpr auto X = static_cast<int>(ThreadState::kRunning), R = static_cast<int>(ThreadState::kReady);
constexpr auto W = static_cast<int>(ThreadState::kWaiting), N = static_cast<int>(ThreadState::kNew);
constexpr auto T = static_cast<int>(ThreadState::kTerminated);

VariableView variable(std::string name, std::string type, std::string value, std::uint64_t address, std::uint64_t size) {
    VariableView v;
    v.name = std::move(name), v.type = std::move(type), v.value = std::move(value), v.address = address, v.size = size;
    v.source = "main.cpp:7";
    return v;
}

RegionView region(RegionKind kind, std::uint64_t start, std::uint64_t end, std::string permissions, std::string name = {}) {
    RegionView r;
    r.kind = kind, r.start = start, r.end = end, r.permissions = std::move(permissions), r.name = std::move(name);
    r.resident_bytes = kind == RegionKind::kKernel ? 0 : std::min<std::uint64_t>(end - start, 36864);
    return r;
}

std::vector<RegionView> usual_regions() {
    std::vector<RegionView> regions;
    regions.push_back(region(RegionKind::kKernel, 0xffff800000000000, 0xffffffffffffffff, "---p"));
    RegionView stack = region(RegionKind::kStack, 0x7ffd3a2c1000, 0x7ffd3a2e2000, "rw-p", "[stack]");
    stack.thread = 1, stack.growth = Growth::kDown;
    regions.push_back(stack);
    regions.push_back(
        region(RegionKind::kMapped, 0x7f2188600000, 0x7f2188640000, "r--p", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
    regions.push_back(
        region(RegionKind::kMapped, 0x7f2188400000, 0x7f2188500000, "r-xp", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30"));
    regions.push_back(
        region(RegionKind::kMapped, 0x7f2188200000, 0x7f2188340000, "r-xp", "/usr/lib/x86_64-linux-gnu/libc.so.6"));
    RegionView heap = region(RegionKind::kHeap, 0x55812f600000, 0x55812f621000, "rw-p", "[heap]");
    heap.growth = Growth::kUp;
    regions.push_back(heap);
    regions.push_back(region(RegionKind::kBss, 0x55812e114000, 0x55812e115000, "rw-p", "worker"));
    regions.push_back(region(RegionKind::kData, 0x55812e112000, 0x55812e114000, "rw-p", "worker"));
    regions.push_back(region(RegionKind::kReadOnly, 0x55812e10e000, 0x55812e112000, "r--p", "worker"));
    regions.push_back(region(RegionKind::kText, 0x55812e107000, 0x55812e10e000, "r-xp", "worker"));
    return regions;
}

ThreadView thread(Number number, std::string name, ThreadState state, Number process = 1) {
    ThreadView t;
    t.number = number, t.process = process, t.name = std::move(name), t.state = state;
    t.index = trace::ThreadIndex(static_cast<std::uint32_t>(number - 1));
    t.tid = ThreadId(4710 + number), t.pid = ProcessId(4711);
    t.main = number == 1;
    t.file = "/home/student/lost_update/main.cpp", t.line = 7;
    t.dispatches = 318, t.preemptions = 61, t.voluntary_switches = 257, t.migrations = 3;
    t.running_time = Nanoseconds(12'400'000), t.ready_time = Nanoseconds(3'100'000), t.waiting_time = Nanoseconds(42'000'000);
    t.cpu = CpuId(0);
    return t;
}

PcbField field(std::string key, std::string value, bool changed = false, bool is_key = false) {
    return {std::move(key), std::move(value), is_key, changed};
}

SourceFile source() {
    SourceFile file;
    file.path = "/home/student/lost_update/main.cpp";
    file.lines = {"#include <thread>",
                  "",
                  "int counter = 0;  // 두 스레드가 함께 쓰는 변수",
                  "",
                  "void work() {",
                  "    for (int i = 0; i < 3; ++i)",
                  "        counter++;  // 한 줄이지만 세 단계",
                  "}",
                  "",
                  "int main() {",
                  "    std::thread a(work), b(work);",
                  "    a.join();",
                  "    b.join();",
                  "    return counter == 6 ? 0 : 1;",
                  "}"};
    for (const std::string& line : file.lines) file.text += line + "\n";
    return file;
}

std::shared_ptr<Snapshot> base(std::string scenario) {
    auto s = std::make_shared<Snapshot>();
    s->run.scenario = std::move(scenario), s->run.variant = "broken", s->run.program = "/tmp/worker", s->run.machine = "lab",
    s->run.cpus = 2;
    s->status = RunStatus::kEnded;
    s->following = false;
    s->switches.source = "switches.kernel", s->switches.captured = 318, s->switches.kernel = 318, s->switches.preempted = 61;
    s->switches.voluntary = 257, s->switches.migrations = 3;
    return s;
}

// counter++ of T2 and T3 interleaved: both read 0, T2 has just written 1.
trace::EventLogView race_log(std::uint64_t counter) {
    trace::EventLog log;
    std::vector<trace::PackedEvent> events;
    for (int tid = 4711; tid <= 4713; ++tid) log.thread(ThreadId(tid), ProcessId(4711), Nanoseconds(0));
    for (int i = 0; i < 57; ++i) {
        const bool read2 = i == 50, read3 = i == 52, write2 = i == 56;
        const auto kind = write2 ? trace::Kind::kWrite : trace::Kind::kRead;
        const std::uint32_t thread = read3 ? 2 : read2 || write2 ? 1 : 0;
        const std::uint64_t address = read2 || read3 || write2 ? counter : 0x1000;
        events.push_back(
            {i == 56 ? 61'200 : i * 1000, address, write2 ? 1ULL : 0ULL, trace::make_tail(kind, 2, 0x401000), thread, 0});
    }
    events.push_back({118'000, 0x1000, 0, trace::make_tail(trace::Kind::kRead, 2, 0x401000), 0, 0});
    log.insert(std::move(events));
    return log.view();
}

}  // namespace

std::shared_ptr<Snapshot> sample_states() {
    auto s = base("process/states");
    s->threads = {thread(1, "worker", ThreadState::kWaiting), thread(2, "T2", ThreadState::kRunning)};
    s->threads[0].cause = Cause::kIo, s->threads[0].waits_for = "read(fd 3)", s->threads[0].changed = true;
    ProcessView process;
    process.number = 1, process.pid = ProcessId(4711), process.parent_pid = ProcessId(4702), process.name = "worker",
    process.threads = {1, 2};
    process.regions = usual_regions();
    RegionView& stack = process.regions[1];
    FrameView main_frame;
    main_frame.function = "main", main_frame.file = "main.cpp", main_frame.line = 23;
    main_frame.variables = {variable("buf", "char[64]", "\"GET /index.html\"", 0x7ffd3a2e1e00, 64),
                            variable("n", "int", "64", 0x7ffd3a2e1dfc, 4),
                            variable("head", "Node*", "0x55812f6002a0", 0x7ffd3a2e1df0, 8)};
    main_frame.variables[1].changed = true, main_frame.variables[1].writer = 1;
    main_frame.variables[2].points_to = 0x55812f6002a0;
    stack.frames = {main_frame};
    stack.changed = true;
    BlockView node;
    node.address = 0x55812f6002a0, node.size = 24, node.allocated_at = "main.cpp:12", node.owner = 1,
    node.contents = "{7, 0x55812f6002c0}";
    BlockView gone = node;
    gone.address = 0x55812f6002c0, gone.freed = true, gone.freed_by = 2, gone.freed_line = 19, gone.contents.clear();
    process.regions[5].blocks = {node, gone};
    process.regions[7].variables = {variable("requests", "long", "12", 0x55812e112010, 8)};
    s->threads[0].stack = stack.frames;
    process.pcb = {field("pcb.pid", "4711"),
                   field("pcb.state", "state.waiting", true, true),
                   field("pcb.program_counter", "main.cpp:23"),
                   field("pcb.stack_pointer", "7ffd 3a2c 3e08"),
                   field("pcb.page_tables", "24 KiB · RSS 1.6 MiB"),
                   field("pcb.open_files", "0 1 2 3 → data.txt", true),
                   field("pcb.priority", "CFS nice 0"),
                   field("pcb.cpu_time", "12.4 ms"),
                   field("pcb.voluntary_switches", "257 / 61", true),
                   field("pcb.parent", "4702 heddle")};
    s->processes = {process};
    s->cpus = {{CpuId(0), 2, 318, {{1, Nanoseconds(7'000'000)}, {2, Nanoseconds(5'400'000)}}}};
    auto timeline = std::make_shared<FakeTimeline>();
    const auto t1 = timeline->add_lane(LaneKind::kThread, 1), t2 = timeline->add_lane(LaneKind::kThread, 2),
               cpu = timeline->add_lane(LaneKind::kCpu, 0);
    timeline->add(t1, 0, 10'000, X), timeline->add(t1, 10'000, 24'000, W, Cause::kIo),
        timeline->add(t1, 24'000, 28'000, R, Cause::kWakeUp);
    timeline->add(t1, 28'000, 40'000, X), timeline->add(t1, 40'000, 46'000, R, Cause::kTimeOut),
        timeline->add(t1, 46'000, 55'000, X);
    timeline->add(t1, 55'000, 62'000, W, Cause::kIo);
    timeline->add(t2, 4'000, 10'000, N), timeline->add(t2, 10'000, 28'000, X), timeline->add(t2, 28'000, 40'000, R),
        timeline->add(t2, 40'000, 46'000, X);
    timeline->add(t2, 46'000, 55'000, R), timeline->add(t2, 55'000, 62'000, X);
    for (const auto& [from, to, who] : {std::tuple{0, 10'000, 1},
                                        {10'000, 28'000, 2},
                                        {28'000, 40'000, 1},
                                        {40'000, 46'000, 2},
                                        {46'000, 55'000, 1},
                                        {55'000, 62'000, 2}}) {
        timeline->add(cpu, from, to, who);
    }
    for (int i = 0; i < 40; ++i)
        timeline->tick_lists[t1].push_back({Nanoseconds(300 + i * 240), 1, static_cast<std::uint64_t>(i)});
    timeline->wakes = {{Nanoseconds(24'000), 2, 1, 5}};
    s->timeline = timeline;
    s->playhead = 120, s->playhead_time = Nanoseconds(62'000), s->live_time = Nanoseconds(62'000);
    s->edges[0][1] = 1, s->edges[1][2] = 318, s->edges[2][1] = 61, s->edges[2][3] = 257, s->edges[3][1] = 257;
    s->transition = Transition{1, ThreadState::kRunning, ThreadState::kWaiting, Cause::kIo, "read(fd 3)"};
    s->sentence = {"event.waits_io", {{"thread", "T1"}, {"cpu", "0"}, {"call", "read"}}, 1};
    s->exit.kind = ProcessExit::Kind::kExited;
    s->unavailable = {{"perf-registers", "perf_event_open: Permission denied", "sudo sysctl kernel.perf_event_paranoid=1"}};
    s->code.source = std::make_shared<SourceFile>(source());
    s->code.markers = {{1, 7}, {2, 7}};
    s->code.current_line = 7, s->code.current_thread = 1;
    return s;
}

std::shared_ptr<Snapshot> sample_race() {
    auto s = base("races/lost-update");
    s->threads = {thread(1, "T1", ThreadState::kWaiting), thread(2, "T2", ThreadState::kRunning),
                  thread(3, "T3", ThreadState::kReady)};
    s->threads[0].cause = Cause::kJoin, s->threads[0].waits_for = "pthread_join", s->threads[0].line = 12;
    FrameView work;
    work.function = "work", work.file = "main.cpp", work.line = 7;
    work.variables = {variable("i", "int", "0", 0x7f21877fee1c, 4)};
    s->threads[1].stack = {work}, s->threads[2].stack = {work};
    s->threads[2].stack[0].variables[0].value = "1";
    ProcessView process;
    process.number = 1, process.pid = ProcessId(4711), process.name = "lost_update", process.threads = {1, 2, 3};
    process.regions = usual_regions();
    VariableView counter = variable("counter", "int", "1", 0x55812e114040, 4);
    counter.changed = true, counter.writer = 2;
    process.regions[6].variables = {counter};
    process.regions[6].changed = true;
    RegionView stack2 = region(RegionKind::kStack, 0x7f2187000000, 0x7f2187800000, "rw-p", "");
    stack2.thread = 2, stack2.growth = Growth::kDown, stack2.frames = s->threads[1].stack;
    RegionView stack3 = region(RegionKind::kStack, 0x7f2186000000, 0x7f2186800000, "rw-p", "");
    stack3.thread = 3, stack3.growth = Growth::kDown, stack3.frames = s->threads[2].stack;
    process.regions.insert(process.regions.begin() + 5, {stack2, stack3});
    process.pcb = {field("pcb.pid", "4711"), field("pcb.state", "state.running", false, true)};
    s->processes = {process};
    s->cpus = {{CpuId(0), 2, 12, {{2, Nanoseconds(40'000)}}}, {CpuId(1), kNobody, 9, {{3, Nanoseconds(20'000)}}}};
    auto timeline = std::make_shared<FakeTimeline>();
    const auto t1 = timeline->add_lane(LaneKind::kThread, 1), t2 = timeline->add_lane(LaneKind::kThread, 2),
               t3 = timeline->add_lane(LaneKind::kThread, 3);
    const auto cpu0 = timeline->add_lane(LaneKind::kCpu, 0), cpu1 = timeline->add_lane(LaneKind::kCpu, 1);
    timeline->add(t1, 0, 9'000, X), timeline->add(t1, 9'000, 118'000, W, Cause::kJoin);
    timeline->add(t2, 4'000, 14'000, R), timeline->add(t2, 14'000, 61'000, X),
        timeline->add(t2, 61'000, 90'000, R, Cause::kTimeOut), timeline->add(t2, 90'000, 118'000, X);
    timeline->add(t3, 8'000, 33'000, R), timeline->add(t3, 33'000, 49'000, X),
        timeline->add(t3, 49'000, 118'000, R, Cause::kTimeOut);
    timeline->add(cpu0, 0, 9'000, 1), timeline->add(cpu0, 14'000, 61'000, 2), timeline->add(cpu0, 90'000, 118'000, 2),
        timeline->add(cpu1, 33'000, 49'000, 3);
    for (int i = 0; i < 30; ++i)
        timeline->tick_lists[t2].push_back({Nanoseconds(15'000 + i * 1500), 1, static_cast<std::uint64_t>(i)});
    timeline->wakes = {{Nanoseconds(14'000), 1, 2, 5}, {Nanoseconds(33'000), 0, 3, 7}};
    s->timeline = timeline;
    s->playhead = 57, s->playhead_time = Nanoseconds(61'200), s->live_time = Nanoseconds(118'000);
    s->edges[0][1] = 3, s->edges[1][2] = 6, s->edges[2][1] = 2, s->edges[2][3] = 1;
    s->sentence.key = "event.write", s->sentence.thread = 2;
    s->code.source = std::make_shared<SourceFile>(source());
    s->log = race_log(counter.address);
    s->code.markers = {{1, 12}, {2, 7}, {3, 7}};
    s->code.current_line = 7, s->code.current_thread = 2;
    return s;
}

std::shared_ptr<Snapshot> sample_fork() {
    auto s = base("process/fork-copy-on-write");
    s->threads = {thread(1, "parent", ThreadState::kRunning, 1), thread(2, "child", ThreadState::kReady, 2)};
    for (Number n = 1; n <= 2; ++n) {
        ProcessView process;
        process.number = n, process.parent = n == 2 ? 1 : kNobody;
        process.pid = ProcessId(4710 + n), process.parent_pid = ProcessId(n == 2 ? 4711 : 4702);
        process.name = n == 1 ? "parent" : "child", process.threads = {n};
        process.regions = usual_regions();
        for (RegionView& r : process.regions) {
            if (r.kind == RegionKind::kStack) r.thread = n;
            r.shared = r.kind == RegionKind::kMapped || r.kind == RegionKind::kText || r.kind == RegionKind::kReadOnly ||
                       r.kind == RegionKind::kHeap;
        }
        process.regions[7].variables = {variable("balance", "int", n == 1 ? "100" : "42", 0x55812e112010, 4)};
        if (n == 2)
            process.regions[7].variables[0].changed = true, process.regions[7].variables[0].writer = 2,
            process.regions[7].changed = true;
        for (int i = 0; i < 4; ++i) {
            PageView page;
            page.address = 0x55812e110000 + 0x1000 * static_cast<std::uint64_t>(i);
            page.present = i != 3, page.exclusive = i == 2, page.file = i == 0, page.changed = i == 2 && n == 2;
            page.frame_number = i == 3 ? 0 : 0x1a2b0 + static_cast<std::uint64_t>(i) + (i == 2 && n == 2 ? 0x400 : 0);
            page.holds = i == 2 ? "balance" : i == 1 ? "table" : "";
            process.pages.push_back(page);
        }
        process.pcb = {field("pcb.pid", std::to_string(4710 + n)), field("pcb.parent", n == 2 ? "4711" : "4702")};
        s->processes.push_back(process);
    }
    auto timeline = std::make_shared<FakeTimeline>();
    const auto t1 = timeline->add_lane(LaneKind::kThread, 1, 1), t2 = timeline->add_lane(LaneKind::kThread, 2, 2),
               cpu = timeline->add_lane(LaneKind::kCpu, 0);
    timeline->add(t1, 0, 2'000'000, X), timeline->add(t1, 2'000'000, 3'000'000, W, Cause::kChild),
        timeline->add(t2, 1'000'000, 2'000'000, R), timeline->add(t2, 2'000'000, 3'000'000, X);
    timeline->add(cpu, 0, 2'000'000, 1), timeline->add(cpu, 2'000'000, 3'000'000, 2);
    s->timeline = timeline;
    s->playhead = 30, s->playhead_time = Nanoseconds(2'100'000), s->live_time = Nanoseconds(3'000'000);
    s->sentence.thread = 2;
    s->cpus = {{CpuId(0), 1, 12, {{1, Nanoseconds(2'000'000)}, {2, Nanoseconds(1'000'000)}}}};
    return s;
}

namespace {

SyncView object(SyncKind kind, std::string name, std::vector<Number> holders, std::vector<Number> waiters) {
    SyncView view;
    view.process = 1, view.kind = kind, view.name = std::move(name);
    view.holders = std::move(holders), view.waiters = std::move(waiters);
    return view;
}

}  // namespace

std::shared_ptr<Snapshot> sample_crowd() {
    auto s = base("scheduling/time-slice");
    auto timeline = std::make_shared<FakeTimeline>();
    for (Number n = 1; n <= 3; ++n) {
        ProcessView process;
        process.number = n, process.pid = ProcessId(90000 + n),
        process.name = "a_program_with_a_really_long_name_" + std::to_string(n);
        process.regions = usual_regions();
        process.regions[7].variables = {variable("configuration_of_the_worker_pool", "std::vector<std::string>",
                                                 "{\"one long element\", \"another long element\"}", 0x55812e112010, 24)};
        process.pcb = {field("pcb.pid", std::to_string(90000 + n)),
                       field("pcb.open_files", "0 1 2 3 → /var/lib/heddle/a/very/long/path/to/some/data/file.txt", true)};
        s->processes.push_back(process);
    }
    for (Number n = 1; n <= 24; ++n) {
        const Number process = 1 + (n - 1) / 8;
        ThreadView t = thread(n, "connection-handler-" + std::to_string(n), static_cast<ThreadState>(n % 5), process);
        t.waits_for = "epoll_wait(fd 12)", t.cause = Cause::kIo;
        FrameView frame;
        frame.function = "handle_connection_with_a_long_name", frame.file = "server.cpp", frame.line = 120 + n;
        frame.variables = {variable("request_header", "std::string", "\"GET /a/very/long/path HTTP/1.1\"", 0x7ffd3a2e1df0, 32),
                           variable("n", "int", std::to_string(n), 0x7ffd3a2e1dec, 4)};
        t.stack = {frame, frame};
        s->threads.push_back(t);
        s->processes[static_cast<std::size_t>(process) - 1].threads.push_back(n);
        const auto lane = timeline->add_lane(LaneKind::kThread, n, process);
        for (int i = 0; i < 40; ++i) timeline->add(lane, i * 500'000, (i + 1) * 500'000, 1 + (i + n) % 3);
    }
    for (int c = 0; c < 8; ++c) {
        const auto lane = timeline->add_lane(LaneKind::kCpu, c);
        for (int i = 0; i < 40; ++i) timeline->add(lane, i * 500'000, (i + 1) * 500'000, 1 + (i + c * 3) % 24);
        s->cpus.push_back(
            {CpuId(c), c % 3 == 0 ? kNobody : c + 1, 4000, {{c + 1, Nanoseconds(5'000'000)}, {c + 2, Nanoseconds(5'000'000)}}});
    }
    s->timeline = timeline;
    s->playhead = 1'234'567, s->playhead_time = Nanoseconds(12'345'678), s->live_time = Nanoseconds(20'000'000);
    s->edges[0][1] = 24, s->edges[1][2] = 123'456, s->edges[2][1] = 60'000, s->edges[2][3] = 63'456, s->edges[3][1] = 63'000,
    s->edges[2][4] = 5;
    s->edges[3][4] = 3;  // killed while they waited
    s->code.source = std::make_shared<SourceFile>(source());
    for (Number n = 1; n <= 24; ++n) s->code.markers.push_back({n, 1 + n % 15});
    s->code.current_line = 7, s->code.current_thread = 3;
    for (int i = 0; i < 12; ++i) {
        s->sync.push_back(object(SyncKind::kReadWrite, "configuration_of_the_worker_pool[" + std::to_string(i) + "].guard", {}, {}));
        s->sync.back().shared = true;
        for (Number n = 1; n <= 24; ++n) (n % 3 == 0 ? s->sync.back().holders : s->sync.back().waiters).push_back(n);
    }
    s->sync_left_out = 4000;
    return s;
}

std::shared_ptr<Snapshot> sample_locks() {
    auto s = base("races/deadlock");
    s->threads = {thread(1, "main", ThreadState::kWaiting), thread(2, "pay_bob", ThreadState::kWaiting),
                  thread(3, "pay_alice", ThreadState::kWaiting), thread(4, "auditor", ThreadState::kWaiting)};
    s->sync = {object(SyncKind::kMutex, "alice.mutex", {2}, {3, 4}), object(SyncKind::kMutex, "bob.mutex", {3}, {2}),
               object(SyncKind::kSemaphore, "free_printers", {}, {}), object(SyncKind::kCondition, "not_empty", {}, {}),
               object(SyncKind::kBarrier, "all_here", {}, {}), object(SyncKind::kThread, "T2", {2}, {1})};
    s->sync[0].in_cycle = s->sync[1].in_cycle = s->sync[1].changed = true;
    s->sync[2].permits = 3;
    s->sync[3].mutex = "queue.mutex";
    s->sync[4].parties = 3, s->sync[4].rounds = 1;
    s->wait_cycles = {{{{2, 1}, {3, 0}},
                       {"sync.cycle.two",
                        {{"first", "T2"}, {"first_lock", "alice.mutex"}, {"second", "T3"}, {"second_lock", "bob.mutex"}},
                        kNobody}}};
    s->sentence = {"event.lock_asks_held", {{"thread", "T2"}, {"name", "bob.mutex"}, {"owner", "T3"}}, 2};
    return s;
}

namespace {

trace::Step explored_step(int thread, trace::OperationKind kind) {
    trace::Step step{};
    step.thread = static_cast<std::uint8_t>(thread - 1);
    step.operation.kind = kind;
    return step;
}

// "12r2w": T1 begins, T2 reads and writes; "r" and "w" belong to the thread before them.
std::vector<trace::Step> explored_steps(std::string_view text) {
    std::vector<trace::Step> steps;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char what = i + 1 < text.size() ? text[i + 1] : ' ';
        const bool access = what == 'r' || what == 'w';
        const auto kind = !access ? trace::OperationKind::kStart
                                  : what == 'r' ? trace::OperationKind::kRead : trace::OperationKind::kWrite;
        steps.push_back(explored_step(text[i] - '0', kind));
        i += access ? 1 : 0;
    }
    return steps;
}

StepText explored_words(const trace::Step& step) {
    StepText text;
    text.thread = step.thread + 1;
    text.operation = step.operation.kind == trace::OperationKind::kRead    ? "read"
                     : step.operation.kind == trace::OperationKind::kWrite ? "write"
                                                                           : "start";
    if (text.operation == "start") return text;
    text.object = "counter", text.file = "main.cpp", text.line = 7, text.user_code = true;
    if (text.operation == "read") text.value = "0";
    return text;
}

std::shared_ptr<Snapshot> explored(const std::shared_ptr<ExploreSnapshot>& exploration, RunStatus status) {
    auto s = std::make_shared<Snapshot>();
    s->run.scenario = "races/lost-update", s->run.variant = "broken", s->run.mode = "explore";
    s->run.parameters = {{"threads", 2}, {"increments", 1}};
    s->run.badge = Badge::kControlled;
    s->status = status;
    s->code.source = std::make_shared<SourceFile>(source());
    s->exploration = exploration;
    for (const FoundBug& bug : exploration->bugs) s->findings.push_back({bug.kind, sentence_of(bug), std::nullopt, bug.schedule, {}, bug.other_order});
    return s;
}

}  // namespace

std::shared_ptr<Snapshot> sample_exploration() {
    auto found = std::make_shared<ExploreSnapshot>();
    TreeBuilder tree(explored_words);
    tree.add(explored_steps("12r2w3r3w1"), 2, false, "h1:1.1,2.2,3.2,1.2");
    tree.add(explored_steps("12r3r3w2w1"), 1, false, "h1:1.1,2.1,3.2,2.2,1.2");
    tree.add(explored_steps("12r3r2w3w1"), 1, false, "h1:1.1,2.1,3.1,2.2,3.2,1.2");
    tree.add(explored_steps("13r3w2r2w1"), 2, false, "h1:1.1,3.2,2.2,1.2");
    found->tree = std::make_shared<InterleavingTree>(tree.tree());
    found->tree_is_whole = true;
    found->status = ExploreStatus::kEnded, found->verdict = ExploreVerdict::kBug;
    found->executions = 4, found->seconds = 0.01;
    found->outcomes = {{"counter = 2", 2, "h1:1.1,2.2,3.2,1.2", ""}, {"counter = 1", 2, "h1:1.1,2.1,3.2,2.2,1.2", "wrong-result"}};
    found->distinct_outcomes = 2;
    found->outcome_places = {0, 1};
    FoundBug race, wrong;
    for (const trace::Step& step : explored_steps("12r2w3r3w1")) race.steps.push_back(explored_words(step));
    race.kind = "data-race", race.schedule = "h1:1.1,2.2,3.2,1.2", race.at = {race.steps[2], race.steps[3]}, race.line = 7;
    race.other_order = "h1:1.1,2.1,3.1";
    for (const trace::Step& step : explored_steps("12r3r3w2w1")) wrong.steps.push_back(explored_words(step));
    wrong.kind = "wrong-result", wrong.text = "counter = 1, expected 2", wrong.preemptions = 1;
    wrong.schedule = "h1:1.1,2.1,3.2,2.2,1.2";
    found->bugs = {race, wrong};
    return explored(found, RunStatus::kEnded);
}

std::shared_ptr<Snapshot> sample_repaired() {
    auto found = std::make_shared<ExploreSnapshot>();
    TreeBuilder tree(explored_words);
    tree.add(explored_steps("12r2w3r3w1"), 2, false, "h1:1.1,2.2,3.2,1.2");
    tree.add(explored_steps("13r3w2r2w1"), 2, false, "h1:1.1,3.2,2.2,1.2");
    found->tree = std::make_shared<InterleavingTree>(tree.tree());
    found->tree_is_whole = true;
    found->status = ExploreStatus::kEnded, found->verdict = ExploreVerdict::kNoneComplete;
    found->executions = 2, found->seconds = 0.01;
    found->outcomes = {{"counter = 2", 2, "h1:1.1,2.2,3.2,1.2", ""}};
    found->distinct_outcomes = 1;
    found->outcome_places = {0};
    auto s = explored(found, RunStatus::kEnded);
    s->run.variant = "mutex";
    s->claims = {{"no-bad-order", true, true, ""}};
    return s;
}

std::shared_ptr<Snapshot> sample_unsupported() {
    auto found = std::make_shared<ExploreSnapshot>();
    found->status = ExploreStatus::kEnded, found->verdict = ExploreVerdict::kNoneBounded;
    found->executions = 1, found->seconds = 0.01;
    found->incomplete = {"explore.incomplete.call", {{"call", "fork"}}, kNobody};
    auto s = explored(found, RunStatus::kEnded);
    s->claims = {{"can-be-lost", false, false, ""}};
    return s;
}

std::shared_ptr<Snapshot> sample_turns() {
    auto s = sample_race();
    s->run.mode = "step", s->run.badge = Badge::kControlled;
    s->run.parameters = {{"threads", 2}, {"increments", 1}};
    s->status = RunStatus::kRunning;
    s->switches.source = "switches.gate", s->switches.kernel = -1;
    s->sentence = {"event.read", {{"thread", "T3"}, {"name", "counter"}, {"value", "0"}}, 3};
    s->code.current_thread = 3;
    StepView step;
    step.step = 12, step.steps = 14, step.last = 3, step.schedule = "h1:1.5,2.2,3.2";
    step.pending = {{1, false, {"pending.join", {{"name", "T2"}}, 1}, {"pending.still_alive", {{"name", "T2"}}, 1}, "main.cpp", 12},
                    {2, true, {"pending.write", {{"name", "counter"}}, 2}, {}, "main.cpp", 7},
                    {3, true, {"pending.write", {{"name", "counter"}}, 3}, {}, "main.cpp", 7}};
    s->step = step;
    return s;
}

std::shared_ptr<Snapshot> sample_signal() {
    auto s = sample_turns();
    StepView& step = *s->step;
    step.step = step.steps = 14, step.last = 1, step.spurious = true;
    step.pending[0] = {1, true, {"pending.signal", {{"name", "not_empty"}}, 1}, {}, "main.cpp", 12, {3, 2}};
    for (const Number waiter : {2, 3}) {
        PendingView& pending = step.pending[static_cast<std::size_t>(waiter - 1)];
        pending = {waiter, false, {"pending.lock_again", {{"name", "lock"}, {"second", "not_empty"}}, waiter},
                   {"pending.not_signalled", {{"second", "not_empty"}}, waiter}, "main.cpp", 7};
        pending.awaits_signal = true, pending.may_wake = waiter == 2;
    }
    return s;
}

std::shared_ptr<Snapshot> sample_search() {
    auto found = std::make_shared<ExploreSnapshot>();
    TreeBuilder tree(explored_words);
    for (unsigned order = 0; order < 512; ++order) {
        std::string threads = "1";
        for (unsigned bit = 0; bit < 9; ++bit) threads += (order >> bit & 1) != 0 ? "2r" : "3w";
        tree.add(explored_steps(threads), order % 5, order % 100 == 99, "h1:1." + std::to_string(order));
    }
    found->tree = std::make_shared<InterleavingTree>(tree.tree());
    found->status = ExploreStatus::kExploring;
    found->executions = 1'234'567, found->seconds = 41;
    for (int i = 0; i < 5; ++i) {
        found->outcomes.push_back({"first_popped_by_the_second_worker = " + std::to_string(i) + ", in_the_warehouse = 3",
                                   static_cast<std::uint64_t>(1'000'000 >> (2 * i)), "h1:1." + std::to_string(i), ""});
        found->outcome_places.push_back(static_cast<std::uint32_t>(i));
    }
    found->distinct_outcomes = 1'290;
    return explored(found, RunStatus::kRunning);
}

std::shared_ptr<Snapshot> sample_empty() {
    return std::make_shared<Snapshot>();
}

std::shared_ptr<Snapshot> sample_long(std::size_t intervals) {
    auto s = sample_states();
    auto timeline = std::make_shared<FakeTimeline>();
    for (Number n = 1; n <= 2; ++n) {
        const auto lane = timeline->add_lane(LaneKind::kThread, n);
        for (std::size_t i = 0; i < intervals / 2; ++i) {
            const auto from = static_cast<std::int64_t>(i) * 1000;
            timeline->add(lane, from, from + 1000, 1 + static_cast<int>((i + static_cast<std::size_t>(n)) % 3));
        }
    }
    s->timeline = timeline;
    s->live_time = timeline->end(), s->playhead_time = timeline->end() / 2;
    (void)T;
    return s;
}

}  // namespace heddle::test
