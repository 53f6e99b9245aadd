#include "core/base/result.h"

#include <cerrno>
#include <cstring>

namespace heddle {

std::string Error::message() const {
    std::string text = what;
    if (!subject.empty()) text += ": " + subject;
    if (errno_value != 0) text += std::string(": ") + std::strerror(errno_value);
    if (!remedy.empty()) text += ". " + remedy;
    return text;
}

tl::unexpected<Error> fail_errno(std::string what, std::string subject, std::string remedy) {
    const int saved = errno;
    return tl::unexpected<Error>(Error{std::move(what), std::move(subject), saved, std::move(remedy)});
}

}  // namespace heddle
