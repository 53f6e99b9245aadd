#include "app/theme.h"

#include <cmath>

namespace heddle {
namespace {

using canvas::Shape;

// Okabe and Ito's order (orange, sky blue, green, yellow, blue, vermilion, purple, grey), each tuned for its surfaces.
constexpr std::array<Color, 8> kDarkThreads{rgb(0xe69f00), rgb(0x62bdf5), rgb(0x0d9a70), rgb(0xf6ea49),
                                            rgb(0x8c8cff), rgb(0xeb6a3a), rgb(0xe388c3), rgb(0xc9ced6)};
constexpr std::array<Color, 8> kLightThreads{rgb(0xb87300), rgb(0x1678c2), rgb(0x075e43), rgb(0x5a5200),
                                             rgb(0x3b3fa8), rgb(0xc23b10), rgb(0xbb4c95), rgb(0x3f4853)};
constexpr std::array<Shape, 8> kShapes{Shape::kCircle,   Shape::kSquare,  Shape::kTriangle, Shape::kDiamond,
                                       Shape::kPentagon, Shape::kHexagon, Shape::kStar,     Shape::kCross};

Palette dark_palette() {
    Palette p;
    p.page = rgb(0x0f131a), p.panel = rgb(0x161b22), p.raised = rgb(0x1f252e), p.sunken = rgb(0x0c1016);
    p.hover = rgb(0x262d38), p.selected = rgb(0x2c3543);
    p.border = rgb(0x2b323d), p.border_strong = rgb(0x7a8696);
    p.text = rgb(0xe8ecf1), p.text_dim = rgb(0xa4afbd);
    p.accent = rgb(0x6cb6ff), p.on_accent = rgb(0x0c1016), p.accent_text = rgb(0x7cbeff), p.accent_tint = rgb(0x1a2b40);
    p.error = rgb(0xff6b63), p.error_text = rgb(0xff8f87), p.error_tint = rgb(0x35191c);
    p.good = rgb(0x3fbf86), p.good_text = rgb(0x5ad6a0), p.good_tint = rgb(0x12291f);
    p.focus = rgb(0x9dd0ff), p.grid = rgb(0x252c36), p.shadow = Color{0, 0, 0, 130}, p.scrim = Color{4, 6, 10, 190};
    p.code_keyword = rgb(0xc9a6ff), p.code_type = rgb(0x7fd1c4), p.code_number = rgb(0xe9b872), p.code_string = rgb(0xa5d68a);
    p.code_comment = rgb(0x9aa6b5), p.code_preprocessor = rgb(0x8fb8de);
    return p;
}

Palette light_palette() {
    Palette p;
    p.page = rgb(0xf0f2f6), p.panel = rgb(0xffffff), p.raised = rgb(0xf3f6fa), p.sunken = rgb(0xe9edf3);
    p.hover = rgb(0xe6ebf2), p.selected = rgb(0xdfe6f0);
    p.border = rgb(0xd3dae4), p.border_strong = rgb(0x76818f);
    p.text = rgb(0x161b22), p.text_dim = rgb(0x4b5766);
    p.accent = rgb(0x0b62c4), p.on_accent = rgb(0xffffff), p.accent_text = rgb(0x0a57ae), p.accent_tint = rgb(0xe3eefb);
    p.error = rgb(0xc0143c), p.error_text = rgb(0xa01034), p.error_tint = rgb(0xfdebef);
    p.good = rgb(0x0d7a58), p.good_text = rgb(0x0a6448), p.good_tint = rgb(0xe4f5ee);
    p.focus = rgb(0x0b62c4), p.grid = rgb(0xdde2ea), p.shadow = Color{30, 40, 60, 60}, p.scrim = Color{20, 28, 40, 120};
    p.code_keyword = rgb(0x6f35b5), p.code_type = rgb(0x0b6363), p.code_number = rgb(0x8a4b00), p.code_string = rgb(0x2e6417);
    p.code_comment = rgb(0x55606e), p.code_preprocessor = rgb(0x1f5a94);
    return p;
}

// White paper, black text, borders instead of shades: what a copier keeps.
Palette print_palette() {
    Palette p = light_palette();
    p.page = p.panel = p.raised = rgb(0xffffff);
    p.sunken = rgb(0xf4f4f4), p.hover = rgb(0xf0f0f0), p.selected = rgb(0xe8e8e8);
    p.border = rgb(0x9a9a9a), p.border_strong = rgb(0x5a5a5a);
    p.text = rgb(0x000000), p.text_dim = rgb(0x3a3a3a);
    p.grid = rgb(0xd0d0d0), p.shadow = Color{0, 0, 0, 0};
    return p;
}

Color readable_on(Color hue, Color toward, std::initializer_list<Color> surfaces, double wanted) {
    for (int step = 0; step <= 20; ++step) {
        const Color tried = mix(hue, toward, static_cast<float>(step) / 20.f);
        bool enough = true;
        for (const Color surface : surfaces) enough &= contrast(tried, surface) >= wanted;
        if (enough) return tried;
    }
    return toward;
}

ThreadLook thread_look(Color fill, Shape shape, const Palette& p, bool dark) {
    const Color ink = rgb(0x0c1016), paper = rgb(0xffffff);
    ThreadLook look{fill, contrast(fill, ink) > contrast(fill, paper) ? ink : paper, fill, fill, shape};
    look.tint = mix(p.panel, fill, dark ? 0.17f : 0.11f);
    look.text = readable_on(fill, p.text, {p.page, p.panel, p.raised, p.sunken, p.hover, p.selected, look.tint}, 4.6);
    return look;
}

Metrics presenter_metrics() {
    Metrics m;
    m.row = 44, m.control = 48, m.control_small = 36, m.tab = 52, m.icon = 24;
    m.lane = 40, m.lane_gap = 8, m.top_bar = 64, m.timeline = 288;
    m.radius = 8, m.radius_small = 6, m.radius_bar = 4;
    m.small = 18, m.body = 20, m.large = 24, m.title = 32;
    return m;
}

double linear(std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double luminance(Color c) {
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

}  // namespace

double contrast(Color a, Color b) {
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

const ThreadLook& Theme::thread(int number) const {
    return threads[static_cast<std::size_t>(std::max(0, number - 1)) % threads.size()];
}

// The second round of hues takes the shapes in another order, so that hue and shape together stay apart up to T64.
Shape Theme::thread_shape(int number) const {
    const auto index = static_cast<std::size_t>(std::max(0, number - 1));
    return kShapes[(index + index / kShapes.size()) % kShapes.size()];
}

Theme make_theme(ThemeKind kind, bool presenter) {
    Theme theme;
    theme.kind = kind;
    theme.presenter = presenter;
    const bool dark = kind == ThemeKind::kDark;
    theme.color = dark ? dark_palette() : kind == ThemeKind::kLight ? light_palette() : print_palette();
    if (presenter) theme.size = presenter_metrics();
    for (std::size_t i = 0; i < theme.threads.size(); ++i)
        theme.threads[i] = thread_look((dark ? kDarkThreads : kLightThreads)[i], kShapes[i], theme.color, dark);
    return theme;
}

void draw_state(canvas::Canvas& canvas, const Theme& theme, Rect bar, StateLook state, const ThreadLook& thread) {
    const StateStyle style = state_style(state);
    const Color background = theme.color.panel;
    canvas.pattern(bar, style.pattern, thread.fill, background, theme.size.radius_bar);
    const Rect seen = bar.intersect(canvas.clip());
    const char letter[] = {style.letter, 0};
    const bool solid = style.pattern == canvas::Pattern::kSolid;
    const canvas::TextStyle text{theme.size.small, solid ? thread.on_fill : theme.color.text, canvas::Family::kSans, true,
                                 canvas::Align::kCenter};
    const float plate = text.size * 1.25f;
    if (seen.w < plate + 6 || bar.h < plate) return;
    const Rect box{seen.center().x - plate / 2, bar.center().y - plate / 2, plate, plate};
    if (!solid) canvas.fill(box, background, theme.size.radius_small);
    canvas.text(box, letter, text, canvas::Fit::kOverflow);
}

float draw_thread_name(canvas::Canvas& canvas, const Theme& theme, Rect box, int number, std::string_view name) {
    const float radius = std::round(theme.size.small * 0.5f);
    canvas::draw_shape(canvas, theme.thread_shape(number), {box.x + radius + 1, box.center().y}, radius,
                       theme.thread(number).fill);
    const canvas::TextStyle style = theme.strong();
    const float text_x = 2 * radius + theme.size.gap_small + 1;
    canvas.text({box.x + text_x, box.y, std::max(0.f, box.w - text_x), box.h}, name, style);
    return std::min(box.w, text_x + canvas.measure(name, style));
}

}  // namespace heddle
