#include "core/session/session.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

#include "core/base/check.h"
#include "core/session/archive.h"
#include "core/session/kept_input.h"
#include "core/session/latest_snapshot.h"
#include "core/session/live_run.h"
#include "core/session/playback.h"
#include "core/session/run_document.h"
#include "core/session/saved_steps.h"
#include "core/session/step_player.h"
#include "core/session/user_sources.h"

namespace heddle::session {
namespace {

using namespace std::chrono_literals;

constexpr Nanoseconds kCollectEvery = 1ms;
constexpr const char* kStepsAttachment = "steps";
constexpr int kThreadNice = -10;
constexpr Nanoseconds kPublishEvery = 15ms;  // about 60 snapshots a second at most

model::Transport transport_of(const Playback& playback) {
    return {playback.playhead(), playback.following(), playback.playing(), playback.speed()};
}

}  // namespace

// mutex_ guards what both sides touch; all else belongs to the session's thread once it runs.
struct Session::Impl {
    RunRequest request;                     // of a live run
    std::stop_source building;              // asked to stop: building is cancelled
    std::unique_ptr<LiveRun> live;          // null: not started yet, or a saved run
    std::unique_ptr<RunDocument> document;  // null: nothing to show yet, or the run could not be started
    Playback playback{true};
    std::optional<catalog::OwnProgram> own_program;  // of a saved run
    std::unique_ptr<SavedSteps> saved_steps;         // of a saved run whose threads took turns
    std::unique_ptr<StepPlayer> player;              // where the threads take turns
    Nanoseconds last_turn{}, last_publish{};
    std::uint64_t first_changed = UINT64_MAX;  // of what was collected but not folded
    bool dirty = false;                        // the last snapshot handed out is out of date

    std::future<void> retired;  // the run before, which ends in its own time

    UniqueFd wake_fd;
    std::thread thread;

    mutable std::mutex mutex;
    std::condition_variable settled_changed;
    std::deque<std::function<void()>> tasks;
    bool settled = false;  // the run ended, or could not be started, and `latest` says so
    bool quit = false;
    LatestSnapshot latest;

    void start_thread() {
        wake_fd = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
        CHECK(wake_fd);
        thread = std::thread([this] { run_thread(); });
    }

    ~Impl() {
        {
            const std::scoped_lock lock(mutex);
            quit = true;
        }
        building.request_stop();
        signal();
        if (thread.joinable()) thread.join();
    }

