// Journal: what each step of an execution changed in an analysis, so that the analysis of the next execution goes on behind the
// steps that both begin with. The places must stay where they are. Belongs to one analysis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace heddle::explore {

class Journal {
public:
    void clear() {
        changes_.clear();
        begins_.clear();
    }
    // The next step. What is set from here on is its doing.
    void begin_step() { begins_.push_back(changes_.size()); }
    void set(std::uint32_t& place, std::uint32_t value) {
        changes_.push_back({&place, place});
        place = value;
    }
    std::uint32_t steps() const { return static_cast<std::uint32_t>(begins_.size()); }
    // All is as it was before this step.
    void back_to(std::uint32_t step) {
        if (step >= begins_.size()) return;
        for (; changes_.size() > begins_[step]; changes_.pop_back()) *changes_.back().place = changes_.back().before;
        begins_.resize(step);
    }

private:
    struct Change {
        std::uint32_t* place;
        std::uint32_t before;
    };
    std::vector<Change> changes_;
    std::vector<std::size_t> begins_;
};

// Entries in their order, of which the latest can be taken back.
template <typename T>
class JournaledList {
public:
    void clear() { count_ = 0; }
    std::uint32_t size() const { return count_; }
    T& operator[](std::size_t i) { return entries_[i]; }
    const T& operator[](std::size_t i) const { return entries_[i]; }
    // A new entry, with what an earlier one may have left there.
    T& add(Journal& journal) {
        if (count_ == entries_.size()) entries_.emplace_back();
        journal.set(count_, count_ + 1);
        return entries_[count_ - 1];
    }

private:
    std::deque<T> entries_;  // which stay where they are
    std::uint32_t count_ = 0;
};

}  // namespace heddle::explore
