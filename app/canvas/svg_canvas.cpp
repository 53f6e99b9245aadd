#include "app/canvas/svg_canvas.h"

#include <array>
#include <charconv>
#include <cmath>

#include "app/canvas/fonts.h"
#include "core/base/check.h"

namespace heddle::canvas {

std::string xml_escaped(std::string_view text) {
    std::string safe;
    for (const char c : text) {
        switch (c) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\t':
                safe += ' ';
                break;
            default:
                // XML 1.0 allows no other control characters at all.
                if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) safe += c;
        }
    }
    return safe;
}

SvgCanvas::SvgCanvas(const FontSet& fonts, Vec2 size, Color page, std::string_view title, std::string_view description)
    : Canvas(fonts, fonts.built_scale()) {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\"";
    attribute("width", size.x), attribute("height", size.y);
    out_ += " viewBox=\"0 0 ", number(size.x), out_ += ' ', number(size.y), out_ += "\">\n";
    if (!title.empty()) out_ += "<title>" + xml_escaped(title) + "</title>\n";
    if (!description.empty()) out_ += "<desc>" + xml_escaped(description) + "</desc>\n";
    out_ +=
        "<style>text{white-space:pre}"
        ".s{font-family:'DejaVu Sans','Noto Sans CJK KR','Noto Sans KR','Malgun Gothic','Apple SD Gothic Neo',sans-serif}"
        ".m{font-family:'DejaVu Sans Mono','Noto Sans Mono CJK KR','D2Coding','Noto Sans CJK KR',monospace}"
        ".b{font-weight:bold}</style>\n";
    do_fill({0, 0, size.x, size.y}, page, 0);
}

std::string SvgCanvas::finish() {
    CHECK(open_groups_ == 0);
    return std::move(out_).append("</svg>\n");
}

// Two decimals, never in the user's locale.
void SvgCanvas::number(float value) {
    std::array<char, 32> buffer{};
    const float rounded = std::round(std::clamp(value, -1e6f, 1e6f) * 100) / 100;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), rounded == 0 ? 0.f : rounded, std::chars_format::fixed, 2)
            .ptr;
    std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
    while (text.back() == '0') text.remove_suffix(1);
    if (text.back() == '.') text.remove_suffix(1);
    out_ += text;
}

void SvgCanvas::attribute(const char* name, float value) {
    out_ += ' ', out_ += name, out_ += "=\"", number(value), out_ += '"';
}

void SvgCanvas::paint(const char* name, Color color) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_ += ' ', out_ += name, out_ += "=\"#";
    for (const std::uint8_t part : {color.r, color.g, color.b}) out_ += kHex[part >> 4], out_ += kHex[part & 15];
    out_ += '"';
    if (color.a != 255)
        out_ += ' ', out_ += name, out_ += "-opacity=\"", number(static_cast<float>(color.a) / 255), out_ += '"';
}

void SvgCanvas::points(std::span<const Vec2> list) {
    out_ += " points=\"";
    for (std::size_t i = 0; i < list.size(); ++i) {
        if (i > 0) out_ += ' ';
        number(list[i].x), out_ += ',', number(list[i].y);
    }
    out_ += '"';
}

void SvgCanvas::do_fill(Rect r, Color color, float radius) {
    out_ += "<rect", attribute("x", r.x), attribute("y", r.y), attribute("width", r.w), attribute("height", r.h);
    if (radius > 0) attribute("rx", radius);
    paint("fill", color), out_ += "/>\n";
}

void SvgCanvas::do_stroke(Rect r, Color color, float width, float radius) {
    const Rect middle = r.inset(width / 2);
    out_ += "<rect", attribute("x", middle.x), attribute("y", middle.y), attribute("width", std::max(0.f, middle.w));
    attribute("height", std::max(0.f, middle.h));
    if (radius > width / 2) attribute("rx", radius - width / 2);
    out_ += " fill=\"none\"", paint("stroke", color), attribute("stroke-width", width), out_ += "/>\n";
}

void SvgCanvas::do_polyline(std::span<const Vec2> list, Color color, float width, bool closed) {
    out_ += closed ? "<polygon" : "<polyline", points(list);
    out_ += " fill=\"none\" stroke-linejoin=\"round\"", paint("stroke", color), attribute("stroke-width", width),
        out_ += "/>\n";
}

void SvgCanvas::do_polygon(std::span<const Vec2> list, Color color) {
    out_ += "<polygon", points(list), paint("fill", color), out_ += "/>\n";
}

void SvgCanvas::do_circle(Vec2 c, float radius, Color color) {
    out_ += "<circle", attribute("cx", c.x), attribute("cy", c.y), attribute("r", radius), paint("fill", color), out_ += "/>\n";
}

void SvgCanvas::do_ring(Vec2 c, float radius, Color color, float width) {
    out_ += "<circle", attribute("cx", c.x), attribute("cy", c.y), attribute("r", radius);
    out_ += " fill=\"none\"", paint("stroke", color), attribute("stroke-width", width), out_ += "/>\n";
}

void SvgCanvas::do_bezier(Vec2 a, Vec2 c1, Vec2 c2, Vec2 b, Color color, float width) {
    out_ += "<path d=\"M";
    const auto point = [this](Vec2 p) { number(p.x), out_ += ' ', number(p.y); };
    point(a), out_ += " C", point(c1), out_ += ' ', point(c2), out_ += ' ', point(b);
    out_ += "\" fill=\"none\"", paint("stroke", color), attribute("stroke-width", width), out_ += "/>\n";
}

// Hinted screen letters are a little wider than the outlines a renderer uses, and librsvg ignores textLength, so
// each run of words gets its own x: columns and following words never drift.
void SvgCanvas::do_text(Vec2 at, std::string_view utf8, const TextStyle& style) {
    const bool mono = style.family == Family::kMono;
    out_ += "<text class=\"", out_ += mono ? "m" : "s", out_ += style.bold ? " b\"" : "\"";
    attribute("y", at.y), attribute("font-size", style.size), paint("fill", style.color), out_ += " xml:space=\"preserve\">";
    for (std::size_t from = 0; from < utf8.size();) {
        std::size_t to = utf8.find(' ', from);
        to = to == std::string_view::npos ? utf8.size() : utf8.find_first_not_of(' ', to);
        if (to == std::string_view::npos) to = utf8.size();
        out_ += "<tspan", attribute("x", at.x + fonts().width(utf8.substr(0, from), style));
        out_ += '>' + xml_escaped(utf8.substr(from, to - from)) + "</tspan>";
        from = to;
    }
    out_ += "</text>\n";
}

void SvgCanvas::do_push_clip(Rect r) {
    const std::string id = std::string("c").append(std::to_string(clip_count_++));
    out_ += "<clipPath id=\"" + id + "\"><rect", attribute("x", r.x), attribute("y", r.y), attribute("width", r.w);
    attribute("height", r.h), out_ += "/></clipPath>\n<g clip-path=\"url(#" + id + ")\">\n";
    ++open_groups_;
}

void SvgCanvas::do_pop_clip() {
    out_ += "</g>\n";
    --open_groups_;
}

}  // namespace heddle::canvas
