#include "core/model/explain_call.h"

#include <cerrno>
#include <cstring>

#include "core/model/explain_sync.h"
#include "core/model/naming.h"
#include "core/model/wait_cause.h"

namespace heddle::model {
namespace {

using trace::CallId;
using Arguments = std::map<std::string, std::string>;

class CallExplainer {
public:
    CallExplainer(const World& before, const World& now, Number number, const Program* program)
        : before_(before),
          now_(now),
          number_(number),
          thread_(now.thread(number)),
          process_(now.process(thread_.process)),
          program_(program) {}

    Sentence begin(const trace::CallBegin& call) const;
    Sentence end(const trace::CallEnd& call) const;
    Sentence waiting(CpuId cpu) const;

private:
    Sentence say(std::string key, Arguments arguments = {}) const {
        arguments.emplace("thread", thread_text(number_));
        return {std::move(key), std::move(arguments), number_};
    }
    std::string name(std::uint64_t object) const { return name_address(now_, process_, program_, object).name; }
    Number thread_with(std::uint64_t handle) const {
        for (const Number number : process_.threads)
            if (handle != 0 && now_.thread(number).handle == handle) return number;
        return kNobody;
    }
    Number process_with(std::int64_t pid) const {
        for (auto number = static_cast<Number>(now_.process_count()); number >= 1; --number)
            if (now_.process(number).pid.value == pid) return number;
        return kNobody;
    }
    Sentence failed(CallId call, std::int64_t result) const {
        if (result == -EINTR) return plain("event.call_interrupted", call);
        const char* error = strerrorname_np(static_cast<int>(-result));
        return say("event.call_failed",
                   {{"call", std::string(trace::call_name(call))}, {"error", error ? error : std::to_string(-result)}});
    }
    Sentence plain(const char* key, CallId call) const { return say(key, {{"call", std::string(trace::call_name(call))}}); }