    void signal() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_fd.get(), &one, sizeof one);
    }

    void enqueue(std::function<void()> task) {
        {
            const std::scoped_lock lock(mutex);
            tasks.push_back(std::move(task));
        }
        signal();
    }

    // Runs a task on the session's thread and waits for its result.
    template <class Task>
    auto on_thread(Task task) {
        std::packaged_task<decltype(task())()> packaged(std::move(task));
        auto result = packaged.get_future();
        enqueue([&packaged] { packaged(); });
        return result.get();
    }

    bool recording() const { return live && !live->recorder().ended(); }

    void run_thread() {
        if (document) {
            settle();
        } else {
            start_live();
        }
        last_turn = monotonic_now();
        while (sleep()) {
            const Nanoseconds now = monotonic_now();
            run_tasks();
            if (recording()) collect();
            if (document) {
                const auto before = transport_of(playback);
                if (player) {
                    take_turns(now - last_turn);
                } else {
                    playback.advance(now - last_turn, document->log(), document->steps(), recording());
                }
                dirty = dirty || before.playhead != playback.playhead() || before.playing != playback.playing();
            }
            last_turn = now;
            if (dirty && document && (latest.watched() || !recording()) && now - last_publish >= kPublishEvery) publish();
        }
    }

    // Lets the threads go on as the learner wants them to.
    void take_turns(Nanoseconds elapsed) {
        if (player->advance(elapsed)) dirty = true;
        if (recording()) collect();
        if (auto way = player->take_other_way()) begin_anew(*way);
    }

    // The same run again, another way from some step on. What was seen last stays to be seen until it is there.
    void begin_anew(const sched::Schedule& way) {
        const StepPlayer::Manner manner = player->manner();
        player.reset();
        request.schedule = sched::to_text(way);
        retired =
            std::async(std::launch::async, [before = std::shared_ptr<LiveRun>(std::move(live))]() mutable { before.reset(); });
        start_run(true);
        if (player) player->set_manner(manner);
    }

    // Builds and starts the program; what goes wrong is the snapshot's failure.
    void start_live() {
        auto snapshot = std::make_shared<model::Snapshot>();
        snapshot->run = describe_run(request);
        snapshot->status = model::RunStatus::kBuilding;
        latest.put(snapshot);
        start_run();
        // Where permitted: among a hundred busy threads of a lab, the one that watches and ends it must get its turn. Only now,
        // for the lab would inherit it.
        if (live) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kThreadNice);
        if (live && request.start_playing) {
            if (!player) playback.apply(model::Play{}, document->log(), document->steps());
        }
    }

    void start_run(bool a_step = false) {
        const auto progress = [&](const catalog::BuildProgress& at) {
            auto step = std::make_shared<model::Snapshot>();
            step->run = describe_run(request);
            step->status = model::RunStatus::kBuilding;
            step->building = {at.step, at.steps, at.file.filename().string()};
            latest.put(std::move(step));
        };
        auto started = LiveRun::start(request, {building.get_token(), progress});
        if (!started) {
            latest.put(failed_to_start(started.error()));
            set_settled();
            return;
        }
        live = std::move(*started);
        first_changed = UINT64_MAX;
        playback = Playback(true);
        document = std::make_unique<RunDocument>(live->state(), request.scenario);
        if (live->gate() == nullptr) return;
        // Its text was checked at the start.
        auto schedule =
            request.schedule.empty() ? sched::Schedule{} : sched::parse_schedule(request.schedule).value_or(sched::Schedule{});
        player = std::make_unique<StepPlayer>(*live->gate(), *document, playback, std::move(schedule), a_step);
        if (request.to_the_end) player->set_manner({.playing = true, .speed = 1});
    }

    // With the source and the errors in it, where there are some.
    std::shared_ptr<const model::Snapshot> failed_to_start(const catalog::BuildError& error) {
        auto failed = std::make_shared<model::Snapshot>();
        failed->run = describe_run(request);
        failed->status = model::RunStatus::kFailed;
        failed->failure = error.message();
        const catalog::Variant& variant = *request.scenario.variant(request.variant);
        failed->build_messages = build_messages(variant, error.diagnostics);
        if (failed->build_messages.empty()) return failed;
        failed->code.sources = source_files(user_sources(variant, {}));
        for (const model::BuildMessage& message : failed->build_messages)
            for (const auto& source : failed->code.sources)
                if (!failed->code.source && source->path == message.file) failed->code.source = source;
        return failed;
    }

    // Until there is something to do. False: the session is to end.
    bool sleep() {
        std::vector<pollfd> fds = {{wake_fd.get(), POLLIN, 0}};
        int timeout_ms = -1;
        if (recording()) {
            for (const int fd : live->recorder().poll_fds()) fds.push_back({fd, POLLIN, 0});
            timeout_ms = kCollectEvery / 1ms;
        } else if (playback.playing() || (player && player->playing()) || dirty) {
            timeout_ms = kPublishEvery / 1ms;
        }
        ::poll(fds.data(), fds.size(), timeout_ms);
        std::uint64_t drained = 0;
        [[maybe_unused]] const auto got = ::read(wake_fd.get(), &drained, sizeof drained);
        const std::scoped_lock lock(mutex);
        return !quit;
    }

    void run_tasks() {
        std::deque<std::function<void()>> taken;
        {
            const std::scoped_lock lock(mutex);
            taken.swap(tasks);
        }
        for (const auto& task : taken) task();
        dirty = dirty || !taken.empty();
    }

    void collect() {
        Recorder& recorder = live->recorder();
        const std::uint64_t size_before = recorder.log().size();
        const std::uint64_t changed = recorder.collect();
        if (changed < recorder.log().size() || recorder.log().size() != size_before)
            first_changed = std::min(first_changed, changed);
        // While nobody looks, folding waits until the run is over, so that it does not disturb it.
        const bool arrived = player && player->has_arrived();
        const bool looked_at = latest.watched() || player;
        if (recorder.ended() || arrived || (looked_at && first_changed != UINT64_MAX)) take_events();
        // A run that stands at the gate can be looked at as one that ended. Only this thread sets `settled`.
        if (player && !recorder.ended() && player->rests(request.to_the_end) && !settled) {
            publish();
            set_settled();
        }
        if (!recorder.ended()) return;
        document->set_state(live->state());
        document->finish();
        settle();
    }

    void take_events() {
        document->set_state(live->state());
        document->take_events(live->recorder().log().view(), std::min(first_changed, document->log().size()));
        if (first_changed != UINT64_MAX && !player) playback.log_changed(first_changed, document->log());
        if (player) player->log_changed(std::exchange(first_changed, UINT64_MAX));
        first_changed = UINT64_MAX;
        dirty = true;
    }

    void settle() {
        if (!player) playback.advance(0ns, document->log(), document->steps(), false);
        publish();
        set_settled();
    }

    void set_settled() {
        {
            const std::scoped_lock lock(mutex);
            settled = true;
        }
        settled_changed.notify_all();
    }

    void publish() {
        if (player && player->replaying() && recording()) return;
        last_publish = monotonic_now();
        dirty = false;
        latest.put(look(transport_of(playback)));
    }

    std::shared_ptr<const model::Snapshot> look(model::Transport transport) {
        if (player) transport.focus = player->focus(transport.playhead);
        const std::shared_ptr<model::Snapshot> snapshot = document->snapshot(transport);
        if (!player) return snapshot;
        snapshot->playing = player->playing();
        snapshot->following = false;
        snapshot->step = player->view(transport.playhead);
        player->add_other_orders(snapshot->findings);
        for (model::Finding& finding : player->findings()) snapshot->findings.push_back(std::move(finding));
        return snapshot;
    }

    void apply(const model::PlaybackCommand& command) {
        if (std::holds_alternative<model::StopRun>(command)) {
            if (recording()) live->recorder().stop(StopReason::kAsked);
        } else if (player && player->apply(command)) {
            take_turns(0ns);
            if (player && !player->replaying()) publish();
        } else if (document) {
            playback.apply(command, document->log(), document->steps());
        }
    }
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::start(RunRequest request) {
    auto impl = std::make_unique<Impl>();
    impl->request = TRY(complete_request(std::move(request)));
    if (!impl->request.schedule.empty()) TRY(sched::parse_schedule(impl->request.schedule));
    impl->start_thread();
    return std::unique_ptr<Session>(new Session(std::move(impl)));
}

