#include "tests/app/shell/pages.h"

#include <filesystem>
#include <stdexcept>

#include "tests/app/panels/samples.h"
#include "tests/support/folders.h"

namespace heddle::test {

const catalog::Catalog& shipped_catalog() {
    static const catalog::Catalog catalog = [] {
        auto loaded = catalog::Catalog::load(testing_support::source_folder() + "/scenarios");
        if (!loaded) throw std::runtime_error(loaded.error().message());
        return std::move(*loaded);
    }();
    return catalog;
}

const catalog::Scenario& lost_update() {
    const auto found = shipped_catalog().find("races/lost-update");
    if (!found) throw std::runtime_error(found.error().message());
    return **found;
}

std::string korean_of(const catalog::Catalog& catalog) {
    std::string all;
    for (const catalog::Chapter& chapter : catalog.chapters()) all += chapter.title.ko;
    for (const catalog::Scenario& scenario : catalog.scenarios()) {
        for (const auto* text : {&scenario.title, &scenario.summary, &scenario.lesson}) all += text->ko;
        for (const catalog::Variant& variant : scenario.variants) all += variant.title.ko;
        for (const catalog::Parameter& parameter : scenario.parameters) all += parameter.title.ko;
        for (const catalog::Claim& claim : scenario.claims) all += claim.text.ko;
        if (!scenario.predict) continue;
        all += scenario.predict->question.ko + scenario.predict->explanation.ko;
        for (const catalog::Answer& answer : scenario.predict->answers) all += answer.text.ko;
    }
    return all;
}

std::shared_ptr<model::Snapshot> playing_race() {
    auto s = sample_race();
    s->status = model::RunStatus::kRunning;
    s->playing = true;
    s->sentence = {
        "event.write_lost", {{"thread", "T2"}, {"name", "counter"}, {"value", "1"}, {"other", "T3"}, {"lost", "1"}}, 2};
    s->switches.kernel = -1;
    return s;
}

std::shared_ptr<model::Snapshot> ended_race() {
    auto s = playing_race();
    s->status = model::RunStatus::kEnded;
    s->exit.kind = model::ProcessExit::Kind::kExited;
    s->switches.kernel = static_cast<std::int64_t>(s->switches.captured);
    s->output = "counter = 57311\nexpected  100000\n";
    s->right_answers = {1};
    s->claims = {{"update-is-lost", true, false, "counter = 57311, threads * increments = 100000"},
                 {"never-too-many", true, true, ""},
                 {"program-says-so", false, true, "printed 57311, exit.code = 1"},
                 {"one-process", true, true, ""}};
    model::Finding lost;
    lost.id = "lost-events", lost.sentence = {"finding.lost-events", {{"n", "12"}}, model::kNobody};
    s->findings = {lost};
    return s;
}

std::shared_ptr<model::Snapshot> crashed_run() {
    auto s = ended_race();
    s->exit.kind = model::ProcessExit::Kind::kSignaled, s->exit.signal = 11;
    s->output.clear();
    for (int i = 0; i < 40; ++i)
        s->output += "\tblock " + std::to_string(i) + " at 0x55812f6002a0, which is quite a long line\n";
    s->errors = "terminate called without an active exception\n\x1b[31mred\x1b[0m\n";
    model::Finding crash;
    crash.id = "crash", crash.sentence = {"finding.crash", {{"signal", "SIGSEGV"}}, 2}, crash.event = 41;
    s->findings = {crash};
    s->right_answers.clear();
    return s;
}

namespace {

Page home(std::string name, Vec2 size, std::shared_ptr<const model::Snapshot> demo) {
    auto state = std::make_shared<shell::HomeState>();
    shell::Settings settings;
    settings.done = {"process/states"};
    return {std::move(name), size, [=](panels::Context& context, shell::Commands& commands) {
                shell::draw_home(shipped_catalog(), settings, demo.get(), *state, context, commands, {0, 0, size.x, size.y});
            }};
}

Page lesson(std::string name, Vec2 size, std::shared_ptr<const model::Snapshot> snapshot, int chosen, float scrolled = 0) {
    auto state = std::make_shared<shell::LessonState>();
    state->scenario = "races/lost-update", state->chosen = chosen, state->scroll.target = scrolled,
    state->scroll.content_height = scrolled > 0 ? 1e5f : 0;
    return {std::move(name), size, [=](panels::Context& context, shell::Commands& commands) {
                shell::draw_lesson(lost_update(), *snapshot, *state, context, commands, {0, 0, size.x, size.y});
            }};
}

}  // namespace

std::vector<Page> pages(bool wide) {
    const Vec2 window = wide ? Vec2{1600, 1000} : Vec2{1280, 720}, stage{window.x - 240, window.y - 56},
               pane = wide ? Vec2{344, 696} : Vec2{288, 470};
    auto help = std::make_shared<shell::HelpState>();
    help->open = true;
    return {home("home", stage, playing_race()),
            home("home-recording", stage, nullptr),
            lesson("lesson-asks", pane, playing_race(), -1),
            lesson("lesson-chosen", pane, playing_race(), 0),
            lesson("lesson-held", pane, ended_race(), -1, 300),
            lesson("lesson-right", pane, ended_race(), 1),
            lesson("lesson-wrong", pane, ended_race(), 0),
            lesson("lesson-wrong-2", pane, ended_race(), 0, 600),
            lesson("lesson-wrong-3", pane, ended_race(), 0, 1250),
            lesson("lesson-wrong-end", pane, ended_race(), 0, 1e5f),
            lesson("lesson-crashed", pane, crashed_run(), 2, 450),
            lesson("lesson-empty", pane, sample_empty(), -1),
            {"help", window, [=](panels::Context& context, shell::Commands& commands) {
                 shell::draw_help(*help, context, commands, {0, 0, window.x, window.y});
             }}};
}

std::vector<std::string> illegible(const testing_support::UiDriver& driver) {
    std::vector<std::string> found;
    const auto& texts = driver.log().texts;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const Rect seen = texts[i].ink.intersect(texts[i].clip);
        if (seen.empty()) continue;
        if (texts[i].cut && (texts[i].ink.x < texts[i].clip.x - 1 || texts[i].ink.right() > texts[i].clip.right() + 1))
            found.push_back("cut: " + texts[i].text);
        if (texts[i].style.size < 13) found.push_back("small: " + texts[i].text);
        if (contrast(texts[i].style.color, driver.log().background(texts[i], driver.theme.color.page)) < 4.5)
            found.push_back("faint: " + texts[i].text);
        for (std::size_t j = i + 1; j < texts.size(); ++j) {
            const Rect both = seen.intersect(texts[j].ink.intersect(texts[j].clip));
            if (both.w > 1.5f && both.h > 3) found.push_back("on each other: " + texts[i].text + " | " + texts[j].text);
        }
    }
    return found;
}

Result<std::unique_ptr<testing_support::PictureStudio>> open_page_studio(ThemeKind kind, Language language) {
    return testing_support::PictureStudio::open({1600, 1000}, make_theme(kind), language, korean_of(shipped_catalog()));
}

Result<window::Image> picture(const Page& page, testing_support::PictureStudio& studio) {
    shell::Commands commands;
    return studio.draw(page.size, [&](widgets::Ui& ui) {
        panels::Context context{ui, commands.playback};
        page.draw(context, commands);
    });
}

void picture_of_home(const std::string& name, const model::Snapshot& demo) {
    const auto studio = open_page_studio(ThemeKind::kDark, Language::kEnglish);
    if (!studio) return;
    const auto image = picture(home(name, {1360, 944}, std::make_shared<model::Snapshot>(demo)), **studio);
    const std::string folder = testing_support::build_folder() + "/page-pictures";
    std::filesystem::create_directories(folder);
    if (image) (void)window::write_png(folder + "/" + name + ".png", *image);
}

}  // namespace heddle::test
