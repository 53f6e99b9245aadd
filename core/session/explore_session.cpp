#include "core/session/explore_session.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/catalog/program_builder.h"
#include "core/model/explain_exploration.h"
#include "core/session/exploration.h"
#include "core/session/installation.h"
#include "core/session/latest_snapshot.h"
#include "core/session/live_run.h"
#include "core/session/user_sources.h"

namespace heddle::session {
namespace {

model::RunStatus status_of(const model::ExploreSnapshot& exploration) {
    switch (exploration.status) {
        case model::ExploreStatus::kBuilding:
            return model::RunStatus::kBuilding;
        case model::ExploreStatus::kExploring:
            return model::RunStatus::kRunning;
        case model::ExploreStatus::kEnded:
        case model::ExploreStatus::kCancelled:
            return model::RunStatus::kEnded;
        case model::ExploreStatus::kFailed:
            return model::RunStatus::kFailed;
    }
    return model::RunStatus::kNone;
}

}  // namespace

// mutex guards what both sides touch; all else belongs to the exploring thread once it runs.
struct ExploreSession::Impl {
    RunRequest request;
    model::Snapshot base;  // what does not change

    std::atomic<bool> cancelled{false};
    std::mutex mutex;  // of `settled`
    std::condition_variable settled_changed;
    LatestSnapshot latest;
    bool settled = false;
    std::thread thread;

    ~Impl() {
        cancelled = true;
        if (thread.joinable()) thread.join();
    }

    void run() {
        if (const auto done = explore(); !done) {
            auto failed = std::make_shared<model::ExploreSnapshot>();
            failed->status = cancelled ? model::ExploreStatus::kCancelled : model::ExploreStatus::kFailed;
            failed->failure = done.error().message();
            publish(failed);
        }
        {
            const std::scoped_lock lock(mutex);
            settled = true;
        }
        settled_changed.notify_all();
    }

    Result<> explore() {
        const Installation installation = TRY(find_installation());
        const catalog::Variant& variant = *request.scenario.variant(request.variant);
        catalog::BuildOptions build;
        build.prebuilt = installation.prebuilt;
        const auto built = catalog::build_program(request.scenario, variant, build);
        if (!built) {
            base.build_messages = build_messages(variant, built.error().diagnostics);
            return tl::unexpected(Error(built.error()));
        }
        const catalog::BuiltProgram& program = *built;
        base.run.program = std::filesystem::canonical(program.path).string();
        auto begun = std::make_shared<model::ExploreSnapshot>();
        begun->status = model::ExploreStatus::kExploring;
        publish(begun);
        ExplorationRequest exploring = exploration_of(request.scenario, request.parameters);
        exploring.program = program.path;
        exploring.options.all = true;
        exploring.options.spurious_wakeups = request.manner.spurious_wakeups;
        exploring.options.preemptions = request.manner.preemptions;
        exploring.options.timeout_s = request.time_limit_s.value_or(exploring.options.timeout_s);
        exploring.watch = [this](const auto& exploration) { publish(exploration); };
        exploring.cancelled = [this] { return cancelled.load(); };
        TRY(explore_program(exploring));
        return {};
    }

    void publish(std::shared_ptr<const model::ExploreSnapshot> exploration) {
        auto snapshot = std::make_shared<model::Snapshot>(base);
        snapshot->status = status_of(*exploration);
        snapshot->failure = exploration->failure;
        for (const model::FoundBug& bug : exploration->bugs) {
            snapshot->findings.push_back({bug.kind, model::sentence_of(bug), std::nullopt, bug.schedule, {}, bug.other_order});
        }
        snapshot->claims = explore_claims(request.scenario, base.run, *exploration);
        snapshot->exploration = std::move(exploration);
        latest.put(std::move(snapshot));
    }
};

ExploreSession::ExploreSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ExploreSession::~ExploreSession() = default;

Result<std::unique_ptr<ExploreSession>> ExploreSession::start(RunRequest request) {
    request.mode = model::Mode::kExplore;
    auto impl = std::make_unique<Impl>();
    impl->request = TRY(complete_request(std::move(request)));
    impl->base.run = describe_run(impl->request);
    impl->base.code.sources = source_files(user_sources(*impl->request.scenario.variant(impl->request.variant), {}));
    if (!impl->base.code.sources.empty()) impl->base.code.source = impl->base.code.sources.front();
    impl->publish(std::make_shared<model::ExploreSnapshot>());
    impl->thread = std::thread([impl = impl.get()] { impl->run(); });
    return std::unique_ptr<ExploreSession>(new ExploreSession(std::move(impl)));
}

std::shared_ptr<const model::Snapshot> ExploreSession::snapshot() const {
    return impl_->latest.get();
}

void ExploreSession::cancel() {
    impl_->cancelled = true;
}

void ExploreSession::on_new_snapshot(void (*wake)(void*), void* context) {
    impl_->latest.on_new(wake, context);
}

std::shared_ptr<const model::Snapshot> ExploreSession::wait() {
    std::unique_lock lock(impl_->mutex);
    impl_->settled_changed.wait(lock, [this] { return impl_->settled; });
    return impl_->latest.get();
}

}  // namespace heddle::session