    const World& before_;
    const World& now_;
    Number number_;
    const ThreadWorld& thread_;
    const ProcessWorld& process_;
    const Program* program_;
};

Sentence CallExplainer::begin(const trace::CallBegin& call) const {
    if (auto sentence = explain_sync_begin(call, before_, now_, number_, program_)) return std::move(*sentence);
    switch (call.call) {
        case CallId::kThreadCreate:
            return say("event.creates");
        case CallId::kThreadJoin:
            if (const Number other = thread_with(call.object)) return say("event.joins", {{"other", thread_text(other)}});
            return say("event.joins_unknown");
        case CallId::kSleep:
            return say("event.sleeps", {{"duration", duration_text(Nanoseconds(static_cast<std::int64_t>(call.argument)))}});
        case CallId::kFork:
        case CallId::kVfork:
            return say("event.forks");
        case CallId::kExec:
            return say("event.executes");
        case CallId::kWait:
            return say("event.waits_for_child");
        case CallId::kExit:
            return say("event.exits");
        case CallId::kThreadYield:
            return say("event.asks_to_yield");
        case CallId::kThreadExit:
            return say("event.thread_exits");
        case CallId::kKill:
        case CallId::kRaise:
            return say("event.sends_signal", {{"signal", signal_text(static_cast<int>(call.argument))}});
        case CallId::kPause:
        case CallId::kSigwait:
            return say("event.waits_for_signal");
        case CallId::kLook:
            return say("event.stands_still");
        default:
            break;
    }
    if (is_io(call.call) && call.argument < 65536) {
        return say("event.io_begins",
                   {{"call", std::string(trace::call_name(call.call))}, {"fd", std::to_string(call.argument)}});
    }
    return plain("event.call_begins", call.call);
}

Sentence CallExplainer::end(const trace::CallEnd& call) const {
    if (auto sentence = explain_sync_end(call, before_, now_, number_, program_)) return std::move(*sentence);
    if (call.result < 0) return failed(call.call, call.result);
    if (is_allocation(call.call))
        return say("event.allocates", {{"n", std::to_string(call.result)}, {"address", hex_text(call.object)}});
    if (is_deallocation(call.call)) return say("event.frees", {{"address", hex_text(call.object)}});
    switch (call.call) {
        case CallId::kThreadCreate:
            if (const Number other = thread_with(call.object)) return say("event.created", {{"other", thread_text(other)}});
            for (auto other = static_cast<Number>(now_.thread_count()); other >= 1; --other)
                if (now_.thread(other).tid.value == call.result) return say("event.created", {{"other", thread_text(other)}});
            return say("event.created_unknown");
        case CallId::kThreadJoin:
            if (const Number other = thread_with(call.object)) return say("event.joined", {{"other", thread_text(other)}});
            return say("event.joined_unknown");
        case CallId::kSleep:
            return say("event.slept");
        case CallId::kFork:
        case CallId::kVfork:
        case CallId::kSpawn:
            if (call.result == 0) return say("event.fork_returned_in_child", {{"process", process_text(process_.number)}});
            if (const Number child = process_with(call.result)) return say("event.forked", {{"process", process_text(child)}});
            return say("event.forked_pid", {{"pid", std::to_string(call.result)}});
        case CallId::kWait:
            if (const Number child = process_with(call.result))
                return say("event.waited_for_child", {{"process", process_text(child)}});
            return plain("event.call_ends", call.call);
        case CallId::kThreadYield:
            return say("event.yielded");
        case CallId::kThreadDetach:
            if (const Number other = thread_with(call.object)) return say("event.detaches", {{"other", thread_text(other)}});
            break;
        case CallId::kMmap:
            return say("event.maps", {{"n", std::to_string(call.result)}, {"address", hex_text(call.object)}});
        case CallId::kMunmap:
            return say("event.unmaps", {{"address", hex_text(call.object)}});
        case CallId::kShmGet:
            return say("event.gets_segment", {{"id", std::to_string(call.result)}});
        case CallId::kShmAttach:
            return say("event.attaches_segment", {{"n", std::to_string(call.result)}, {"address", hex_text(call.object)}});
        case CallId::kShmDetach:
            return say("event.detaches_segment", {{"address", hex_text(call.object)}});
        case CallId::kOpen:
            return say("event.opened", {{"fd", std::to_string(call.result)}});
        case CallId::kKill:
            if (const Number target = process_with(call.result))
                return say("event.killed_process", {{"process", process_text(target)}});
            break;
        default:
            break;
    }
    if (call.call >= CallId::kRead && is_io(call.call)) {
        return say("event.io_ends",
                   {{"call", std::string(trace::call_name(call.call))}, {"result", std::to_string(call.result)}});
    }
    return plain("event.call_ends", call.call);
}

Sentence CallExplainer::waiting(CpuId cpu) const {
    const Waiting& why = thread_.waiting;
    Arguments arguments{{"cpu", std::to_string(cpu.value)}};
    switch (thread_.cause) {
        case Cause::kLock: {
            arguments.emplace("name", name(why.object));
            const std::string owner = other_holders(before_, number_, why.object);
            if (owner.empty()) return say("event.waits_lock", std::move(arguments));
            arguments.emplace("owner", owner);
            return say("event.waits_lock_held", std::move(arguments));
        }
        case Cause::kCondition:
            arguments.emplace("name", name(why.object));
            return say("event.waits_condition", std::move(arguments));
        case Cause::kSemaphore:
            arguments.emplace("name", name(why.object));
            return say("event.waits_semaphore", std::move(arguments));
        case Cause::kBarrier:
            arguments.emplace("name", name(why.object));
            return say("event.waits_barrier", std::move(arguments));
        case Cause::kIo: {
            arguments.emplace("call", why.call != CallId::kNone ? std::string(trace::call_name(why.call))
                                                                : std::string(syscall_name(why.syscall)));
            return say("event.waits_io", std::move(arguments));
        }
        case Cause::kJoin: {
            const Number other = thread_with(why.object);
            if (other) arguments.emplace("other", thread_text(other));
            return say(other ? "event.waits_join" : "event.waits_join_unknown", std::move(arguments));
        }
        case Cause::kSleep:
            return say("event.waits_sleep", std::move(arguments));
        case Cause::kChild:
            return say("event.waits_child", std::move(arguments));
        case Cause::kFutex:
            if (why.object == 0) return say("event.waits_futex", std::move(arguments));
            arguments.emplace("name", name(why.object));
            return say("event.waits_futex_named", std::move(arguments));
        case Cause::kSignal:
            return say("event.waits_signal", std::move(arguments));
        case Cause::kPageFault:
            return say("event.waits_page_fault", std::move(arguments));
        case Cause::kStopped:
            return say("event.waits_stopped", std::move(arguments));
        case Cause::kNone:
        case Cause::kAdmitted:
        case Cause::kDispatch:
        case Cause::kTimeOut:
        case Cause::kYield:
        case Cause::kOther:
        case Cause::kWakeUp:
        case Cause::kExit:
        case Cause::kKilled:
            break;
    }
    return say("event.waits_other", std::move(arguments));
}

}  // namespace

Sentence explain_call_begin(const trace::CallBegin& call, const World& before, const World& now, Number thread,
                            const Program* program) {
    return CallExplainer(before, now, thread, program).begin(call);
}

Sentence explain_call_end(const trace::CallEnd& call, const World& before, const World& now, Number thread,
                          const Program* program) {
    return CallExplainer(before, now, thread, program).end(call);
}

Sentence explain_waiting(const World& now, Number thread, const Program* program, CpuId cpu) {
    return CallExplainer(now, now, thread, program).waiting(cpu);
}

}  // namespace heddle::model
