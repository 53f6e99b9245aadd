#include "app/shell/picture.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "app/canvas/svg_canvas.h"
#include "app/shell/glyphs.h"
#include "app/window/ui_host.h"
#include "core/base/atomic_file.h"
#include "core/base/data_folder.h"
#include "core/catalog/scenario_file.h"

namespace heddle::shell {
namespace {

constexpr int kSettlingFrames = 4;  // scroll areas know their content from the second frame on

std::string time_as(const char* format, std::time_t time) {
    const std::time_t now = time != 0 ? time : std::time(nullptr);
    std::tm parts{};
    ::localtime_r(&now, &parts);
    char text[64] = {};
    std::strftime(text, sizeof text, format, &parts);
    return text;
}

// Draws the same picture on whatever canvas it is given; the state lives through the settling frames.
class PicturePainter {
public:
    PicturePainter(const catalog::Catalog& catalog, const catalog::Scenario* scenario, const model::Snapshot& run,
                   const PictureSpec& spec, const Texts& texts)
        : catalog_(catalog),
          scenario_(scenario),
          run_(run),
          spec_(spec),
          texts_(texts),
          theme_(make_theme(spec.theme, spec.presenter)) {
        theme_.reduce_motion = true;
        if (scenario_ != nullptr) settings_.done.insert(scenario_->id);
    }

    const Theme& theme() const { return theme_; }
    Vec2 size() const { return {static_cast<float>(spec_.width), static_cast<float>(spec_.height)}; }

    void draw(canvas::Canvas& canvas) {
        const Rect whole{0, 0, size().x, size().y};
        const Input input;
        canvas.push_clip(whole);
        widgets::Ui ui(state_.ui, canvas, theme_, texts_, input, now_ += 1);
        Commands ignored;
        if (spec_.view.empty()) {
            ShellFrame frame{catalog_, settings_};
            frame.scenario = scenario_, frame.run = &run_, frame.presenter = spec_.presenter;
            draw_shell(frame, state_, ui, ignored, whole);
        } else {
            draw_alone(ui, ignored, whole);
        }
        ui.finish();
        canvas.pop_clip();
    }

private:
    void draw_alone(widgets::Ui& ui, Commands& ignored, Rect whole) {
        ui.canvas().fill(whole, theme_.color.page);
        Rect rest = whole.inset(theme_.size.gap_small);
        const Rect caption = rest.take_bottom(theme_.size.control_small, 4);
        ui.canvas().text(caption.inset(theme_.size.gap_small, 0), caption_text(texts_, scenario_, run_, spec_.date),
                         theme_.dim());
        panels::Context context{ui, ignored.playback, false, false, false};
        if (spec_.view == "timeline")
            panels::draw_timeline(run_, state_.timeline, context, rest);
        else
            draw_view(spec_.view, run_, state_.stage, context, rest);
    }

