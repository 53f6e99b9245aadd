#include "app/shell/window_app.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>

#include "app/failure_text.h"
#include "app/shell/disk_facts.h"
#include "app/shell/modes.h"
#include "app/shell/picture.h"
#include "app/shell/source_watch.h"
#include "app/shell/window_look.h"
#include "app/shell/workbench.h"
#include "core/base/data_folder.h"
#include "core/base/large_blocks.h"
#include "core/catalog/program_builder.h"
#include "core/session/kept_input.h"

namespace heddle::shell {
namespace {

constexpr int kClosed = 0, kNoWindow = 1, kBadTarget = 2;
constexpr double kFrame = 1.0 / 60, kSlowFrame = 1.0 / 30;  // slow: where the CPU itself draws, and has a run to observe
constexpr double kToast = 5;

using WakeTarget = std::atomic<window::RenderTarget*>;

double steady_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

class WindowApp {
public:
    void read_settings();
    // The next two side by side, the first on a thread of its own: to load the graphics driver takes long, and so does all else
    // that a frame needs.
    int prepare(const catalog::OwnProgram& wanted);
    Result<> open_window();
    Result<> join();
    void run();

private:
    Result<> load();
    Result<> open_target(const catalog::OwnProgram& wanted);
    Result<> open_paths(const std::vector<std::string>& paths);
    void frame();
    void rest();
    void apply(const Commands& commands);
    void apply_one(const AppCommand& command);
    void follow_sources();  // an own program that was saved is built and run again
    void set_launch_dialog(bool open);
    void say(std::string text, bool bad = false);
    void build_look();  // after a change of language, sizes or characters
    void save_window_picture();
    void save_run();
    void keep_settings();
    std::string name_of_run(const model::Snapshot& run) const;
    std::string reason(const Error& error) const { return failure_text(texts_, error.message()); }

