// Cow<T>: a value whose copies share storage until one of them is written. What makes a World cheap to copy. Used by the thread
// that owns the Observatory only: copies of one value never meet on two threads, so the count of owners can be trusted.
#pragma once

#include <memory>

namespace heddle::model {

template <class T>
class Cow {
public:
    Cow() : value_(std::make_shared<T>()) {}
    explicit Cow(T value) : value_(std::make_shared<T>(std::move(value))) {}

    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    // The value for writing, copied first when another Cow shares it. Valid until this Cow is copied.
    T& write() {
        if (value_.use_count() != 1) value_ = std::make_shared<T>(*value_);
        return *value_;
    }

private:
    std::shared_ptr<T> value_;
};

}  // namespace heddle::model
