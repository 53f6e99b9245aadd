// Where the columns of pixels of a lane lie in time.
#pragma once

#include <cstdint>

namespace heddle::model {

struct Columns {
    Columns(std::int64_t first, std::int64_t to, int pixels)
        : from(first),
          width(static_cast<double>(to - first) / pixels),
          per_nanosecond(pixels / static_cast<double>(to - first)) {}
    std::int64_t start(std::int64_t column) const {
        return from + static_cast<std::int64_t>(width * static_cast<double>(column));
    }
    // The column that holds this time.
    std::int64_t of(std::int64_t time) const {
        auto column = static_cast<std::int64_t>(static_cast<double>(time - from) * per_nanosecond);
        while (column > 0 && start(column) > time) --column;
        while (start(column + 1) <= time) ++column;
        return column;
    }
    std::int64_t from;
    double width, per_nanosecond;
};

}  // namespace heddle::model
