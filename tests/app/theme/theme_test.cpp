// The theme keeps its promises: readable text, visible graphics, threads that colour-blind eyes tell apart.
#include "app/theme.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace heddle {
namespace {

constexpr std::array kKinds{ThemeKind::kDark, ThemeKind::kLight, ThemeKind::kPrint};

std::array<Color, 6> surfaces(const Palette& p) {
    return {p.page, p.panel, p.raised, p.sunken, p.hover, p.selected};
}

TEST(Contrast, IsTheRatioOfTheWebGuidelines) {
    EXPECT_NEAR(contrast(rgb(0x000000), rgb(0xffffff)), 21, 0.01);
    EXPECT_NEAR(contrast(rgb(0x777777), rgb(0xffffff)), 4.48, 0.01);
    EXPECT_NEAR(contrast(rgb(0x123456), rgb(0x123456)), 1, 1e-9);
}

TEST(Theme, TextIsReadableOnEverySurface) {
    for (const ThemeKind kind : kKinds) {
        const Palette p = make_theme(kind).color;
        for (const Color text : {p.text, p.text_dim, p.accent_text, p.error_text, p.good_text, p.code_keyword, p.code_type,
                                 p.code_number, p.code_string, p.code_comment, p.code_preprocessor})
            for (const Color surface : surfaces(p))
                EXPECT_GE(contrast(text, surface), 4.5) << "theme " << int(kind) << ", text " << int(text.r) << ' '
                                                        << int(text.g) << ' ' << int(text.b) << " on " << int(surface.r);
    }
}

TEST(Theme, TextOnColouredSurfacesIsReadable) {
    for (const ThemeKind kind : kKinds) {
        const Palette p = make_theme(kind).color;
        EXPECT_GE(contrast(p.on_accent, p.accent), 4.5);
        for (const Color tint : {p.accent_tint, p.error_tint, p.good_tint}) {
            EXPECT_GE(contrast(p.text, tint), 4.5);
            EXPECT_GE(contrast(p.text_dim, tint), 4.5);
        }
        EXPECT_GE(contrast(p.accent_text, p.accent_tint), 4.5);
        EXPECT_GE(contrast(p.error_text, p.error_tint), 4.5);
        EXPECT_GE(contrast(p.good_text, p.good_tint), 4.5);
    }
}

TEST(Theme, GraphicsAndControlEdgesAreVisibleOnEverySurface) {
    for (const ThemeKind kind : kKinds) {
        const Palette p = make_theme(kind).color;
        for (const Color mark : {p.accent, p.error, p.good, p.focus, p.border_strong})
            for (const Color surface : surfaces(p)) EXPECT_GE(contrast(mark, surface), 3.0) << int(kind) << ' ' << int(mark.r);
    }
}

TEST(Theme, ThreadsAreVisibleAndTheirTextsReadable) {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind);
        for (int number = 1; number <= 8; ++number) {
            const ThreadLook& look = theme.thread(number);
            EXPECT_GE(contrast(look.on_fill, look.fill), 4.5) << "T" << number;
            EXPECT_GE(contrast(look.text, look.tint), 4.5) << "T" << number;
            EXPECT_GE(contrast(theme.color.text, look.tint), 4.5) << "T" << number;
            for (const Color surface : surfaces(theme.color)) {
                EXPECT_GE(contrast(look.fill, surface), 3.0) << "T" << number << " in theme " << int(kind);
                EXPECT_GE(contrast(look.text, surface), 4.5) << "T" << number << " in theme " << int(kind);
            }
        }
    }
}

// --- colour-blind eyes: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB; distance is CIE76 in Lab ---------

using Matrix = std::array<std::array<double, 3>, 3>;
constexpr Matrix kNormal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kProtanopia{
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kDeuteranopia{
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Matrix kTritanopia{
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};

std::array<double, 3> lab(Color c, const Matrix& eye) {
    const auto linear = [](std::uint8_t v) {
        const double x = v / 255.0;
        return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
    };
    const std::array<double, 3> rgb_linear{linear(c.r), linear(c.g), linear(c.b)};
    std::array<double, 3> seen{};
    for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) seen[i] += eye[i][j] * rgb_linear[j];
        seen[i] = std::clamp(seen[i], 0.0, 1.0);
    }
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047);
    const double y = f(0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]);
    const double z = f((0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

double distance(Color a, Color b, const Matrix& eye) {
    const auto p = lab(a, eye), q = lab(b, eye);
    return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

TEST(Theme, TheFirstFourThreadsDifferInHueForEveryEye) {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind);
        for (const Matrix& eye : {kNormal, kProtanopia, kDeuteranopia, kTritanopia})
            for (int a = 1; a <= 4; ++a)
                for (int b = a + 1; b <= 4; ++b)
                    EXPECT_GE(distance(theme.thread(a).fill, theme.thread(b).fill, eye), 15)
                        << "T" << a << " T" << b << " theme " << int(kind);
    }
}

TEST(Theme, AllEightThreadsDifferInHueForFullColourVision) {
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind);
        for (int a = 1; a <= 8; ++a)
            for (int b = a + 1; b <= 8; ++b)
                EXPECT_GE(distance(theme.thread(a).fill, theme.thread(b).fill, kNormal), 20) << "T" << a << " T" << b;
    }
}

// In greyscale only the shape is left, so no two of eight neighbours share one; and hue with shape stay unique up to T64.
TEST(Theme, ShapesTellThreadsApartWithoutColour) {
    const Theme theme = make_theme(ThemeKind::kDark);
    for (int first : {1, 9, 17})
        for (int a = first; a < first + 8; ++a)
            for (int b = a + 1; b < first + 8; ++b) EXPECT_NE(theme.thread_shape(a), theme.thread_shape(b)) << a << ' ' << b;
    for (int a = 1; a <= 64; ++a)
        for (int b = a + 1; b <= 64; ++b)
            EXPECT_FALSE(theme.thread(a).fill == theme.thread(b).fill && theme.thread_shape(a) == theme.thread_shape(b))
                << a << ' ' << b;
}

TEST(Theme, StatesDifferByPatternOrLetterAndErrorsByTheirOwnHue) {
    const std::array states{StateLook::kNew, StateLook::kReady, StateLook::kRunning, StateLook::kWaiting,
                            StateLook::kTerminated};
    for (const StateLook a : states)
        for (const StateLook b : states) EXPECT_EQ(a == b, state_style(a).letter == state_style(b).letter);
    for (const ThemeKind kind : kKinds) {
        const Theme theme = make_theme(kind);
        for (int number = 1; number <= 8; ++number)
            EXPECT_GE(distance(theme.thread(number).fill, theme.color.error, kNormal), 12)
                << "T" << number << " looks like an error";
    }
}

TEST(Theme, PresenterTextIsAtLeastEighteen) {
    for (const float size : make_theme(ThemeKind::kDark, true).size.font_sizes()) EXPECT_GE(size, 18);
}

TEST(Theme, AThreadWithoutANumberStillHasALook) {
    const Theme theme = make_theme(ThemeKind::kLight);
    for (const int number : {-3, 0, 1}) EXPECT_EQ(theme.thread(number).fill, theme.thread(1).fill);
}

}  // namespace
}  // namespace heddle