    const catalog::Catalog& catalog_;
    const catalog::Scenario* scenario_;
    const model::Snapshot& run_;
    const PictureSpec& spec_;
    const Texts& texts_;
    Theme theme_;
    Settings settings_;
    ShellState state_;
    double now_ = 0;
};

Result<> write_svg(const std::filesystem::path& file, const std::string& text) {
    AtomicFile out = TRY(AtomicFile::create(file.string()));
    TRY(out.write(text));
    return out.commit();
}

}  // namespace

std::vector<std::string> picture_views() {
    std::vector<std::string> views = catalog::view_names();
    views.emplace_back("timeline");
    return views;
}

Result<> check_picture(const PictureSpec& spec, const std::filesystem::path& file) {
    const std::vector<std::string> views = picture_views();
    if (!spec.view.empty() && std::find(views.begin(), views.end(), spec.view) == views.end()) {
        std::string list;
        for (const std::string& view : views) list += (list.empty() ? "" : ", ") + view;
        return fail("there is no such view", spec.view, "choose one of: " + list);
    }
    if (file.extension() != ".png" && file.extension() != ".svg")
        return fail("a picture is written as .png or .svg", file.string(), "name a file that ends in .png or .svg");
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    std::error_code error;
    if (!std::filesystem::is_directory(folder, error))
        return fail("the folder for the picture does not exist", folder.string(), "make it, or name another");
    return {};
}

std::string caption_text(const Texts& texts, const catalog::Scenario* scenario, const model::Snapshot& run, std::time_t when) {
    const Language language = texts.language();
    std::string title = run.run.scenario, variant = run.run.variant;
    if (scenario != nullptr) {
        title = scenario->title.in(language);
        if (const catalog::Variant* const known = scenario->variant(variant)) variant = known->title.in(language);
    }
    const std::string_view badge = run.run.badge == model::Badge::kReal         ? "badge.real"
                                   : run.run.badge == model::Badge::kControlled ? "badge.controlled"
                                                                                : "badge.sampled";
    const std::string badge_text = texts.tr(badge), date = time_as("%Y-%m-%d", when);
    std::string machine = run.run.cpu_model.empty() ? run.run.machine : run.run.cpu_model;
    return texts.tr("caption.line", {{"scenario", title},
                                     {"variant", variant},
                                     {"machine", machine},
                                     {"kernel", run.run.kernel},
                                     {"badge", badge_text},
                                     {"date", date}});
}

window::PngTexts caption_chunks(const Texts& texts, const catalog::Scenario* scenario, const model::Snapshot* run,
                                std::time_t when) {
    window::PngTexts chunks = {{"Title", run != nullptr ? run->run.scenario : std::string("heddle")}, {"Software", "Heddle"}};
    if (run != nullptr) chunks.emplace_back("Description", caption_text(texts, scenario, *run, when));
    return chunks;
}

Result<> save_picture(const catalog::Catalog& catalog, const catalog::Scenario* scenario, const model::Snapshot& run,
                      const PictureSpec& spec, const std::filesystem::path& file) {
    TRY(check_picture(spec, file));
    const std::string assets = TRY(find_data("assets"));
    Texts texts = TRY(Texts::load(assets + "/i18n"));
    texts.set_language(spec.language);
    const bool svg = file.extension() == ".svg";
    std::unique_ptr<window::RenderTarget> target;
    if (!svg) target = TRY(window::open_offscreen(spec.width, spec.height, spec.scale));
    canvas::FontFiles fonts = TRY(canvas::find_fonts());
    auto host = TRY(window::UiHost::create(target.get(), std::move(fonts)));
    if (spec.language == Language::kKorean && !host->fonts().has_korean())
        return fail("Korean text cannot be drawn", "no Korean font", "Install the package fonts-noto-cjk.");
    Glyphs glyphs;
    glyphs.add_texts(texts, catalog), glyphs.add_run(run);
    glyphs.hand_to(host->fonts());
    PicturePainter painter(catalog, scenario, run, spec, texts);
    TRY(host->build_fonts(painter.theme().size.font_sizes(), spec.scale));
    for (int i = 0; i < kSettlingFrames; ++i) {
        if (target) target->begin_frame(painter.theme().color.page);
        painter.draw(host->begin(painter.size(), spec.scale, 1 / 60.F));
        host->end();
        if (target) target->end_frame();
    }
    if (svg) {
        canvas::SvgCanvas out(host->fonts(), painter.size(), painter.theme().color.page, run.run.scenario,
                              caption_text(texts, scenario, run, spec.date));
        painter.draw(out);
        return write_svg(file, out.finish());
    }
    const window::Image image = TRY(target->read_pixels());
    return window::write_png(file.string(), image, caption_chunks(texts, scenario, &run, spec.date), spec.scale);
}

namespace {

// A file that is not there yet, of this ending; one's own program is named by its file.
std::filesystem::path new_path(const char* variable, const char* below, std::string name, const std::string& ending) {
    const auto folder_of = [](const char* name_of, const char* inside) -> std::filesystem::path {
        const char* const value = std::getenv(name_of);
        return value != nullptr && *value == '/' ? std::filesystem::path(value) / inside : std::filesystem::path();
    };
    std::error_code error;
    std::filesystem::path folder = folder_of(variable, "");
    if (folder.empty()) folder = folder_of("HOME", below);
    if (folder.empty() || !std::filesystem::is_directory(folder, error)) folder = std::filesystem::current_path(error);
    if (catalog::is_own_id(name)) name = std::filesystem::path(catalog::targets_of_id(name).front()).stem().string();
    std::string stem = "heddle-" + name + "-" + time_as("%Y%m%d-%H%M%S", 0);
    std::replace(stem.begin(), stem.end(), '/', '-');
    std::filesystem::path path = folder / (stem + ending);
    for (int again = 2; std::filesystem::exists(path, error); ++again)
        path = folder / (stem + "-" + std::to_string(again) + ending);
    return path;
}

}  // namespace

std::filesystem::path new_picture_path(const std::string& name) {
    return new_path("XDG_PICTURES_DIR", "Pictures", name, ".png");
}

std::filesystem::path new_run_path(const std::string& name) {
    return new_path("XDG_DOCUMENTS_DIR", "Documents", name, ".heddle");
}

}  // namespace heddle::shell
