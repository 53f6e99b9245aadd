// The two halves of the panel Interleavings, one file each. Main thread.
#pragma once

#include "app/panels/interleavings_panel.h"

namespace heddle::panels {

// A row of choices; returns what is left. What is chosen is handed out in the context.
Rect draw_manner(const model::ExploreManner& manner, bool offers_spurious, Context& context, Rect area);
// The tree with its heading.
void draw_tree(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area);
// Outcomes, then bugs; scrolls.
void draw_findings(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area);
// Each alone, where they stand apart.
void draw_outcomes(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area);
void draw_bugs(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect area);
float outcomes_height(const model::ExploreSnapshot& exploration, const Context& context);

// A step on something of the person's own program that has a name, or one that says where a thread begins, ends or waits for
// another's end.
bool is_telling(const model::StepText& step);
// "reads counter: 0", in the person's language.
std::string step_text(const Context& context, const model::StepText& step);
// An outcome in few words: the kind of bug, or what tells it from the others, and how that is set.
std::string short_value(const Context& context, const InterleavingsState& state, const model::ExploreSnapshot& exploration,
                        const model::FoundOutcome& outcome);
// The same, and where several outcomes are of one kind of bug, what tells them apart.
std::string telling_value(const Context& context, const InterleavingsState& state, const model::ExploreSnapshot& exploration,
                          const model::FoundOutcome& outcome);
canvas::TextStyle value_style(const Context& context, const model::FoundOutcome& outcome);
// The same whole, with the kind of bug.
std::string whole_value(const Context& context, const model::FoundOutcome& outcome);
std::string count_text(std::uint64_t count);

inline constexpr std::size_t kMostOutcomesShown = 40;

// What both halves draw with, for one frame.
class InterleavingsFrame {
protected:
    InterleavingsFrame(const model::ExploreSnapshot& exploration, InterleavingsState& state, Context& context, Rect view)
        : exploration_(exploration),
          state_(state),
          context_(context),
          canvas_(context.canvas()),
          theme_(context.theme()),
          view_(view) {}

    std::string label(const model::FoundOutcome& outcome) const { return short_value(context_, state_, exploration_, outcome); }

    const model::ExploreSnapshot& exploration_;
    InterleavingsState& state_;
    Context& context_;
    canvas::Canvas& canvas_;
    const Theme& theme_;
    Rect view_;
};

}  // namespace heddle::panels
