// The gallery: every widget, pattern, shape and icon in one picture, for the eye (test_app_widgets --gallery-folder …) and
// for the tests that ask whether text is cut off, faint or overlapping.
#pragma once

#include "app/widgets/controls.h"
#include "app/widgets/surfaces.h"

namespace heddle::testing_support {

struct GalleryState {
    int mode = 1, tab = 0, answer = 1, threads = 2;
    bool checked = true, playing = false;
    float speed = 0.4f;
    int clicks = 0;
    widgets::TextFieldState search;
    widgets::ScrollState scroll;
};

void draw_gallery(widgets::Ui& ui, GalleryState& state);

}  // namespace heddle::testing_support