Result<std::unique_ptr<Session>> Session::open(const std::filesystem::path& file, std::optional<catalog::Scenario> scenario) {
    trace::RunFile run = TRY(trace::open_run(file.string()));
    auto impl = std::make_unique<Impl>();
    RunState state = TRY(from_run_file(run));
    impl->own_program = state.own;
    if (state.own && state.input) TRY(give_input(*impl->own_program, *state.input));
    impl->document = std::make_unique<RunDocument>(std::move(state), std::move(scenario));
    impl->document->take_events(std::move(run.log), 0);
    impl->document->finish();
    if (const auto steps = run.attachments.find(kStepsAttachment); steps != run.attachments.end()) {
        auto record = from_bytes(steps->second);
        if (!record) return fail(record.error().what, file.string(), record.error().remedy);
        impl->saved_steps = std::make_unique<SavedSteps>(std::move(*record));
        impl->player = std::make_unique<StepPlayer>(*impl->saved_steps, *impl->document, impl->playback);
    }
    impl->latest.put(impl->look(transport_of(impl->playback)));
    impl->start_thread();
    return std::unique_ptr<Session>(new Session(std::move(impl)));
}

void Session::post(model::PlaybackCommand command) {
    if (std::holds_alternative<model::StopRun>(command)) impl_->building.request_stop();
    impl_->enqueue([impl = impl_.get(), command] { impl->apply(command); });
}

std::shared_ptr<const model::Snapshot> Session::snapshot() const {
    return impl_->latest.get();
}

void Session::on_new_snapshot(void (*wake)(void*), void* context) {
    impl_->latest.on_new(wake, context);
    impl_->signal();
}

std::shared_ptr<const model::Snapshot> Session::wait() {
    std::unique_lock lock(impl_->mutex);
    impl_->settled_changed.wait(lock, [this] { return impl_->settled; });
    return impl_->latest.get();
}

std::shared_ptr<const model::Snapshot> Session::snapshot_at(std::uint64_t playhead) {
    return impl_->on_thread([impl = impl_.get(), playhead]() -> std::shared_ptr<const model::Snapshot> {
        if (!impl->document) return impl->latest.get();
        model::Transport transport;
        transport.playhead = playhead;
        transport.following = false;
        return impl->look(transport);
    });
}

std::uint64_t Session::stop_up_to(std::uint64_t playhead) {
    return impl_->on_thread([impl = impl_.get(), playhead]() -> std::uint64_t {
        if (!impl->document) return 0;
        std::uint64_t stop = std::min(playhead, impl->document->log().size());
        while (stop > 0 && !impl->document->worth_showing(stop - 1)) --stop;
        return stop;
    });
}

const std::optional<catalog::OwnProgram>& Session::own_program() const {
    return impl_->own_program;
}

Result<> Session::save(const std::filesystem::path& file) {
    return impl_->on_thread([impl = impl_.get(), &file]() -> Result<> {
        if (!impl->document) return fail("there is no run to save", file.string());
        trace::RunFile run = to_run_file(impl->document->state(), impl->document->log());
        const StepSource* const steps = impl->saved_steps ? static_cast<const StepSource*>(impl->saved_steps.get())
                                        : impl->live      ? impl->live->gate()
                                                          : nullptr;
        if (steps != nullptr) run.attachments[kStepsAttachment] = to_bytes(record_of(*steps));
        return trace::save_run(file.string(), run);
    });
}

}  // namespace heddle::session