    Settings settings_;
    bool keep_settings_ = true;  // false: the file is damaged and stays as it is
    Texts texts_;
    std::optional<catalog::Catalog> catalog_;
    std::unique_ptr<window::RenderTarget> target_;
    WakeTarget wake_target_{nullptr};  // the same for the sessions' threads, which may run before there is a window
    WindowLook look_{texts_, settings_};
    std::unique_ptr<Workbench> bench_;
    std::unique_ptr<SourceWatch> watch_;
    DiskFacts disk_;
    ShellState state_;
    std::string title_;
    bool quit_ = false, picture_asked_ = false;
    std::optional<double> wake_;
    double last_frame_ = 0, shortest_frame_ = kFrame;
    double launched_ = steady_seconds();
    bool shown_ = false;           // a frame was
    std::optional<double> asked_;  // when a scenario was asked for, of which no event has been shown yet
};

void WindowApp::read_settings() {
    if (auto read = load_settings(settings_path())) {
        settings_ = std::move(*read);
    } else {
        spdlog::warn("{}", read.error().message());
        keep_settings_ = false;
    }
}

// 0, or the exit code of a failure that has been told.
int WindowApp::prepare(const catalog::OwnProgram& wanted) {
    if (const auto loaded = load(); !loaded) return spdlog::error("{}", loaded.error().message()), kNoWindow;
    if (const auto opened = open_target(wanted); !opened) return spdlog::error("{}", opened.error().message()), kBadTarget;
    if (const auto look = look_.prepare(*catalog_); !look) return spdlog::error("{}", look.error().message()), kNoWindow;
    return 0;
}

Result<> WindowApp::load() {
    const std::string assets = TRY(find_data("assets")), scenarios = TRY(find_data("scenarios"));
    texts_ = TRY(Texts::load(assets + "/i18n"));
    const std::string language = settings_.language.empty() ? desktop_language() : settings_.language;
    texts_.set_language(language == "ko" ? Language::kKorean : Language::kEnglish);
    catalog_ = TRY(catalog::Catalog::load(scenarios));
    for (const catalog::Problem& problem : catalog_->problems()) spdlog::error("{}", problem.error.message());
    const auto wake = [](void* context) {
        if (auto* const target = static_cast<WakeTarget*>(context)->load()) target->wake();
    };
    bench_ = std::make_unique<Workbench>(*catalog_, wake, &wake_target_);
    watch_ = std::make_unique<SourceWatch>(wake, &wake_target_);
    disk_.load_recent();
    if (auto launches = KeptLaunches::open(kept_launches_path()))
        bench_->remember_launches(std::move(*launches));
    else
        spdlog::warn("{}", launches.error().message());
    return {};
}

Result<> WindowApp::open_target(const catalog::OwnProgram& wanted) {
    if (wanted.targets.empty()) return {};
    const std::string& first = wanted.targets.front();
    if (wanted.targets.size() == 1 && first.ends_with(".heddle")) return bench_->open_file(first);
    const std::string id = TRY(bench_->know(wanted));
    if (!catalog::is_own_id(id)) return bench_->open(as_it_begins(*TRY(catalog_->find(id))));
    TRY(bench_->open({id, "", {}}));
    if (const auto kept = disk_.remember(id); !kept) spdlog::warn("{}", kept.error().message());
    return {};
}

Result<> WindowApp::open_paths(const std::vector<std::string>& paths) {
    catalog::OwnProgram own;
    own.targets = paths;
    asked_ = last_frame_;
    disk_.forget_launch();
    return open_target(own);
}

void WindowApp::follow_sources() {
    const catalog::Scenario* const scenario = bench_->scenario();
    if (scenario == nullptr || bench_->is_saved() || !catalog::is_own_id(scenario->id)) return watch_->stop();
    std::vector<std::filesystem::path> folders;
    std::error_code error;
    for (const std::string& target : catalog::targets_of_id(scenario->id))
        if (std::filesystem::is_directory(target, error)) folders.emplace_back(target);
    watch_->watch(catalog::sources_of(scenario->variants.front()), folders);
    if (!watch_->take_changed()) return;
    if (const auto again = bench_->restart(); !again) return say(reason(again.error()), true);
    say(texts_.tr("own.rebuilt"));
}

Result<> WindowApp::open_window() {
    window::WindowOptions options;
    options.width = settings_.width, options.height = settings_.height;
    target_ = TRY(window::open_window(options));
    wake_target_ = target_.get();
    return {};
}

// Both are there.
Result<> WindowApp::join() {
    TRY(look_.host().attach(*target_));
    if (target_->renderer().find("llvmpipe") != std::string::npos) shortest_frame_ = kSlowFrame;
    return {};
}

std::string WindowApp::name_of_run(const model::Snapshot& run) const {
    const catalog::Scenario* const scenario = bench_->scenario();
    return scenario != nullptr ? scenario->title.in(texts_.language()) : run.run.scenario;
}

void WindowApp::build_look() {
    if (const auto built = look_.build(*catalog_, target_->scale()); !built) {
        spdlog::error("{}", built.error().message());
        quit_ = true;
    }
}

void WindowApp::run() {
    while (!target_->close_asked() && !quit_) {
        frame();
        if (!quit_) rest();
    }
    keep_settings();
}

// Sleeps until there is something to draw, and a frame's time at least: where the display does not hold frames back, a
// movement would take a whole core.
void WindowApp::rest() {
    const auto since = [&] { return steady_seconds() - last_frame_; };
    if (!wake_ || *wake_ > shortest_frame_)
        target_->wait(wake_ ? std::optional(std::max(0.0, *wake_ - since())) : std::nullopt);
    if (const double left = shortest_frame_ - since(); left > 0)
        std::this_thread::sleep_for(std::chrono::duration<double>(left));
    target_->wait(0.0);  // picks up what came meanwhile
}

void WindowApp::frame() {
    const double now = steady_seconds();
    if (target_->scale() != look_.built_scale()) build_look();
    follow_sources();
    if (disk_.follow_folder(state_.open_dialog, look_.glyphs)) build_look();
    if (disk_.follow_launch(*bench_, look_.glyphs)) build_look();
    if (state_.launch.open && look_.glyphs.add_words(state_.launch.typed())) build_look();
    // What the home page plays would take a CPU from the first frame.
    const std::optional<double> bench_wake = shown_ ? bench_->tick(now) : 0.0;
    const auto run = bench_->snapshot(), demo = bench_->demo();
    if (run && look_.glyphs.add_run(*run)) build_look();
    if (bench_->take_missed_race()) say(texts_.tr("lesson.other_order_missed"));
    const std::string finished = bench_->take_finished();
    if (!finished.empty()) settings_.done.insert(finished);

    const std::string title = run ? name_of_run(*run) + " – heddle" : "heddle";
    if (title != title_) target_->set_title(title_ = title);

    Input input = target_->begin_frame(look_.theme().color.page);
    if (input.has(Key::kV, true)) input.text += target_->clipboard();  // whoever is typing takes it
    const bool picture = std::exchange(picture_asked_, false);
    if (picture) input = Input{}, state_.toast.text.clear();
    const Vec2 size = target_->size();
    canvas::Canvas& canvas = look_.host().begin(size, target_->scale(), static_cast<float>(now - last_frame_));
    last_frame_ = now;
    const Rect whole{0, 0, size.x, size.y};
    Commands commands;
    canvas.push_clip(whole);
    widgets::Ui ui(state_.ui, canvas, look_.theme(), texts_, input, now);
    ShellFrame shown{*catalog_, settings_};
    shown.scenario = bench_->scenario(), shown.run = run.get(), shown.demo = demo.get();
    shown.launch = disk_.launch();
    shown.folder = &disk_.folder(), shown.recent = disk_.recent();
    shown.can_restart = bench_->can_restart(), shown.presenter = look_.presenter, shown.note = look_.note();
    draw_shell(shown, state_, ui, commands, whole);
    ui.finish();
    wake_ = ui.wake_after();
    canvas.pop_clip();
    look_.host().end();
    if (picture) save_window_picture();
    target_->end_frame();
    if (!std::exchange(shown_, true)) spdlog::debug("first frame after {:.0f} ms", (steady_seconds() - launched_) * 1000);
    if (asked_ && run && run->playhead > 0)
        spdlog::debug("first event {:.0f} ms after it was asked for", (steady_seconds() - *std::exchange(asked_, {})) * 1000);
    if (bench_wake) wake_ = std::min(wake_.value_or(*bench_wake), *bench_wake);
    if (!input.dropped.empty()) commands.app.emplace_back(OpenPaths{input.dropped});
    apply(commands);
    if (!commands.app.empty() || !commands.playback.empty() || picture) wake_ = 0;
}

void WindowApp::apply(const Commands& commands) {
    for (const model::PlaybackCommand& command : commands.playback) bench_->post(command);
    for (const AppCommand& command : commands.app) apply_one(command);
}

void WindowApp::apply_one(const AppCommand& command) {
    Result<> done;
    if (std::holds_alternative<OpenHome>(command)) {
        bench_->close(), look_.presenter = false;
        build_look();
    } else if (const auto* open = std::get_if<OpenScenario>(&command)) {
        done = bench_->open(*open);
        asked_ = last_frame_;
    } else if (const auto* paths = std::get_if<OpenPaths>(&command)) {
        done = open_paths(paths->paths);
        if (done) state_.open_dialog.open = false;
    } else if (const auto* dialog = std::get_if<SetOpenDialog>(&command)) {
        if (dialog->open && !state_.open_dialog.open) state_.open_dialog.fresh = true;
        state_.open_dialog.open = dialog->open;
        if (state_.open_dialog.path.text.empty()) state_.open_dialog.path.text = disk_.first_folder();
        state_.open_dialog.path.caret = state_.open_dialog.path.text.size();
    } else if (const auto* launch = std::get_if<SetLaunchDialog>(&command)) {
        set_launch_dialog(launch->open);
    } else if (const auto* with = std::get_if<LaunchWith>(&command)) {
        done = bench_->launch_with(*with);
        if (done) state_.launch.open = false;
        disk_.forget_launch();
    } else if (std::holds_alternative<Restart>(command)) {
        done = bench_->restart();
    } else if (const auto* language = std::get_if<SetLanguage>(&command)) {
        if (language->language == Language::kKorean && !look_.host().fonts().has_korean())
            return say(texts_.tr("shell.no_korean_font"), true);
        texts_.set_language(language->language);
        settings_.language = code_of(language->language);
        build_look();
    } else if (const auto* theme = std::get_if<SetTheme>(&command)) {
        settings_.theme = theme->kind == ThemeKind::kLight ? "light" : "dark";
        look_.choose_theme();
    } else if (const auto* presenter = std::get_if<SetPresenter>(&command)) {
        look_.presenter = presenter->on;
        build_look();
    } else if (const auto* help = std::get_if<SetHelp>(&command)) {
        state_.help.open = help->open;
    } else if (const auto* rail = std::get_if<SetRailCollapsed>(&command)) {
        settings_.rail_collapsed = rail->on;
    } else if (std::holds_alternative<SaveRun>(command)) {
        save_run();
    } else if (const auto* other = std::get_if<ShowOtherOrder>(&command)) {
        done = bench_->show_other_order(*other);
    } else if (std::holds_alternative<SavePicture>(command)) {
        picture_asked_ = true;
    } else if (std::holds_alternative<Quit>(command)) {
        quit_ = true;
    }
    if (!done) say(reason(done.error()), true);
}

void WindowApp::set_launch_dialog(bool open) {
    const catalog::OwnProgram* const own = bench_->own_program();
    if (open && own != nullptr)
        state_.launch =
            launch_dialog_of(*own, session::read_input(own->input), bench_->scenario()->variants.front().program.empty(),
                             complaint_about_flags(*bench_->snapshot()));
    else
        state_.launch.open = false;
}

void WindowApp::say(std::string text, bool bad) {
    state_.toast = {std::move(text), bad, steady_seconds() + kToast};
    wake_ = 0;
}

void WindowApp::save_window_picture() {
    const auto run = bench_->snapshot();
    const std::filesystem::path path = new_picture_path(run ? run->run.scenario : std::string("home"));
    const auto image = target_->read_pixels();
    Result<> done =
        image ? window::write_png(path.string(), *image, caption_chunks(texts_, bench_->scenario(), run.get(), bench_->date()),
                                  target_->scale())
              : Result<>(tl::unexpected(image.error()));
    if (done)
        say(texts_.tr("shell.picture_saved", {{"path", path.string()}}));
    else
        say(texts_.tr("shell.picture_failed", {{"reason", reason(done.error())}}), true);
}

void WindowApp::save_run() {
    const auto run = bench_->snapshot();
    const std::filesystem::path path = new_run_path(run ? run->run.scenario : std::string());
    if (const auto done = bench_->save(path); !done) return say(reason(done.error()), true);
    say(texts_.tr("shell.run_saved", {{"path", path.string()}}));
}

void WindowApp::keep_settings() {
    if (!keep_settings_) return;
    settings_.width = static_cast<int>(target_->size().x), settings_.height = static_cast<int>(target_->size().y);
    if (const auto saved = save_settings(settings_path(), settings_); !saved) spdlog::warn("{}", saved.error().message());
}

}  // namespace

int open_window_app(const catalog::OwnProgram& wanted) {
    put_heap_on_large_pages();
    WindowApp app;
    app.read_settings();
    std::future<int> prepared = std::async(std::launch::async, [&] { return app.prepare(wanted); });
    auto opened = app.open_window();
    if (const int failed = prepared.get(); failed != 0) return failed;
    if (opened) opened = app.join();
    if (!opened) {
        spdlog::error("{}", opened.error().message());
        if (std::getenv("DISPLAY") == nullptr && std::getenv("WAYLAND_DISPLAY") == nullptr)
            spdlog::error(
                "DISPLAY is not set, so there is no desktop to open a window on; `heddle shot` draws pictures without one");
        return kNoWindow;
    }
    app.run();
    return kClosed;
}

}  // namespace heddle::shell
