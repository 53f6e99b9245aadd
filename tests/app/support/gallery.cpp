#include "tests/app/support/gallery.h"

#include <array>

namespace heddle::testing_support {
namespace {

using namespace widgets;
using canvas::Icon;

bool korean(const Ui& ui) {
    return ui.texts().language() == Language::kKorean;
}

void top_bar(Ui& ui, Rect bar, GalleryState& s) {
    const Theme& t = ui.theme();
    ui.canvas().fill(bar, t.color.panel);
    ui.canvas().hline(bar.x, bar.right(), bar.bottom() - 1, t.color.border);
    Rect row = bar.inset(t.size.gap, (bar.h - t.size.control) / 2);
    Rect head = row.take_left(260, 16);
    ui.canvas().text(head, korean(ui) ? "갱신 손실" : "Lost update", t.large().strong());
    const std::array<Choice, 3> modes{{{korean(ui) ? "실행" : "Run", "run", {"", ""}},
                                       {korean(ui) ? "한 단계" : "Step", "step", {"", ""}},
                                       {korean(ui) ? "모두 탐색" : "Explore", "explore", {"", ""}}}};
    segmented(ui, "mode", row.take_left(segmented_width(ui, modes), 16), modes, s.mode);
    const std::array<Icon, 5> transport{Icon::kRestart, Icon::kBack, Icon::kPlay, Icon::kStep, Icon::kEnd};
    for (std::size_t i = 0; i < transport.size(); ++i) {
        ButtonSpec spec;
        spec.icon = transport[i];
        spec.tip = {"Play from here", "Space"};
        if (button(ui, std::string("transport.").append(std::to_string(i)), row.take_left(button_width(ui, spec), 4), spec))
            ++s.clicks;
    }
    ButtonSpec help;
    help.icon = Icon::kHelp;
    help.kind = ButtonKind::kGhost;
    help.tip = {"Keys and help", "?"};
    button(ui, "help", row.take_right(button_width(ui, help), 4), help);
    for (const Icon icon : {Icon::kPresenter, Icon::kLanguage, Icon::kTheme, Icon::kPicture}) {
        help.icon = icon;
        button(ui, "bar." + std::to_string(static_cast<int>(icon)), row.take_right(button_width(ui, help), 4), help);
    }
}

void rail(Ui& ui, Rect rail, GalleryState& s) {
    const Theme& t = ui.theme();
    ui.canvas().fill(rail, t.color.panel);
    ui.canvas().vline(rail.right() - 1, rail.y, rail.bottom(), t.color.border);
    Rect column = rail.inset(12, 12);
    search_box(ui, "rail.search", column.take_top(t.size.control, 8), s.search, ui.tr("search.placeholder"), "/");
    ScrollArea area(ui, "rail.scroll", column, s.scroll);
    Rect rows = area.content();
    const float top = rows.y;
    const char* names[] = {"Lost update", "Lock made of a flag", "Check, then act", "Order violation", "Shared queue"};
    const char* korean_names[] = {"갱신 손실", "플래그로 만든 락", "검사 후 행동", "순서 위반", "공유 큐"};
    for (int chapter = 1; chapter <= 4; ++chapter) {
        RowSpec row;
        row.text = std::to_string(chapter).append("  ").append(korean(ui) ? "경쟁 상태" : "Races");
        row.open = chapter == 1;
        tree_row(ui, "rail." + std::to_string(chapter), rows.take_top(t.size.row), row);
        for (int i = 0; i < 5 && chapter == 1; ++i) {
            RowSpec leaf;
            leaf.text = korean(ui) ? korean_names[i] : names[i];
            leaf.depth = 1;
            leaf.ticked = i < 2;
            leaf.selected = i == 2;
            tree_row(ui, "rail.1." + std::to_string(i), rows.take_top(t.size.row), leaf);
        }
    }
    area.end(rows.y - top);
}

void states(Ui& ui, Rect area) {
    const Theme& t = ui.theme();
    const CardResult c = card(ui, "card.states", area,
                              {korean(ui) ? "타임라인" : "Timeline", "0 µs – 118 µs", Evidence::kReal, true, false, {}});
    Rect rows = c.content;
    for (int thread = 1; thread <= 8 && rows.h >= t.size.lane; ++thread) {
        Rect lane = rows.take_top(t.size.lane, t.size.lane_gap);
        draw_thread_name(ui.canvas(), t, lane.take_left(72, 8), thread, std::string("T").append(std::to_string(thread)));
        ui.canvas().tag("lane.T" + std::to_string(thread), lane);
        const float part = lane.w / 6;
        const StateLook order[] = {StateLook::kNew,     StateLook::kReady,   StateLook::kRunning,
                                   StateLook::kWaiting, StateLook::kRunning, StateLook::kTerminated};
        for (const StateLook state : order) draw_state(ui.canvas(), t, lane.take_left(part), state, t.thread(thread));
    }
}

void controls(Ui& ui, Rect area, GalleryState& s) {
    const Theme& t = ui.theme();
    const CardResult c =
        card(ui, "card.controls", area,
             {korean(ui) ? "예상해 보십시오" : "Predict", "", Evidence::kControlled, false, false, t.color.accent});
    Rect rows = c.content;
    const float used = ui.canvas().paragraph(rows,
                                             korean(ui) ? "스레드마다 1을 세 번 더합니다. 가장 작은 최종 값은 얼마일까요?"
                                                        : "Each thread adds 1 three times. What is the smallest final value?",
                                             t.strong());
    rows.take_top(used, 8);
    const std::array<Choice, 3> answers{
        {{"2", "a"}, {"3", "b"}, {korean(ui) ? "컴퓨터에 따라 다르다" : "it depends on the machine", "c"}}};
    float height = 0;
    radio_list(ui, "answer", rows, answers, s.answer, &height);
    rows.take_top(height, 12);
    Rect line = rows.take_top(t.size.control, 12);
    stepper(ui, "threads", line.take_left(112, 16), s.threads, 1, 8, {"Threads", "Up"});
    slider(ui, "speed", line.take_left(160, 16), s.speed);
    line = rows.take_top(t.size.control, 12);
    checkbox(ui, "motion", line, korean(ui) ? "움직임 줄이기" : "Reduce motion", s.checked);
    line = rows.take_top(t.size.control, 12);
    ButtonSpec spec{korean(ui) ? "실행" : "Run", Icon::kPlay, ButtonKind::kPrimary, {}, true, false, {}};
    if (button(ui, "run", line.take_left(button_width(ui, spec), 8), spec)) ++s.clicks;
    spec = {"T2", Icon::kStep, ButtonKind::kNormal, {}, true, false, t.thread(2).fill};
    button(ui, "step2", line.take_left(button_width(ui, spec), 8), spec);
    spec = {korean(ui) ? "취소" : "Cancel", {}, ButtonKind::kGhost, {}, true, false, {}};
    button(ui, "cancel", line.take_left(button_width(ui, spec), 8), spec);
    spec = {korean(ui) ? "없음" : "Off", {}, ButtonKind::kNormal, {}, false, false, {}};
    button(ui, "off", line.take_left(button_width(ui, spec), 8), spec);
    if (rows.h > 8) progress_bar(ui, rows.take_top(8, 12), 0.6f);
}

void symbols(Ui& ui, Rect area) {
    const Theme& t = ui.theme();
    const CardResult c =
        card(ui, "card.symbols", area,
             {korean(ui) ? "모양과 코드" : "Shapes and code", "main.cpp", Evidence::kSampled, false, false, {}});
    Rect rows = c.content;
    Rect line = rows.take_top(28, 4);
    for (int i = 1; i <= 16; ++i)
        canvas::draw_shape(ui.canvas(), t.thread_shape(i), line.take_left(24, 4).center(), 9, t.thread(i).fill);
    for (int from = 0; from < static_cast<int>(Icon::kCount); from += 14) {
        line = rows.take_top(28, 2);
        for (int i = from; i < std::min(from + 14, static_cast<int>(Icon::kCount)); ++i)
            canvas::draw_icon(ui.canvas(), static_cast<Icon>(i), line.take_left(26, 4).center(), 18, t.color.text);
    }
    rows.take_top(4);
    ui.canvas().text(rows.take_top(24), "    counter++;  // 증가 +1", t.code().in(t.color.code_keyword));
    ui.canvas().text(rows.take_top(24), "0x7ffd3a2c1000  \"GET /\"", t.code().in(t.color.code_string));
    Rect boxes = rows.take_top(56, 8);
    const Rect from = boxes.take_left(72), to = boxes.take_right(72);
    for (const Rect box : {from, to})
        ui.canvas().fill(box, t.thread(1).tint, t.size.radius), ui.canvas().stroke(box, t.thread(1).fill, 2, t.size.radius);
    ui.canvas().text(from, "0", t.title().at(canvas::Align::kCenter));
    ui.canvas().text(to, "1", t.title().at(canvas::Align::kCenter).in(t.thread(1).text));
    const Vec2 a{from.right(), from.center().y - 10}, b{to.x, to.center().y + 10};
    ui.canvas().bezier(a, a + Vec2{60, 0}, b - Vec2{60, 0}, b, {t.thread(2).fill, 2, 10});
    ui.canvas().arrow({from.right(), from.bottom() - 6}, {to.x, from.bottom() - 6}, {t.color.text_dim, 1.5f, 8, true});
}

}  // namespace

void draw_gallery(Ui& ui, GalleryState& s) {
    const Theme& t = ui.theme();
    Rect page = ui.canvas().clip();
    top_bar(ui, page.take_top(t.size.top_bar), s);
    rail(ui, page.take_left(t.size.rail), s);
    page = page.inset(t.size.gap, t.size.gap_small);
    const std::array<Choice, 4> variants{{{korean(ui) ? "고장" : "Broken", "broken"},
                                          {korean(ui) ? "뮤텍스" : "Mutex", "mutex"},
                                          {korean(ui) ? "원자적" : "Atomic", "atomic"},
                                          {"CAS loop", "cas"}}};
    tabs(ui, "variant", page.take_top(t.size.tab, 8), variants, s.tab);
    states(ui, page.take_bottom(page.h * 0.42f, 16));
    controls(ui, page.take_left(page.w * 0.5f - 8, 16), s);
    symbols(ui, page);
}

}  // namespace heddle::testing_support
